import uPlot from "uplot";
import { niceCeiling } from "./chart.js";

/** @import { Colours } from "./colours.js" */

/**
 * A run's curve: its letter stands at its end, so that no one needs its colour.
 *
 * @typedef {{ letter: string, label: string, isPresent: boolean, index: number }} RunCurve
 */

/** Curves that lie on one another are told apart by their dashes too. @type {(number[] | undefined)[]} */
const DASHES = [undefined, [8, 4], [2, 3], [10, 3, 2, 3]];
/** Above the highest curve there is room for its letter. */
const LETTER_PX = 18;

/**
 * Make a chart of one metric of several runs over the epochs inside `parent`.
 *
 * @param {HTMLElement} parent
 * @param {Colours} colours
 * @param {{ curves: RunCurve[], height: number, bounds: [number, number] | null, format: (value: number) => string }} options
 */
export function createRunsChart(parent, { css, classMarks }, { curves, height, bounds, format }) {
  const family = getComputedStyle(parent).fontFamily;
  const axis = { stroke: css.inkSoft, font: `12px ${family}`, ticks: { show: false }, grid: { stroke: css.line, width: 1 } };
  const colourOf = (/** @type {RunCurve} */ { isPresent, index }) =>
    isPresent ? css.ink : classMarks[index % classMarks.length];
  return new uPlot(
    {
      width: Math.max(120, parent.clientWidth),
      height,
      padding: [LETTER_PX, 14, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      select: { show: false, left: 0, top: 0, width: 0, height: 0 },
      scales: {
        x: { time: false, range: (_, _low, high) => [0, Math.max(1, high ?? 1)] },
        y: { range: (_, _low, high) => bounds ?? [0, niceCeiling(high ?? 1)] },
      },
      axes: [
        {
          ...axis,
          size: 24,
          gap: 4,
          space: 40,
          values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? format(tick) : "")),
        },
        { ...axis, size: 40, gap: 6, space: 26, values: (_, ticks) => ticks.map(format) },
      ],
      series: [
        {},
        ...curves.map((curve) => ({
          label: curve.label,
          stroke: colourOf(curve),
          width: curve.isPresent ? 2.5 : 1.75,
          dash: curve.isPresent ? undefined : DASHES[curve.index % DASHES.length],
          points: { show: false },
          // Runs that were measured at other epochs leave holes in one another's axis.
          spanGaps: true,
        })),
      ],
      hooks: {
        draw: [
          (plot) => {
            const { ctx } = plot;
            ctx.save();
            const letterPx = 12 * devicePixelRatio;
            ctx.font = `600 ${letterPx}px ${family}`;
            ctx.textBaseline = "bottom";
            ctx.textAlign = "right";
            ctx.lineJoin = "round";
            ctx.lineWidth = 4 * devicePixelRatio;
            ctx.strokeStyle = css.card;
            /** @type {{ left: number, right: number, y: number }[]} */
            const written = [];
            curves.forEach((curve, place) => {
              const values = /** @type {(number | null | undefined)[]} */ (/** @type {unknown} */ (plot.data[place + 1]));
              const last = values.findLastIndex((value) => typeof value === "number");
              if (last < 0) return;
              ctx.fillStyle = colourOf(curve);
              const end = plot.valToPos(plot.data[0][last], "x", true);
              const y = plot.valToPos(/** @type {number} */ (values[last]), "y", true) - 3 * devicePixelRatio;
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
          },
        ],
      },
    },
    [[], ...curves.map(() => [])],
    parent,
  );
}
