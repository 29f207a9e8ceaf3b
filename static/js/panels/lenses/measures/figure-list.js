import { html } from "../../../html.js";
import { number, t } from "../../../i18n.js";

/** @import { JudgedFigure } from "../../../measures.js" */
/** @import { Store } from "../../../store.js" */

/** Figures with what each of them means. @param {{ store: Store, figures: JudgedFigure[] }} props */
export function FigureList({ store, figures }) {
  const { catalogue } = store;
  const isMetric = (/** @type {string} */ name) => catalogue.find("metric", name) !== undefined;
  const meaning = (/** @type {string} */ name) =>
    isMetric(name) ? catalogue.metricMeaning(name, store.facts.value.task) : t(`measures.${name}_formula`);
  return html`<dl class="measure-figures" id="figures">
    ${figures.map(
      ({ name, value, isCount = false, sum }) => html`<div key=${name} class=${isCount ? "is-count" : ""}>
        <dt>${isMetric(name) ? catalogue.metricName(name) : t(`measures.${name}`)}</dt>
        <dd>
          <span class="figure-value" id=${`measure-${name}`}
            >${value === null ? "–" : number(value, isCount ? {} : { digits: 4, fixed: true })}</span
          >
          <span class="measure-meaning">${meaning(name)}${sum !== undefined && html` <i>= ${sum}</i>`}</span>
        </dd>
      </div>`,
    )}
  </dl>`;
}
