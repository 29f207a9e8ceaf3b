import { html } from "../html.js";
import { t } from "../i18n.js";
import { largestCounts } from "./choice.js";

/** @import { LabProps } from "./page.js" */

const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

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
  const { cell } = lab.filter.value;
  const largest = largestCounts(confusion);

  /** @param {number} actual @param {number} predicted */
  const drawCell = (actual, predicted) => {
    const count = confusion[actual][predicted];
    const isRight = actual === predicted;
    const isChosen = cell?.actual === actual && cell.predicted === predicted;
    // The eye compares areas of colour: counts of one and two must be seen beside a thousand.
    const share = Math.sqrt(count / (isRight ? largest.right : largest.wrong));
    const press = () => lab.choose({ cell: isChosen ? null : { actual, predicted } });
    return html`<td key=${predicted} class=${isRight ? "is-right" : ""} style=${{ "--share": share.toFixed(3) }}>
      <button
        type="button"
        aria-pressed=${isChosen}
        aria-label=${t(isRight ? "confusion.right" : "confusion.wrong", { count, times: String(count), actual, predicted })}
        disabled=${count === 0}
        onClick=${press}
      >
        ${count === 0 ? "·" : count}
      </button>
    </td>`;
  };

  return html`<table class="confusion" id="confusion">
    <caption class="visually-hidden">
      ${t("confusion.caption")}
    </caption>
    <thead>
      <tr>
        <td></td>
        <th class="confusion-axis" scope="colgroup" colspan="10">${t("confusion.predicted")}</th>
      </tr>
      <tr>
        <th scope="col" class="confusion-axis">${t("confusion.actual")}</th>
        ${DIGITS.map((digit) => html`<th key=${digit} scope="col">${digit}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${DIGITS.map(
        (actual) =>
          html`<tr key=${actual}>
            <th scope="row">${actual}</th>
            ${DIGITS.map((predicted) => drawCell(actual, predicted))}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
