import { ComponentPicker } from "../controls/component-picker.js";
import { Icon } from "../controls/icon.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { Graph } from "./graph.js";

/** @import { Json, Layer } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

/** The network as a graph, and what it is built of. @param {PanelProps} props */
export function Network({ store, session }) {
  const { network } = store.spec.value;
  /** @param {Json} patch */
  const changeInitializer = (patch) => session.configure({ network: { initializer: patch } });

  return html`<div class="card-head">
      <h2 id="network-title">${t("network.title")}</h2>
      <${Arithmetic} layers=${store.layers.value} parameters=${store.parameters.value} />
    </div>
    <div class="network-tools">
      <${LayerStepper} store=${store} session=${session} />
      <${ComponentPicker}
        catalogue=${store.catalogue}
        kind="initializer"
        label=${t("network.initializer")}
        chosen=${network.initializer}
        choices=${store.catalogue.all("initializer")}
        disabled=${!store.mayWrite.value}
        onChange=${changeInitializer}
      />
    </div>
    <${Graph} store=${store} session=${session} />
    <p class="network-legend">
      <span>${t("network.weights")}</span>
      <span class="weight-key is-cold">${t("network.negative")}</span>
      <span class="weight-key is-warm">${t("network.positive")}</span>
      <span>${t("network.wider")}</span>
    </p>`;
}

/**
 * How the number of parameters comes about.
 *
 * @param {{ layers: Layer[], parameters: number }} props
 */
function Arithmetic({ layers, parameters }) {
  const terms = layers.map(({ inputs, units }) => `(${inputs}·${units} + ${units})`).join(" + ");
  return html`<p class="arithmetic" id="arithmetic" title=${t("network.arithmetic_help")}>
    <span>${terms} = </span><strong>${t("network.parameters", { count: parameters })}</strong>
  </p>`;
}

/** Adds and removes hidden layers at the end. @param {PanelProps} props */
function LayerStepper({ store, session }) {
  const count = store.spec.value.network.layers.length;
  const disabled = !store.mayWrite.value;

  const add = () => {
    const { layers } = store.spec.peek().network;
    const model = layers.at(-1) ?? store.catalogue.defaults.network.layers[0];
    session.configure({ network: { layers: [...layers, model] } });
  };
  const remove = () => session.configure({ network: { layers: store.spec.peek().network.layers.slice(0, -1) } });

  return html`<div class="stepper" data-part="layers" role="group" aria-label=${t("network.layers")}>
    <button
      class="square"
      type="button"
      aria-label=${t("network.remove_layer")}
      title=${t("network.remove_layer")}
      disabled=${disabled || count === 0}
      onClick=${remove}
    >
      <${Icon} name="minus" />
    </button>
    <button
      class="square"
      type="button"
      aria-label=${t("network.add_layer")}
      title=${t("network.add_layer")}
      disabled=${disabled || count >= store.catalogue.limits.layers}
      onClick=${add}
    >
      <${Icon} name="plus" />
    </button>
    <span class="stepper-value" id="layer-count">${t("network.hidden_layers", { count })}</span>
  </div>`;
}
