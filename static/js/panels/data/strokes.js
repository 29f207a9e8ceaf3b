/** @typedef {readonly [number, number, number]} PaintedPoint  x, y and the class */
/** @typedef {readonly PaintedPoint[]} PaintedPoints */
/** @typedef {{ x: number, y: number }} Place  on the plane */

/** The ends of both axes. */
const [LOW, HIGH] = [-6, 6];
/** As many stand in the spec itself; more travel as a table. */
export const MOST_INLINE = 200;
export const MOST_POINTS = 2000;
/** Points can be of so many classes; a data set needs two at least. */
export const MOST_CLASSES = 6;
/** More strokes than these nobody takes back. */
const MOST_UNDONE = 200;

const TURN = 2 * Math.PI;

/**
 * Points that a reader paints, and the way back. What is done between `begin` and the next one is a stroke: one undo
 * takes all of it back.
 */
export class Strokes {
  /** @type {PaintedPoints[]} */
  #before = [];
  /** @type {PaintedPoints[]} */
  #after = [];
  /** @type {PaintedPoints} */
  points;

  /** @param {PaintedPoints} points */
  constructor(points = []) {
    this.points = points.slice(0, MOST_POINTS);
  }

  get canUndo() {
    return this.#before.length > 0;
  }

  get canRedo() {
    return this.#after.length > 0;
  }

  /** Begin a stroke. One that changes nothing leaves nothing to undo. */
  begin() {
    if (this.#before.at(-1) !== this.points) this.#before.push(this.points);
    if (this.#before.length > MOST_UNDONE) this.#before.shift();
    this.#after = [];
  }

  /** End a stroke, and return whether it has changed anything. */
  end() {
    const hasChanged = this.#before.at(-1) !== this.points;
    if (!hasChanged) this.#before.pop();
    return hasChanged;
  }

  undo() {
    this.#turnBack(this.#before, this.#after);
  }

  redo() {
    this.#turnBack(this.#after, this.#before);
  }

  /**
   * @param {PaintedPoints[]} from
   * @param {PaintedPoints[]} to
   */
  #turnBack(from, to) {
    const points = from.pop();
    if (points === undefined) return;
    to.push(this.points);
    this.points = points;
  }

  /**
   * Add a point; return its number, or −1 if there are as many as there may be.
   *
   * @param {Place} place
   * @param {number} ofClass
   */
  add(place, ofClass) {
    if (this.points.length >= MOST_POINTS) return -1;
    this.points = [...this.points, pointAt(place, ofClass)];
    return this.points.length - 1;
  }

  /**
   * Add several points around a place.
   *
   * @param {Place} place
   * @param {number} ofClass
   * @param {{ count: number, radius: number, random?: () => number }} brush
   */
  spray({ x, y }, ofClass, { count, radius, random = Math.random }) {
    for (let index = 0; index < count; index += 1) {
      const angle = TURN * random();
      // As many points in each part of the disc as it has area.
      const distance = radius * Math.sqrt(random());
      this.add({ x: x + distance * Math.cos(angle), y: y + distance * Math.sin(angle) }, ofClass);
    }
  }

  /**
   * @param {number} index
   * @param {Place} place
   */
  move(index, place) {
    if (this.points[index] === undefined) return;
    const moved = pointAt(place, this.points[index][2]);
    this.points = this.points.map((point, other) => (other === index ? moved : point));
  }

  /**
   * Take away the points around a place.
   *
   * @param {Place} place
   * @param {number} radius
   */
  erase(place, radius) {
    const kept = this.points.filter((point) => distanceTo(point, place) > radius);
    if (kept.length < this.points.length) this.points = kept;
  }

  clear() {
    if (this.points.length > 0) this.points = [];
  }

  /**
   * Return the number of the point that lies nearest to a place, or −1 if none is within reach. Of several at one place
   * it is the last: it lies on top.
   *
   * @param {Place} place
   * @param {number} reach
   */
  nearest(place, reach) {
    let [best, least] = [-1, reach];
    this.points.forEach((point, index) => {
      const distance = distanceTo(point, place);
      if (distance <= least) [best, least] = [index, distance];
    });
    return best;
  }
}

/**
 * Return what a spec says of these points; null where they are to be a table.
 *
 * @param {PaintedPoints} points
 */
export function inlinePoints(points) {
  return points.length > MOST_INLINE ? null : { points, task: taskOf(points) };
}

/** @param {PaintedPoints} points */
export const taskOf = (points) => (points.some(([, , ofClass]) => ofClass > 1) ? "multiclass" : "binary");

/** @param {PaintedPoints} points */
export const tableOf = (points) => ({ columns: ["x", "y", "class"], rows: points.map((point) => [...point]) });

/**
 * Return the points of a table that was painted; null for any other.
 *
 * @param {{ columns: string[], rows: (number | string | null)[][] }} table
 * @returns {PaintedPoint[] | null}
 */
export function pointsOf({ columns, rows }) {
  if (columns.join() !== "x,y,class" || rows.length > MOST_POINTS) return null;
  const points = rows.map(([x, y, ofClass]) => [x, y, ofClass]);
  const isPainted = points.every(
    ([x, y, ofClass]) => isOnAxis(x) && isOnAxis(y) && Number.isInteger(ofClass) && isOfClass(Number(ofClass)),
  );
  return isPainted ? points.map(([x, y, ofClass]) => pointAt({ x: Number(x), y: Number(y) }, Number(ofClass))) : null;
}

/** @param {any} value */
const isOnAxis = (value) => typeof value === "number" && value >= LOW && value <= HIGH;

/** @param {number} value */
const isOfClass = (value) => value >= 0 && value < MOST_CLASSES;

/**
 * @param {Place} place
 * @param {number} ofClass
 * @returns {PaintedPoint}
 */
const pointAt = ({ x, y }, ofClass) => [rounded(x), rounded(y), ofClass];

/** Return a coordinate within the plane, with two decimals, and never −0. @param {number} value */
const rounded = (value) => Math.round(Math.min(HIGH, Math.max(LOW, value)) * 100) / 100 + 0;

/**
 * @param {PaintedPoint} point
 * @param {Place} place
 */
const distanceTo = ([x, y], place) => Math.hypot(x - place.x, y - place.y);
