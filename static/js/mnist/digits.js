import { useComputed, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Icon } from "../controls/icon.js";
import { themeColours } from "../draw/colours.js";
import { drawField } from "../draw/field.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { SIDE } from "./digit.js";

/** @import { Predictions } from "../types.js" */
/** @import { Lab } from "./lab.js" */
/** @import { LabProps } from "./page.js" */

const isNarrow = matchMedia("(max-width: 640px)");
/** How many are shown at once. */
const pageSize = () => (isNarrow.matches ? 20 : 52);

/** The test digits with what the network says of each. @param {LabProps} props */
export function Digits({ lab, store }) {
  const predictions = lab.predictions.value;
  const { onlyMistakes, cell } = lab.filter.value;
  const chosen = lab.chosen.value;
  const size = pageSize();
  // A network that was tested again may have fewer mistakes than there were pages for.
  const first = Math.min(lab.first.value, Math.max(0, Math.ceil(chosen.length / size - 1) * size));
  const shown = chosen.slice(first, first + size);
  const range = { first: shown.length === 0 ? 0 : first + 1, last: first + shown.length, count: chosen.length };
  /** @param {Event & { currentTarget: HTMLInputElement }} event */
  const toggle = (event) => lab.choose({ onlyMistakes: event.currentTarget.checked });

  return html`<div class="card-head">
      <h2 id="digits-title">${t("digits.title")}</h2>
      <div class="digits-tools">
        ${
          cell !== null &&
          html`<button class="button is-small" type="button" id="cell-filter" onClick=${() => lab.choose({ cell: null })}>
            ${t(cell.actual === cell.predicted ? "digits.cell_right" : "digits.cell", cell)}<${Icon} name="close" />
            <span class="visually-hidden">${t("digits.all")}</span>
          </button>`
        }
        <label class="check"
          ><input type="checkbox" id="only-mistakes" checked=${onlyMistakes} onChange=${toggle} />${t(
            "digits.only_mistakes",
          )}</label
        >
        <div class="pager" role="group" aria-label=${t("digits.pages")}>
          <button
            class="square"
            type="button"
            aria-label=${t("digits.previous")}
            title=${t("digits.previous")}
            disabled=${first === 0}
            onClick=${() => {
              lab.first.value = Math.max(0, first - size);
            }}
          >
            <${Icon} name="previous" />
          </button>
          <span class="pager-range" id="digits-range">${t("digits.range", range)}</span>
          <button
            class="square"
            type="button"
            aria-label=${t("digits.next")}
            title=${t("digits.next")}
            disabled=${first + shown.length >= chosen.length}
            onClick=${() => {
              lab.first.value = first + size;
            }}
          >
            <${Icon} name="next" />
          </button>
        </div>
      </div>
    </div>
    <${Mistakes} lab=${lab} />
    ${
      predictions === null
        ? html`<p class="help">${t(store.connection.value === "open" ? "digits.loading" : "connection.connecting")}</p>`
        : html`<${Grid} lab=${lab} predictions=${predictions} shown=${shown} />`
    }
    ${predictions !== null && shown.length === 0 && html`<p class="help">${t("digits.none")}</p>`}`;
}

/** How many are wrong, said aloud whenever the network was tested again. @param {{ lab: Lab }} props */
function Mistakes({ lab }) {
  const text = useComputed(() => {
    const predictions = lab.predictions.value;
    if (predictions === null) return "";
    const total = predictions.actual.length;
    const count = predictions.actual.filter((digit, index) => predictions.predicted[index] !== digit).length;
    const said = t("digits.mistakes", { count, total });
    return predictions.step === 0 ? `${said} ${t("digits.untrained")}` : said;
  });
  return html`<p class="help digits-summary" id="mistakes" role="status">${text}</p>`;
}

/** @param {{ lab: Lab, predictions: Predictions, shown: number[] }} props */
function Grid({ lab, predictions, shown }) {
  const key = shown.join();
  const fetched = useRef("");
  if (fetched.current !== key) {
    fetched.current = key;
    lab.fetchImages(shown);
  }
  return html`<ul class="digits" id="digits">
    ${shown.map((index) => html`<${Digit} key=${index} lab=${lab} index=${index} predictions=${predictions} />`)}
  </ul>`;
}

/** One test digit: pressed, it goes onto the pad. @param {{ lab: Lab, predictions: Predictions, index: number }} props */
function Digit({ lab, predictions, index }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  useSignalEffect(() => {
    lab.imagesVersion.value;
    const { greys } = themeColours();
    const image = lab.images.get(index);
    if (canvas.current !== null && image !== undefined) drawField(canvas.current, image, SIDE, SIDE, greys);
  });
  const [actual, predicted] = [predictions.actual[index], predictions.predicted[index]];
  const percent = number(Math.round(predictions.confidence[index] * 100));
  const isWrong = actual !== predicted;
  const label = t(isWrong ? "digits.wrong_label" : "digits.right_label", {
    index: index + 1,
    actual,
    predicted,
    percent,
  });
  return html`<li>
    <button
      class=${isWrong ? "digit is-wrong" : "digit"}
      type="button"
      title=${label}
      aria-label=${label}
      onClick=${() => lab.load(index)}
    >
      <canvas class="picture" ref=${canvas} aria-hidden="true"></canvas>
      <span class="digit-said" aria-hidden="true"
        >${isWrong ? html`<b class="cross">✗</b> ${t("digits.wrong", { actual, predicted })}` : predicted}</span
      >
    </button>
  </li>`;
}
