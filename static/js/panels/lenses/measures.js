import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { useAnswer } from "../../controls/answer.js";
import { className } from "../../facts.js";
import { html } from "../../html.js";
import { t } from "../../i18n.js";
import { judged } from "../../measures.js";
import { ClassTable } from "./measures/class-table.js";
import { FigureList } from "./measures/figure-list.js";
import { Matrix } from "./measures/matrix.js";
import { RocCurve } from "./measures/roc.js";
import { Scatter } from "./measures/scatter.js";
import { Threshold } from "./measures/threshold.js";

/** @import { Predictions } from "../../types.js" */
/** @import { PanelProps } from "../playground.js" */

/** How well the network does on a part of the data, in every figure that there is for its task. @param {PanelProps} props */
export default function Measures({ store, session }) {
  const chosen = useSignal("test");
  const threshold = useSignal(/** @type {number | null} */ (null));
  const { split } = (store.serverSpec.value ?? store.spec.value).data;
  const facts = store.facts.value;
  const offered = /** @type {const} */ (["train", "validation", "test"]).filter(
    (name) => name === "train" || split[name] || (name === "test" && facts.own_test),
  );
  const part = offered.find((name) => name === chosen.value) ?? "train";
  const ownPart = useSignal(part);
  if (ownPart.peek() !== part) ownPart.value = part;

  const answer = useAnswer(
    store,
    () => ({ split: ownPart.value, threshold: store.facts.value.task === "binary" ? threshold.value : null }),
    async (question) => {
      const { split, threshold } = question;
      /** @type {Predictions} */
      const predictions = await session.ask("predictions", {
        split,
        units: "own",
        ...(threshold === null ? {} : { threshold }),
      });
      return { ...question, predictions };
    },
  );
  // What was said last stays until there is something newer: a slider that is dragged must not make all flicker.
  const last = useRef(/** @type {{ key: string | null, said: typeof answer.value }} */ ({ key: null, said: null }));
  if (answer.value !== null) last.current = { key: store.dataKey.value, said: answer.value };
  const said = last.current.key === store.dataKey.value ? last.current.said : null;

  const choices = html`<fieldset class="segments">
    <legend class="visually-hidden">${t("measures.part")}</legend>
    ${offered.map(
      (name) => html`<label key=${name}>
        <input
          type="radio"
          name="measured-part"
          checked=${name === part}
          onChange=${() => {
            chosen.value = name;
          }}
        />
        <span>${t(`split.${name}`)}</span>
      </label>`,
    )}
  </fieldset>`;
  if (said === null) return html`<div class="measures-head">${choices}</div><p class="help">${t("lenses.computing")}</p>`;

  const { predictions } = said;
  const head = html`<div class="measures-head">
    ${choices}
    <span class="help">
      ${t("measures.examples", { count: predictions.actual.length })}${
        facts.task === "binary" && html` · ${t("measures.positive", { name: className(facts, 1) })}`
      }
    </span>
    ${facts.task === "binary" && html`<${Threshold} store=${store} predictions=${predictions} threshold=${threshold} />`}
  </div>`;
  const metrics = store.catalogue.metricsFor(facts.task).map(({ name }) => name);
  const list = html`<${FigureList} store=${store} figures=${judged(predictions, metrics)} />`;
  if (predictions.confusion === null) {
    return html`${head}
      <div class="measures">
        ${list}
        <${Scatter} store=${store} predictions=${predictions} />
      </div>`;
  }
  return html`${head}
    <div class="measures">
      ${list}
      <${Matrix} store=${store} predictions=${predictions} />
      ${predictions.roc !== null && html`<${RocCurve} store=${store} predictions=${predictions} threshold=${threshold} />`}
    </div>
    ${facts.task === "multiclass" && html`<${ClassTable} store=${store} predictions=${predictions} />`}`;
}
