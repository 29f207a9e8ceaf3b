import { lazily } from "../../controls/lazy.js";
import { html } from "../../html.js";
import { t } from "../../i18n.js";

/** @import { PanelProps } from "../playground.js" */

/** In place of the features: what a network on a table is given. @param {PanelProps} props */
export function Columns({ store }) {
  return html`<h2 class="features-title">${t("columns.title")}</h2>
    <ul class="columns">
      ${(store.facts.value.columns ?? []).map(({ name }) => html`<li key=${name}>${name}</li>`)}
    </ul>
    <p class="help">${t("columns.help")}</p>`;
}

const Examples = lazily(
  () => import("./scatter.js"),
  () => html`<p class="help">${t("scatter.loading")}</p>`,
);

/** In place of the map: the examples. Fetched when there are such data. @param {PanelProps} props */
export function Scatter({ store, session }) {
  return html`<div class="card-head"><h2 id="output-title">${t("scatter.title")}</h2></div>
    <${Examples} store=${store} session=${session} />`;
}
