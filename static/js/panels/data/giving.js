import { ALL, featuresFor } from "./choosing.js";
import { MOST_INLINE, inlinePoints, tableOf, taskOf } from "./strokes.js";

/** @import { Session } from "../../session.js" */
/** @import { Store } from "../../store.js" */
/** @import { Chosen, Json } from "../../types.js" */
/** @import { PaintedPoints } from "./strokes.js" */

/**
 * Return the patch that puts another data set in place of the present one. What only the old one had is taken away
 * quietly: nobody asks for the noise of points that were painted.
 *
 * @param {Chosen} old
 * @param {Json} dataset
 */
const inPlaceOf = (old, dataset) => ({ ...Object.fromEntries(Object.keys(old).map((key) => [key, null])), ...dataset });

/**
 * Let the network learn a table, as these columns; what it has learned of other data is kept where it fits.
 *
 * @param {Store} store
 * @param {Session} session
 * @param {Json} table  `id`, `columns`, `target` …
 * @returns {Promise<boolean>}  whether the server took it
 */
export function giveTable({ catalogue, spec }, session, table) {
  const { dataset, split, features } = spec.peek().data;
  const chosen = inPlaceOf(dataset, { name: catalogue.givenBy("columns"), ...table });
  // Rows that a column names for testing are not for the split to share out; the server knows.
  const isStale = !table.split_column && (split.test === 0 || split.test === null);
  const patch = isStale ? { split: catalogue.defaults.data.split } : {};
  return session.configure({
    data: { dataset: chosen, ...featuresFor(catalogue, features, table.columns.length), ...patch },
  });
}

/**
 * Let the network learn painted points, in the spec or, where there are too many, as a table. It keeps what it has
 * learned so far. Throws Problem.
 *
 * @param {Store} store
 * @param {Session} session
 * @param {PaintedPoints} points
 * @param {string} name  what a table of them is called
 * @returns {Promise<string | null>}  the table, if they are one now
 */
export async function givePoints({ catalogue, spec }, session, points, name) {
  if (points.length === 0) return null;
  let given;
  let table = null;
  if (points.length > MOST_INLINE) {
    const { id } = await session.tables.add(tableOf(points), name);
    table = id;
    const columns = { target: "class", columns: ["x", "y"], task: taskOf(points), scaled: false };
    given = { name: catalogue.givenBy("columns"), id, ...columns };
  } else {
    given = { name: catalogue.givenBy("points"), ...inlinePoints(points) };
  }
  const { dataset, features } = spec.peek().data;
  // The first point of a new set: until now the split was another data set's.
  const split = isPainted(dataset) ? {} : { split: ALL };
  const patch = { dataset: inPlaceOf(dataset, given), ...featuresFor(catalogue, features, 2), ...split };
  await session.configure({ data: patch }, { keep: true });
  return table;
}

/** Whether a data set is points of the plane that were painted. @param {Chosen} dataset */
export const isPainted = (dataset) => Array.isArray(dataset.points) || dataset.scaled === false;
