import { batch, signal } from "@preact/signals";
import { isSamePlace } from "../draw/links.js";
import { gradientsOf, parametersOf } from "../drawn.js";
import { NewestOnly } from "../newest.js";

/** @import { Place } from "../draw/links.js" */
/** @import { Session } from "../session.js" */
/** @import { Store } from "../store.js" */

/** @typedef {{ layer: number, unit: number }} UnitPlace */

/** What the server takes for a weight. @type {[number, number]} */
export const BOUNDS = [-1e6, 1e6];
/** Between two changes of a drag there is time for a frame that shows the first. */
const CHANGE_MS = 40;

/** What the reader looks at in the network, holds open, and changes by hand. */
export class Inspector {
  #store;
  #session;
  #edits;

  /**
   * @param {Store} store
   * @param {Session} session
   */
  constructor(store, session) {
    this.#store = store;
    this.#session = session;
    /** The weight or bias under the pointer. */
    this.hovered = signal(/** @type {Place | null} */ (null));
    /** Whose card stays open: a weight's or a unit's. */
    this.pinned = signal(/** @type {Place | null} */ (null));
    this.pinnedUnit = signal(/** @type {UnitPlace | null} */ (null));
    /** Whether the card was opened by the keyboard, which then goes on in it. */
    this.takesFocus = false;
    /** What has been asked for and is not yet seen in a frame. */
    this.draft = signal(/** @type {{ place: Place, value: number } | null} */ (null));
    this.#edits = new NewestOnly(async (/** @type {{ place: Place, value: number }} */ { place, value }) => {
      await session.edit(place, value);
      await new Promise((resolve) => setTimeout(resolve, CHANGE_MS));
      const isLast = this.draft.peek()?.place === place && this.draft.peek()?.value === value;
      if (isLast) this.draft.value = null;
    });
  }

  get mayWrite() {
    return this.#store.mayWrite.value;
  }

  /**
   * Hold the card of a weight or bias open, or let it go.
   *
   * @param {Place | null} place
   * @param {boolean} [takesFocus]
   */
  pin(place, takesFocus = false) {
    const isOpen = isSamePlace(this.pinned.peek(), place);
    batch(() => {
      if (place !== null) this.pinUnit(null);
      this.takesFocus = takesFocus;
      this.pinned.value = isOpen ? null : place;
    });
  }

  /**
   * Hold the card of a unit open, and its map in the place of the output's; null lets it go.
   *
   * @param {UnitPlace | null} unit
   * @param {boolean} [takesFocus]
   */
  pinUnit(unit, takesFocus = false) {
    batch(() => {
      this.takesFocus = takesFocus;
      this.pinnedUnit.value = unit;
      this.#store.inspected.value = unit;
      if (unit !== null) this.pinned.value = null;
    });
  }

  /** Another network: what was looked at may no longer exist. */
  clear() {
    batch(() => {
      this.hovered.value = null;
      this.pinned.value = null;
      this.pinUnit(null);
      this.draft.value = null;
    });
  }

  /**
   * Set a weight or bias. Of those that come faster than the server takes them only the newest is sent.
   *
   * @param {Place} place
   * @param {number} value
   */
  set(place, value) {
    const draft = { place, value: Math.min(BOUNDS[1], Math.max(BOUNDS[0], value)) };
    this.draft.value = draft;
    this.#edits.ask(draft);
  }

  /** @param {Place} place @returns {number | null}  null: not known */
  valueOf(place) {
    const draft = this.draft.value;
    if (draft !== null && isSamePlace(draft.place, place)) return draft.value;
    return parametersOf(this.#store.frame.value, this.#store.parameters.value)?.[place.index] ?? null;
  }

  /** @param {Place} place @returns {number | null} */
  gradientOf(place) {
    return gradientsOf(this.#store.frame.value, this.#store.parameters.value)?.[place.index] ?? null;
  }

  /** Have the numbers of parameters sent, and their gradients. Returns what ends it. */
  watchNumbers() {
    const ends = [this.#session.watch("parameters"), this.#session.watch("gradients")];
    return () => {
      for (const end of ends) end();
    };
  }
}
