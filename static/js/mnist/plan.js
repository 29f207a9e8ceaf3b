/** @import { Point } from "../types.js" */

/** A pace is measured over the last so many seconds: the machine may have become slower or faster. */
const WINDOW_S = 15;
/** Before this the first steps would be mistaken for the pace. */
const FIRST_S = 0.7;

/**
 * Return how many batches make an epoch.
 *
 * @param {number} samples
 * @param {number} share  of them that the network learns from
 * @param {number} batchSize
 */
export const batchesPerEpoch = (samples, share, batchSize) =>
  Math.max(1, Math.ceil(Math.round(samples * share) / batchSize));

/**
 * Return where a point lies, in epochs: within one, by the batch.
 *
 * @param {Point} point
 * @param {number} batches  of an epoch
 */
export const placeOf = (point, batches) => point.epoch + Math.min(1, (point.batch ?? 0) / batches);

/** How fast it goes, and so how long it will take. */
export class Pace {
  /** @type {{ time_s: number, place: number }[]} */
  #marks = [];

  /**
   * Note that a place, in epochs, was reached. Going back means a new run.
   *
   * @param {number} time_s
   * @param {number} place
   */
  note(time_s, place) {
    const last = this.#marks.at(-1);
    if (last !== undefined && place < last.place) this.#marks = [];
    if (last !== undefined && place === last.place) return;
    this.#marks.push({ time_s, place });
    while (this.#marks.length > 2 && this.#marks[1].time_s < time_s - WINDOW_S) this.#marks.shift();
  }

  /** It stood still: what was before says nothing about what comes. */
  forget() {
    this.#marks = [];
  }

  /**
   * Return how many seconds are left until `goal`, or null while nothing is known.
   *
   * @param {number} goal  in epochs
   */
  secondsLeft(goal) {
    const [first, last] = [this.#marks[0], this.#marks.at(-1)];
    if (first === undefined || last === undefined || last.time_s - first.time_s < FIRST_S) return null;
    return ((goal - last.place) * (last.time_s - first.time_s)) / (last.place - first.place);
  }
}

/**
 * Return the lower end of an axis on which accuracies like these can be told apart.
 *
 * @param {number} accuracy  the lowest of the newest ones
 */
export const accuracyFloor = (accuracy) => [0.9, 0.8, 0.5].find((floor) => accuracy > floor + 0.02) ?? 0;
