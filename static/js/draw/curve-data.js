/** @import { Point } from "../types.js" */

/**
 * @typedef {(number | null | undefined)[]} Values  null leaves a gap, undefined none: it is not measured at every point
 *
 * @typedef {object} Drawn  what curves are made of
 * @property {number[]} places  in epochs, rising
 * @property {Values[]} values  of each curve at these places
 */

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
 * Return values as they stand on an axis: what is not above zero has no place on a logarithmic one.
 *
 * @param {Values} values
 * @param {boolean} isLog
 * @returns {Values}
 */
export const onAxis = (values, isLog) =>
  isLog ? values.map((value) => (typeof value === "number" && value <= 0 ? null : value)) : values;

/**
 * Return the index of the value that is told nearest to a place: not all curves are measured at all of them.
 *
 * @param {Values} values
 * @param {number} index
 */
export function nearestTold(values, index) {
  for (let distance = 0; distance < values.length; distance += 1) {
    if (typeof values[index - distance] === "number") return index - distance;
    if (typeof values[index + distance] === "number") return index + distance;
  }
  return index;
}

/**
 * Return the index of the place that is nearest; places rise.
 *
 * @param {number[]} places
 * @param {number} wanted
 */
export function nearestIndex(places, wanted) {
  let [low, high] = [0, places.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low > 0 && wanted - places[low - 1] < places[low] - wanted ? low - 1 : low;
}

/**
 * Return the ends of a metric's axis: where it has both ends, these; without an upper one, from zero to above the largest
 * value; without a lower one, from zero to the upper end, and below zero as far as it goes, but no further than above. What
 * is worse than that would press everything else flat.
 *
 * @param {[number | null, number | null]} range  within which the metric lies
 * @param {number | null} low  the least value
 * @param {number | null} high  the greatest one
 * @returns {[number, number]}
 */
export function endsOfAxis([least, most], low, high) {
  if (most === null) return [least ?? 0, niceCeiling(high ?? 1)];
  if (least !== null) return [least, most];
  return [low !== null && low < 0 ? -Math.min(most, niceCeiling(-low)) : 0, most];
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
