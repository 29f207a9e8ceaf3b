import { useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { MarkPair } from "../controls/mark.js";
import { themeColours } from "../draw/colours.js";
import { drawField } from "../draw/field.js";
import { drawMarks, sharpContext } from "../draw/marks.js";
import { colourTable } from "../draw/ramp.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { layerName } from "./network-tip.js";
import { PLANE, Readout, shownMap } from "./shown-map.js";
import { Legend } from "./legend.js";

/** @import { Colours } from "../draw/colours.js" */
/** @import { DataPoints } from "../draw/marks.js" */
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
    const shown = shownMap(store);
    if (field.current === null || shown === null) return;
    const { values, rows, columns, range, domain } = shown;
    drawField(field.current, values, rows, columns, colourTable(themeColours().ramp, range, domain));
  });
  useSignalEffect(() => {
    const data = store.data.value;
    if (marks.current === null || size.value === 0) return;
    drawExamples(marks.current, data, size.value, themeColours(), showsOthers.value);
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
        <${Readout} store=${store} pointer=${pointer} />
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
 * What the marks mean: full ones are trained on, hollow ones only measured on.
 *
 * @param {{ store: Store, showsOthers: boolean, onToggle: () => void }} props
 */
function MarkKeys({ store, showsOthers, onToggle }) {
  const { split } = store.spec.value.data;
  const others = [split.validation && t("split.validation"), split.test && t("split.test")].filter(Boolean);
  return html`<div class="mark-keys">
    <span class="mark-key"><${MarkPair} isHollow=${false} />${t("split.train")}</span>
    ${
      others.length > 0 &&
      html`<label class="mark-key" title=${t("output.show_others")}>
      <input type="checkbox" checked=${showsOthers} onChange=${onToggle} />
      <${MarkPair} isHollow=${true} />${others.join(" · ")}
    </label>`
    }
  </div>`;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {DataPoints | null} data
 * @param {number} size
 * @param {Colours} colours
 * @param {boolean} showsOthers
 */
function drawExamples(canvas, data, size, colours, showsOthers) {
  const context = sharpContext(canvas, size, size);
  const { coldMark: cold, warmMark: warm, card: rim } = colours.css;
  const options = { plane: PLANE, size, colours: { cold, warm, rim } };
  // What is trained on lies above what is only measured on.
  for (const examples of showsOthers ? [data?.test, data?.validation] : []) {
    if (examples) drawMarks(context, examples, { ...options, radius: HOLLOW_MARK_PX, isHollow: true });
  }
  if (data?.train) drawMarks(context, data.train, { ...options, radius: MARK_PX, isHollow: false });
}
