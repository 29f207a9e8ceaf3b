import { signal, untracked, useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { createChart, lineLook, wholeRange } from "../draw/chart.js";
import { themeColours } from "../draw/colours.js";
import { nearestIndex, onAxis, smooth, zoomed } from "../draw/curve-data.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { largeType } from "../preferences.js";
import { sayChange } from "../spec-changes.js";

/** @import uPlot from "uplot" */
/** @import { Signal } from "@preact/signals" */
/** @import { ChartOptions, Curve, Line } from "../draw/chart.js" */
/** @import { Colours } from "../draw/colours.js" */
/** @import { Drawn } from "../draw/curve-data.js" */
/** @import { SettingsChange } from "../model.js" */
/** @import { Store } from "../store.js" */
/** @import { Point } from "../types.js" */

/** The eye can't follow curves that are redrawn more often, and a slow core has other things to do. */
const REDRAW_MS = 100;
const CLOSER = 0.7;
/** A pointer so near to a change is at it. */
const NEAR_PX = 6;
const DIGITS = 4;

/** @typedef {{ place: number, byKeys: boolean }} At  where curves are read */

/**
 * How curves are drawn and read, whatever they are of.
 *
 * @typedef {object} CurvesLook
 * @property {ChartOptions["bounds"]} bounds  of the vertical axis
 * @property {ChartOptions["reference"]} [reference]
 * @property {() => number} [lastEpoch]  how far the axis reaches at least
 * @property {string} [unit]  what the vertical axis counts
 * @property {boolean} [isLog]
 * @property {number} [smoothing]  from 0 to below 1
 * @property {CurvesView} [view]
 *
 * @typedef {object} CurvesSource  what the curves are; a picture in which there are others is another picture
 * @property {Store} store
 * @property {string} label  what the picture is called
 * @property {(colours: Colours) => Curve[]} curves
 * @property {() => Drawn} drawn  where they lie now
 * @property {(place: number) => string} read  what they say at a place
 * @property {() => SettingsChange[]} [changes]  what was changed while they were drawn
 * @property {number} [room]  above the curves
 * @property {(plot: uPlot, colours: Colours) => void} [onDraw]  draws over them
 *
 * @typedef {object} CurvesOfParts
 * @property {Store} store
 * @property {string} metric
 * @property {{ name: string, prefix: string, line: Line, hasMarks?: boolean }[]} splits
 * @property {(point: Point) => number} [placeOf]  where a point lies, in epochs
 * @property {(point: Point) => boolean} [isDrawn]  whether a point says enough to be drawn
 *
 * @typedef {CurvesOfParts & CurvesLook} CurvesProps
 */

/** Which part of the curves is seen. */
export class CurvesView {
  /** The epochs that are shown; null: all. */
  zoom = signal(/** @type {[number, number] | null} */ (null));
  /** What the whole axis is; those who draw the curves know. */
  whole = () => /** @type {[number, number]} */ ([0, 1]);
  /** Where the curves are read, in whichever picture. */
  focus = /** @type {number | null} */ (null);

  /** @param {number} factor  below 1: closer @param {number} [around]  what stays in its place */
  look(factor, around) {
    const window = this.zoom.peek() ?? this.whole();
    const middle = (window[0] + window[1]) / 2;
    this.zoom.value = zoomed(window, this.whole(), factor, around ?? this.focus ?? middle);
  }

  closer = () => this.look(CLOSER);
  farther = () => this.look(1 / CLOSER);
  showAll = () => {
    this.zoom.value = null;
  };
}

/**
 * One metric over the epochs, of all parts of the data.
 *
 * @param {CurvesProps} props
 */
export function Curves({ store, metric, splits, placeOf = ({ epoch }) => epoch, isDrawn = () => true, ...look }) {
  const points = () => store.points.value.filter(isDrawn);
  /** @param {number} place */
  const read = (place) => {
    const known = points();
    const point = known[nearestIndex(known.map(placeOf), place)];
    if (point === undefined) return "";
    const values = splits.flatMap(({ name, prefix }) => {
      const value = point[prefix + metric];
      return value === undefined ? [] : [`${t(`split.${name}_short`)} ${figureText(value)}`];
    });
    return [t("progress.at_epoch", { epoch: point.epoch }), ...values].join(" · ");
  };
  const drawn = () => {
    const known = points();
    return { places: known.map(placeOf), values: splits.map(({ prefix }) => known.map((point) => point[prefix + metric])) };
  };
  /** @param {Colours} colours */
  const curves = ({ css }) =>
    splits.map(({ name, line, hasMarks }) => ({ label: t(`split.${name}`), hasMarks, ...lineLook(line, css) }));
  const changes = () => store.changes.value.filter(({ run }) => run === store.run.value);
  const label = t("progress.chart", { metric: store.catalogue.metricName(metric) });
  return html`<${Plot} ...${{ store, label, curves, drawn, read, changes, ...look }} />`;
}

/**
 * Curves that can be read and looked into. The pointer, a finger or the arrow keys read their values; a drag, two
 * fingers, + and − look closer; a double press or 0 shows everything again.
 *
 * @param {CurvesSource & CurvesLook} props
 */
export function Plot({
  store,
  label,
  curves,
  drawn,
  read,
  changes = () => [],
  room,
  onDraw,
  bounds,
  reference,
  lastEpoch,
  unit = "",
  isLog = false,
  smoothing = 0,
  view: givenView,
}) {
  const parent = useRef(/** @type {HTMLDivElement | null} */ (null));
  const chart = useRef(/** @type {uPlot | null} */ (null));
  const places = useRef(/** @type {number[]} */ ([]));
  const ownView = useMemo(() => new CurvesView(), []);
  const view = givenView ?? ownView;
  const { zoom } = view;
  const at = useSignal(/** @type {At | null} */ (null));
  /** Where the keys have put the reader, until the pointer moves: epochs that come on must not carry the place along. */
  const steered = useRef(/** @type {number | null} */ (null));

  const setting = useSignal({ isLog, smoothing });
  if (setting.peek().isLog !== isLog || setting.peek().smoothing !== smoothing) setting.value = { isLog, smoothing };

  /** @param {[number, number] | null} window */
  const show = (window) => {
    zoom.value = window;
  };
  const whole = () => wholeRange({ lastEpoch }, places.current.at(-1));
  view.whole = whole;
  useSignalEffect(() => {
    view.focus = at.value?.place ?? null;
  });

  useSignalEffect(() => {
    // Colours, letters, curves and the kind of the axis are fixed when a chart is made: other ones need another chart.
    largeType.value;
    const colours = themeColours();
    const { isLog, smoothing } = setting.value;
    const element = /** @type {HTMLDivElement} */ (parent.current);
    const own = curves(colours);
    const made = createChart(element, colours, {
      curves: [...(smoothing > 0 ? own.map((curve) => ({ ...curve, isFaint: true })) : []), ...own],
      height: element.clientHeight,
      format: (value) => number(value, { digits: isLog ? 5 : 2 }),
      formatEpoch: (epoch) => number(epoch),
      bounds,
      reference,
      lastEpoch,
      isLog,
      zoom: () => zoom.peek(),
      changes: () => untracked(changes).map(({ epoch }) => epoch),
      room,
      onDraw: onDraw && ((plot) => onDraw(plot, colours)),
      onHover: (index) => {
        if (steered.current !== null) {
          const left = made.valToPos(steered.current, "x");
          if (Math.abs(left - (made.cursor.left ?? 0)) > 1) made.setCursor({ left, top: made.height / 2 });
          return;
        }
        const place = index === null ? undefined : made.data[0][index];
        at.value = place === undefined ? null : { place, byKeys: false };
      },
      onSelect: (from, to) => show(zoomed([from, to], whole(), 1, (from + to) / 2)),
    });
    chart.current = made;
    fill();
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    const stop = listenToFingers(made, view, () => element === document.activeElement);
    return () => {
      stop();
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  });

  const fill = () => {
    const { isLog, smoothing } = setting.peek();
    const now = untracked(drawn);
    places.current = now.places;
    const raw = now.values.map((values) => onAxis(values, isLog));
    const smoothed = raw.map((values) => smooth(values, smoothing));
    chart.current?.setData([now.places, ...(smoothing > 0 ? raw : []), ...smoothed]);
  };
  const planned = useRef(0);
  const fillIfPlanned = () => {
    if (planned.current === 0) return;
    clearTimeout(planned.current);
    planned.current = 0;
    fill();
  };
  useSignalEffect(() => {
    store.points.value;
    store.changes.value;
    zoom.value;
    if (planned.current === 0) planned.current = window.setTimeout(fillIfPlanned, REDRAW_MS);
  });

  /** @param {number} index  of a point */
  const stand = (index) => {
    const plot = chart.current;
    const place = places.current[Math.min(places.current.length - 1, Math.max(0, index))];
    if (plot === null || place === undefined) return;
    const window = zoom.peek();
    if (window !== null && (place < window[0] || place > window[1])) {
      show(zoomed([place - (window[1] - window[0]) / 2, place + (window[1] - window[0]) / 2], whole(), 1, place));
      fill();
    }
    steered.current = place;
    plot.setCursor({ left: plot.valToPos(place, "x"), top: plot.height / 2 });
    at.value = { place, byKeys: true };
  };
  /** @param {KeyboardEvent} event */
  const steer = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    fillIfPlanned(); // Who presses End means the newest point that the numbers tell of.
    const last = places.current.length - 1;
    const here = at.peek();
    const index = here === null ? last + 1 : nearestIndex(places.current, here.place);
    const step = event.shiftKey ? 10 : 1;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowLeft: () => stand(index - step),
      ArrowRight: () => stand(here === null ? 0 : index + step),
      Home: () => stand(0),
      End: () => stand(last),
      "+": view.closer,
      "-": view.farther,
      0: view.showAll,
      Escape: () => leave(),
    };
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  const release = () => {
    steered.current = null;
  };
  const leave = () => {
    release();
    chart.current?.setCursor({ left: -10, top: -10 });
    at.value = null;
  };

  return html`<div class="curves">
    <div
      class="chart"
      ref=${parent}
      role="application"
      tabindex="0"
      aria-label=${label}
      aria-description=${t("progress.chart_keys")}
      onKeyDown=${steer}
      onPointerMove=${release}
      onPointerDown=${release}
      onBlur=${leave}
      onDblClick=${view.showAll}
    ></div>
    <div class="chart-foot">
      <span class="chart-unit">${unit}</span>
      ${
        zoom.value !== null &&
        html`<button class="button is-small" type="button" onClick=${view.showAll}>${t("progress.zoom_all")}</button>`
      }
      <span class="chart-unit">${t("progress.epochs")}</span>
    </div>
    <${Reading} ...${{ store, read, changes, chart, at }} />
  </div>`;
}

/**
 * What all curves say where the pointer is, and what was changed there.
 *
 * @param {Required<Pick<CurvesSource, "store" | "read" | "changes">> &
 *   { chart: { current: uPlot | null }, at: Signal<At | null> }} props
 */
function Reading({ store, read, changes, chart, at }) {
  const said = useComputed(() => (at.value === null ? "" : read(at.value.place)));
  const changed = useComputed(() => {
    const here = at.value;
    const plot = chart.current;
    if (here === null || plot === null) return "";
    const reach = Math.abs(plot.posToVal(NEAR_PX, "x") - plot.posToVal(0, "x"));
    const near = changes()
      .filter(({ epoch }) => Math.abs(epoch - here.place) <= reach)
      .sort((one, other) => Math.abs(one.epoch - here.place) - Math.abs(other.epoch - here.place))[0];
    return near === undefined ? "" : near.what.map((change) => sayChange(change, store.catalogue)).join(" · ");
  });
  const spoken = useComputed(() => (at.value?.byKeys ? `${said.value} ${changed.value}` : ""));
  return html`<p class="chart-reading" aria-hidden="true">${said.value === "" ? t("progress.hint") : said}</p>
    ${changed.value !== "" && html`<p class="chart-change" aria-hidden="true">▾ ${changed}</p>`}
    <p class="visually-hidden" aria-live="polite">${spoken}</p>`;
}

/** A figure as it is read; undefined: it was not measured, null: it is beyond all numbers. @param {number | null | undefined} value */
export function figureText(value) {
  if (value === undefined) return "–";
  return value === null ? "∞" : number(value, { digits: DIGITS, fixed: true });
}

/**
 * Let fingers read and zoom a chart, and the wheel where it can't be meant for the page: with Ctrl, as pads send a pinch,
 * or while the chart has the focus.
 *
 * @param {uPlot} plot
 * @param {CurvesView} view
 * @param {() => boolean} hasFocus
 */
function listenToFingers(plot, view, hasFocus) {
  const { over } = plot;
  /** @type {Map<number, number>} */
  const fingers = new Map();
  const across = (/** @type {MouseEvent} */ event) => event.clientX - over.getBoundingClientRect().left;
  /** @param {WheelEvent} event */
  const turn = (event) => {
    if (!event.ctrlKey && !event.metaKey && !hasFocus()) return;
    event.preventDefault();
    view.look(event.deltaY > 0 ? 1 / CLOSER : CLOSER, plot.posToVal(across(event), "x"));
  };
  /** @param {PointerEvent} event */
  const touch = (event) => {
    if (event.pointerType !== "touch") return;
    fingers.set(event.pointerId, across(event));
    if (fingers.size === 1) plot.setCursor({ left: across(event), top: 10 });
  };
  /** @param {PointerEvent} event */
  const move = (event) => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    const others = [...fingers].filter(([id]) => id !== event.pointerId).map(([, x]) => x);
    fingers.set(event.pointerId, across(event));
    if (others.length === 0) {
      plot.setCursor({ left: across(event), top: 10 });
      return;
    }
    const [was, is] = [Math.abs(before - others[0]), Math.abs(across(event) - others[0])];
    if (was > 8 && is > 8) view.look(was / is, plot.posToVal((across(event) + others[0]) / 2, "x"));
  };
  /** @param {PointerEvent} event */
  const lift = (event) => {
    fingers.delete(event.pointerId);
  };
  over.addEventListener("wheel", turn, { passive: false });
  over.addEventListener("pointerdown", touch);
  over.addEventListener("pointermove", move);
  over.addEventListener("pointerup", lift);
  over.addEventListener("pointercancel", lift);
  // The listeners go with the element.
  return () => fingers.clear();
}
