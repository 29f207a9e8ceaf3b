/** @import { Colours } from "./colours.js" */

const HEAD_PX = 3;
const MARK_PX = 5;

/**
 * Draw the course of a run as a thin line, with a mark where something was changed and a fainter part that lies ahead.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {object} picture
 * @param {readonly (number | null)[]} picture.heights  of the line from left to right, 0 to 1; null: not known
 * @param {readonly number[]} picture.marks  where marks stand, as shares of the width
 * @param {number} picture.share  how much of it lies behind
 * @param {number} picture.inset  how far from each edge it begins, in CSS pixels
 * @param {Colours} picture.colours
 */
export function drawStrip(canvas, { heights, marks, share, inset, colours }) {
  const ratio = devicePixelRatio;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const length = width - 2 * inset;
  const x = (/** @type {number} */ at) => inset + at * length;
  const y = (/** @type {number} */ level) => HEAD_PX + (1 - level) * (height - 2 * HEAD_PX - MARK_PX);
  // More points than pixels say no more than one for each of them.
  const stride = Math.max(1, Math.floor(heights.length / Math.max(1, length)));
  context.lineWidth = 1.5;
  context.lineJoin = "round";
  for (const [from, to, colour] of /** @type {const} */ ([
    [0, share, colours.css.ink],
    [share, 1, colours.css.inkFaint],
  ])) {
    if (to <= from) continue;
    context.save();
    context.beginPath();
    context.rect(x(from) - (from === 0 ? inset : 0), 0, (to - from) * length + (to === 1 ? 2 * inset : inset), height);
    context.clip();
    context.beginPath();
    heights.forEach((level, index) => {
      if (level === null || (index % stride !== 0 && index !== heights.length - 1)) return;
      context.lineTo(x(heights.length > 1 ? index / (heights.length - 1) : 1), y(level));
    });
    context.strokeStyle = colour;
    context.stroke();
    context.restore();
  }
  context.fillStyle = colours.css.ink;
  for (const at of marks) {
    context.beginPath();
    context.moveTo(x(at), height - MARK_PX);
    context.lineTo(x(at) - 3, height);
    context.lineTo(x(at) + 3, height);
    context.fill();
  }
}
