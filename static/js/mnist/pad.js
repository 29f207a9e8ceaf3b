import { useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Icon } from "../controls/icon.js";
import { themeColours } from "../draw/colours.js";
import { sharpContext } from "../draw/marks.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { isOverfull, SIDE } from "./digit.js";
import { Picture } from "./picture.js";

/** @import { Colours } from "../draw/colours.js" */
/** @import { Place } from "./digit.js" */
/** @import { Lab } from "./lab.js" */
/** @import { LabProps } from "./page.js" */

/** @param {number} part @param {number} whole */
const share = (part, whole) => Math.min(1, Math.max(0, part / whole));

/** The pen's width as a part of the pad's. */
const PEN = 0.07;
const TEST_DIGITS = 10_000;

/** Where one draws a digit, what the network sees of it, and what it says. @param {LabProps} props */
export function Pad(props) {
  const { lab } = props;
  const isFull = useSignal(false);
  const isEmpty = lab.picture.value === null;
  const said = message(props, isFull.value);
  const loadOne = () => lab.load(Math.floor(Math.random() * TEST_DIGITS));

  return html`<div class="card-head">
      <h2 id="pad-title">${t("pad.title")}</h2>
      <div class="pad-tools">
        <button class="button is-small" type="button" disabled=${isEmpty} onClick=${() => lab.undo()}>
          <${Icon} name="reset" />${t("pad.undo")}
        </button>
        <button class="button is-small" type="button" disabled=${isEmpty} onClick=${() => lab.clear()}>
          <${Icon} name="close" />${t("pad.clear")}
        </button>
      </div>
    </div>
    <div class="pad-frame">
      <${Surface} lab=${lab} isFull=${isFull} />
      ${isEmpty && html`<p class="pad-invitation" aria-hidden="true">${t("pad.invitation")}</p>`}
    </div>
    <div class="pad-row">
      <figure class="seen" id="seen">
        <${Picture} values=${lab.picture} label=${t("pad.seen_label")} />
        <figcaption class="help">${t("pad.seen")}</figcaption>
      </figure>
      <${Answer} ...${props} />
      <div class="pad-side">
        <p class="pad-message" role="status">${said}</p>
        <p class=${said === "" ? "help" : "visually-hidden"} id="pad-help">${t("pad.help")}</p>
        <button class="button is-small pad-load" type="button" onClick=${loadOne}>
          <${Icon} name="dice" />${t("pad.load")}
        </button>
      </div>
    </div>
    <${Probabilities} ...${props} />`;
}

/**
 * What is to be known about this drawing, and this answer.
 *
 * @param {LabProps} props
 * @param {boolean} isFull
 */
function message({ lab, store }, isFull) {
  const picture = lab.picture.value;
  if (isFull) return t("pad.full");
  if (picture === null) return "";
  if (isOverfull(picture)) return t("pad.scribble");
  return lab.isUntrained.value && store.state.value === "idle" ? t("digits.untrained") : "";
}

/**
 * What takes the strokes. Only the first pointer draws: a second finger must not tear the stroke.
 *
 * @param {{ lab: Lab, isFull: { value: boolean } }} props
 */
