import { ComponentPicker } from "../controls/component-picker.js";
import { Icon } from "../controls/icon.js";
import { Popover } from "../controls/popover.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { termsOf } from "../formula.js";
import { Graph } from "./graph.js";
import { insertLayer, removeLayer } from "./layers-change.js";

/** @import { Json, Layer } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

/** The network as a graph, and what it is built of. @param {PanelProps} props */
export function Network({ store, session }) {
  const network = store.network.value;
  /** @param {Json} patch */
  const changeInitializer = (patch) => session.configure({ network: { initializer: patch } });

  return html`<div class="card-head">
      <h2 id="network-title">${t("network.title")}</h2>
      <${Arithmetic} layers=${store.expectedLayers.value} />
    </div>
    <div class="network-tools">
      <${LayerStepper} store=${store} session=${session} />
      <${KeepSwitch} store=${store} />
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
    <div class="network-foot">
      <p class="network-legend">
        <span>${t("network.weights")}</span>
        <span class="weight-key is-cold">${t("network.negative")}</span>
        <span class="weight-key is-warm">${t("network.positive")}</span>
        <span class="weight-key is-gone">${t("network.gone")}</span>
        <span>${t("network.wider")}</span>
      </p>
      <${Popover}
        label=${t("network.how")}
        buttonClass="button is-small is-quiet"
        panelLabel=${t("network.how")}
        part="help"
      >
        ${() => html`<div class="network-how">${HOW.map((key) => html`<p key=${key}>${t(key)}</p>`)}</div>`}
      <//>
    </div>`;
}

const HOW = ["network.how_link", "network.how_unit", "network.how_layers", "network.how_keys", "network.keeps_learning"];

/**
 * How the number of parameters comes about.
 *
 * @param {{ layers: Layer[] }} props
 */
function Arithmetic({ layers }) {
  const parameters = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  const terms = termsOf(layers);
  return html`<p class="arithmetic" id="arithmetic" title=${t("network.arithmetic_help")}>
    ${terms.map((term, index) => html`<span class="term" key=${index}>${term}</span>${index < terms.length - 1 ? " + " : " = "}`)}
    <strong>${t("network.parameters", { count: parameters })}</strong>
  </p>`;
}

/** Whether a network of another shape goes on with what it has learned. @param {Pick<PanelProps, "store">} props */
function KeepSwitch({ store }) {
  const toggle = () => {
    store.keepsWeights.value = !store.keepsWeights.peek();
  };
  return html`<label class="keep-switch" data-part="layers" title=${t("network.keep_help")}>
    <input
      type="checkbox"
      checked=${store.keepsWeights.value}
      disabled=${!store.mayWrite.value}
      onChange=${toggle}
    />
    ${t("network.keep")}
  </label>`;
}

/** Adds and removes hidden layers at the end. @param {PanelProps} props */
function LayerStepper({ store, session }) {
  const count = store.network.value.layers.length;
  const disabled = !store.mayWrite.value;

  const add = () => insertLayer({ store, session }, store.spec.peek().network.layers.length);
  const remove = () => removeLayer({ store, session }, store.spec.peek().network.layers.length - 1);

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
