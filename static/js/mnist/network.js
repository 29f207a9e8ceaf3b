import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { ComponentPicker } from "../controls/component-picker.js";
import { Icon } from "../controls/icon.js";
import { NumberInput } from "../controls/number-input.js";
import { themeColours } from "../draw/colours.js";
import { html } from "../html.js";
import { number, t, words } from "../i18n.js";
import { drawWeights, firstLayerOf, FIRST_LAYER_UNITS } from "./weights.js";

/** @import { HiddenLayer, Json } from "../types.js" */
/** @import { LabProps } from "./page.js" */

/** The network layer by layer, with what its first one looks for. @param {LabProps} props */
export function Network(props) {
  const { store, session } = props;
  const { catalogue } = store;
  const { layers } = store.spec.value.network;
  const disabled = !store.mayWrite.value;
  /** @param {HiddenLayer[]} changed */
  const change = (changed) => session.configure({ network: { layers: changed } });
  const template = layers.at(-1) ?? catalogue.imagePresets[0].spec.network.layers[0];

  return html`<div class="card-head">
      <h2 id="network-title">${t("network.title")}</h2>
      <div class="stepper" role="group" aria-label=${t("network.layers")}>
        <button
          class="square"
          type="button"
          aria-label=${t("network.remove_layer")}
          title=${t("network.remove_layer")}
          disabled=${disabled || layers.length === 0}
          onClick=${() => change(layers.slice(0, -1))}
        >
          <${Icon} name="minus" />
        </button>
        <button
          class="square"
          type="button"
          aria-label=${t("network.add_layer")}
          title=${t("network.add_layer")}
          disabled=${disabled || layers.length >= catalogue.limits.layers}
          onClick=${() => change([...layers, template])}
        >
          <${Icon} name="plus" />
        </button>
        <span class="stepper-value" id="layer-count">${t("network.hidden_layers", { count: layers.length })}</span>
      </div>
    </div>
    <${Layers} ...${props} layers=${layers} onChange=${change} />
    <${Weights} ...${props} />`;
}

/**
 * The table of layers, with the arithmetic of their parameters.
 *
 * @param {LabProps & { layers: HiddenLayer[], onChange: (layers: HiddenLayer[]) => void }} props
 */
function Layers({ store, layers, onChange }) {
  const { catalogue } = store;
  const disabled = !store.mayWrite.value;
  const spec = store.spec.value;
  const dataset = catalogue.find("dataset", spec.data.dataset.name);
  const outputs = dataset?.classes ?? 1;
  const sizes = [dataset?.inputs ?? 0, ...layers.map(({ units }) => units), outputs];
  const counts = sizes.slice(1).map((units, index) => sizes[index] * units + units);
  const output = store.layers.value.at(-1)?.activation ?? "";

  /** @param {number} index @param {Partial<HiddenLayer>} part */
  const changeLayer = (index, part) =>
    onChange(layers.map((layer, at) => (at === index ? { ...layer, ...part } : layer)));
  /** @param {number} index */
  const arithmetic = (index) => html`<td class="layer-arithmetic">
    <span>${number(sizes[index])}·${number(sizes[index + 1])} + ${number(sizes[index + 1])} =</span>
    <b>${number(counts[index])}</b>
  </td>`;

  return html`<table class="layers">
    <thead>
      <tr>
        <th scope="col">${t("mnist.layer")}</th>
        <th scope="col">${words(catalogue.field("network.layers[].units").label)}</th>
        <th scope="col">${t("mnist.activation")}</th>
        <th scope="col" class="layer-arithmetic" title=${t("network.arithmetic_help")}>${t("mnist.parameters")}</th>
      </tr>
    </thead>
    <tbody>
      <tr>
        <th scope="row">${t("network.input")}</th>
        <td class="layer-units">${number(sizes[0])}</td>
        <td>${t("mnist.pixels")}</td>
        <td></td>
      </tr>
      ${layers.map(
        (layer, index) =>
          html`<tr key=${index}>
            <th scope="row"><label for=${`units-${index}`}>${t("network.layer", { layer: index + 1 })}</label></th>
            <td class="layer-units">
              <${NumberInput}
                id=${`units-${index}`}
                field=${{ ...catalogue.field("network.layers[].units"), maximum: catalogue.limits.units }}
                value=${layer.units}
                disabled=${disabled}
                onChange=${(/** @type {number} */ units) => changeLayer(index, { units })}
              />
            </td>
            <td>
              <${ComponentPicker}
                catalogue=${catalogue}
                kind="activation"
                label=${t("network.activation_of", { layer: t("network.layer", { layer: index + 1 }) })}
                chosen=${layer.activation}
                choices=${catalogue.activationsFor(layer.units)}
                isCompact=${true}
                disabled=${disabled}
                onChange=${(/** @type {Json} */ patch) =>
                  // Another activation starts with its own defaults.
                  changeLayer(index, {
                    activation: /** @type {any} */ ("name" in patch ? patch : { ...layer.activation, ...patch }),
                  })}
              />
            </td>
            ${arithmetic(index)}
          </tr>`,
      )}
      <tr>
        <th scope="row">${t("network.output_layer")}</th>
        <td class="layer-units">${number(outputs)}</td>
        <td>${words(catalogue.find("activation", output)?.label) || output}</td>
        ${arithmetic(layers.length)}
      </tr>
    </tbody>
    <tfoot>
      <tr>
        <th scope="row" colspan="3">${t("mnist.total")}</th>
        <td class="layer-arithmetic"><b id="parameter-count">${number(counts.reduce((sum, count) => sum + count, 0))}</b></td>
      </tr>
    </tfoot>
  </table>`;
}

/** The first layer's weights as images. @param {LabProps} props */
function Weights({ store }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const units = store.layers.value[0]?.units ?? 0;
  useSignalEffect(() => {
    const weights = firstLayerOf(store.frame.value);
    const colours = themeColours();
    if (canvas.current !== null && weights !== null) drawWeights(canvas.current, weights, colours.ramp);
  });
  const shown = Math.min(units, FIRST_LAYER_UNITS);
  return html`<figure class="weights">
    <figcaption class="weights-caption">
      <strong>${t("mnist.weights")}</strong>
      <span class="help">${t("mnist.weights_help", { shown, count: units })}</span>
    </figcaption>
    <canvas class="weights-picture" id="weights" ref=${canvas} role="img" aria-label=${t("mnist.weights_label")}></canvas>
    <p class="weights-legend help">
      <span class="weight-key is-cold">${t("mnist.against")}</span>
      <span class="weight-key is-warm">${t("mnist.for")}</span>
    </p>
  </figure>`;
}
