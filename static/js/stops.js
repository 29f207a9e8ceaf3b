/** @import { Point } from "./types.js" */

/**
 * The steps of a run that a slider stops at: its first, those with a point, its newest.
 *
 * @typedef {{ step: number, epoch: number, loss: number | null }} Stop
 */

/**
 * @param {readonly Point[]} points  in order, of one line
 * @param {{ first: number, newest: number, newest_epoch: number }} timeline
 * @returns {Stop[]}
 */
export function stopsOf(points, { first, newest, newest_epoch }) {
  /** @type {Stop[]} */
  const stops = [];
  for (const { step, epoch, loss } of points) {
    if (step >= first && step > (stops.at(-1)?.step ?? -1)) stops.push({ step, epoch, loss: loss ?? null });
  }
  if (stops[0]?.step !== first) {
    // What came before the first point is known by its step alone.
    stops.unshift({ step: first, epoch: first === 0 ? 0 : (stops[0]?.epoch ?? newest_epoch), loss: null });
  }
  if (newest > /** @type {Stop} */ (stops.at(-1)).step) stops.push({ step: newest, epoch: newest_epoch, loss: null });
  return stops;
}

/**
 * Return the place among the stops of a step, that of the last one up to it.
 *
 * @param {readonly Stop[]} stops
 * @param {number} step
 */
export function placeOf(stops, step) {
  let [low, high] = [0, stops.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (stops[middle].step <= step) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Return how high each loss lies, from 0 to 1, on a scale that shows its course: logarithmic where it spans a lot.
 *
 * @param {readonly Stop[]} stops
 * @returns {(number | null)[]}
 */
export function heightsOf(stops) {
  const known = stops.map(({ loss }) => loss).filter((loss) => loss !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const scale = low > 0 && high > 10 * low ? Math.log : (/** @type {number} */ loss) => loss;
  const span = scale(high) - scale(low);
  return stops.map(({ loss }) => (loss === null ? null : span > 0 ? (scale(loss) - scale(low)) / span : 0.5));
}
