import { colourDomain, outputColours } from "../draw/ramp.js";
import { boundaryOf, unitsOf } from "../drawn.js";
import { className, unplacedTarget } from "../facts.js";
import { html } from "../html.js";
import { number } from "../i18n.js";

/** @import { Signal } from "@preact/signals" */
/** @import { Colours } from "../draw/colours.js" */
/** @import { Store } from "../store.js" */

/** The ends of both axes. @type {[number, number]} */
export const PLANE = [-6, 6];

/**
 * A picture of the plane: one value for each point, coloured by a ramp, or one for each class and point.
 *
 * @typedef {{ values: ArrayLike<number>, rows: number, columns: number }} Grid
 * @typedef {Grid & { kind: "value", range: [number, number], ramp: Uint32Array, domain: [number, number] }} ValueMap
 * @typedef {Grid & { kind: "classes", ranges: [number, number][] }} ClassMap
 */

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
  const last = layers.length - 1;
  /** @param {number} layer */
  const bounds = (layer) => store.catalogue.find("activation", layers[layer]?.activation ?? "")?.range;
  /** @param {number} index */
  const ofOutput = (index) =>
    outputColours(colours, store.facts.value.task, index, bounds(last), store.targetDomain.value);

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
  const coloured =
    unit.layer === last
      ? ofOutput(unit.unit)
      : { ramp: colours.ramp, domain: colourDomain(map.range, bounds(unit.layer)) };
  return { kind: "value", ...map, ...coloured };
}

/**
 * The value under the pointer.
 *
 * @param {{ store: Store, colours: Colours, pointer: Signal<{ x: number, y: number } | null> }} props
 */
export function Readout({ store, colours, pointer }) {
  const at = pointer.value;
  const shown = at && shownMap(store, colours);
  if (!shown) return null;
  const { rows, columns } = shown;
  const place = gridIndex(-at.y, rows) * columns + gridIndex(at.x, columns);
  const [x, y] = [at.x, at.y].map((figure) => number(figure, { digits: 2, fixed: true }));
  return html`<span class="readout">${x}; ${y} → <b>${said(store, shown, place)}</b></span>`;
}

/**
 * Return what a map says at a place, in words.
 *
 * @param {Store} store
 * @param {ValueMap | ClassMap} map
 * @param {number} place
 */
function said(store, map, place) {
  const facts = store.facts.value;
  if (map.kind === "value") {
    const value = atByte(map.range, map.values[place]);
    const isTarget = facts.task === "regression" && store.inspected.value === null;
    return number(isTarget ? unplacedTarget(facts, value) : value, { digits: 2, fixed: true });
  }
  const area = map.rows * map.columns;
  const values = map.ranges.map((range, index) => atByte(range, map.values[index * area + place]));
  const best = values.indexOf(Math.max(...values));
  return `${className(facts, best)} ${number(values[best], { digits: 2, fixed: true })}`;
}

/**
 * @param {[number, number]} range
 * @param {number} byte
 */
const atByte = ([low, high], byte) => low + ((high - low) * byte) / 255;

/**
 * Return the grid line nearest to a coordinate, among `count` from one end of the plane to the other.
 *
 * @param {number} coordinate
 * @param {number} count
 */
function gridIndex(coordinate, count) {
  const share = (coordinate - PLANE[0]) / (PLANE[1] - PLANE[0]);
  return Math.min(count - 1, Math.max(0, Math.round(share * (count - 1))));
}
