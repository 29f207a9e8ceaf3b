import { html } from "../../../html.js";
import { number, t } from "../../../i18n.js";

/** @import { JudgedFigure } from "../../../measures.js" */

/** Figures with what each of them means. @param {{ figures: JudgedFigure[] }} props */
export function FigureList({ figures }) {
  return html`<dl class="measure-figures" id="figures">
    ${figures.map(
      ({ name, value, isCount = false, sum }) => html`<div key=${name} class=${isCount ? "is-count" : ""}>
        <dt>${t(`measures.${name}`)}</dt>
        <dd>
          <span class="figure-value" id=${`measure-${name}`}
            >${value === null ? "–" : number(value, isCount ? {} : { digits: 4, fixed: true })}</span
          >
          <span class="measure-meaning">${t(`measures.${name}_formula`)}${sum !== undefined && html` <i>= ${sum}</i>`}</span>
        </dd>
      </div>`,
    )}
  </dl>`;
}
