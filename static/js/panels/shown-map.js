import { colourDomain, outputColours } from "../draw/ramp.js";
import { boundaryOf, unitsOf } from "../drawn.js";
import { t } from "../i18n.js";
import { unitName } from "./names.js";

/** @import { Colours } from "../draw/colours.js" */
/** @import { ClassMap, Grid, ValueMap } from "../draw/map.js" */
/** @import { Task } from "../draw/marks.js" */
/** @import { Store } from "../store.js" */

/** The ends of both axes. @type {[number, number]} */
export const PLANE = [-6, 6];

/**
 * Return what the large map shows, the unit that is looked at or else the output; null where there is nothing to show
 * yet.
 *
 * @param {Store} store
 * @param {Colours} colours
 * @returns {ValueMap | ClassMap | null}
 */
export function shownMap(store, colours) {
  const frame = store.frame.value;
  const layers = store.layers.value;
  const unit = store.shownUnit.value;
  if (unit === null) {
    const map = boundaryOf(frame);
    return map === null ? null : outputMap(outputLook(store), colours, map);
  }
  const before = layers.slice(0, unit.layer).reduce((sum, { units }) => sum + units, 0);
  const map = unitsOf(frame, layers)?.at(before + unit.unit);
  if (map === undefined) return null;
  if (unit.layer === layers.length - 1) {
    return { kind: "value", ...map, ...outputStyle(outputLook(store), colours, unit.unit) };
  }
  const bounds = store.catalogue.find("activation", layers[unit.layer].activation)?.range;
  const domain = colourDomain(map.range, bounds);
  return { kind: "value", ...map, ramp: colours.ramp, domain, isDecided: false };
}

/** What the large map is of. @param {Store} store */
export function shownTitle(store) {
  const unit = store.shownUnit.value;
  return unit === null ? t("output.title") : unitName(store.layers.value, unit.layer, unit.unit);
}

/**
 * What decides how outputs are coloured.
 *
 * @typedef {object} OutputLook
 * @property {Task} task
 * @property {[number | null, number | null] | null} bounds  of the output's activation
 * @property {[number, number]} targets  the ends of the ramp where numbers are predicted
 */

/** @param {Store} store @returns {OutputLook} */
export function outputLook(store) {
  const activation = store.layers.value.at(-1)?.activation ?? "";
  return {
    task: store.facts.value.task,
    bounds: store.catalogue.find("activation", activation)?.range ?? null,
    targets: store.targetDomain.value,
  };
}

/**
 * Return how bytes that are a network's outputs are to be drawn, over whatever plane they lie.
 *
 * @param {OutputLook} look
 * @param {Colours} colours
 * @param {Grid & { ranges: [number, number][] }} outputs  output by output, each over its own range
 * @returns {ValueMap | ClassMap}
 */
export function outputMap(look, colours, { values, ranges, rows, columns }) {
  if (ranges.length > 1) return { kind: "classes", values, rows, columns, ranges };
  return { kind: "value", values, rows, columns, range: ranges[0], ...outputStyle(look, colours, 0) };
}

/**
 * @param {OutputLook} look
 * @param {Colours} colours
 * @param {number} index  of the output
 */
function outputStyle({ task, bounds, targets }, colours, index) {
  return { ...outputColours(colours, task, index, bounds, targets), isDecided: task === "binary" };
}
