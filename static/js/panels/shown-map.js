import { colourDomain, outputColours } from "../draw/ramp.js";
import { boundaryOf, unitsOf } from "../drawn.js";

/** @import { Colours } from "../draw/colours.js" */
/** @import { ClassMap, ValueMap } from "../draw/map.js" */
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
  const unit = store.inspected.value;
  const { task } = store.facts.value;
  const last = layers.length - 1;
  /** @param {number} layer */
  const bounds = (layer) => store.catalogue.find("activation", layers[layer]?.activation ?? "")?.range;
  /** @param {number} index */
  const ofOutput = (index) => ({
    ...outputColours(colours, task, index, bounds(last), store.targetDomain.value),
    isDecided: task === "binary",
  });

  if (unit === null || layers[unit.layer] === undefined) {
    const map = boundaryOf(frame);
    if (map === null) return null;
    const { values, ranges, rows, columns } = map;
    if (ranges.length > 1) return { kind: "classes", values, rows, columns, ranges };
    return { kind: "value", values, rows, columns, range: ranges[0], ...ofOutput(0) };
  }
  const before = layers.slice(0, unit.layer).reduce((sum, { units }) => sum + units, 0);
  const map = unitsOf(frame, layers)?.at(before + unit.unit);
  if (map === undefined) return null;
  if (unit.layer === last) return { kind: "value", ...map, ...ofOutput(unit.unit) };
  const domain = colourDomain(map.range, bounds(unit.layer));
  return { kind: "value", ...map, ramp: colours.ramp, domain, isDecided: false };
}
