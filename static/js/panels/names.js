import { t } from "../i18n.js";

/** @import { Place } from "../draw/links.js" */
/** @import { Store } from "../store.js" */
/** @import { Layer } from "../types.js" */

/**
 * What a layer is called on the page.
 *
 * @param {Layer[]} layers
 * @param {number} index
 */
export const layerName = (layers, index) =>
  index === layers.length - 1 ? t("network.output_layer") : t("network.layer", { layer: index + 1 });

/**
 * @param {Layer[]} layers
 * @param {number} layer
 * @param {number} unit
 */
export const unitName = (layers, layer, unit) =>
  t("network.unit", { layer: layerName(layers, layer), unit: unit + 1 });

/**
 * What a unit is called in a formula: `h1.2` is unit 2 of hidden layer 1.
 *
 * @param {Layer[]} layers
 * @param {number} layer
 * @param {number} unit
 */
export const unitSymbol = (layers, layer, unit) =>
  layer === layers.length - 1 ? t("network.symbol_of_output", { unit: unit + 1 }) : `h${layer + 1}.${unit + 1}`;

/**
 * What a weight comes from, as it stands in a formula: a feature, a column, or a unit of the layer before.
 *
 * @param {Store} store
 * @param {number} layer
 * @param {number} from
 */
export function sourceSymbol(store, layer, from) {
  return layer > 0 ? unitSymbol(store.layers.value, layer - 1, from) : inputSymbol(store, from);
}

/**
 * What an input is called: a feature, or the column of a table.
 *
 * @param {Store} store
 * @param {number} index
 */
export function inputSymbol(store, index) {
  const { features } = (store.serverSpec.value ?? store.spec.value).data;
  const feature = store.catalogue.find("feature", features[index] ?? "");
  return feature?.symbol ?? store.facts.value.columns?.[index]?.name ?? `x${index + 1}`;
}

/**
 * How many inputs there are, and of which kind: features of the plane, columns of a table, or others.
 *
 * @param {Store} store
 * @param {number} count
 */
export function inputsNote(store, count) {
  const { features } = (store.serverSpec.value ?? store.spec.value).data;
  if (store.hasPlane.value && features.length > 0) return t("network.features", { count });
  return t(store.facts.value.columns === null ? "network.inputs" : "network.columns", { count });
}

/**
 * @param {Store} store
 * @param {Place} place
 */
export function placeName(store, { layer, from, to }) {
  const unit = unitSymbol(store.layers.value, layer, to);
  if (from === null) return t("network.bias_of", { unit });
  return t("network.weight_between", { from: sourceSymbol(store, layer, from), to: unit });
}
