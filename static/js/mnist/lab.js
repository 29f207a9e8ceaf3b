import { batch, computed, effect, signal } from "@preact/signals";
import { newest } from "../points.js";
import { explain } from "../problems.js";
import { chosen } from "./choice.js";
import { digitFromStrokes } from "./digit.js";
import { Drawing } from "./drawing.js";
import { TestImages } from "./images.js";
import { NewestOnly } from "../newest.js";
import { batchesPerEpoch, Pace, placeOf } from "./plan.js";

/** @import { Api } from "../api.js" */
/** @import { Session } from "../session.js" */
/** @import { Store } from "../store.js" */
/** @import { Predictions } from "../types.js" */
/** @import { Filter } from "./choice.js" */

/** What this page knows beyond the session itself: how far it goes, what the reader draws, what the network mistakes. */
export class Lab {
  #api;
  #store;
  #session;
  #pace = new Pace();
  #isPictureDue = false;

  /** How many epochs the next run has. */
  epochs;
  /** Whether another number of epochs was chosen since the last run, so that the next begins to count anew. */
  #isReplanned = signal(false);
  secondsLeft = signal(/** @type {number | null} */ (null));

  drawing = new Drawing();
  /** Rises when the drawing changes in another way than by lengthening a stroke. */
  drawingVersion = signal(0);
  /** A test digit that lies on the pad in place of a drawing. */
  loaded = signal(/** @type {number | null} */ (null));
  /** What the network is asked about: 784 values 0..1. */
  picture = signal(/** @type {readonly number[] | null} */ (null));
  probabilities = signal(/** @type {number[] | null} */ (null));

  predictions = signal(/** @type {Predictions | null} */ (null));
  filter = signal(/** @type {Filter} */ ({ onlyMistakes: false, cell: null }));
  /** The place of the first digit shown among those chosen. */
  first = signal(0);
  imagesVersion = signal(0);
  images;

