import { ConfusionMatrix } from "../controls/confusion-matrix.js";
import { html } from "../html.js";
import { t } from "../i18n.js";

/** @import { Cell } from "../controls/confusion-matrix.js" */
/** @import { LabProps } from "./page.js" */

/** What each digit was taken for: a row a true digit, a column what the network said. @param {LabProps} props */
export function Confusion({ lab }) {
  const confusion = lab.predictions.value?.confusion;
  return html`<div class="card-head">
      <h2 id="confusion-title">${t("confusion.title")}</h2>
    </div>
    ${confusion === undefined ? html`<p class="help">${t("digits.loading")}</p>` : html`<${Matrix} lab=${lab} confusion=${confusion} />`}
    <p class="help">${t("confusion.help")}</p>`;
}

/** @param {{ lab: LabProps["lab"], confusion: number[][] }} props */
function Matrix({ lab, confusion }) {
  const { cell: chosen } = lab.filter.value;
  /** @param {Cell} cell */
  const choose = (cell) => {
    const isChosen = chosen?.actual === cell.actual && chosen.predicted === cell.predicted;
    lab.choose({ cell: isChosen ? null : cell });
  };
  const words = {
    caption: t("confusion.caption"),
    actual: t("confusion.actual"),
    predicted: t("confusion.predicted"),
  };
  /** @param {Cell} cell @param {number} count */
  const say = (cell, count) =>
    t(cell.actual === cell.predicted ? "confusion.right" : "confusion.wrong", { count, times: String(count), ...cell });
  return html`<${ConfusionMatrix}
    confusion=${confusion}
    nameOf=${String}
    words=${words}
    say=${say}
    chosen=${chosen}
    onChoose=${choose}
  />`;
}
