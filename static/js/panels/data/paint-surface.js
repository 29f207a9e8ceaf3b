import { useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useWidth } from "../../controls/width.js";
import { themeColours } from "../../draw/colours.js";
import { drawMarks, markStyle, sharpContext } from "../../draw/marks.js";
import { html } from "../../html.js";
import { t } from "../../i18n.js";
import { PLANE } from "../shown-map.js";
import { tellPoint } from "./painting.js";
import { MOST_CLASSES, taskOf } from "./strokes.js";

/** @import { Paint } from "./painting.js" */
/** @import { Place, Strokes } from "./strokes.js" */

const MARK_PX = 4;
/** A point is hit from so far; a finger covers more than a pointer does. */
const REACH_PX = { mouse: 9, pen: 11, touch: 18 };
/** How far brush and eraser reach on the plane. */
const RADIUS = 0.6;
const AT_ONCE = 3;
/** The cursor's step on the plane, and its small one. */
const STEP = 0.5;
const SMALL_STEP = 0.1;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** The map as a canvas to paint on: with mouse, finger or pen, or with the keyboard's cursor. @param {{ paint: Paint }} props */
export function PaintSurface({ paint }) {
  const { strokes, version, tool, ofClass, said, changed, finish } = paint;
  const surface = useRef(/** @type {HTMLDivElement | null} */ (null));
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const size = useWidth(surface);
  const cursor = useSignal(/** @type {Place | null} */ (null));
  /** The point that is dragged, or carried by the cursor; −1: none. */
  const held = useSignal(-1);
  const stroke = useRef(/** @type {{ last: Place } | null} */ (null));

  useLayoutEffect(() => {
    const element = /** @type {HTMLDivElement} */ (surface.current);
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  }, []);
  useSignalEffect(() => {
    const colours = themeColours();
    if (canvas.current === null || size.value === 0 || version.value < 0) return;
    const context = sharpContext(canvas.current, size.value, size.value);
    drawPoints(context, strokes, size.value);
    if (cursor.value !== null) drawCursor(context, cursor.value, size.value, tool.value, colours.css);
  });

  /** @param {PointerEvent} event @returns {Place} */
  const placeOf = (event) => {
    const { left, top, width, height } = /** @type {HTMLElement} */ (surface.current).getBoundingClientRect();
    const [low, high] = PLANE;
    return {
      x: low + ((high - low) * (event.clientX - left)) / width,
      y: high - ((high - low) * (event.clientY - top)) / height,
    };
  };
  /** @param {Place} place @param {number} reach */
  const apply = (place, reach) => {
    if (tool.value === "eraser") strokes.erase(place, RADIUS);
    else if (tool.value === "brush") strokes.spray(place, ofClass.value, { count: AT_ONCE, radius: RADIUS });
    else {
      const hit = strokes.nearest(place, reach);
      held.value = hit >= 0 ? hit : strokes.add(place, ofClass.value);
      if (hit < 0 && held.value >= 0) said.value = tellPoint(strokes, held.value);
    }
    if (tool.value !== "point") said.value = t("paint.count", { count: strokes.points.length });
  };

  /** @param {PointerEvent} event */
  const begin = (event) => {
    if (event.button !== 0 || stroke.current !== null) return;
    event.preventDefault();
    surface.current?.focus({ preventScroll: true });
    surface.current?.setPointerCapture(event.pointerId);
    const place = placeOf(event);
    const kind = /** @type {keyof typeof REACH_PX} */ (event.pointerType);
    stroke.current = { last: place };
    strokes.begin();
    apply(place, ((REACH_PX[kind] ?? REACH_PX.mouse) * (PLANE[1] - PLANE[0])) / size.value);
    changed(false);
  };
  /** @param {PointerEvent} event */
  const draw = (event) => {
    const place = placeOf(event);
    cursor.value = event.pointerType === "touch" ? null : place;
    if (stroke.current === null) return;
    if (tool.value === "point") strokes.move(held.value, place);
    else if (tool.value === "eraser" || distance(stroke.current.last, place) > RADIUS) {
      apply(place, 0);
      stroke.current.last = place;
    }
    changed(false);
  };
  const end = () => {
    if (stroke.current === null) return;
    stroke.current = null;
    held.value = -1;
    if (strokes.end()) changed(true);
  };
  const leave = () => {
    if (stroke.current === null) cursor.value = null;
  };

  /** @param {() => void} act */
  const asStroke = (act) => {
    strokes.begin();
    act();
    if (strokes.end()) changed(true);
  };
  const put = () => {
    const place = cursor.value ?? { x: 0, y: 0 };
    cursor.value = place;
    if (held.value >= 0) {
      said.value = tellPoint(strokes, held.value);
      held.value = -1;
      return;
    }
    asStroke(() => apply(place, 0));
    held.value = -1;
  };
  const erase = () => {
    const hit = strokes.nearest(cursor.value ?? { x: 0, y: 0 }, STEP);
    if (hit < 0) return;
    asStroke(() => strokes.erase({ x: strokes.points[hit][0], y: strokes.points[hit][1] }, 0));
    said.value = t("paint.count", { count: strokes.points.length });
  };
  const carry = () => {
    const hit = held.value >= 0 ? -1 : strokes.nearest(cursor.value ?? { x: 0, y: 0 }, STEP);
    if (hit >= 0) {
      cursor.value = { x: strokes.points[hit][0], y: strokes.points[hit][1] };
      said.value = t("paint.carried");
    }
    held.value = hit;
  };
  /** @param {readonly number[]} direction @param {number} step */
  const go = ([right, up], step) => {
    const [low, high] = PLANE;
    const { x, y } = cursor.value ?? { x: 0, y: 0 };
    const between = (/** @type {number} */ value) => Math.min(high, Math.max(low, Math.round(value * 10) / 10));
    const place = { x: between(x + right * step), y: between(y + up * step) };
    cursor.value = place;
    if (held.value >= 0) asStroke(() => strokes.move(held.value, place));
    const hit = strokes.nearest(place, SMALL_STEP);
    said.value = hit >= 0 ? tellPoint(strokes, hit) : t("paint.at", place);
  };
  /** Who comes by keyboard sees where the cursor is. */
  const show = () => {
    if (surface.current?.matches(":focus-visible")) cursor.value ??= { x: 0, y: 0 };
  };
  const giveUp = () => {
    if (held.value >= 0) held.value = -1;
    else finish();
  };

  /** @param {KeyboardEvent} event */
  const press = (event) => {
    const direction = ARROWS[/** @type {keyof typeof ARROWS} */ (event.key)];
    const key = event.key.toLowerCase();
    const isChord = event.ctrlKey || event.metaKey;
    if (event.altKey) return;
    if (direction !== undefined && !isChord) go(direction, event.shiftKey ? SMALL_STEP : STEP);
    else if (isChord && (key === "z" || key === "y")) {
      if (key === "y" || event.shiftKey) strokes.redo();
      else strokes.undo();
      changed(true);
      said.value = t("paint.count", { count: strokes.points.length });
    } else if (isChord) return;
    else if (event.key === "Enter") put();
    else if (event.key === "Delete" || event.key === "Backspace") erase();
    else if (event.key === "Escape") giveUp();
    else if (key === "m") carry();
    else if (/^\d$/.test(key) && Number(key) < MOST_CLASSES) {
      ofClass.value = Number(key);
      said.value = t("output.class", { class: ofClass.value });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return html`<div
    class=${`paint-surface is-${tool.value}`}
    ref=${surface}
    role="application"
    tabindex="0"
    aria-label=${t("paint.surface", { count: strokes.points.length + 0 * version.value })}
    aria-describedby="paint-help"
    onPointerDown=${begin}
    onPointerMove=${draw}
    onPointerUp=${end}
    onPointerCancel=${end}
    onPointerLeave=${leave}
    onFocus=${show}
    onKeyDown=${press}
  >
    <canvas ref=${canvas}></canvas>
  </div>`;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Strokes} strokes
 * @param {number} size
 */
function drawPoints(context, { points }, size) {
  const examples = { inputs: points.map(([x, y]) => [x, y]), targets: points.map(([, , ofClass]) => ofClass) };
  const style = markStyle(themeColours(), taskOf(points), [0, 1]);
  drawMarks(context, examples, { plane: PLANE, size, radius: MARK_PX, fill: "full", style });
}

/**
 * Where the next stroke would be, and how far it reaches.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Place} place
 * @param {number} size
 * @param {string} tool
 * @param {{ ink: string, card: string }} colours
 */
function drawCursor(context, { x, y }, size, tool, { ink, card }) {
  const [low, high] = PLANE;
  const scale = size / (high - low);
  const [left, top] = [(x - low) * scale, (high - y) * scale];
  const radius = tool === "point" ? 2 * MARK_PX : RADIUS * scale;
  const path = new Path2D();
  path.arc(left, top, radius, 0, 2 * Math.PI);
  if (tool === "point") {
    path.moveTo(left - 3 * MARK_PX, top);
    path.lineTo(left + 3 * MARK_PX, top);
    path.moveTo(left, top - 3 * MARK_PX);
    path.lineTo(left, top + 3 * MARK_PX);
  }
  for (const [colour, width] of /** @type {const} */ ([
    [card, 3],
    [ink, 1.2],
  ])) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke(path);
  }
}

/**
 * @param {Place} a
 * @param {Place} b
 */
const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
