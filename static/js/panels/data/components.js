/**
 * The plane along which examples differ most, as the server tells it.
 *
 * @typedef {object} Components
 * @property {number[]} mean
 * @property {number[][]} components  two directions
 * @property {number[]} explained  the share of the differences along each
 */

/** So many columns say what a direction is. */
const TOLD = 3;
/** Columns of less weight than this in a direction do not make it. */
const LEAST_WEIGHT = 0.25;
/** Left around the outermost example. */
const ROOM = 1.08;

/**
 * Return where examples lie on the plane of the components.
 *
 * @param {number[][]} inputs
 * @param {Components} plane
 */
export function projected(inputs, { mean, components }) {
  return inputs.map((row) =>
    components.map((direction) => direction.reduce((sum, weight, index) => sum + weight * (row[index] - mean[index]), 0)),
  );
}

/**
 * Return the ends of both axes: the same on all sides, so that distances are true.
 *
 * @param {number[][]} points
 * @returns {[number, number]}
 */
export function planeAround(points) {
  const reach = points.reduce((most, [x, y]) => Math.max(most, Math.abs(x), Math.abs(y)), 0) || 1;
  return [-ROOM * reach, ROOM * reach];
}

/**
 * Return the columns that a direction is made of, the weightiest first, each with its sign.
 *
 * @param {number[]} direction
 * @param {string[]} names
 */
export function toldColumns(direction, names) {
  return direction
    .map((weight, index) => ({ name: names[index], weight }))
    .filter(({ weight }) => Math.abs(weight) >= LEAST_WEIGHT)
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, TOLD)
    .map(({ name, weight }) => `${weight < 0 ? "−" : "+"} ${name}`);
}
