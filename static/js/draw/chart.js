import uPlot from "uplot";

/** @import { Colours } from "./colours.js" */

/**
 * One curve of a chart.
 *
 * @typedef {object} Curve
 * @property {string} metric  the point's member
 * @property {string} label
 * @property {"solid" | "dashed" | "dotted"} line
 * @property {boolean} [hasMarks]  whether each of its values is marked: it has few
 */

/** @type {Record<Curve["line"], number[] | undefined>} */
const DASHES = { solid: undefined, dashed: [6, 4], dotted: [1.5, 3] };

/**
 * @typedef {object} ChartOptions
 * @property {Curve[]} curves
 * @property {number} height
 * @property {(value: number) => string} format  of values on the axis
 * @property {(epoch: number) => string} formatEpoch
 * @property {[number, number] | (() => [number, number]) | null} bounds  of the vertical axis; null: from zero to the
 *   largest value
 * @property {number} [reference]  a value to be compared with, drawn as a line across
 * @property {() => number} [lastEpoch]  how far the horizontal axis reaches at least
 * @property {() => number[]} changes  epochs at which the settings were changed
 */

/**
 * Make a chart of metrics over epochs inside `parent`.
 *
 * @param {HTMLElement} parent
 * @param {Colours} colours
 * @param {ChartOptions} options
 */
export function createChart(parent, { css }, options) {
  const { curves, height, format, formatEpoch, bounds, reference, lastEpoch = () => 1, changes } = options;
  const font = `12px ${getComputedStyle(parent).fontFamily}`;
  const axis = { stroke: css.inkSoft, font, ticks: { show: false }, grid: { stroke: css.line, width: 1 } };
  return new uPlot(
    {
      width: Math.max(120, parent.clientWidth),
      height,
      padding: [8, 14, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      select: { show: false, left: 0, top: 0, width: 0, height: 0 },
      scales: {
        x: { time: false, range: (_, _low, high) => [0, Math.max(1, lastEpoch(), high ?? 1)] },
        y: {
          range: (_, _low, high) =>
            (typeof bounds === "function" ? bounds() : bounds) ?? [0, niceCeiling(high ?? 1)],
        },
      },
      axes: [
        {
          ...axis,
          size: 24,
          gap: 4,
          space: 40,
          values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? formatEpoch(tick) : "")),
        },
        { ...axis, size: 38, gap: 6, space: 26, values: (_, ticks) => ticks.map(format) },
      ],
      series: [
        {},
        ...curves.map(({ label, line, hasMarks = false }) => ({
          label,
          stroke: line === "solid" ? css.ink : css.inkSoft,
          width: line === "solid" ? 2 : 1.5,
          dash: DASHES[line],
          points: hasMarks ? { show: true, size: 5, fill: css.inkSoft } : { show: false },
        })),
      ],
      hooks: {
        drawAxes: [
          (plot) => {
            const { ctx, bbox } = plot;
            ctx.save();
            ctx.strokeStyle = css.inkFaint;
            ctx.lineWidth = 1;
            ctx.setLineDash([2, 3]);
            for (const epoch of changes()) {
              const x = Math.round(plot.valToPos(epoch, "x", true)) + 0.5;
              ctx.beginPath();
              ctx.moveTo(x, bbox.top);
              ctx.lineTo(x, bbox.top + bbox.height);
              ctx.stroke();
            }
            if (reference !== undefined) {
              const y = Math.round(plot.valToPos(reference, "y", true)) + 0.5;
              ctx.setLineDash([]);
              ctx.strokeStyle = css.reference;
              ctx.lineWidth = 1.5 * devicePixelRatio;
              ctx.beginPath();
              ctx.moveTo(bbox.left, y);
              ctx.lineTo(bbox.left + bbox.width, y);
              if (y <= bbox.top + bbox.height) ctx.stroke();
            }
            ctx.restore();
          },
        ],
      },
    },
    [[], ...curves.map(() => [])],
    parent,
  );
}

/**
 * Return the next of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten, so that the axis does not move at every point.
 *
 * @param {number} value
 */
export function niceCeiling(value) {
  if (!(value > 0) || !Number.isFinite(value)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((step) => step * power >= value * 0.999999);
  return (factor ?? 10) * power;
}
