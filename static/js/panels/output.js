import { useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Marks } from "../controls/mark.js";
import { themeColours } from "../draw/colours.js";
import { blendClasses } from "../draw/blend.js";
import { drawField, paintField } from "../draw/field.js";
import { drawMarks, markStyle, sharpContext } from "../draw/marks.js";
import { colourTable } from "../draw/ramp.js";
import { FILL_OF_SPLIT } from "../draw/shapes.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { layerName } from "./network-tip.js";
import { PLANE, Readout, shownMap } from "./shown-map.js";
import { Legend } from "./legend.js";

/** @import { DataPoints, MarkStyle } from "../draw/marks.js" */
/** @import { Store } from "../store.js" */
/** @import { PanelProps } from "./playground.js" */

const MARK_PX = 3.4;
const HOLLOW_MARK_PX = 2.6;

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
    const colours = themeColours();
    const shown = shownMap(store, colours);
    if (field.current === null || shown === null) return;
    const { values, rows, columns } = shown;
    if (shown.kind === "classes") {
      paintField(field.current, rows, columns, (pixels) => blendClasses(pixels, shown, colours.classes));
    } else {
      drawField(field.current, values, rows, columns, colourTable(shown.ramp, shown.range, shown.domain));
    }
  });
  useSignalEffect(() => {
    const data = store.data.value;
    if (marks.current === null || size.value === 0) return;
    const style = markStyle(themeColours(), store.facts.value.task, store.targetDomain.value);
    drawExamples(marks.current, data, size.value, style, showsOthers.value);
  });

  /** @param {PointerEvent & { currentTarget: HTMLElement }} event */
  const follow = (event) => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const [low, high] = PLANE;
    pointer.value = {
      x: low + ((high - low) * (event.clientX - left)) / width,
      y: high - ((high - low) * (event.clientY - top)) / height,
    };
  };
  const leave = () => {
    pointer.value = null;
  };
  const toggleOthers = () => {
    showsOthers.value = !showsOthers.peek();
  };

  const [low, high] = PLANE.map((end) => number(end));
  return html`<div class="card-head">
      <h2 id="output-title"><${Title} store=${store} /></h2>
      <${MarkKeys} store=${store} showsOthers=${showsOthers.value} onToggle=${toggleOthers} />
    </div>
    <div class="plane">
      <span class="plane-y" aria-hidden="true"><i>${high}</i><i>y</i><i>${low}</i></span>
      <div
        class="plane-map"
        id="map"
        ref=${frame}
        role="img"
        aria-label=${t("output.map", { state: t(`state.${store.state.value}`) })}
        onPointerMove=${follow}
        onPointerLeave=${leave}
      >
        <canvas class="plane-field" ref=${field}></canvas>
        <canvas class="plane-marks" ref=${marks}></canvas>
        <${Readout} store=${store} colours=${themeColours()} pointer=${pointer} />
      </div>
      <span class="plane-x" aria-hidden="true"><i>${low}</i><i>x</i><i>${high}</i></span>
    </div>
    <${Legend} store=${store} />`;
}

/** @param {{ store: Store }} props */
function Title({ store }) {
  const unit = store.inspected.value;
  if (unit === null) return t("output.title");
  return t("network.unit", { layer: layerName(store.layers.value, unit.layer), unit: unit.unit + 1 });
}

/**
 * What the marks mean: full ones are trained on, the others only measured on.
 *
 * @param {{ store: Store, showsOthers: boolean, onToggle: () => void }} props
 */
function MarkKeys({ store, showsOthers, onToggle }) {
  const { split } = store.spec.value.data;
  const { task } = store.facts.value;
  const others = /** @type {const} */ (["validation", "test"]).filter((name) => split[name]);
  return html`<div class="mark-keys">
    <span class="mark-key"><${Marks} task=${task} fill=${FILL_OF_SPLIT.train} />${t("split.train")}</span>
    ${
      others.length > 0 &&
      html`<label class="mark-key" title=${t("output.show_others")}>
      <input type="checkbox" checked=${showsOthers} onChange=${onToggle} />
      ${others.map((name) => html`<${Marks} key=${name} task=${task} fill=${FILL_OF_SPLIT[name]} />${t(`split.${name}`)}`)}
    </label>`
    }
  </div>`;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {DataPoints | null} data
 * @param {number} size
 * @param {MarkStyle} style
 * @param {boolean} showsOthers
 */
function drawExamples(canvas, data, size, style, showsOthers) {
  const context = sharpContext(canvas, size, size);
  // What is trained on lies above what is only measured on.
  for (const name of /** @type {const} */ (["test", "validation", "train"])) {
    if (name !== "train" && !showsOthers) continue;
    const examples = data?.[name];
    const fill = FILL_OF_SPLIT[name];
    const radius = fill === "full" ? MARK_PX : HOLLOW_MARK_PX;
    if (examples) drawMarks(context, examples, { plane: PLANE, size, radius, fill, style });
  }
}
