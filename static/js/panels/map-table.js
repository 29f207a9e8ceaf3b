import { useAnswer } from "../controls/answer.js";
import { unplacedInput } from "../facts.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { inWords } from "./probe.js";
import { PLANE } from "./shown-map.js";

/** @import { PanelProps } from "./playground.js" */

const LINES = 7;
const [LOW, HIGH] = PLANE;
const AXIS = Array.from({ length: LINES }, (_, line) => LOW + ((HIGH - LOW) * line) / (LINES - 1));
/** Row by row from the largest y, as the map lies. */
const POINTS = AXIS.toReversed().flatMap((y) => AXIS.map((x) => [x, y]));

/** The map in numbers: what the server answers at a few points of the plane. @param {PanelProps} props */
export default function MapTable({ store, session }) {
  const outputs = useAnswer(
    store,
    () => POINTS,
    async (inputs) => {
      /** @type {{ outputs: number[][] }} */
      const answer = await session.ask("predict", {}, { inputs });
      return answer.outputs;
    },
  );
  const facts = store.facts.value;
  /** @param {number} axis @param {number} value */
  const coordinate = (axis, value) => number(unplacedInput(facts, axis, value), { digits: 2 });
  const [xName, yName] = [0, 1].map((axis) => facts.columns?.[axis]?.name ?? ["x", "y"][axis]);
  if (outputs.value === null) return null;
  return html`<div class="table-scroll" tabindex="0" role="group" aria-label=${t("output.table")}>
    <table class="table is-dense">
      <caption class="visually-hidden">${t("output.table")}</caption>
      <thead>
        <tr>
          <th scope="col">${yName} \\ ${xName}</th>
          ${AXIS.map((x) => html`<th key=${x} scope="col" class="is-number">${coordinate(0, x)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${AXIS.toReversed().map(
          (y, row) => html`<tr key=${y}>
            <th scope="row" class="is-number">${coordinate(1, y)}</th>
            ${AXIS.map((x, column) => {
              const output = outputs.value?.[row * LINES + column] ?? [];
              return html`<td key=${x} class="is-number">${inWords(store, output, 2)}</td>`;
            })}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
