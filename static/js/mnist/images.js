import { ranges } from "./choice.js";
import { decodeRows } from "./npy.js";

/** @import { Api } from "../api.js" */
/** @import { Session } from "../session.js" */

/** Asking once for a few images too many costs less than asking twice. */
const GAP = 6;
const REQUESTS_AT_ONCE = 4;

/** The test images that have been needed so far. They are the same for every session. */
export class TestImages {
  #api;
  #session;
  /** @type {Map<number, Uint8Array>} */
  #known = new Map();

  /**
   * @param {Api} api
   * @param {Session} session
   */
  constructor(api, session) {
    this.#api = api;
    this.#session = session;
  }

  /** @param {number} index */
  get(index) {
    return this.#known.get(index);
  }

  /**
   * Fetch those of `indices` that are not here yet; `onArrival` is called whenever some have come.
   *
   * @param {readonly number[]} indices
   * @param {() => void} [onArrival]
   */
  async fetch(indices, onArrival = () => {}) {
    const { credentials } = this.#session;
    if (credentials === null) return;
    const wanted = ranges(
      indices.filter((index) => !this.#known.has(index)),
      GAP,
    );
    const worker = async () => {
      for (let range = wanted.shift(); range !== undefined; range = wanted.shift()) {
        const { offset, limit } = range;
        const rows = decodeRows(await this.#api.images(credentials, "test", offset, limit));
        rows.forEach((row, at) => this.#known.set(offset + at, row));
        onArrival();
      }
    };
    await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, worker));
  }
}
