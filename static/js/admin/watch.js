import { signal } from "@preact/signals";
import { t } from "../i18n.js";
import { explain, Problem } from "../problems.js";

/** @import { Api } from "../api.js" */
/** @import { Load } from "../types.js" */

const PERIOD_MS = 2000;
/** What the curves show. */
const KEPT_S = 300;

/**
 * The server between two looks at it: what totals alone don't tell.
 *
 * @typedef {object} Sample
 * @property {number} time_s  on the server's clock
 * @property {number | null} framesPerSecond  null where there is nothing to compare with
 * @property {number | null} memory  of all processes, in bytes
 * @property {(number | null)[]} processors  of the web process, then of each worker: 1 is one of the machine's
 */

/**
 * Return the token that an address names after `#`, or null.
 *
 * @param {string} fragment
 */
export const tokenIn = (fragment) => new URLSearchParams(fragment.replace(/^#/, "")).get("token");

/**
 * Compare the load with the one before it, if there was one since the server started.
 *
 * @param {Load | null} before
 * @param {Load} load
 * @returns {Sample}
 */
export function compared(before, load) {
  const seconds = before === null ? 0 : load.time_s - before.time_s;
  const isComparable = before !== null && seconds > 0 && load.frames >= before.frames;
  const now = [load.web, ...load.workers];
  const then = before === null ? [] : [before.web, ...before.workers];
  const memory = now.reduce((sum, { memory_bytes: bytes }) => sum + (bytes ?? 0), 0);
  return {
    time_s: load.time_s,
    framesPerSecond: isComparable ? (load.frames - before.frames) / seconds : null,
    memory: memory > 0 ? memory : null,
    processors: now.map(({ processor_s: used }, index) => {
      const earlier = then[index]?.processor_s ?? null;
      // A worker in place of another has computed for less time than that one had.
      if (!isComparable || used === null || earlier === null || used < earlier) return null;
      return (used - earlier) / seconds;
    }),
  };
}

/**
 * Return the samples that are still shown, with a new one. After a restart of the server its clock is another.
 *
 * @param {readonly Sample[]} samples
 * @param {Sample} sample
 */
export const kept = (samples, sample) => [
  ...samples.filter(({ time_s }) => time_s < sample.time_s && time_s > sample.time_s - KEPT_S),
  sample,
];

/** Looks at the server every other second, while somebody looks at the page. */
export class Watch {
  #api;
  #memory;
  #token = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #next;
  #isLooking = false;

  /** The newest load; null: nobody has shown the token yet. */
  load = signal(/** @type {Load | null} */ (null));
  samples = signal(/** @type {Sample[]} */ ([]));
  /** Why the newest look failed. */
  failure = signal("");
  isOpening = signal(false);

  /**
   * @param {Pick<Api, "load">} api
   * @param {{ remember: (token: string) => void, forget: () => void }} memory
   */
  constructor(api, memory) {
    this.#api = api;
    this.#memory = memory;
  }

  /** @param {string} token */
  async open(token) {
    this.#token = token;
    this.isOpening.value = true;
    await this.look();
    this.isOpening.value = false;
    if (this.load.peek() !== null) this.#memory.remember(token);
  }

  /** Look now, and go on doing so. */
  async look() {
    clearTimeout(this.#next);
    if (this.#token === "" || document.hidden || this.#isLooking) return;
    this.#isLooking = true;
    try {
      this.#take(await this.#api.load(this.#token));
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isLooking = false;
    }
    if (this.#token !== "") this.#next = setTimeout(() => this.look(), PERIOD_MS);
  }

  /** @param {Load} load */
  #take(load) {
    this.samples.value = kept(this.samples.peek(), compared(this.load.peek(), load));
    this.load.value = load;
    this.failure.value = "";
  }

  /** @param {unknown} error */
  #fail(error) {
    const isWrong = error instanceof Problem && error.status === 404;
    this.failure.value = isWrong ? t("admin.wrong") : explain(error);
    if (!(error instanceof Problem) || ![401, 404, 429].includes(error.status)) return;
    // The server does not know the token (any more): ask for another.
    this.#token = "";
    this.#memory.forget();
    this.load.value = null;
    this.samples.value = [];
  }
}