  /**
   * @param {Api} api
   * @param {Store} store
   * @param {Session} session
   */
  constructor(api, store, session) {
    this.#api = api;
    this.#store = store;
    this.#session = session;
    this.images = new TestImages(api, session);
    this.epochs = signal(store.catalogue.imagePresets[0].epochs);

    this.batches = computed(() => {
      const { data, training } = store.spec.value;
      return batchesPerEpoch(data.dataset.samples, data.split.train, training.batch_size);
    });
    /** How many epochs have passed, parts of one included. */
    this.place = computed(() => {
      const newestPoint = store.points.value.at(-1);
      return newestPoint === undefined ? store.epoch.value : placeOf(newestPoint, this.batches.value);
    });
    this.isUntrained = computed(() => store.step.value === 0);
    /** The epoch at which the run stops by itself, if there is one. */
    this.end = computed(() => (this.#isReplanned.value ? null : (store.model.value?.untilEpoch ?? null)));
    this.chosen = computed(() =>
      this.predictions.value === null ? [] : chosen(this.predictions.value, this.filter.value),
    );
    this.test = computed(() => ({
      loss: newest(store.points.value, "test_loss"),
      accuracy: newest(store.points.value, "test_accuracy"),
    }));

    effect(() => this.#notePace());
    this.#askAgain();
  }

  // The run.

  /** Go on to where the run was to stop; from there, or at the beginning, by as many epochs as are asked for. */
  runCommand() {
    const done = Math.floor(this.#store.epoch.peek());
    const end = this.end.peek();
    this.#isReplanned.value = false;
    return { type: "run", epochs: end !== null && end > done ? end - done : this.epochs.peek() };
  }

  /** @param {number} count */
  setEpochs(count) {
    this.epochs.value = Math.max(1, Math.round(count));
    if (!this.#store.isRunning.peek()) this.#isReplanned.value = true;
  }

  #notePace() {
    const place = this.place.value;
    if (!this.#store.isRunning.value) {
      this.#pace.forget();
      this.secondsLeft.value = null;
      return;
    }
    this.#pace.note(performance.now() / 1000, place);
    this.secondsLeft.value = this.#pace.secondsLeft(this.end.value ?? Math.floor(place) + 1);
  }

  // The pad.

  /** The drawing has changed: make its picture, once a frame at most. */
  noteDrawing() {
    if (this.#isPictureDue) return;
    this.#isPictureDue = true;
    requestAnimationFrame(() => {
      this.#isPictureDue = false;
      if (this.loaded.peek() === null) this.#setPicture(digitFromStrokes(this.drawing.strokes));
    });
  }

  clear() {
    this.drawing.clear();
    this.#redraw(null);
  }

  undo() {
    this.drawing.undo();
    this.#redraw(null);
  }

  /** A stroke begins where a loaded digit lies: that one goes. */
  unload() {
    if (this.loaded.peek() !== null) this.#redraw(null);
  }

  /**
   * Put a test digit onto the pad.
   *
   * @param {number} index
   */
  async load(index) {
    try {
      await this.images.fetch([index]);
    } catch (error) {
      this.#store.notify(explain(error), "error");
    }
    const image = this.images.get(index);
    if (image === undefined) return;
    this.drawing.clear();
    this.#redraw(index);
    this.#setPicture(Array.from(image, (byte) => byte / 255));
  }

  /** @param {number | null} loaded */
  #redraw(loaded) {
    this.loaded.value = loaded;
    this.drawingVersion.value += 1;
    if (loaded === null) this.noteDrawing();
  }

  /** @param {readonly number[] | null} picture */
  #setPicture(picture) {
    batch(() => {
      this.picture.value = picture;
      if (picture === null) this.probabilities.value = null;
    });
  }

  // What the network says.

  /** Ask again whenever there is something else to be asked, or another network to answer. */
  #askAgain() {
    const store = this.#store;
    const aboutPicture = new NewestOnly((/** @type {readonly number[]} */ picture) => this.#askAboutPicture(picture));
    effect(() => {
      store.frame.value;
      store.state.value;
      const picture = this.picture.value;
      if (picture !== null && store.connection.value === "open") aboutPicture.ask(picture);
    });

    // At rest it is asked about the network as it is; while it trains, about that of its last evaluation.
    const network = computed(() => {
      const model = store.model.value;
      if (model === null || store.isQueued.value || store.connection.value !== "open") return null;
      const evaluated = this.test.value.accuracy?.epoch ?? 0;
      return `${model.id} ${model.run} ${evaluated} ${model.state === "running" ? "" : model.step}`;
    });
    const aboutTests = new NewestOnly(() => this.#askAboutTests());
    effect(() => {
      if (network.value !== null) aboutTests.ask(network.value);
    });
  }

  /** @param {readonly number[]} picture */
  async #askAboutPicture(picture) {
    const { credentials } = this.#session;
    if (credentials === null) return;
    try {
      const probabilities = await this.#api.predict(credentials, picture);
      if (this.picture.peek() !== null) this.probabilities.value = probabilities;
    } catch {
      // The stream says it when the server can't be reached; the next frame asks again.
    }
  }

  async #askAboutTests() {
    const { credentials } = this.#session;
    if (credentials === null) return;
    try {
      this.predictions.value = await this.#api.predictions(credentials, "test");
    } catch (error) {
      if (this.#store.connection.peek() === "open") this.#store.notify(explain(error), "error");
    }
  }

  // Which test digits are shown.

  /** @param {Partial<Filter>} filter */
  choose(filter) {
    batch(() => {
      this.filter.value = { ...this.filter.peek(), ...filter };
      this.first.value = 0;
    });
  }

  /** @param {readonly number[]} indices */
  async fetchImages(indices) {
    try {
      await this.images.fetch(indices, () => {
        this.imagesVersion.value += 1;
      });
    } catch (error) {
      this.#store.notify(explain(error), "error");
    }
  }
}
