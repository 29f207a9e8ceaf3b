import { composePatches } from "./patch.js";
import { explainAdjustment, isWorthTelling } from "./problems.js";

/** @import { Store } from "./store.js" */
/** @import { Json } from "./types.js" */

/**
 * A change of the spec on its way to the server.
 *
 * @typedef {{ patch: Json, keep: boolean, isTaken: Promise<boolean>, settle: (isTaken: boolean) => void }} Change
 */

/** @returns {Change} */
function newChange() {
  /** @type {(isTaken: boolean) => void} */
  let settle = () => {};
  const isTaken = new Promise((/** @type {(isTaken: boolean) => void} */ resolve) => {
    settle = resolve;
  });
  return { patch: {}, keep: false, isTaken, settle };
}

/**
 * Sends changes of the spec, one after the other. While an answer is awaited further changes gather into one patch, so
 * that dragging a slider sends as many as the server can take and ends with the last. The store shows what is expected.
 */
export class ChangeSender {
  #store;
  #send;
  /** @type {Change | null} */
  #inFlight = null;
  /** @type {Change | null} */
  #waiting = null;

  /**
   * @param {Store} store
   * @param {(command: Json) => Promise<any>} send  resolves to null where the server refuses, which has been told
   */
  constructor(store, send) {
    this.#store = store;
    this.#send = send;
  }

  /**
   * @param {Json} patch
   * @param {boolean} keep  whether what is built anew keeps its weights, whatever the reader has chosen
   * @returns {Promise<boolean>}  whether the server took it
   */
  change(patch, keep) {
    const waiting = (this.#waiting ??= newChange());
    waiting.patch = composePatches(waiting.patch, patch);
    waiting.keep ||= keep;
    this.#showExpected();
    if (this.#inFlight === null) this.#sendAll();
    return waiting.isTaken;
  }

  async #sendAll() {
    const { catalogue } = this.#store;
    while (this.#waiting !== null) {
      const change = this.#waiting;
      this.#inFlight = change;
      this.#waiting = null;
      const keep = change.keep || this.#store.keepsWeights.peek();
      const answer = await this.#send({ type: "configure", patch: change.patch, keep });
      this.#inFlight = null;
      if (answer !== null) {
        this.#store.dispatch({ type: "configured", spec: answer.spec });
        for (const adjustment of answer.adjusted ?? []) {
          if (!isWorthTelling(adjustment, catalogue.defaults)) continue;
          this.#store.notify(explainAdjustment(adjustment, (path) => catalogue.nameOf(path)));
        }
      }
      this.#showExpected();
      change.settle(answer !== null);
    }
  }

  #showExpected() {
    const [first, second] = [this.#inFlight?.patch ?? null, this.#waiting?.patch ?? null];
    this.#store.expectedPatch.value =
      first !== null && second !== null ? composePatches(first, second) : (first ?? second);
  }
}
