import { sharpContext } from "./marks.js";

/**
 * Draw a small curve over the whole of a canvas, with a line at zero where zero is within.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {{ step: number, value: number }[]} points
 * @param {Record<"ink" | "line", string>} css
 */
export function drawSpark(canvas, points, css) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (width === 0) return;
  const context = sharpContext(canvas, width, height);
  const finite = points.filter(({ value }) => Number.isFinite(value));
  if (finite.length === 0) return;
  const values = finite.map(({ value }) => value);
  let [low, high] = [Math.min(...values), Math.max(...values)];
  if (high - low < 1e-6) [low, high] = [low - 0.5, high + 0.5];
  const [first, last] = [finite[0].step, finite[finite.length - 1].step];
  const x = (/** @type {number} */ step) => 2 + ((width - 4) * (step - first)) / (last - first || 1);
  const y = (/** @type {number} */ value) => height - 3 - ((height - 6) * (value - low)) / (high - low);
  if (low < 0 && high > 0) {
    context.strokeStyle = css.line;
    context.beginPath();
    context.moveTo(0, y(0));
    context.lineTo(width, y(0));
    context.stroke();
  }
  context.strokeStyle = css.ink;
  context.lineWidth = 1.5;
  context.lineJoin = "round";
  context.beginPath();
  finite.forEach(({ step, value }, place) => {
    if (place === 0) context.moveTo(x(step), y(value));
    else context.lineTo(x(step), y(value));
  });
  context.stroke();
  context.fillStyle = css.ink;
  context.beginPath();
  context.arc(x(last), y(values[values.length - 1]), 2.5, 0, 2 * Math.PI);
  context.fill();
}
