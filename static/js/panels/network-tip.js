import { biasIndex } from "../draw/links.js";
import { parametersOf } from "../drawn.js";
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
export const layerName = (layers, index) =>
  index === layers.length - 1 ? t("network.output_layer") : t("network.layer", { layer: index + 1 });

/**
 * The numbers behind what the pointer or the focus is on: a link's weight, or a unit's weights and bias.
 *
 * @param {{ store: Store, layout: NetworkLayout, link: Signal<Link | null> }} props
 */
export function NetworkTip({ store, layout, link }) {
  const unit = store.inspected.value;
  if (link.value !== null) return html`<${LinkTip} store=${store} link=${link.value} />`;
  const isShown = unit !== null && layout.columns[unit.layer + 1]?.y[unit.unit] !== undefined;
  if (isShown) return html`<${UnitTip} store=${store} layout=${layout} layer=${unit.layer} unit=${unit.unit} />`;
  return html`<div class="tip" id="network-tip" hidden></div>`;
}

/** @param {{ store: Store, link: Link }} props */
function LinkTip({ store, link }) {
  const [x0, y0, x1, y1] = link.ends;
  const target = t("network.unit_short", { unit: link.to + 1 });
  return html`<div class="tip" id="network-tip" style=${{ left: `${(x0 + x1) / 2}px`, top: `${(y0 + y1) / 2}px` }}>
    ${t("network.weight")} ${sourceName(store, link.layer, link.from)} → ${target} <b>${parameter(store, link.index)}</b>
  </div>`;
}

/** @param {{ store: Store, layout: NetworkLayout, layer: number, unit: number }} props */
function UnitTip({ store, layout, layer, unit }) {
  const layers = store.layers.value;
  const { inputs, units } = layers[layer];
  const { x, y, size } = layout.columns[layer + 1];
  const bias = biasIndex(layers, layer, unit);
  const firstWeight = bias - inputs * units;
  const listed = Math.min(inputs, MAX_LISTED);
  // Above the units of the lower half and below those of the upper: always towards the middle, where there is room.
  const isAbove = y[unit] > layout.height / 2;
  const top = y[unit] + (isAbove ? -1 : 1) * (size / 2 + 8);

  return html`<div
    class=${isAbove ? "tip is-unit is-above" : "tip is-unit"}
    id="network-tip"
    style=${{ left: `${x}px`, top: `${top}px` }}
  >
    <p class="tip-title">${t("network.unit", { layer: layerName(layers, layer), unit: unit + 1 })}</p>
    <dl>
      ${Array.from({ length: listed }, (_, from) =>
        line(sourceName(store, layer, from), parameter(store, firstWeight + from * units)),
      )}
      ${listed < inputs && line(t("network.more_weights", { count: inputs - listed }), "")}
      ${line(t("network.bias"), parameter(store, bias))}
    </dl>
  </div>`;
}

/**
 * @param {string} name
 * @param {string} value
 */
const line = (name, value) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`;

/**
 * What a weight comes from: a feature, or a unit of the layer before.
 *
 * @param {Store} store
 * @param {number} layer
 * @param {number} from
 */
function sourceName(store, layer, from) {
  if (layer > 0) return t("network.unit_short", { unit: from + 1 });
  const feature = store.spec.value.data.features[from];
  return store.catalogue.find("feature", feature)?.symbol ?? String(from + 1);
}

/**
 * @param {Store} store
 * @param {number} index  among all parameters
 */
function parameter(store, index) {
  const parameters = parametersOf(store.frame.value, store.parameters.value);
  return parameters === null ? "–" : number(parameters[index], { digits: 3, fixed: true });
}
