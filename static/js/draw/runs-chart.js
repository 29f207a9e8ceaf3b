/** @import uPlot from "uplot" */
/** @import { Curve } from "./chart.js" */
/** @import { Colours } from "./colours.js" */

/**
 * A run's curve: its letter stands at its end, so that no one needs its colour.
 *
 * @typedef {{ letter: string, label: string, isPresent: boolean, index: number }} RunCurve
 */

/** Curves that lie on one another are told apart by their dashes too. @type {(number[] | undefined)[]} */
const DASHES = [undefined, [8, 4], [2, 3], [10, 3, 2, 3]];
/** Above the highest curve there is room for its letter. */
export const LETTER_PX = 18;

/**
 * Return how a run's curve is drawn.
 *
 * @param {RunCurve} curve
 * @param {Colours} colours
 * @returns {Curve}
 */
export const runLook = ({ label, isPresent, index }, { css, classMarks }) => ({
  label,
  stroke: isPresent ? css.ink : classMarks[index % classMarks.length],
  width: isPresent ? 2.5 : 1.75,
  dash: isPresent ? undefined : DASHES[index % DASHES.length],
});

/**
 * Write each run's letter where its curve ends; of a closer look, where it leaves the picture.
 *
 * @param {uPlot} plot
 * @param {RunCurve[]} curves  the last ones of the chart
 * @param {Colours} colours
 */
export function drawLetters(plot, curves, colours) {
  const { ctx, bbox } = plot;
  const high = /** @type {number} */ (plot.scales.x.max);
  ctx.save();
  const letterPx = 12 * devicePixelRatio;
  ctx.font = `600 ${letterPx}px ${getComputedStyle(plot.root).fontFamily}`;
  ctx.textBaseline = "bottom";
  ctx.textAlign = "right";
  ctx.lineJoin = "round";
  ctx.lineWidth = 4 * devicePixelRatio;
  ctx.strokeStyle = colours.css.card;
  /** @type {{ left: number, right: number, y: number }[]} */
  const written = [];
  curves.forEach((curve, place) => {
    const values = /** @type {(number | null | undefined)[]} */ (plot.data[plot.data.length - curves.length + place]);
    const last = values.findLastIndex((value, index) => typeof value === "number" && plot.data[0][index] <= high);
    if (last < 0) return;
    ctx.fillStyle = runLook(curve, colours).stroke;
    const end = plot.valToPos(plot.data[0][last], "x", true);
    const y = plot.valToPos(/** @type {number} */ (values[last]), "y", true) - 3 * devicePixelRatio;
    if (end < bbox.left || y < 0 || y > bbox.top + bbox.height) return;
    const { width } = ctx.measureText(curve.letter);
    // Where curves end together their letters stand side by side.
    const beside = written.filter((other) => Math.abs(other.y - y) < letterPx && other.right > end - width);
    const x = Math.min(end, ...beside.map(({ left }) => left - letterPx / 4));
    written.push({ left: x - width, right: x, y });
    // A rim of the surface's colour keeps the letter apart from the curves.
    ctx.strokeText(curve.letter, x, y);
    ctx.fillText(curve.letter, x, y);
  });
  ctx.restore();
}
