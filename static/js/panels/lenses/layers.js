import { html } from "../../html.js";
import { number, t, words } from "../../i18n.js";
import { layerName } from "../names.js";

/** @import { PanelProps } from "../playground.js" */

/** The network as a table: what each layer is, and how many parameters it has and why. @param {PanelProps} props */
export default function Layers({ store }) {
  const layers = store.layers.value;
  return html`<table class="table">
    <caption class="help">
      ${t("network.arithmetic_help")}
    </caption>
    <thead>
      <tr>
        <th scope="col">${t("layers.layer")}</th>
        <th scope="col">${t("layers.activation")}</th>
        <th scope="col" class="is-number">${t("layers.inputs")}</th>
        <th scope="col" class="is-number">${t("layers.units")}</th>
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
            <td class="is-number">${number(inputs)} · ${number(units)} + ${number(units)} = <b>${number(parameters)}</b></td>
          </tr>`,
      )}
    </tbody>
    <tfoot>
      <tr>
        <th scope="row" colspan="4">${t("layers.total")}</th>
        <td class="is-number"><b>${number(store.parameters.value)}</b></td>
      </tr>
    </tfoot>
  </table>`;
}
