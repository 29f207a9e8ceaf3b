/** @import { Point } from "./types.js" */

/**
 * Return the points of `run` with the new ones behind. Points are numbered by `n`; one that is already here is not
 * taken twice, so that overlapping deliveries (a reconnect, the history) do no harm.
 *
 * @param {Point[]} points  in order of n
 * @param {Point[]} incoming  in order of n
 * @param {number} run
 */
export function mergePoints(points, incoming, run) {
  const kept = points.length > 0 && points[0].run !== run ? [] : points;
  const last = kept.at(-1)?.n ?? 0;
  const fresh = incoming.filter((point) => point.run === run && point.n > last);
  return fresh.length === 0 ? kept : [...kept, ...fresh];
}

/**
 * Return the history with the points behind that arrived while it was fetched. What the server has dropped to keep the
 * number of points bounded disappears here too.
 *
 * @param {Point[]} points
 * @param {Point[]} history
 * @param {number} run
 */
export function replacePoints(points, history, run) {
  return mergePoints(
    history.filter((point) => point.run === run),
    points,
    run,
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
