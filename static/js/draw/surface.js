import { traceIsolines } from "./isolines.js";
import { sharpContext } from "./marks.js";

/** @import { Colours } from "./colours.js" */

/** The darkest grey leaves the way to be seen. */
const DARKEST = 170;
const MARK_PX = 5;

/**
 * Return a colour for each byte of a loss: the higher, the nearer to ink; what is no number is ink.
 *
 * @param {Colours} colours
 */
export const lossColours = ({ greys }) =>
  Uint32Array.from({ length: 256 }, (_, byte) => greys[byte === 255 ? 255 : Math.round((DARKEST * byte) / 250)]);

/**
 * Draw lines of equal loss.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} size
 * @param {{ values: Uint8Array, rows: number, columns: number }} surface
 * @param {number[]} levels
 * @param {Colours} colours
 */
export function drawLossLines(canvas, size, { values, rows, columns }, levels, { css }) {
  const context = sharpContext(canvas, size, size);
  const [across, down] = [size / (columns - 1), size / (rows - 1)];
  context.beginPath();
  traceIsolines(values, rows, columns, levels, () => (x0, y0, x1, y1) => {
    context.moveTo(x0 * across, y0 * down);
    context.lineTo(x1 * across, y1 * down);
  });
  context.strokeStyle = css.ink;
  context.globalAlpha = 0.4;
  context.lineWidth = 1;
  context.stroke();
  context.globalAlpha = 1;
}

/**
 * Draw a way across the slice: where it began as a ring, where the network is as a disc with a cross.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} size
 * @param {number} span  how far the slice reaches to each side
 * @param {[number, number][]} way  (α, β), the present place last
 * @param {Colours} colours
 */
export function drawWay(canvas, size, span, way, { css }) {
  const context = sharpContext(canvas, size, size);
  if (way.length === 0) return;
  const places = way.map(([a, b]) => /** @type {[number, number]} */ ([
    (size * (a + span)) / (2 * span),
    (size * (span - b)) / (2 * span),
  ]));
  const path = new Path2D();
  places.forEach(([x, y], index) => (index === 0 ? path.moveTo(x, y) : path.lineTo(x, y)));
  context.lineJoin = "round";
  // A rim of the surface's colour lifts the way off dark and light ground alike.
  for (const [colour, width] of /** @type {const} */ ([
    [css.card, 5],
    [css.ink, 2],
  ])) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke(path);
  }
  disc(context, places[0], css.card, css.ink);
  const [x, y] = places[places.length - 1];
  context.strokeStyle = css.card;
  context.lineWidth = 4;
  cross(context, x, y);
  context.strokeStyle = css.ink;
  context.lineWidth = 2;
  cross(context, x, y);
  disc(context, [x, y], css.ink, css.card);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {[number, number]} place
 * @param {string} fill
 * @param {string} rim
 */
function disc(context, [x, y], fill, rim) {
  context.beginPath();
  context.arc(x, y, MARK_PX, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = rim;
  context.lineWidth = 2;
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 */
function cross(context, x, y) {
  const reach = 2.4 * MARK_PX;
  context.beginPath();
  context.moveTo(x - reach, y);
  context.lineTo(x + reach, y);
  context.moveTo(x, y - reach);
  context.lineTo(x, y + reach);
  context.stroke();
}
