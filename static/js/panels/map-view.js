import { computed, effect, signal } from "@preact/signals";

/** @import { Colouring } from "../draw/map.js" */
/** @import { Store } from "../store.js" */
/** @import { Mistakes } from "./mistakes.js" */

const KEY = "map-view";

/** Parts of the data that the network does not learn from, and what can be hidden of them one by one. */
const OTHERS = /** @type {const} */ (["validation", "test"]);

/** @typedef {"train" | "validation" | "test"} SplitName */

/** @type {WeakMap<Store, MapView>} */
const views = new WeakMap();

/** How the large map of the page is drawn, for whoever draws it too. @param {Store} store */
export function mapViewOf(store) {
  const view = views.get(store) ?? new MapView(store);
  views.set(store, view);
  return view;
}

/** How the large map is drawn: what a link carries stands in the store, the rest is remembered by the browser. */
export class MapView {
  #store;

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
    const kept = remembered();
    this.hasLines = signal(kept.lines === true);
    this.marksMistakes = signal(kept.mistakes === true);
    this.isSureness = signal(kept.sureness === true);
    this.parts = signal({ train: kept.train !== false, validation: kept.validation !== false, test: kept.test !== false });

    /** Those that have a ring now; null: none are marked. */
    this.mistakes = signal(/** @type {Mistakes[] | null} */ (null));
    this.isNumber = computed(() => store.facts.value.task === "regression");
    /** Only of a class there is a saying how sure the network is; what a link asks for wins over what is remembered. */
    this.colouring = computed(() => {
      if (store.isDiscretised.value) return "classes";
      const isOfClass = !this.isNumber.value && store.shownUnit.value === null;
      return this.isSureness.value && isOfClass ? "sureness" : "shades";
    });
    /** The parts that there are. @type {import("@preact/signals").ReadonlySignal<SplitName[]>} */
    this.offered = computed(() => {
      const { split } = (store.serverSpec.value ?? store.spec.value).data;
      const hasTest = store.facts.value.own_test || Boolean(split.test);
      return /** @type {const} */ (["train", "validation", "test"]).filter(
        (name) => name === "train" || (name === "test" ? hasTest : Boolean(split.validation)),
      );
    });
    /** The parts that are drawn. */
    this.shown = computed(() => {
      const { showsOthers } = store;
      return this.offered.value.filter((name) => this.parts.value[name] && (name === "train" || showsOthers.value));
    });
    effect(() => {
      const options = {
        lines: this.hasLines.value,
        mistakes: this.marksMistakes.value,
        sureness: this.isSureness.value,
        ...this.parts.value,
      };
      try {
        localStorage.setItem(KEY, JSON.stringify(options));
      } catch {
        // Storage is forbidden: the choices hold until the page is left.
      }
    });
  }

  /** @param {Colouring} colouring */
  colour(colouring) {
    this.#store.isDiscretised.value = colouring === "classes";
    this.isSureness.value = colouring === "sureness";
  }

  /** @param {SplitName} name */
  toggle(name) {
    const shows = !this.shown.peek().includes(name);
    if (name === "train") {
      this.parts.value = { ...this.parts.peek(), train: shows };
      return;
    }
    const wanted = new Set(this.shown.peek());
    if (shows) wanted.add(name);
    else wanted.delete(name);
    const hasAny = OTHERS.some((other) => wanted.has(other));
    this.#store.showsOthers.value = hasAny;
    // That none is shown the store says alone, and what it says a link carries.
    const parts = OTHERS.map((other) => [other, !hasAny || wanted.has(other) || !this.offered.peek().includes(other)]);
    this.parts.value = { ...this.parts.peek(), ...Object.fromEntries(parts) };
  }
}

/** @returns {Record<string, unknown>} */
function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {};
  } catch {
    return {};
  }
}
