/** @import { Frame } from "./frame.js" */
/** @import { Layer } from "./types.js" */

/**
 * What a frame holds for a network, or null where it holds nothing or is of another network: between a rebuild and its
 * first frame the newest one is still the old one.
 */

/**
 * @param {Frame | null} frame
 * @param {number} count
 */
export function parametersOf(frame, count) {
  const values = frame?.arrays.get("parameters")?.values;
  return values?.length === count ? values : null;
}

/** The layers of which each frame is that has been drawn. @type {WeakMap<Frame, Layer[]>} */
const known = new WeakMap();

/**
 * The layers of which a frame is, null where it cannot be told. While another network is on its way the newest frame is
 * still the old one's: it is known by what it was drawn as.
 *
 * @param {Frame | null} frame
 * @param {Layer[]} told  those of the network that the server has told of last
 */
export function layersOf(frame, told) {
  if (frame === null) return null;
  const before = known.get(frame);
  if (before !== undefined) return before;
  if (parametersOf(frame, told.reduce((sum, { parameters }) => sum + parameters, 0)) === null && unitsOf(frame, told) === null) {
    return null;
  }
  known.set(frame, told);
  return told;
}

/**
 * What changes each parameter; it comes to who asks for it.
 *
 * @param {Frame | null} frame
 * @param {number} count
 */
export function gradientsOf(frame, count) {
  const values = frame?.arrays.get("gradients")?.values;
  return values?.length === count ? values : null;
}

/**
 * The maps of all units, in layer order; `at` gives one, its values over its own range.
 *
 * @param {Frame | null} frame
 * @param {Layer[]} layers
 */
export function unitsOf(frame, layers) {
  const array = frame?.arrays.get("units");
  if (array === undefined || array.ranges === undefined) return null;
  const { values, ranges } = array;
  const [count, rows, columns] = array.shape;
  if (count !== layers.reduce((sum, { units }) => sum + units, 0)) return null;
  return {
    at: (/** @type {number} */ index) => ({
      values: values.subarray(index * rows * columns, (index + 1) * rows * columns),
      range: ranges[index],
      rows,
      columns,
    }),
  };
}

/**
 * The output on the grid: one value for each point, or one for each class and point, class by class. The values of a
 * class lie over its own of the `ranges`.
 *
 * @param {Frame | null} frame
 */
export function boundaryOf(frame) {
  const array = frame?.arrays.get("boundary");
  if (array === undefined || array.range === undefined) return null;
  const { values, range, ranges = [range] } = array;
  const [rows, columns] = array.shape.slice(-2);
  return { values, ranges, rows, columns };
}
