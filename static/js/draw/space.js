import { drawMarks, sharpContext } from "./marks.js";

/** @import { Colours } from "./colours.js" */
/** @import { MarkStyle } from "./marks.js" */

/**
 * A plane with a grid and examples on it.
 *
 * @typedef {object} SpacePicture
 * @property {number[][]} points
 * @property {number[]} targets
 * @property {number[][][] | null} grid  the grid's points, row by row
 * @property {[number, number][]} ranges  the ends of both axes
 */

/** Every so many rows and columns of the grid there is a line. */
const EVERY = 3;
const MARK_PX = 3;
/** What lies on the edge must be seen whole. */
export const EDGE_PX = 6;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} size  of its side
 * @param {SpacePicture} picture
 * @param {MarkStyle} style
 * @param {Colours} colours
 */
export function drawSpace(canvas, size, { points, targets, grid, ranges }, style, { css }) {
  const context = sharpContext(canvas, size, size);
  const inner = size - 2 * EDGE_PX;
  const [x, y] = ranges;
  const right = (/** @type {number} */ value) => EDGE_PX + (inner * (value - x[0])) / (x[1] - x[0]);
  const down = (/** @type {number} */ value) => EDGE_PX + (inner * (y[1] - value)) / (y[1] - y[0]);

  context.strokeStyle = css.line;
  context.lineWidth = 1;
  context.beginPath();
  if (x[0] < 0 && x[1] > 0) line(context, [right(0), EDGE_PX], [right(0), size - EDGE_PX]);
  if (y[0] < 0 && y[1] > 0) line(context, [EDGE_PX, down(0)], [size - EDGE_PX, down(0)]);
  context.stroke();
  if (grid !== null) {
    const middle = (grid.length - 1) / 2;
    for (let index = 0; index < grid.length; index += EVERY) {
      context.strokeStyle = index === middle ? css.ink : css.inkFaint;
      context.lineWidth = index === middle ? 1.6 : 0.8;
      follow(context, grid[index], right, down);
      follow(context, grid.map((row) => row[index]), right, down);
    }
  }
  const inputs = points.map(([a, b]) => [(right(a) - EDGE_PX) / inner, 1 - (down(b) - EDGE_PX) / inner]);
  context.translate(EDGE_PX, EDGE_PX);
  drawMarks(context, { inputs, targets }, { plane: [0, 1], size: inner, radius: MARK_PX, fill: "full", style });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[][]} points
 * @param {(value: number) => number} right
 * @param {(value: number) => number} down
 */
function follow(context, points, right, down) {
  context.beginPath();
  points.forEach(([a, b], index) => {
    if (index === 0) context.moveTo(right(a), down(b));
    else context.lineTo(right(a), down(b));
  });
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {[number, number]} from
 * @param {[number, number]} to
 */
function line(context, from, to) {
  context.moveTo(...from);
  context.lineTo(...to);
}
