import { useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { lazily } from "../controls/lazy.js";
import { Mark } from "../controls/mark.js";
import { TableButton } from "../controls/table-button.js";
import { useWidth } from "../controls/width.js";
import { themeColours } from "../draw/colours.js";
import { drawIsolines, drawMap } from "../draw/map.js";
import { drawMarks, drawRings, markStyle, sharpContext } from "../draw/marks.js";
import { FILL_OF_SPLIT } from "../draw/shapes.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { XAxis, YAxis } from "./axes.js";
import { Legend } from "./legend.js";
import { mapViewOf } from "./map-view.js";
import { MistakeCount, placesOf, useMistakes } from "./mistakes.js";
import { PLANE, shownMap, shownTitle } from "./shown-map.js";
import { moveProbe } from "./steer.js";
import { ViewMenu } from "./view-menu.js";

/** @import { DataPoints, MarkStyle } from "../draw/marks.js" */
/** @import { SplitName } from "./map-view.js" */
/** @import { Mistakes } from "./mistakes.js" */
/** @import { PanelProps } from "./playground.js" */
/** @import { Probe } from "./steer.js" */

const MARK_PX = 3.4;
/** Of what is only measured on; these marks lie below the others. */
const SMALL_MARK_PX = 2.6;
const RING_PX = 6.5;

const MapTable = lazily(() => import("./map-table.js"));
/** While the reader paints: a layer over the map that takes the strokes, and its tools below. */
const Painting = lazily(() => import("./data/painting.js"));
const ProbeReadout = lazily(() => import("./probe.js"));
const ExamplePicker = lazily(() => import("./example-picker.js"));

/** What the network makes of the plane, with the examples on it. @param {PanelProps} props */
export function Output({ store, session }) {
  const frame = useRef(/** @type {HTMLDivElement | null} */ (null));
  const field = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const lines = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const marks = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const size = useWidth(frame);
  const table = useSignal(false);
  const probe = useSignal(/** @type {Probe | null} */ (null));
  const isProbed = useSignal(false);
  const view = mapViewOf(store);
  const mistakes = useMistakes(store, session, view);
  useSignalEffect(() => {
    view.mistakes.value = mistakes.value;
  });

  useSignalEffect(() => {
    if (!store.mayWrite.value) store.isPainting.value = false;
  });
  useSignalEffect(() => {
    const colours = themeColours();
    const shown = shownMap(store, colours);
    if (field.current === null || lines.current === null || shown === null) return;
    drawMap(field.current, shown, colours, view.colouring.value);
    lines.current.hidden = !view.hasLines.value;
    if (view.hasLines.value) drawIsolines(lines.current, shown, size.value, colours, view.colouring.value);
  });
  useSignalEffect(() => {
    if (marks.current === null || size.value === 0) return;
    const style = markStyle(themeColours(), store.facts.value.task, store.targetDomain.value);
    drawExamples(marks.current, store.data.value, view.shown.value, mistakes.value, size.value, style);
  });

  /** @param {PointerEvent & { currentTarget: HTMLElement }} event */
  const follow = (event) => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const [low, high] = PLANE;
    const within = (/** @type {number} */ share) => Math.min(1, Math.max(0, share));
    probe.value = {
      x: low + (high - low) * within((event.clientX - left) / width),
      y: high - (high - low) * within((event.clientY - top) / height),
      by: event.pointerType === "touch" ? "touch" : "mouse",
    };
  };
  useSignalEffect(() => {
    if (probe.value !== null) isProbed.value = true;
  });
  const leave = () => {
    probe.value = null;
  };
  /** A finger's touch has no place once it is lifted: what it asked stays until another does. @param {PointerEvent} event */
  const leaveUnlessTouch = (event) => {
    if (event.pointerType !== "touch") leave();
  };
  /** @param {KeyboardEvent} event */
  const steer = (event) => {
    const moved = moveProbe(event, probe.peek(), PLANE);
    if (moved === undefined) return;
    event.preventDefault();
    probe.value = moved;
  };

  /** Whether pressing an example means something: it is then walked through. */
  const picksExamples = !store.isPainting.value && (store.walked.value !== null || store.stepUnit.value === "example");
  const state = t(`state.${store.state.value}`);
  return html`<div class="card-head is-steady">
      <h2 id="output-title" class=${store.shownUnit.value === null ? "" : "is-unit"}>${shownTitle(store)}</h2>
      <div class="mark-keys">
        ${view.shown.value.map(
          (name) => html`<span class="mark-key" key=${name}>
            <${Mark} task=${store.facts.value.task} fill=${FILL_OF_SPLIT[name]} />${t(`split.${name}_short`)}
          </span>`,
        )}
      </div>
      <${TableButton} isOpen=${table} controls="map-table" />
      <${ViewMenu} store=${store} view=${view} />
    </div>
    <div class="plane">
      <${YAxis} store=${store} />
      <div
        class="plane-map"
        id="map"
        ref=${frame}
        role="application"
        tabindex="0"
        aria-label=${t("output.map", { state })}
        aria-describedby="map-keys"
        onPointerEnter=${ProbeReadout.fetch}
        onFocus=${ProbeReadout.fetch}
        onPointerDown=${follow}
        onPointerMove=${follow}
        onPointerLeave=${leaveUnlessTouch}
        onKeyDown=${steer}
        onBlur=${leave}
      >
        <div class="plane-clip"><canvas class="plane-field" ref=${field} aria-hidden="true"></canvas></div>
        <canvas class="plane-lines" ref=${lines} aria-hidden="true"></canvas>
        <canvas class="plane-marks" ref=${marks} aria-hidden="true"></canvas>
        ${picksExamples && html`<${ExamplePicker} store=${store} view=${view} probe=${probe} />`}
        ${isProbed.value && html`<${ProbeReadout} store=${store} session=${session} probe=${probe} />`}
      </div>
      ${store.isPainting.value && html`<${Painting} store=${store} session=${session} />`}
      <${XAxis} store=${store} />
    </div>
    <p class="visually-hidden" id="map-keys">${t("output.map_keys")} ${picksExamples && t("output.map_keys_example")}</p>
    <${Legend} store=${store} view=${view} />
    <${MistakeCount} mistakes=${mistakes} />
    <div id="map-table">${table.value && html`<${MapTable} store=${store} session=${session} />`}</div>`;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {DataPoints | null} data
 * @param {SplitName[]} parts
 * @param {Mistakes[] | null} mistakes
 * @param {number} size
 * @param {MarkStyle} style
 */
function drawExamples(canvas, data, parts, mistakes, size, style) {
  const context = sharpContext(canvas, size, size);
  // What is trained on lies above what is only measured on.
  for (const name of /** @type {const} */ (["test", "validation", "train"])) {
    const examples = data?.[name];
    if (!examples || !parts.includes(name)) continue;
    const fill = FILL_OF_SPLIT[name];
    const radius = fill === "full" ? MARK_PX : SMALL_MARK_PX;
    drawMarks(context, examples, { plane: PLANE, size, radius, fill, style });
  }
  drawRings(context, placesOf(mistakes, data), { plane: PLANE, size, radius: RING_PX, style });
}
