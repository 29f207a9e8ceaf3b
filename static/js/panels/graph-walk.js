import { html } from "../html.js";
import { number } from "../i18n.js";
import { columnOf } from "../walk.js";

/** @import { Column, NetworkLayout } from "../draw/layout.js" */
/** @import { Store } from "../store.js" */
/** @import { WalkView } from "../walk.js" */

/** A number on a link stands so far from the unit that it comes from. */
const FROM_UNIT_PX = 30;

/**
 * The numbers of the phase that is being explained, on the units and on the links into the one that is looked at. The
 * lens tells the same in words; here they only say where.
 *
 * @param {{ store: Store, layout: NetworkLayout }} props
 */
export default function GraphWalk({ store, layout: { columns, height } }) {
  const view = store.walk.value;
  if (view === null || view.trace.layers.length !== columns.length - 1) return null;
  const { phase } = view;
  const { x, size } = columns[phase.layer + 1];
  const marked = { left: `${x - size / 2 - 8}px`, width: `${size + 16}px`, height: `${height}px` };
  return html`<div class="graph-walk" aria-hidden="true">
    <span class="graph-walk-column" style=${marked}></span>
    ${columns.map((column, index) => unitNumbers(view, column, index - 1))}
    ${phase.kind === "input" || phase.kind === "loss" ? null : linkNumbers(view, columns)}
  </div>`;
}

/**
 * Under each unit: forward what it answers, as far as the walk has come; backward its dL/dz.
 *
 * @param {WalkView} view
 * @param {Column} column
 * @param {number} layer  -1: the inputs
 */
function unitNumbers({ phase, trace }, column, layer) {
  const values = numbersOf(phase, trace, layer);
  if (values === null) return null;
  return column.y.map((y, place) => {
    const value = values[column.first + place];
    const at = { left: `${column.x}px`, top: `${y + column.size / 2}px` };
    return html`<span class="graph-walk-unit" key=${`${layer} ${place}`} style=${at}>${short(value)}</span>`;
  });
}

/**
 * @param {WalkView["phase"]} phase
 * @param {WalkView["trace"]} trace
 * @param {number} layer
 */
function numbersOf({ kind, layer: present }, trace, layer) {
  if (kind === "update") return null;
  if (kind === "backward") return layer >= present ? trace.layers[layer].deltas : null;
  if (layer > present) return null;
  return layer === -1 ? trace.layers[0].inputs : trace.layers[layer].activations;
}

/**
 * On each link into the unit that is looked at: forward the products, backward the gradients, at last the new weights.
 *
 * @param {WalkView} view
 * @param {Column[]} columns
 */
function linkNumbers({ phase: { kind, layer }, unit, trace, after }, columns) {
  const [left, right] = [columns[layer], columns[layer + 1]];
  const name = kind === "forward" ? "products" : kind === "backward" ? "weight_gradients" : "weights";
  const values = columnOf((kind === "update" && after !== null ? after : trace).layers[layer], name, unit);
  const to = right.y[unit - right.first];
  if (values === null || to === undefined) return null;
  const distance = right.x - right.size / 2 - (left.x + left.size / 2);
  const share = Math.min(0.5, FROM_UNIT_PX / distance);
  return left.y.map((y, place) => {
    // On the link's own curve, whose control points lie half way.
    const at = {
      left: `${left.x + left.size / 2 + FROM_UNIT_PX}px`,
      top: `${y + (to - y) * share * share * (3 - 2 * share)}px`,
    };
    const value = values[left.first + place];
    return html`<span class=${`graph-walk-link is-${kind}`} key=${`link ${place}`} style=${at}>${short(value)}</span>`;
  });
}

/** @param {number | null | undefined} value */
const short = (value) => {
  if (value === null || value === undefined) return "–";
  return number(value, { digits: Math.abs(value) < 0.1 ? 3 : 2, fixed: true });
};
