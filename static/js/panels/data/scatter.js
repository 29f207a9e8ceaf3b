import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { useAnswer } from "../../controls/answer.js";
import { Mark } from "../../controls/mark.js";
import { useWidth } from "../../controls/width.js";
import { themeColours } from "../../draw/colours.js";
import { drawMarks, drawRings, markStyle, sharpContext } from "../../draw/marks.js";
import { FILL_OF_SPLIT } from "../../draw/shapes.js";
import { className } from "../../facts.js";
import { html } from "../../html.js";
import { number, t } from "../../i18n.js";
import { explain, Problem } from "../../problems.js";
import { planeAround, projected, toldColumns } from "./components.js";

/** @import { Store } from "../../store.js" */
/** @import { PanelProps } from "../playground.js" */
/** @import { Components } from "./components.js" */

/** Of each part so many examples are drawn; more hide one another. */
const MOST = 400;
const MARK_PX = 3.4;
const SMALL_MARK_PX = 2.8;
const RING_PX = 6;
const PARTS = /** @type {const} */ (["test", "validation", "train"]);

/**
 * @typedef {{ inputs: number[][], targets: number[] }} Examples
 * @typedef {{ plane: Components, parts: Partial<Record<typeof PARTS[number], Examples>> }} Seen
 */

/** The examples of a table on the plane along which they differ most; who is taken for another class has a ring. @param {PanelProps} props */
export default function ScatterView({ store, session }) {
  const frame = useRef(/** @type {HTMLDivElement | null} */ (null));
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const size = useWidth(frame);
  const seen = useSignal(/** @type {Seen | null} */ (null));
  const isNumber = useComputed(() => store.facts.value.task === "regression");

  useSignalEffect(() => {
    const key = store.dataKey.value;
    seen.value = null;
    if (key === null) return;
    look(session).then(
      (found) => {
        if (key === store.dataKey.peek()) seen.value = found;
      },
      (error) => {
        if (!(error instanceof Problem && error.status === 404)) store.notify(explain(error), "error");
      },
    );
  });
  const wrong = useAnswer(
    store,
    () => (seen.value === null || isNumber.value ? null : PARTS.filter((part) => seen.value?.parts[part] !== undefined)),
    async (parts) => Object.fromEntries(await Promise.all(parts.map((part) => mistakes(session, part)))),
  );
  useSignalEffect(() => {
    const colours = themeColours();
    if (canvas.current === null || size.value === 0) return;
    const context = sharpContext(canvas.current, size.value, size.value);
    if (seen.value === null) return;
    const style = markStyle(colours, store.facts.value.task, store.targetDomain.value);
    const plane = planeAround(Object.values(seen.value.parts).flatMap((examples) => examples.inputs));
    for (const part of PARTS) {
      const examples = seen.value.parts[part];
      if (examples === undefined) continue;
      const fill = FILL_OF_SPLIT[part];
      const radius = fill === "full" ? MARK_PX : SMALL_MARK_PX;
      drawMarks(context, examples, { plane, size: size.value, radius, fill, style });
      const places = (wrong.value?.[part] ?? []).filter((index) => index < examples.inputs.length);
      drawRings(
        context,
        places.map((index) => examples.inputs[index]),
        { plane, size: size.value, radius: RING_PX, style },
      );
    }
  });

  return html`<div
      class="scatter"
      ref=${frame}
      role="img"
      aria-label=${label(store, seen.value, wrong.value)}
    >
      <canvas ref=${canvas} aria-hidden="true"></canvas>
    </div>
    <${Keys} store=${store} seen=${seen.value} />
    ${seen.value !== null && html`<${Axes} store=${store} plane=${seen.value.plane} />`}
    <p class="help">
      ${t("scatter.help", { count: store.facts.value.inputs })} ${!isNumber.value && t("scatter.rings")}
    </p>`;
}

/**
 * @param {PanelProps["session"]} session
 * @returns {Promise<Seen>}
 */
async function look(session) {
  // The directions are those of the training examples; the others are seen from there too.
  const plane = await session.ask("projection", { split: "train", limit: MOST });
  /** @type {Seen["parts"]} */
  const parts = { train: { inputs: plane.points, targets: plane.targets } };
  for (const part of /** @type {const} */ (["validation", "test"])) {
    const { inputs, targets } = await session.ask("data", { split: part, limit: MOST });
    if (inputs.length > 0) parts[part] = { inputs: projected(inputs, plane), targets };
  }
  return { plane, parts };
}

/**
 * @param {PanelProps["session"]} session
 * @param {string} part
 * @returns {Promise<[string, number[]]>}
 */
async function mistakes(session, part) {
  const { actual, predicted } = await session.ask("predictions", { split: part });
  return [part, actual.flatMap((/** @type {number} */ is, /** @type {number} */ index) => (is === predicted[index] ? [] : [index]))];
}

/**
 * @param {Store} store
 * @param {Seen | null} seen
 * @param {Record<string, number[]> | null} wrong
 */
function label(store, seen, wrong) {
  const state = t(`state.${store.state.value}`);
  const count = Object.values(seen?.parts ?? {}).reduce((sum, { targets }) => sum + targets.length, 0);
  if (wrong === null) return t("scatter.picture_numbers", { state: `${state}.`, count });
  const all = Object.entries(wrong).reduce((sum, [part, places]) => {
    const shown = seen?.parts[/** @type {"train"} */ (part)]?.targets.length ?? 0;
    return sum + places.filter((index) => index < shown).length;
  }, 0);
  return t("scatter.picture", { state: `${state}.`, count, wrong: all });
}

/** What the marks mean. @param {{ store: Store, seen: Seen | null }} props */
function Keys({ store, seen }) {
  const facts = store.facts.value;
  const parts = ["train", "validation", "test"].filter((part) => seen?.parts[/** @type {"train"} */ (part)] !== undefined);
  return html`<ul class="legend-classes">
    ${Array.from(
      { length: facts.classes ?? 0 },
      (_, index) =>
        html`<li key=${index} class="class-key">
          <${Mark} task=${facts.task} index=${index} /><span class="class-name">${className(facts, index)}</span>
        </li>`,
    )}
    ${parts.map(
      (part) =>
        html`<li key=${part} class="class-key">
          <${Mark} task=${facts.task} fill=${FILL_OF_SPLIT[/** @type {"train"} */ (part)]} />${t(`split.${part}`)}
        </li>`,
    )}
  </ul>`;
}

/** What the two directions are made of. @param {{ store: Store, plane: Components }} props */
function Axes({ store, plane }) {
  const names = store.facts.value.columns?.map(({ name }) => name) ?? [];
  return html`<ul class="scatter-axes">
    ${plane.components.map((direction, axis) => {
      const columns = toldColumns(direction, names);
      if (columns.length === 0) return null;
      return html`<li key=${axis}>
        ${t("scatter.axis", {
          axis: axis === 0 ? t("scatter.across") : t("scatter.up"),
          share: number(100 * plane.explained[axis], { digits: 0 }),
          columns: columns.join(", "),
        })}
      </li>`;
    })}
  </ul>`;
}
