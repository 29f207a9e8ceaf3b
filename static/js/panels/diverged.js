import { html } from "../html.js";
import { number, t } from "../i18n.js";

/** @import { PanelProps } from "./playground.js" */

/** What happened when the numbers ran away, and one click that helps. @param {PanelProps} props */
export function Diverged({ store, session }) {
  if (store.state.value !== "diverged") return html`<div role="alert"></div>`;
  const rate = store.spec.value.training.optimizer.learning_rate;
  return html`<div role="alert">
    <div class="diverged" id="diverged">
      <p><strong>${t("diverged.title", { epoch: Math.floor(store.epoch.value) })}</strong> ${t("diverged.explanation")}</p>
      ${rate !== undefined &&
      store.mayWrite.value &&
      html`<button class="button is-primary" type="button" onClick=${() => session.restartSlower()}>${t("diverged.remedy", { rate: number(rate / 10) })}</button>`}
    </div>
  </div>`;
}
