import { parametersOf } from "../drawn.js";
import { biasIndex } from "../draw/links.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";

/** @import { Signal } from "@preact/signals" */
/** @import { NetworkLayout } from "../draw/layout.js" */
/** @import { Link } from "../draw/links.js" */
/** @import { Store } from "../store.js" */
/** @import { Layer } from "../types.js" */

/** More weights than these make the tip larger than the picture. */
const MAX_LISTED = 12;

/**
 * What a layer is called on the page.
 *
 * @param {Layer[]} layers
 * @param {number} index
 */
export const layerName = (layers, index) => (index === layers.length - 1 ? t("network.output_layer") : t("network.layer", { layer: index + 1 }));

/**
 * The numbers behind what the pointer or the focus is on: a link's weight, or a unit's weights and bias.
 *
 * @param {{ store: Store, layout: NetworkLayout, link: Signal<Link | null> }} props
 */
export function NetworkTip({ store, layout, link }) {
  const unit = store.inspected.value;
  const marked = link.value;
  if (marked === null && unit === null) return html`<div class="tip" id="network-tip" hidden></div>`;
  const layers = store.layers.value;
  const parameters = parametersOf(store.frame.value, store.parameters.value);
  const features = store.spec.value.data.features;

  /**
   * @param {number} layer
   * @param {number} index
   */
  const source = (layer, index) =>
    layer === 0 ? (store.catalogue.find("feature", features[index])?.symbol ?? String(index + 1)) : t("network.unit_short", { unit: index + 1 });
  const value = (/** @type {number} */ index) => (parameters === null ? "–" : number(parameters[index], { digits: 3, fixed: true }));

  if (marked !== null) {
    const [x0, y0, x1, y1] = marked.ends;
    return html`<div class="tip" id="network-tip" style=${{ left: `${(x0 + x1) / 2}px`, top: `${(y0 + y1) / 2}px` }}>
      ${t("network.weight")} <span class="tip-source">${source(marked.layer, marked.from)} → ${t("network.unit_short", { unit: marked.to + 1 })}</span> <b>${value(marked.index)}</b>
    </div>`;
  }

  const { layer, unit: index } = /** @type {{ layer: number, unit: number }} */ (unit);
  const column = layout.columns[layer + 1];
  if (column?.y[index] === undefined || layers[layer] === undefined) return html`<div class="tip" id="network-tip" hidden></div>`;
  const bias = biasIndex(layers, layer, index);
  const first = bias - index - layers[layer].inputs * layers[layer].units;
  const listed = Math.min(layers[layer].inputs, MAX_LISTED);
  const isLow = column.y[index] > layout.height / 2;
  const style = { left: `${column.x}px`, top: `${column.y[index] + (isLow ? -1 : 1) * (column.size / 2 + 8)}px` };
  return html`<div class=${isLow ? "tip is-unit is-above" : "tip is-unit"} id="network-tip" style=${style}>
    <p class="tip-title">${t("network.unit", { layer: layerName(layers, layer), unit: index + 1 })}</p>
    <dl>
      ${Array.from({ length: listed }, (_, from) => html`<div key=${from}><dt>${source(layer, from)}</dt><dd>${value(first + from * layers[layer].units + index)}</dd></div>`)}
      ${listed < layers[layer].inputs && html`<div key="rest"><dt>${t("network.more_weights", { count: layers[layer].inputs - listed })}</dt><dd></dd></div>`}
      <div key="bias"><dt>${t("network.bias")}</dt><dd>${value(bias)}</dd></div>
    </dl>
  </div>`;
}
