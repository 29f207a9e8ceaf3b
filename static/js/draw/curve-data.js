/** @import { Point } from "../types.js" */

/**
 * @typedef {(number | null | undefined)[]} Values  null leaves a gap, undefined none: it is not measured at every point
 */

/** What a point says that is no measure of the network. */
const NO_METRICS = new Set(["n", "run", "step", "epoch", "batch"]);
const PREFIX = /^(validation_|test_)/;

/**
 * Return the metrics that points tell, without the part of the data that they belong to, in the order in which they come.
 *
 * @param {readonly Point[]} points
 */
export function metricsOf(points) {
  const names = points.flatMap((point) => Object.keys(point)).filter((name) => !NO_METRICS.has(name));
  return [...new Set(names.map((name) => name.replace(PREFIX, "")))];
}

/**
 * Return an exponential moving mean of `values`, each weighing (1 − amount) of the sum so far; 0 leaves them as they are.
 * The first ones are not pulled towards zero (Kingma and Ba, Adam, 2015, section 3).
 *
 * @param {Values} values
 * @param {number} amount  from 0 to below 1
 * @returns {Values}
 */
export function smooth(values, amount) {
  if (amount === 0) return values;
  let mean = 0;
  let weight = 1;
  return values.map((value) => {
    if (value === null || value === undefined) return value;
    mean = amount * mean + (1 - amount) * value;
    weight *= amount;
    return mean / (1 - weight);
  });
}

/**
 * Return a metric of the points; on a logarithmic axis what is not above zero has no place.
 *
 * @param {readonly Point[]} points
 * @param {string} metric
 * @param {boolean} isLog
 * @returns {Values}
 */
export const valuesOf = (points, metric, isLog) =>
  points.map(({ [metric]: value }) => (isLog && typeof value === "number" && value <= 0 ? null : value));

/** How far one may look into curves: a window narrower than this share of them shows nothing more. */
const NARROWEST = 1 / 2000;

/**
 * Return a window of an axis after zooming; null where it shows everything again.
 *
 * @param {[number, number]} window
 * @param {[number, number]} whole
 * @param {number} factor  below 1: closer
 * @param {number} around  what stays in its place
 * @returns {[number, number] | null}
 */
export function zoomed([from, to], [low, high], factor, around) {
  const width = Math.max((high - low) * NARROWEST, (to - from) * factor);
  if (width >= high - low) return null;
  const share = to > from ? (around - from) / (to - from) : 0.5;
  const start = Math.min(high - width, Math.max(low, around - share * width));
  return [start, start + width];
}

/**
 * Return the ends of a logarithmic axis: 1, 2 or 5 times a power of ten around the values.
 *
 * @param {number | null} low
 * @param {number | null} high
 * @returns {[number, number]}
 */
export function logBounds(low, high) {
  const least = low !== null && low > 0 ? low : 0.1;
  const most = Math.max(high ?? 1, least);
  const steps = [1, 2, 5, 10];
  const floor = 10 ** Math.floor(Math.log10(least));
  const ceiling = 10 ** Math.floor(Math.log10(most));
  const from = floor * (steps.findLast((step) => step * floor <= least * 1.000001) ?? 1);
  const to = ceiling * (steps.find((step) => step * ceiling >= most * 0.999999) ?? 10);
  return from < to ? [from, to] : [from / 2, to * 2];
}

/**
 * Return the ticks of a logarithmic axis: powers of ten, and 2 and 5 times them where there are few, or all between.
 *
 * @param {number} from
 * @param {number} to
 */
export function logTicks(from, to) {
  const ratio = to / from;
  const steps = ratio < 6 ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : ratio < 150 ? [1, 2, 5] : [1];
  const ticks = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power += 1) {
    for (const step of steps) {
      const tick = Number((step * 10 ** power).toPrecision(3));
      if (tick >= from * 0.999 && tick <= to * 1.001) ticks.push(tick);
    }
  }
  return ticks;
}

/**
 * Return the ticks of an even axis: multiples of 1, 2 or 5 times a power of ten, at most so many.
 *
 * @param {number} from
 * @param {number} to
 * @param {number} most
 */
export function evenTicks(from, to, most) {
  const least = (to - from) / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= least * 0.999999) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/**
 * Return at most `most` of the points, evenly chosen, the first and the last among them.
 *
 * @param {readonly Point[]} points
 * @param {number} most
 */
export function thinned(points, most) {
  if (points.length <= most) return points;
  return Array.from({ length: most }, (_, index) => points[Math.round((index * (points.length - 1)) / (most - 1))]);
}
