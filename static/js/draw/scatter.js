import { sharpContext } from "./marks.js";

/** @import { Colours } from "./colours.js" */

const RADIUS_PX = 2.5;

/**
 * Draw predictions against the truth, with the diagonal on which they agree.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {{ actual: number[], predicted: (number | null)[], axis: [number, number] }} examples  `axis`: the ends of both
 * @param {number} size  of the picture's side, in pixels
 * @param {Colours} colours
 */
export function drawScatter(canvas, { actual, predicted, axis: [low, high] }, size, { css }) {
  const context = sharpContext(canvas, size, size);
  const place = (/** @type {number} */ value) => ((value - low) / (high - low)) * size;
  context.strokeStyle = css.inkFaint;
  context.setLineDash([4, 4]);
  context.beginPath();
  context.moveTo(0, size);
  context.lineTo(size, 0);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = css.ink;
  context.globalAlpha = 0.55;
  context.beginPath();
  predicted.forEach((value, index) => {
    if (value === null) return;
    const [x, y] = [place(actual[index]), size - place(value)];
    context.moveTo(x + RADIUS_PX, y);
    context.arc(x, y, RADIUS_PX, 0, 2 * Math.PI);
  });
  context.fill();
  context.globalAlpha = 1;
}
