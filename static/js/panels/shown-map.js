import { colourDomain, outputDomain } from "../draw/ramp.js";
import { boundaryOf, unitsOf } from "../drawn.js";
import { html } from "../html.js";
import { number } from "../i18n.js";

/** @import { Signal } from "@preact/signals" */
/** @import { Store } from "../store.js" */

/** The ends of both axes. @type {[number, number]} */
export const PLANE = [-6, 6];

/**
 * Return what the large map shows, the unit that is looked at or else the output, with the values at the ends of its
 * ramp; null where there is nothing to show yet.
 *
 * @param {Store} store
 */
export function shownMap(store) {
  const frame = store.frame.value;
  const layers = store.layers.value;
  const unit = store.inspected.value;
  const last = layers.length - 1;
  /** @param {number} layer */
  const bounds = (layer) => store.catalogue.find("activation", layers[layer]?.activation ?? "")?.range;

  if (unit === null || layers[unit.layer] === undefined) {
    const map = boundaryOf(frame);
    return map && { ...map, domain: outputDomain(bounds(last)) };
  }
  const before = layers.slice(0, unit.layer).reduce((sum, { units }) => sum + units, 0);
  const map = unitsOf(frame, layers)?.at(before + unit.unit);
  if (map === undefined) return null;
  const isOutput = unit.layer === last;
  return { ...map, domain: isOutput ? outputDomain(bounds(last)) : colourDomain(map.range, bounds(unit.layer)) };
}

/**
 * The value under the pointer.
 *
 * @param {{ store: Store, pointer: Signal<{ x: number, y: number } | null> }} props
 */
export function Readout({ store, pointer }) {
  const at = pointer.value;
  const shown = at && shownMap(store);
  if (!shown) return null;
  const { values, rows, columns, range } = shown;
  const row = gridIndex(-at.y, rows);
  const column = gridIndex(at.x, columns);
  const value = range[0] + ((range[1] - range[0]) * values[row * columns + column]) / 255;
  const [x, y, output] = [at.x, at.y, value].map((figure) => number(figure, { digits: 2, fixed: true }));
  return html`<span class="readout">${x}; ${y} → <b>${output}</b></span>`;
}

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
