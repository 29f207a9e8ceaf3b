import { html } from "../html.js";
import { number, t } from "../i18n.js";

/** @import { Divergence } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

/** So many of the last losses are shown, evenly from the last good one to the end. */
const SHOWN_LOSSES = 6;
/** A tenth of the rate, with so many digits. */
const RATE_DIGITS = 2;

/** What happened when the numbers ran away, and one click that helps. @param {PanelProps} props */
export default function Diverged({ store, session }) {
  const evidence = store.divergence.value;
  const asked = store.spec.value.training.optimizer.learning_rate;
  const epoch = Math.floor(store.epoch.value);
  const slower = asked === undefined ? null : Number((asked / 10).toPrecision(RATE_DIGITS));
  return html`<div class="diverged" id="diverged">
    <div class="diverged-words">
      <p>
        <strong>${t("diverged.title", { epoch })}</strong> ${evidence && html`<${Course} evidence=${evidence} />`}
        ${t("diverged.explanation")}
      </p>
      ${evidence && evidence.losses.length > 1 && html`<${LastLosses} evidence=${evidence} />`}
    </div>
    ${
      slower !== null &&
      store.mayWrite.value &&
      html`<button class="button is-primary" type="button" onClick=${() => session.recover(slower)}>
        ${t("diverged.remedy", { epoch: evidence?.good_epoch ?? 0, rate: number(slower) })}
      </button>`
    }
  </div>`;
}

/** From which loss to infinity, in how many steps, and how large the weights became. @param {{ evidence: Divergence }} props */
function Course({ evidence }) {
  const { good_loss: loss, good_step, step, learning_rate: rate, largest_weight: weight } = evidence;
  if (loss === null) return null;
  const course = t("diverged.course", { rate: number(rate), loss: number(loss), count: Math.max(1, step - good_step) });
  return html`${course} ${weight !== null && weight > 1 && t("diverged.largest", { weight: number(weight) })} `;
}

/** @param {{ evidence: Divergence }} props */
function LastLosses({ evidence }) {
  const all = evidence.losses;
  const shown = Math.min(SHOWN_LOSSES, all.length);
  const losses = Array.from({ length: shown }, (_, at) => all[Math.round((at * (all.length - 1)) / (shown - 1))]);
  return html`<ol class="diverged-losses" aria-label=${t("diverged.losses")}>
    ${losses.map(({ step, loss }) => html`<li key=${step}>${loss === null ? "∞" : number(loss)}</li>`)}
  </ol>`;
}