function Surface({ lab, isFull }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const pointer = useRef(/** @type {number | null} */ (null));
  const colours = useRef(/** @type {Colours | null} */ (null));

  const redraw = () => {
    const element = canvas.current;
    if (element === null) return; // It is observed a moment longer than it is there.
    const ink = /** @type {Colours} */ (colours.current).css.ink;
    const { clientWidth: side } = element;
    const context = sharpContext(element, side, side);
    const loaded = lab.loaded.peek();
    const image = loaded === null ? undefined : lab.images.get(loaded);
    if (image !== undefined) drawLoaded(context, image, side, ink);
    for (const stroke of lab.drawing.strokes) drawLine(context, stroke, side, ink);
  };
  useSignalEffect(() => {
    lab.drawingVersion.value;
    colours.current = themeColours();
    isFull.value = lab.drawing.isFull;
    redraw();
  });
  useSignalEffect(() => {
    const observer = new ResizeObserver(redraw);
    observer.observe(/** @type {HTMLCanvasElement} */ (canvas.current));
    return () => observer.disconnect();
  });

  /** @param {PointerEvent} event @returns {Place} */
  const placeOf = ({ clientX, clientY }) => {
    const box = /** @type {HTMLCanvasElement} */ (canvas.current).getBoundingClientRect();
    // A hand may leave the pad; what it draws there is not seen, and must not count.
    return { x: share(clientX - box.left, box.width), y: share(clientY - box.top, box.height) };
  };
  /** @param {Place[]} line */
  const lengthen = (line) => {
    const element = /** @type {HTMLCanvasElement} */ (canvas.current);
    const context = /** @type {CanvasRenderingContext2D} */ (element.getContext("2d"));
    drawLine(context, line, element.clientWidth, /** @type {Colours} */ (colours.current).css.ink);
    lab.noteDrawing();
  };
  /** @param {PointerEvent} event */
  const begin = (event) => {
    if (pointer.current !== null || !event.isPrimary || event.button !== 0) return;
    pointer.current = event.pointerId;
    canvas.current?.setPointerCapture(event.pointerId);
    lab.unload();
    const place = placeOf(event);
    if (lab.drawing.begin(place)) lengthen([place]);
    isFull.value = lab.drawing.isFull;
  };
  /** @param {PointerEvent} event */
  const move = (event) => {
    if (event.pointerId !== pointer.current || isFull.value) return;
    // Between two frames a pen has been in many places; not every browser tells.
    const events = event.getCoalescedEvents?.() ?? [];
    for (const moment of events.length > 0 ? events : [event]) {
      const place = placeOf(moment);
      const from = lab.drawing.extend(place);
      if (from !== null) lengthen([from, place]);
    }
    isFull.value = lab.drawing.isFull;
  };
  /** @param {PointerEvent} event */
  const end = (event) => {
    if (event.pointerId === pointer.current) pointer.current = null;
  };

  return html`<canvas
    class="pad"
    id="pad"
    ref=${canvas}
    role="img"
    tabindex="0"
    aria-label=${t("pad.label")}
    aria-describedby="pad-help"
    onPointerDown=${begin}
    onPointerMove=${move}
    onPointerUp=${end}
    onPointerCancel=${end}
    onLostPointerCapture=${end}
  ></canvas>`;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Place[]} line
 * @param {number} side  of the pad, in pixels
 * @param {string} ink
 */
function drawLine(context, line, side, ink) {
  context.strokeStyle = ink;
  context.lineWidth = PEN * side;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.beginPath();
  context.moveTo(line[0].x * side, line[0].y * side);
  for (const { x, y } of line) context.lineTo(x * side, y * side);
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Uint8Array} image
 * @param {number} side
 * @param {string} ink
 */
function drawLoaded(context, image, side, ink) {
  const pixel = side / SIDE;
  context.fillStyle = ink;
  image.forEach((byte, index) => {
    context.globalAlpha = byte / 255;
    context.fillRect((index % SIDE) * pixel, Math.floor(index / SIDE) * pixel, pixel + 0.5, pixel + 0.5);
  });
  context.globalAlpha = 1;
}

/** What the network takes it for. @param {LabProps} props */
function Answer({ lab }) {
  const probabilities = lab.probabilities.value;
  if (lab.picture.value === null || probabilities === null)
    return html`<output class="answer" id="answer" aria-live="polite">
      <span class="help">${t("pad.empty")}</span>
    </output>`;
  const best = probabilities.indexOf(Math.max(...probabilities));
  return html`<output class="answer" id="answer" aria-live="polite">
    <span class="answer-digit">${best}</span>
    <span class="answer-share" aria-live="off">${percentOf(probabilities[best])} %</span>
  </output>`;
}

/** The probability of each digit, as bars with numbers. @param {LabProps} props */
function Probabilities({ lab }) {
  const probabilities = lab.probabilities.value;
  const best = probabilities === null ? -1 : probabilities.indexOf(Math.max(...probabilities));
  return html`<ol class="probabilities" id="probabilities" aria-label=${t("pad.probabilities")}>
    ${Array.from({ length: 10 }, (_, digit) => {
      const share = probabilities?.[digit] ?? 0;
      return html`<li class=${digit === best ? "probability is-best" : "probability"} key=${digit}>
        <span class="probability-number">${probabilities === null ? "–" : percentOf(share)}</span>
        <span class="probability-track" aria-hidden="true"
          ><span class="probability-bar" style=${{ "--share": String(share) }}></span
        ></span>
        <span class="probability-digit">${digit}</span>
      </li>`;
    })}
  </ol>`;
}

/**
 * A probability in percent, with one decimal: that there are smaller ones than this is no news.
 *
 * @param {number} probability
 */
const percentOf = (probability) => number(Math.round(probability * 1000) / 10, { digits: 1 });
