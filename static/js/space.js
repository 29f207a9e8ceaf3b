/**
 * The space as a layer sees it, held still: principal components have no signs of their own, and two that are about as
 * long may change places, so that each answer is turned to lie as the last one did.
 *
 * @typedef {object} Space  as GET /sessions/{id}/space tells it
 * @property {number} step
 * @property {number} layer
 * @property {number} units
 * @property {boolean} projected
 * @property {number[][]} points
 * @property {number[]} targets
 * @property {number} total
 * @property {number[]} explained
 * @property {number[][]} components
 * @property {number[][][] | null} grid
 * @property {[number, number][]} ranges
 * @property {{ range: [number, number], values: (number | null)[][][] } | null} field
 */

/** An axis keeps its length for as long as what is on it takes more than this share of it. */
const LEAST_SHARE = 0.55;

/**
 * Return how the new axes are to be taken so that they are as like the old ones as can be.
 *
 * @param {number[][]} previous  two directions
 * @param {number[][]} components  two directions
 * @returns {{ order: [number, number], signs: [number, number] }}  axis i is component `order[i]` times `signs[i]`
 */
export function alignAxes(previous, components) {
  const likeness = previous.map((axis) => components.map((other) => dot(axis, other)));
  const straight = Math.abs(likeness[0][0]) + Math.abs(likeness[1][1]);
  const crossed = Math.abs(likeness[0][1]) + Math.abs(likeness[1][0]);
  /** @type {[number, number]} */
  const order = crossed > straight ? [1, 0] : [0, 1];
  return { order, signs: [likeness[0][order[0]] < 0 ? -1 : 1, likeness[1][order[1]] < 0 ? -1 : 1] };
}

/**
 * Return a space turned to lie as the previous one of the same layer; its axes keep their ends where they can.
 *
 * @param {Space | null} previous
 * @param {Space} space
 * @returns {Space}
 */
export function steady(previous, space) {
  const isSameKind =
    previous !== null && previous.layer === space.layer && previous.units === space.units && space.projected;
  if (!isSameKind) return space;
  const { order, signs } = alignAxes(previous.components, space.components);
  const turn = (/** @type {number[]} */ point) => [signs[0] * point[order[0]], signs[1] * point[order[1]]];
  const ranges = order.map((from, axis) => {
    const [low, high] = space.ranges[from];
    return steadyRange(previous.ranges[axis], signs[axis] < 0 ? [-high, -low] : [low, high]);
  });
  return {
    ...space,
    points: space.points.map(turn),
    grid: space.grid?.map((row) => row.map(turn)) ?? null,
    components: order.map((from, axis) => space.components[from].map((value) => signs[axis] * value + 0)),
    explained: order.map((from) => space.explained[from]),
    ranges,
  };
}

/**
 * @param {[number, number]} previous
 * @param {[number, number]} next
 * @returns {[number, number]}
 */
export function steadyRange(previous, next) {
  const fits = previous[0] <= next[0] && next[1] <= previous[1];
  const share = (next[1] - next[0]) / (previous[1] - previous[0]);
  return fits && share > LEAST_SHARE ? previous : next;
}

/**
 * Return where each class lies: how many of its examples there are, their middle, and how far they spread.
 *
 * @param {Space} space
 */
export function classesIn({ points, targets }) {
  const classes = [...new Set(targets)].sort((a, b) => a - b);
  return classes.map((target) => {
    const own = points.filter((_, index) => targets[index] === target);
    const middle = [0, 1].map((axis) => own.reduce((sum, point) => sum + point[axis], 0) / own.length);
    const spread = [0, 1].map((axis) =>
      Math.sqrt(own.reduce((sum, point) => sum + (point[axis] - middle[axis]) ** 2, 0) / own.length),
    );
    return { target, count: own.length, middle, spread };
  });
}

/**
 * @param {number[]} a
 * @param {number[]} b
 */
const dot = (a, b) => a.reduce((sum, value, index) => sum + value * b[index], 0);
