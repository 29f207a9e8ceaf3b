/**
 * The parameters of a network as they were in the frames that the page has drawn, so that each can be shown as a curve.
 * Their number is bounded: when all places are taken every second one goes, and new ones come half as often.
 *
 * @typedef {{ step: number, epoch: number, values: Float32Array }} Moment
 */

const MAX_MOMENTS = 400;
const FEWEST_MOMENTS = 16;

export class WeightHistory {
  #bytes;
  /** @type {Moment[]} */
  #moments = [];
  /** Steps that must lie between two moments; the newest may be nearer, and is then replaced by the next one. */
  #distance = 1;

  /** @param {number} [bytes]  that it may take at most */
  constructor(bytes = 2_000_000) {
    this.#bytes = bytes;
  }

  /**
   * Take down how a network stands. Another network, or an earlier step, begins anew from there.
   *
   * @param {number} step
   * @param {number} epoch
   * @param {ArrayLike<number>} parameters
   */
  record(step, epoch, parameters) {
    const most = Math.min(MAX_MOMENTS, Math.floor(this.#bytes / (4 * parameters.length)));
    if (most < FEWEST_MOMENTS || this.#moments[0]?.values.length !== parameters.length) this.clear();
    if (most < FEWEST_MOMENTS) return;
    const moments = this.#moments;
    while ((moments.at(-1)?.step ?? -1) >= step) moments.pop();
    if (moments.length === 0) this.#distance = 1;
    const isNear = moments.length > 1 && step - moments[moments.length - 2].step < this.#distance;
    if (isNear) moments.pop();
    moments.push({ step, epoch, values: Float32Array.from(parameters) });
    if (moments.length <= most) return;
    this.#moments = moments.filter((_, place) => place % 2 === 0 || place === moments.length - 1);
    this.#distance = Math.max(2 * this.#distance, Math.ceil((step - moments[0].step) / most));
  }

  clear() {
    this.#moments = [];
    this.#distance = 1;
  }

  /** Oldest first. @returns {readonly Moment[]} */
  get moments() {
    return this.#moments;
  }

  /**
   * Return how a parameter has gone, oldest first.
   *
   * @param {number} index
   */
  of(index) {
    return this.#moments.map(({ step, epoch, values }) => ({ step, epoch, value: values[index] }));
  }
}
