import { computed, effect } from "@preact/signals";

/** @import { PageRules } from "./session.js" */
/** @import { Store } from "./store.js" */
/** @import { Json } from "./types.js" */

/** Beyond this many units their maps are small on the screen; coarser ones save the wire and the drawing. */
const MANY_UNITS = 40;
/** What a stream is sent only if it is asked for, as somebody looks at it. */
const ON_DEMAND = new Set(["gradients"]);
/** More parameters than these come on demand, too: their links alone are not worth the way. */
const MAX_PARAMETERS = 100_000;

/** Asks the stream for what the page shows: how many frames, which arrays in them, and how fine the units' maps. */
export class WantedView {
  #store;
  #rules;
  #send;
  #unitResolution = 0;
  /** How many look at what comes on demand. @type {Map<string, number>} */
  #lookers = new Map();
  /** The arrays that the stream was last asked for. @type {string[]} */
  arrays = [];

  /**
   * @param {Store} store
   * @param {PageRules} rules
   * @param {(command: Json) => Promise<any>} send  rejects where there is no connection
   */
  constructor(store, rules, send) {
    this.#store = store;
    this.#rules = rules;
    this.#send = send;
    effect(() => this.#fitUnits());
    const framesPerSecond = computed(() => rules.framesPerSecond(store.speed.value));
    effect(() => {
      if (framesPerSecond.value > 0) this.#fitFrames();
    });
    document.addEventListener("visibilitychange", () => this.#fitFrames());
  }

  /** Ask a stream that has just opened, and has not been asked for anything. */
  begin() {
    this.#unitResolution = 0;
    this.arrays = [];
    this.#fitUnits();
    this.fitArrays();
    this.#fitFrames();
  }

  /**
   * Have an array in the frames that does not come by itself. Returns what ends it.
   *
   * @param {string} name
   */
  watch(name) {
    const count = (/** @type {number} */ by) => {
      this.#lookers.set(name, (this.#lookers.get(name) ?? 0) + by);
      this.fitArrays();
    };
    count(1);
    return () => count(-1);
  }

  /** Ask for what the session offers, and of that which comes on demand for what somebody looks at. */
  fitArrays() {
    const model = this.#store.model.peek();
    if (model === null || this.#rules.view.arrays !== undefined) return;
    const wanted = model.arrays.filter((name) => {
      const isOnDemand = ON_DEMAND.has(name) || (name === "parameters" && model.parameters > MAX_PARAMETERS);
      return !isOnDemand || (this.#lookers.get(name) ?? 0) > 0;
    });
    if (wanted.join() === this.arrays.join()) return;
    this.arrays = wanted;
    this.#ask({ arrays: wanted }, () => {
      this.arrays = [];
    });
  }

  #fitUnits() {
    const units = this.#store.layers.value.reduce((sum, layer) => sum + layer.units, 0);
    if (!this.#store.model.peek()?.arrays.includes("units")) return;
    const resolution = units > MANY_UNITS ? 16 : 32;
    if (units === 0 || resolution === this.#unitResolution) return;
    this.#unitResolution = resolution;
    this.#ask({ unit_resolution: resolution }, () => {
      this.#unitResolution = 0;
    });
  }

  #fitFrames() {
    const fps = document.hidden ? 0 : this.#rules.framesPerSecond(this.#store.speed.peek());
    this.#ask({ ...this.#rules.view, fps });
  }

  /**
   * @param {Json} wishes
   * @param {() => void} [forget]  where they did not arrive: the next stream is asked anew
   */
  #ask(wishes, forget = () => {}) {
    this.#send({ type: "view", ...wishes }).catch(forget);
  }
}
