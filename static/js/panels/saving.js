import { html } from "../html.js";
import { t } from "../i18n.js";

/** @import { Store } from "../store.js" */

/** Nothing to tell: it saves, or was never meant to. */
const QUIET = new Set(["ok", "off"]);

/** That the server can't keep what is done here, for as long as that is so. @param {{ store: Store }} props */
export function Saving({ store }) {
  const saving = store.saving.value;
  // It stands there from the start: only what appears inside of a status is read out.
  return html`<div role="status">
    ${
      !QUIET.has(saving) &&
      html`<p class="saving" id="saving"><strong>${t(`saving.${saving}`)}</strong> ${t("saving.explanation")}</p>`
    }
  </div>`;
}
