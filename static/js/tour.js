import { signal } from "@preact/signals";

/** What the tour tells of, in this order. */
export const STEPS = /** @type {const} */ (["data", "network", "output", "run", "next"]);

const KEY = "tour";
const SEEN = "seen";

/**
 * Where the tour stands; `isAsked`: the reader has pressed something for it, so that it may take the focus.
 */
export const tourStep = signal(/** @type {{ index: number, isAsked: boolean } | null} */ (null));

/**
 * Begin the tour for who has never seen it, unless the address says `?tour=0`.
 *
 * @param {Pick<Storage, "getItem">} storage
 * @param {string} query  of the address
 */
export function offerTour(storage, query) {
  if (new URLSearchParams(query).get("tour") === "0") return;
  try {
    if (storage.getItem(KEY) === SEEN) return;
  } catch {
    // Storage is forbidden: it can't be known, and one press ends it.
  }
  tourStep.value = { index: 0, isAsked: false };
}

/** End the tour, for good: it comes back only when it is asked for. */
export function endTour() {
  tourStep.value = null;
  try {
    localStorage.setItem(KEY, SEEN);
  } catch {
    // It will be offered again.
  }
}
