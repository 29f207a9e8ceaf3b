import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { themeColours } from "../draw/colours.js";
import { drawField } from "../draw/field.js";
import { drawMarks, sharpContext } from "../draw/marks.js";
import { colourDomain, colourTable, outputDomain } from "../draw/ramp.js";
import { boundaryOf, unitsOf } from "../drawn.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { layerName } from "./network-tip.js";

/** @import { Store } from "../store.js" */
/** @import { PanelProps } from "./playground.js" */

/** @type {[number, number]} */
const PLANE = [-6, 6];
const MARK_PX = 3.4;
const HOLLOW_PX = 2.6;

/** What the network makes of the plane, with the examples on it. @param {PanelProps} props */
export function Output({ store }) {
  const frame = useRef(/** @type {HTMLDivElement | null} */ (null));
  const field = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const marks = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const size = useSignal(0);
  const showsOthers = useSignal(true);
  const pointer = useSignal(/** @type {{ x: number, y: number } | null} */ (null));

  useLayoutEffect(() => {
    const element = /** @type {HTMLDivElement} */ (frame.current);
    const observer = new ResizeObserver(() => {
      size.value = element.clientWidth;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useSignalEffect(() => {
    const shown = shownMap(store);
    if (field.current === null || shown === null) return;
    const { values, rows, columns, range, domain } = shown;
    drawField(field.current, values, rows, columns, colourTable(themeColours().ramp, range, domain));
  });
  useSignalEffect(() => drawExamples(store, marks.current, size.value, showsOthers.value));

  /** @param {PointerEvent & { currentTarget: HTMLElement }} event */
  const onPointerMove = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    pointer.value = {
      x: PLANE[0] + ((PLANE[1] - PLANE[0]) * (event.clientX - box.left)) / box.width,
      y: PLANE[1] - ((PLANE[1] - PLANE[0]) * (event.clientY - box.top)) / box.height,
    };
  };

  const { split } = store.spec.value.data;
  return html`<div class="card-head">
      <h2 id="output-title"><${Title} store=${store} /></h2>
      <div class="mark-keys">
        <span class="mark-key"><${Marks} isHollow=${false} />${t("split.train")}</span>
        ${(split.validation || split.test) &&
        html`<label class="mark-key" title=${t("output.show_others")}>
          <input type="checkbox" checked=${showsOthers.value} onChange=${() => (showsOthers.value = !showsOthers.peek())} />
          <${Marks} isHollow=${true} />${[split.validation && t("split.validation"), split.test && t("split.test")].filter(Boolean).join(" · ")}
        </label>`}
      </div>
    </div>
    <div class="plane">
      <span class="plane-y" aria-hidden="true"><i>${number(PLANE[1])}</i><i>y</i><i>${number(PLANE[0])}</i></span>
      <div class="plane-map" id="map" ref=${frame} role="img" aria-label=${t("output.map", { state: t(`state.${store.state.value}`) })} onPointerMove=${onPointerMove} onPointerLeave=${() => (pointer.value = null)}>
        <canvas class="plane-field" ref=${field}></canvas>
        <canvas class="plane-marks" ref=${marks}></canvas>
        <${Readout} store=${store} pointer=${pointer} />
      </div>
      <span class="plane-x" aria-hidden="true"><i>${number(PLANE[0])}</i><i>x</i><i>${number(PLANE[1])}</i></span>
    </div>
    <${Legend} store=${store} />`;
}

/** @param {{ store: Store }} props */
function Title({ store }) {
  const unit = store.inspected.value;
  return unit === null ? t("output.title") : t("network.unit", { layer: layerName(store.layers.value, unit.layer), unit: unit.unit + 1 });
}

/**
 * Return what the large map shows: the unit that is looked at, or else the output.
 *
 * @param {Store} store
 */
function shownMap(store) {
  const frame = store.frame.value;
  const unit = store.inspected.value;
  const layers = store.layers.value;
  const bounds = (/** @type {number} */ layer) => store.catalogue.find("activation", layers[layer]?.activation ?? "")?.range;
  if (unit !== null && layers[unit.layer] !== undefined) {
    const maps = unitsOf(frame, layers);
    if (maps === null) return null;
    const before = layers.slice(0, unit.layer).reduce((sum, { units }) => sum + units, 0);
    const map = maps.at(before + unit.unit);
    const isOutput = unit.layer === layers.length - 1;
    return { ...map, domain: isOutput ? outputDomain(bounds(unit.layer)) : colourDomain(map.range, bounds(unit.layer)) };
  }
  const map = boundaryOf(frame);
  return map && { ...map, domain: outputDomain(bounds(layers.length - 1)) };
}

/** The value under the pointer. @param {{ store: Store, pointer: import("@preact/signals").Signal<{ x: number, y: number } | null> }} props */
function Readout({ store, pointer }) {
  const at = pointer.value;
  const shown = at && shownMap(store);
  if (!shown) return null;
  const { values, rows, columns, range } = shown;
  const share = (/** @type {number} */ value) => (value - PLANE[0]) / (PLANE[1] - PLANE[0]);
  const row = Math.min(rows - 1, Math.max(0, Math.round((1 - share(at.y)) * (rows - 1))));
  const column = Math.min(columns - 1, Math.max(0, Math.round(share(at.x) * (columns - 1))));
  const value = range[0] + ((range[1] - range[0]) * values[row * columns + column]) / 255;
  const digits = (/** @type {number} */ shownNumber) => number(shownNumber, { digits: 2, fixed: true });
  return html`<span class="readout">${digits(at.x)}; ${digits(at.y)} → <b>${digits(value)}</b></span>`;
}

/** Which colour is which value, and for the output which class. @param {{ store: Store }} props */
function Legend({ store }) {
  const isOutput = store.inspected.value === null;
  // A signal of its own: the domain seldom changes, frames come twenty times a second.
  const ticks = useComputed(() => {
    const [from, to] = shownMap(store)?.domain ?? [0, 1];
    return [from, (from + to) / 2, to].map((value) => number(value, { digits: 2 })).join(" ");
  }).value.split(" ");
  return html`<div class="legend">
    <span class="legend-class">${isOutput && html`<${Mark} shape="disc" />${t("output.class", { class: 0 })}`}</span>
    <span class="ramp"></span>
    <span class="legend-class">${isOutput && html`${t("output.class", { class: 1 })}<${Mark} shape="diamond" />`}</span>
    <span class="ramp-ticks">${ticks.map((tick) => html`<i>${tick}</i>`)}</span>
  </div>`;
}

/** @param {{ shape: "disc" | "diamond", isHollow?: boolean }} props */
function Mark({ shape, isHollow = false }) {
  const name = `mark is-${shape === "disc" ? "cold" : "warm"}${isHollow ? " is-hollow" : ""}`;
  return html`<svg class=${name} viewBox="0 0 12 12" aria-hidden="true">${shape === "disc" ? html`<circle cx="6" cy="6" r="4" />` : html`<path d="M6 1l5 5-5 5-5-5z" />`}</svg>`;
}

/** @param {{ isHollow: boolean }} props */
function Marks({ isHollow }) {
  return html`<${Mark} shape="disc" isHollow=${isHollow} /><${Mark} shape="diamond" isHollow=${isHollow} />`;
}

/**
 * @param {Store} store
 * @param {HTMLCanvasElement | null} canvas
 * @param {number} size
 * @param {boolean} showsOthers
 */
function drawExamples(store, canvas, size, showsOthers) {
  const colours = themeColours();
  const data = store.data.value;
  if (canvas === null || size === 0) return;
  const context = sharpContext(canvas, size, size);
  const options = { plane: PLANE, size, radius: MARK_PX, colours };
  // What is trained on lies above what is only measured on.
  if (data?.test && showsOthers) drawMarks(context, data.test, { ...options, radius: HOLLOW_PX, isHollow: true });
  if (data?.validation && showsOthers) drawMarks(context, data.validation, { ...options, radius: HOLLOW_PX, isHollow: true });
  if (data?.train) drawMarks(context, data.train, { ...options, isHollow: false });
}
