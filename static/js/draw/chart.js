import uPlot from "uplot";
import { logBounds, logTicks, nearestTold } from "./curve-data.js";

/** @import { Colours } from "./colours.js" */

/**
 * One curve of a chart.
 *
 * @typedef {object} Curve
 * @property {string} label
 * @property {string} stroke
 * @property {number} width
 * @property {number[]} [dash]
 * @property {boolean} [hasMarks]  whether each of its values is marked: it has few
 * @property {boolean} [isFaint]  whether it is what a smoothed curve was made of
 *
 * @typedef {"solid" | "dashed" | "dotted"} Line
 */

/** @type {Record<Line, number[] | undefined>} */
const DASHES = { solid: undefined, dashed: [6, 4], dotted: [1.5, 3] };
const MARKER_PX = 5;

/**
 * @typedef {object} ChartOptions
 * @property {Curve[]} curves
 * @property {number} height
 * @property {(value: number) => string} format  of values on the axis
 * @property {(epoch: number) => string} formatEpoch
 * @property {(low: number | null, high: number | null) => [number, number]} bounds  of the vertical axis, for the least and
 *   the greatest value
 * @property {boolean} [isLog]  whether the vertical axis is logarithmic
 * @property {number} [reference]  a value to be compared with, drawn as a line across
 * @property {() => number} [lastEpoch]  how far the horizontal axis reaches at least
 * @property {() => [number, number] | null} zoom  the part of the horizontal axis that is shown; null: all
 * @property {() => number[]} changes  epochs at which the settings were changed
 * @property {number} [room]  above the curves
 * @property {(plot: uPlot) => void} [onDraw]  draws over the curves
 * @property {(index: number | null) => void} onHover  is told the point under the pointer
 * @property {(from: number, to: number) => void} onSelect  is told which part a drag chose
 */

/**
 * How a curve of one part of the data looks.
 *
 * @param {Line} line
 * @param {Colours["css"]} css
 */
export const lineLook = (line, css) => ({
  stroke: line === "solid" ? css.ink : css.inkSoft,
  width: line === "solid" ? 2 : 1.5,
  dash: DASHES[line],
});

/**
 * Make a chart of metrics over epochs inside `parent`.
 *
 * @param {HTMLElement} parent
 * @param {Colours} colours
 * @param {ChartOptions} options
 */
export function createChart(parent, { css }, options) {
  const { curves, height, format, formatEpoch, reference, isLog = false, zoom, room = 8, onDraw, onHover, onSelect } = options;
  const style = getComputedStyle(parent);
  const textPx = Number.parseFloat(style.getPropertyValue("--text-small"));
  const font = `${textPx}px ${style.fontFamily}`;
  const axis = { stroke: css.inkSoft, font, ticks: { show: false }, grid: { stroke: css.line, width: 1 } };
  return new uPlot(
    {
      width: Math.max(120, parent.clientWidth),
      height,
      padding: [room, 14, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        points: { size: 7, width: 1.5, fill: css.card },
        drag: { x: true, y: false, setScale: false },
        dataIdx: (plot, curve, index) => (curve === 0 ? index : nearestTold(/** @type {any} */ (plot.data[curve]), index)),
        // What a double press does is decided where the zoom is kept.
        bind: { dblclick: () => null },
      },
      scales: {
        x: { time: false, range: (_, _low, high) => zoom() ?? wholeRange(options, high) },
        y: { distr: isLog ? 3 : 1, range: (_, low, high) => valueRange(options, low, high) },
      },
      axes: [
        {
          ...axis,
          size: 2 * textPx,
          gap: 4,
          space: 40,
          values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? formatEpoch(tick) : "")),
        },
        {
          ...axis,
          // As wide as its labels: of a logarithmic axis these are long.
          size: (_, labels) => Math.max(38, 10 + 0.6 * textPx * Math.max(0, ...(labels ?? []).map((label) => label.length))),
          gap: 6,
          space: 26,
          ...(isLog ? { splits: (_, __, from, to) => logTicks(from, to), filter: (_, ticks) => ticks } : {}),
          values: (_, ticks) => ticks.map(format),
        },
      ],
      series: [
        {},
        ...curves.map(({ label, stroke, width, dash, hasMarks = false, isFaint = false }) => ({
          label,
          stroke: isFaint ? css.inkFaint : stroke,
          width: isFaint ? 1 : width,
          alpha: isFaint ? 0.45 : 1,
          dash: isFaint ? undefined : dash,
          points: hasMarks ? { show: true, size: 5, fill: css.inkSoft } : { show: false },
        })),
      ],
      hooks: {
        drawAxes: [(plot) => drawMarkers(plot, css, options.changes(), reference)],
        draw: onDraw === undefined ? [] : [onDraw],
        setCursor: [(plot) => onHover(plot.cursor.idx ?? null)],
        setSelect: [
          (plot) => {
            const { left, width } = plot.select;
            if (width < 4) return;
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            onSelect(plot.posToVal(left, "x"), plot.posToVal(left + width, "x"));
          },
        ],
      },
    },
    [[], ...curves.map(() => [])],
    parent,
  );
}

/**
 * Return the whole horizontal axis.
 *
 * @param {Pick<ChartOptions, "lastEpoch">} options
 * @param {number | null | undefined} high  the last point's place
 * @returns {[number, number]}
 */
export const wholeRange = ({ lastEpoch = () => 1 }, high) => [0, Math.max(1, lastEpoch(), high ?? 1)];

/**
 * Return the whole vertical axis.
 *
 * @param {Pick<ChartOptions, "bounds" | "isLog" | "zoom">} options
 * @param {number | null} low  the least value that is seen
 * @param {number | null} high  the largest
 * @returns {[number, number]}
 */
export function valueRange({ bounds, isLog, zoom }, low, high) {
  if (isLog) return logBounds(low, high);
  // Who looks closely at some epochs wants to see how their values differ, not how far they are from zero.
  if (zoom() && low !== null && high !== null) {
    const margin = (high - low) * 0.08 || Math.abs(high) * 0.05 || 0.5;
    return [low - margin, high + margin];
  }
  return bounds(low, high);
}

/**
 * Draw where the settings were changed, with a marker on top, and the value to be compared with.
 *
 * @param {uPlot} plot
 * @param {Colours["css"]} css
 * @param {number[]} changes
 * @param {number | undefined} reference
 */
function drawMarkers(plot, css, changes, reference) {
  const { ctx, bbox } = plot;
  const marker = MARKER_PX * devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = css.inkFaint;
  ctx.fillStyle = css.inkSoft;
  ctx.lineWidth = 1;
  ctx.setLineDash([2, 3]);
  for (const epoch of changes) {
    const x = Math.round(plot.valToPos(epoch, "x", true)) + 0.5;
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(x - marker, bbox.top - marker);
    ctx.lineTo(x + marker, bbox.top - marker);
    ctx.lineTo(x, bbox.top + marker);
    ctx.fill();
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
}
