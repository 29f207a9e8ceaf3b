import { useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { useWidth } from "../../../controls/width.js";
import { themeColours } from "../../../draw/colours.js";
import { drawScatter } from "../../../draw/scatter.js";
import { html } from "../../../html.js";
import { number, t } from "../../../i18n.js";
import { axisAround } from "../../../measures.js";

/** @import { Store } from "../../../store.js" */
/** @import { Predictions } from "../../../types.js" */

/**
 * What the network predicts against what is true: on the diagonal they are the same.
 *
 * @param {{ store: Store, predictions: Predictions }} props
 */
export function Scatter({ store, predictions }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const size = useWidth(canvas);
  const { actual, predicted, figures } = predictions;
  const axis = axisAround([...actual, ...predicted]);

  const shown = useSignal({ actual, predicted, axis });
  if (shown.peek().actual !== actual || shown.peek().predicted !== predicted) shown.value = { actual, predicted, axis };
  useSignalEffect(() => {
    if (canvas.current !== null && size.value > 0) drawScatter(canvas.current, shown.value, size.value, themeColours());
  });

  const name = store.facts.value.target?.name ?? t("measures.number");
  const fit = figures.r_squared ?? null;
  const ends = axis.map((end) => number(end, { digits: 2 }));
  return html`<figure class="measure-figure roc">
    <figcaption>${t("measures.scatter")}</figcaption>
    <div class="roc-frame">
      <span class="roc-up" aria-hidden="true">${t("measures.predicted_number", { name })}</span>
      <canvas
        class="scatter"
        ref=${canvas}
        role="img"
        aria-label=${t("measures.scatter_label", { count: actual.length, fit: fit === null ? "–" : number(fit, { digits: 3 }) })}
      ></canvas>
      <span class="roc-across" aria-hidden="true"><i>${ends[0]}</i><i>${t("measures.actual_number", { name })}</i><i>${ends[1]}</i></span>
    </div>
  </figure>`;
}
