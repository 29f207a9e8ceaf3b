import { html } from "../html.js";
import { number, t } from "../i18n.js";

/** @import { PanelProps } from "./playground.js" */

/** What happened when the numbers ran away, and one click that helps. @param {PanelProps} props */
export function Diverged({ store, session }) {
  // The alert stands there from the start: only what appears inside of one is read out.
  return html`<div role="alert">
    ${store.state.value === "diverged" && html`<${Explanation} store=${store} session=${session} />`}
  </div>`;
}

/** @param {PanelProps} props */
function Explanation({ store, session }) {
  const rate = store.spec.value.training.optimizer.learning_rate;
  const epoch = Math.floor(store.epoch.value);
  return html`<div class="diverged" id="diverged">
    <p><strong>${t("diverged.title", { epoch })}</strong> ${t("diverged.explanation")}</p>
    ${
      rate !== undefined &&
      store.mayWrite.value &&
      html`<button class="button is-primary" type="button" onClick=${() => session.restartSlower()}>
      ${t("diverged.remedy", { rate: number(rate / 10) })}
    </button>`
    }
  </div>`;
}
