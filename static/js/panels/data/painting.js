import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { html } from "../../html.js";
import { number, t } from "../../i18n.js";
import { NewestOnly } from "../../newest.js";
import { explain } from "../../problems.js";
import { givePoints, isPainted } from "./giving.js";
import { PaintSurface } from "./paint-surface.js";
import { PaintTools } from "./paint-tools.js";
import { MOST_CLASSES, MOST_INLINE, MOST_POINTS, pointsOf, Strokes } from "./strokes.js";

/** @import { Signal } from "@preact/signals" */
/** @import { Store } from "../../store.js" */
/** @import { PanelProps } from "../playground.js" */
/** @import { PaintedPoint, PaintedPoints } from "./strokes.js" */

/**
 * What the surface and the tools share.
 *
 * @typedef {"point" | "brush" | "eraser"} Tool
 *
 * @typedef {object} Paint
 * @property {Strokes} strokes
 * @property {Signal<number>} version  counts the changes of the strokes
 * @property {Signal<Tool>} tool
 * @property {Signal<number>} ofClass
 * @property {Signal<string>} said  what a screen reader is told
 * @property {(isOver: boolean) => void} changed  the points are others; `isOver`: and the stroke has ended
 * @property {() => void} finish
 */

/** While a stroke goes on, the network is given its points so often. */
const AGAIN_MS = 150;

/** Painting points onto the map: they are learned while they are painted. @param {PanelProps} props */
export default function Painting({ store, session }) {
  const strokes = useMemo(() => new Strokes(presentPoints(store)), []);
  const version = useSignal(0);
  const tool = useSignal(/** @type {Tool} */ ("point"));
  const ofClass = useSignal(0);
  const said = useSignal("");
  const timer = useRef(0);
  const isInStroke = useRef(false);
  const drafts = useRef(/** @type {string[]} */ ([]));
  /** Whether the network learns what is painted; a refusal must not take the brush away. */
  const isGiven = useRef(false);
  const giver = useMemo(
    () =>
      new NewestOnly(async (/** @type {PaintedPoints} */ points) => {
        try {
          const before = (session.tables.held.peek() ?? []).map(({ id }) => id);
          const table = await givePoints(store, session, points, t("paint.name"));
          // Each stroke makes another table; of those of this painting only the last one is of use.
          const old = drafts.current.filter((id) => id !== table);
          const isOurs = table !== null && (drafts.current.includes(table) || !before.includes(table));
          drafts.current = isOurs ? [table] : [];
          for (const id of old) await session.tables.remove(id);
        } catch (error) {
          store.notify(explain(error), "error");
        }
      }),
    [],
  );

  const give = () => {
    clearTimeout(timer.current);
    timer.current = 0;
    giver.ask(strokes.points);
  };
  /** @param {boolean} isOver */
  const changed = (isOver) => {
    version.value += 1;
    isInStroke.current = !isOver;
    if (isOver) give();
    // More than the spec holds are a table, and not every few moments another one.
    else if (timer.current === 0 && strokes.points.length <= MOST_INLINE) timer.current = window.setTimeout(give, AGAIN_MS);
  };
  useEffect(() => () => clearTimeout(timer.current), []);

  useEffect(() => {
    const { id, scaled } = store.spec.peek().data.dataset;
    if (id === undefined || scaled !== false) return;
    session.tables.read(id).then(
      ({ table }) => {
        const points = pointsOf(table);
        if (points !== null && strokes.points.length === 0) adopt(strokes, points, version);
      },
      (error) => store.notify(explain(error), "error"),
    );
  }, []);
  useSignalEffect(() => {
    const dataset = store.serverSpec.value?.data.dataset;
    if (dataset === undefined || store.expectedPatch.value !== null || isInStroke.current) return;
    // Somebody has chosen other data, here or in another tab.
    if (isGiven.current && !isPainted(dataset)) store.isPainting.value = false;
    isGiven.current = isPainted(dataset);
    const { points } = dataset;
    if (Array.isArray(points) && !giver.isAsking && JSON.stringify(points) !== JSON.stringify(strokes.points)) {
      if (strokes.points.length > 0) adopt(strokes, points, version);
    }
  });

  const finish = () => {
    store.isPainting.value = false;
    document.getElementById("paint")?.focus();
  };
  /** @type {Paint} */
  const paint = { strokes, version, tool, ofClass, said, changed, finish };
  return html`<${PaintSurface} paint=${paint} />
    <div class="paint-tools">
      <${PaintTools} paint=${paint} />
      <${Begin} store=${store} paint=${paint} />
      <p class="help" id="paint-help">${t("paint.keys")}</p>
      <p class="visually-hidden" role="status">${said.value}</p>
    </div>`;
}

/**
 * What can be begun with: nothing, or the points that are there.
 *
 * @param {{ store: Store, paint: Paint }} props
 */
function Begin({ store, paint }) {
  const { strokes, version, changed } = paint;
  const present = classPoints(store);
  if (version.value < 0 || strokes.points.length > 0) return null;
  const copy = () => {
    strokes.begin();
    strokes.points = present;
    strokes.end();
    changed(true);
  };
  return html`<p class="paint-begin">
    ${strokes.canUndo ? t("paint.empty") : t("paint.begin")}
    ${
      present.length > 0 &&
      !strokes.canUndo &&
      html`<button class="button is-small" type="button" onClick=${copy}>
        ${t("paint.copy", { count: present.length })}
      </button>`
    }
  </p>`;
}

/**
 * @param {Strokes} strokes
 * @param {PaintedPoints} points
 * @param {Signal<number>} version
 */
function adopt(strokes, points, version) {
  strokes.begin();
  strokes.points = points.slice(0, MOST_POINTS);
  strokes.end();
  version.value += 1;
}

/** The points that the spec holds. @param {Store} store @returns {PaintedPoints} */
function presentPoints(store) {
  const { points } = store.spec.peek().data.dataset;
  return Array.isArray(points) ? points : [];
}

/**
 * The examples of another data set as points, as many as a spec holds; none where they are no classes.
 *
 * @param {Store} store
 * @returns {PaintedPoint[]}
 */
function classPoints(store) {
  const { task, classes } = store.facts.value;
  const data = store.data.value;
  if (task === "regression" || data === null || (classes ?? 0) > MOST_CLASSES) return [];
  return [data.train, data.validation, data.test]
    .flatMap((examples) =>
      (examples?.inputs ?? []).map(([x, y], index) => {
        // Class 0 may be written as 0 or as −1.
        const ofClass = Math.max(0, examples?.targets[index] ?? 0);
        return /** @type {PaintedPoint} */ ([round(x), round(y), ofClass]);
      }),
    )
    .filter(([x, y]) => Math.abs(x) <= 6 && Math.abs(y) <= 6)
    .slice(0, MOST_INLINE);
}

/** @param {number} value */
const round = (value) => Math.round(value * 100) / 100 + 0;

/**
 * What is said of a point that has just been painted.
 *
 * @param {Strokes} strokes
 * @param {number} index
 */
export function tellPoint({ points }, index) {
  const [x, y, ofClass] = points[index];
  const name = t("output.class", { class: ofClass });
  return t("paint.placed", { class: name, x: number(x, { digits: 2 }), y: number(y, { digits: 2 }), count: points.length });
}
