import { html } from "../../html.js";
import { number, t, words } from "../../i18n.js";
import { layerName } from "../names.js";

/** @import { PanelProps } from "../playground.js" */

/**
 * The network as a table: what each layer is and gives, with what weights it begins, and how many parameters it has and
 * why.
 *
 * @param {PanelProps} props
 */
export default function Layers({ store }) {
  const layers = store.layers.value;
  const { network } = (store.serverSpec.value ?? store.spec.value);
  const { component, fields } = store.catalogue.describe("initializer", network.initializer);
  const settings = fields.map(({ name, field, value }) => `${words(field.label) || name} ${number(value)}`);
  const start = [words(component?.label), ...settings].join(", ");
  return html`<div class="lens-table" tabindex="0" role="region" aria-label=${t("lenses.layers")}><table class="table">
    <caption class="help">
      ${t("network.arithmetic_help")}. ${t("layers.start", { start, formula: component?.formula ?? "" })}
    </caption>
    <thead>
      <tr>
        <th scope="col">${t("layers.layer")}</th>
        <th scope="col">${t("layers.activation")}</th>
        <th scope="col" class="is-number">${t("layers.inputs")}</th>
        <th scope="col" class="is-number">${t("layers.units")}</th>
        <th scope="col" class="is-number">${words(store.catalogue.field("network.layers[].dropout").label)}</th>
        <th scope="col" class="is-number">${t("layers.gives")}</th>
        <th scope="col" class="is-number">${t("layers.parameters")}</th>
      </tr>
    </thead>
    <tbody>
      ${layers.map(
        ({ inputs, units, activation, parameters }, index) =>
          html`<tr key=${index}>
            <th scope="row">${layerName(layers, index)}</th>
            <td>${words(store.catalogue.find("activation", activation)?.label)}</td>
            <td class="is-number">${number(inputs)}</td>
            <td class="is-number">${number(units)}</td>
            <td class="is-number">${number(network.layers[index]?.dropout ?? 0)}</td>
            <td class="is-number">${t("layers.shape", { units })}</td>
            <td class="is-number">${number(inputs)} · ${number(units)} + ${number(units)} = <b>${number(parameters)}</b></td>
          </tr>`,
      )}
    </tbody>
    <tfoot>
      <tr>
        <th scope="row" colspan="6">${t("layers.total")}</th>
        <td class="is-number"><b>${number(store.parameters.value)}</b></td>
      </tr>
    </tfoot>
  </table></div>`;
}
