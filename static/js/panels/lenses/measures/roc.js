import { html } from "../../../html.js";
import { number, t } from "../../../i18n.js";
import { ratesOf, thresholdNear } from "../../../measures.js";

/** @import { Signal } from "@preact/signals" */
/** @import { Store } from "../../../store.js" */
/** @import { PredictedClasses, Roc } from "../../../types.js" */

/** The side of the picture, in its own units. */
const SIDE = 200;

/**
 * What each threshold would give: how many of class 1 are found, against how many of class 0 are taken for it.
 *
 * @param {{ store: Store, predictions: PredictedClasses, threshold: Signal<number | null> }} props
 */
export function RocCurve({ predictions, threshold }) {
  const { confusion, figures } = predictions;
  const roc = /** @type {Roc} */ (predictions.roc);
  const rates = ratesOf(confusion);
  const line = roc.false_positive_rate
    .map((across, index) => `${(across * SIDE).toFixed(1)} ${((1 - roc.true_positive_rate[index]) * SIDE).toFixed(1)}`)
    .join("L");
  const share = (/** @type {number} */ value) => number(value, { digits: 3, fixed: true });
  const auc = figures.auc === null ? "–" : number(figures.auc, { digits: 4, fixed: true });
  const label = t("measures.roc_label", {
    auc,
    falsePositive: rates ? share(rates.falsePositive) : "–",
    truePositive: rates ? share(rates.truePositive) : "–",
  });
  /** A press chooses the threshold whose point is nearest. @param {MouseEvent & { currentTarget: Element }} event */
  const choose = ({ clientX, clientY, currentTarget }) => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    const near = thresholdNear(roc, (clientX - left) / width, 1 - (clientY - top) / height);
    if (near !== null) threshold.value = near;
  };
  const [x, y] = rates ? [rates.falsePositive * SIDE, (1 - rates.truePositive) * SIDE] : [0, 0];
  return html`<figure class="measure-figure roc">
    <figcaption>${t("measures.roc")} <span class="roc-auc">${t("measures.auc_short")} ${auc}</span></figcaption>
    <div class="roc-frame">
      <span class="roc-up" aria-hidden="true">${t("measures.true_positive_rate")}</span>
      <svg viewBox="0 0 ${SIDE} ${SIDE}" role="img" aria-label=${label} onClick=${choose}>
        <path class="roc-chance" d="M0 ${SIDE}L${SIDE} 0" />
        <path class="roc-area" d="M${line}L${SIDE} ${SIDE}L0 ${SIDE}z" />
        <path class="roc-line" d="M${line}" />
        ${
          rates !== null &&
          html`<path class="roc-lead" d="M${x} ${SIDE}V${y}H0" /><circle class="roc-point" cx=${x} cy=${y} r="5" />`
        }
      </svg>
      <span class="roc-across" aria-hidden="true"><i>0</i><i>${t("measures.false_positive_rate")}</i><i>1</i></span>
    </div>
  </figure>`;
}
