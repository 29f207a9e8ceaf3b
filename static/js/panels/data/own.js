import { html } from "../../html.js";
import { words } from "../../i18n.js";

/** @import { PanelProps } from "../playground.js" */

/** The reader's own data. @param {PanelProps} props */
export function Own({ store }) {
  const { dataset } = store.spec.value.data;
  const component = store.catalogue.find("dataset", dataset.name);
  return html`<div class="own">${component?.given && html`<p class="help">${words(component.help)}</p>`}</div>`;
}
