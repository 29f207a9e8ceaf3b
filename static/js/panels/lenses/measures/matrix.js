import { ConfusionMatrix } from "../../../controls/confusion-matrix.js";
import { className } from "../../../facts.js";
import { html } from "../../../html.js";
import { t } from "../../../i18n.js";

/** @import { Cell } from "../../../controls/confusion-matrix.js" */
/** @import { Store } from "../../../store.js" */
/** @import { PredictedClasses } from "../../../types.js" */

/** What a cell of two classes is called: is it right, and what does the network say. */
const TAGS = [
  ["tn", "fp"],
  ["fn", "tp"],
];

/** What each class was taken for. @param {{ store: Store, predictions: PredictedClasses }} props */
export function Matrix({ store, predictions: { confusion } }) {
  const facts = store.facts.value;
  const nameOf = (/** @type {number} */ index) => className(facts, index);
  const words = {
    caption: t("measures.matrix"),
    actual: t("confusion.actual"),
    predicted: t("measures.predicted"),
  };
  /** @param {Cell} cell @param {number} count */
  const say = ({ actual, predicted }, count) =>
    t("measures.cell", { actual: nameOf(actual), predicted: nameOf(predicted), count });
  /** @param {Cell} cell */
  const tagOf = ({ actual, predicted }) => t(`measures.${TAGS[actual][predicted]}`);
  return html`<figure class="measure-figure">
    <figcaption>${t("measures.matrix")}</figcaption>
    <${ConfusionMatrix}
      confusion=${confusion}
      nameOf=${nameOf}
      words=${words}
      say=${say}
      tagOf=${confusion.length === 2 ? tagOf : undefined}
    />
  </figure>`;
}
