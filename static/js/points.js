/** @import { Point } from "./types.js" */

/**
 * The runs whose past the present one goes on from, each with the step up to which its points belong to it.
 *
 * @typedef {readonly { run: number, step: number }[]} Line
 */

/**
 * Return the points of `run`, and of the line that leads to it, with the new ones behind. Points are numbered by `n`;
 * one that is already here is not taken twice, so that overlapping deliveries (a reconnect, the history) do no harm.
 *
 * @param {Point[]} points  in order of n
 * @param {Point[]} incoming  in order of n
 * @param {number} run
 * @param {Line} [line]
 */
export function mergePoints(points, incoming, run, line = []) {
  const belongs = (/** @type {Point} */ point) => isOnLine(point, run, line);
  // Where the newest is of this run, all of them are on its line: points come with every epoch.
  const kept = points.length === 0 || points.at(-1)?.run === run ? points : points.filter(belongs);
  const last = kept.at(-1)?.n ?? 0;
  const fresh = incoming.filter((point) => point.n > last && belongs(point));
  return fresh.length === 0 ? kept : [...kept, ...fresh];
}

/**
 * @param {Point} point
 * @param {number} run
 * @param {Line} line
 */
const isOnLine = (point, run, line) =>
  point.run === run || line.some((part) => part.run === point.run && point.step <= part.step);

/**
 * Return the history with the points behind that arrived while it was fetched. What the server has dropped to keep the
 * number of points bounded disappears here too.
 *
 * @param {Point[]} points
 * @param {Point[]} history
 * @param {number} run
 * @param {Line} [line]
 */
export function replacePoints(points, history, run, line = []) {
  return mergePoints(
    history.filter((point) => isOnLine(point, run, line)),
    points,
    run,
    line,
  );
}

/**
 * Return the highest number among points of whatever run: what a new connection has to ask from.
 *
 * @param {Point[]} points
 * @param {number} known
 */
export const lastNumber = (points, known) => Math.max(known, points.at(-1)?.n ?? 0);

/**
 * Return the newest value of a metric that is not told at every point, with its epoch.
 *
 * @param {readonly Point[]} points
 * @param {string} metric
 */
export function newest(points, metric) {
  const point = points.findLast((candidate) => metric in candidate);
  return point === undefined ? undefined : { epoch: point.epoch, value: point[metric] };
}
