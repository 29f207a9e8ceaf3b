import { Mark } from "../../../controls/mark.js";
import { className } from "../../../facts.js";
import { html } from "../../../html.js";
import { number, t, words } from "../../../i18n.js";

/** @import { Store } from "../../../store.js" */
/** @import { Predictions } from "../../../types.js" */

const COUNTS = /** @type {const} */ (["true_positives", "false_positives", "false_negatives", "true_negatives"]);

/** The figures of each class against all others. @param {{ store: Store, predictions: Predictions }} props */
export function ClassTable({ store, predictions: { figures } }) {
  const facts = store.facts.value;
  const classes = figures.classes ?? [];
  const ratios = store.catalogue.metricsFor(facts.task).filter(({ averaged }) => averaged);
  return html`<div class="table-scroll" tabindex="0" role="group" aria-label=${t("measures.each")}>
    <table class="table class-table">
      <caption class="help">${t("measures.each")}</caption>
      <thead>
        <tr>
          <th scope="col">${t("measures.class")}</th>
          ${COUNTS.map((name) => html`<th key=${name} scope="col" class="is-number" title=${t(`measures.${name}_formula`)}>${t(`measures.${name}`)}</th>`)}
          ${ratios.map(({ name, label, help }) => html`<th key=${name} scope="col" class="is-number" title=${words(help)}>${words(label)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${classes.map(
          (of, index) => html`<tr key=${index}>
            <th scope="row"><span class="class-key"><${Mark} task=${facts.task} index=${index} />${className(facts, index)}</span></th>
            ${COUNTS.map((name) => html`<td key=${name} class="is-number">${number(of[name])}</td>`)}
            ${ratios.map(({ name }) => {
              const value = of[name];
              return html`<td key=${name} class="is-number">${value === null ? "–" : number(value, { digits: 4, fixed: true })}</td>`;
            })}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
