/** @import { Place, Stroke } from "./digit.js" */

const MAX_STROKES = 200;
const MAX_POINTS = 20_000;

/** What is drawn on the pad: strokes, the newest last. What goes beyond the caps is not taken. */
export class Drawing {
  /** @type {Stroke[]} */
  strokes = [];
  /** Whether something was not taken, since the last time that something was removed. */
  isFull = false;
  #points = 0;

  /**
   * Begin a stroke; return whether it was taken.
   *
   * @param {Place} place
   */
  begin(place) {
    this.isFull = this.strokes.length >= MAX_STROKES || this.#points >= MAX_POINTS;
    if (this.isFull) return false;
    this.strokes.push([place]);
    this.#points += 1;
    return true;
  }

  /**
   * Lengthen the newest stroke; return the place that it went on from, or null if there is no room.
   *
   * @param {Place} place
   */
  extend(place) {
    const stroke = this.strokes.at(-1);
    this.isFull = this.#points >= MAX_POINTS;
    if (stroke === undefined || this.isFull) return null;
    const from = stroke[stroke.length - 1];
    stroke.push(place);
    this.#points += 1;
    return from;
  }

  /** Take the newest stroke away. */
  undo() {
    this.#points -= this.strokes.pop()?.length ?? 0;
    this.isFull = false;
  }

  clear() {
    this.strokes = [];
    this.#points = 0;
    this.isFull = false;
  }
}
