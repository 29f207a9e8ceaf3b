import { UNKNOWN_FACTS, unplacedInput } from "../facts.js";
import { html } from "../html.js";
import { number } from "../i18n.js";
import { PLANE } from "./shown-map.js";

/** @import { Store } from "../store.js" */

/** The names of the axes of the plane, where no table has columns of its own. */
const NAMES = ["x", "y"];

/** The axis's name, and what lies at its ends, in the units of whoever gave the data. @param {{ store: Store }} props */
export function XAxis({ store }) {
  const { name, ends } = axisOf(store, 0);
  return html`<span class="plane-x" aria-hidden="true"><i>${ends[0]}</i><i>${name}</i><i>${ends[1]}</i></span>`;
}

/** @param {{ store: Store }} props */
export function YAxis({ store }) {
  const { name, ends, isColumn } = axisOf(store, 1);
  return html`<span class=${isColumn ? "plane-y is-column" : "plane-y"} aria-hidden="true">
    <i>${ends[1]}</i><i>${name}</i><i>${ends[0]}</i>
  </span>`;
}

/**
 * What an axis is called, and what lies at its ends.
 *
 * @param {Store} store
 * @param {0 | 1} axis
 */
export function axisOf(store, axis) {
  // Painted points lie on the plane itself, whatever table the network still learns.
  const facts = store.isPainting.value ? UNKNOWN_FACTS : store.facts.value;
  const column = facts.columns?.[axis];
  const [low, high] = PLANE.map((end) => unplacedInput(facts, axis, end));
  // As many decimals as tell the ends apart.
  const digits = Math.max(0, Math.min(4, 2 - Math.floor(Math.log10(high - low || 1))));
  const ends = [low, high].map((end) => number(end, { digits: column ? digits : 4 }));
  return { name: column?.name ?? NAMES[axis], ends, isColumn: column !== undefined };
}
