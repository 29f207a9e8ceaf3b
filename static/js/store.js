import { computed, signal } from "@preact/signals";
import { expectedLayers, expectedSpec } from "./expected.js";
import { isSameKind, targetDomain, UNKNOWN_FACTS } from "./facts.js";
import { reduce } from "./model.js";
import { isSame } from "./same.js";

/** @import { Catalogue } from "./catalogue.js" */
/** @import { Frame } from "./frame.js" */
/** @import { Model } from "./model.js" */
/** @import { DataPoints } from "./draw/marks.js" */
/** @import { Problem } from "./problems.js" */
/** @import { Opened } from "./setup.js" */
/** @import { PickedExample, Walked, WalkView } from "./walk.js" */
/** @import { DataFacts, Json, Previews, Spec } from "./types.js" */

/**
 * @typedef {"connecting" | "waiting" | "open" | "lost" | "closed"} Connection
 * @typedef {{ id: number, kind: "info" | "error", text: string }} Notice
 * @typedef {{ problem: Problem, until: number }} Refusal  `until`: on the clock of performance.now()
 */

/** How long a notice stays that asks for nothing. */
const NOTICE_MS = 8000;

/**
 * A signal computed from others that keeps its value while that says the same: nothing that follows it runs again when
 * the server tells what is known already, or what was expected of it.
 *
 * @template T
 * @param {() => T} compute
 */
function steady(compute) {
  let last = /** @type {T | undefined} */ (undefined);
  return computed(() => {
    const next = compute();
    if (!isSame(last, next)) last = next;
    return /** @type {T} */ (last);
  });
}

/** Everything that the panels draw, as signals. Panels read them; only the session writes them. */
export class Store {
  /**
   * @param {Catalogue} catalogue
   * @param {Spec} [first]  what is shown before there is a session
   */
  constructor(catalogue, first = catalogue.defaults) {
    this.catalogue = catalogue;

    this.model = signal(/** @type {Model | null} */ (null));
    this.connection = signal(/** @type {Connection} */ ("connecting"));
    this.previews = signal(/** @type {Previews | null} */ (null));
    /** Examples as they were fetched, with what kind they are. */
    this.fetched = signal(/** @type {{ points: DataPoints, facts: DataFacts } | null} */ (null));
    /** The newest frame, set once per animation frame at most. */
    this.frame = signal(/** @type {Frame | null} */ (null));
    this.notices = signal(/** @type {Notice[]} */ ([]));
    /** Whether the reader paints points onto the map. */
    this.isPainting = signal(false);
    /** The unit whose map is shown large, in place of the output's. */
    this.inspected = signal(/** @type {{ layer: number, unit: number } | null} */ (null));
    /** The same, where the network has it: between a rebuild and what follows from it, it may have gone. */
    this.shownUnit = computed(() => {
      const unit = this.inspected.value;
      return unit !== null && unit.unit < (this.layers.value[unit.layer]?.units ?? 0) ? unit : null;
    });
    /** The phase of an example's way that is being explained, with its numbers, for the graph to show them too. */
    this.walk = signal(/** @type {WalkView | null} */ (null));
    /** The example that is walked through, for the map to show where it lies; null: nobody walks through any. */
    this.walked = signal(/** @type {Walked | null} */ (null));
    /** An example that was chosen on the map to be walked through, until the walk takes it. */
    this.pickedExample = signal(/** @type {PickedExample | null} */ (null));
    /** What one step is. */
    this.stepUnit = signal(/** @type {import("./panels/step-by.js").StepUnit} */ ("epoch"));
    /** Whether the map shows the examples that are only measured on, beside those that are trained on. */
    this.showsOthers = signal(true);
    /** Whether the map shows classes instead of how sure the network is of them. */
    this.isDiscretised = signal(false);
    /** The parts of the page that a link has hidden, by their names in parts.js. */
    this.hidden = signal(/** @type {ReadonlySet<string>} */ (new Set()));
    /** What was opened from a link or a file, with what could not be taken; null: nothing, or it was read. */
    this.opened = signal(/** @type {Opened | null} */ (null));
    /** Changes asked for that the server has not answered yet; shown at once, gone if it refuses. */
    this.expectedPatch = signal(/** @type {Json | null} */ (null));
    /** Whether a network that is built anew keeps the weights that still have a place. */
    this.keepsWeights = signal(false);
    /** Epochs a second for the next run; the server's own while one goes on. */
    this.speed = signal(/** @type {number | null} */ (null));

    /** The spec as the server has it; a signal of its own, so that what follows it does not run at every point. */
    this.serverSpec = steady(() => this.model.value?.spec);
    /** The spec as it will be when the server has agreed to everything: what the controls show. */
    this.spec = steady(() => {
      const spec = this.serverSpec.value ?? first;
      return this.expectedPatch.value === null ? spec : expectedSpec(spec, this.expectedPatch.value, catalogue);
    });
    /** Apart from the spec: who draws the network has nothing to draw anew when another setting changes. */
    this.network = steady(() => this.spec.value.network);
    this.layers = steady(() => this.model.value?.layers ?? []);
    /** The layers as they will be when the server has agreed to everything: what the picture of the network shows. */
    this.expectedLayers = steady(() => expectedLayers(this.layers.value, this.network.value.layers));
    /** What kind of examples the session has: their task, classes and names; before there is one, two nameless classes. */
    this.facts = steady(() => this.model.value?.facts ?? UNKNOWN_FACTS);
    /** The examples to draw. Those of another kind than the session now has would be drawn as what they are not. */
    this.data = computed(() => {
      const fetched = this.fetched.value;
      return fetched !== null && isSameKind(fetched.facts, this.facts.value) ? fetched.points : null;
    });
    /** Whether there is a plane to draw; of one input, or of more than two, there is none. */
    this.hasPlane = computed(() => this.facts.value.inputs === 2);
    /** The numbers at the ends of the ramp where numbers are predicted. */
    this.targetDomain = computed(() => targetDomain(this.data.value));
    this.parameters = computed(() => this.model.value?.parameters ?? 0);
    this.state = computed(() => this.model.value?.state ?? "idle");
    this.epoch = computed(() => this.model.value?.epoch ?? 0);
    this.step = computed(() => this.model.value?.step ?? 0);
    this.run = computed(() => this.model.value?.run ?? 0);
    /** How far into an epoch a session is that rests; null: between epochs, or it goes on. */
    this.epochProgress = computed(() => this.model.value?.epochProgress ?? null);
    this.learningRate = computed(() => this.model.value?.learningRate ?? null);
    /** The name of the loss that trains, also where the spec leaves it to the task. */
    this.loss = computed(() => this.model.value?.loss ?? "");
    this.doneBy = computed(() => this.model.value?.doneBy ?? null);
    this.metrics = computed(() => this.model.value?.metrics ?? {});
    this.points = computed(() => this.model.value?.points ?? []);
    this.timeline = computed(() => this.model.value?.timeline ?? null);
    /** Whether what is shown is a past step of the run. */
    this.isPast = computed(() => this.timeline.value?.is_past ?? false);
    this.canUndo = computed(() => (this.model.value?.undoable.undo ?? 0) > 0);
    this.canRedo = computed(() => (this.model.value?.undoable.redo ?? 0) > 0);
    this.divergence = computed(() => this.model.value?.divergence ?? null);
    this.changes = computed(() => this.model.value?.changes ?? []);
    this.isQueued = computed(() => this.state.value === "queued");
    /** Where the session stands while the server has no place for it. */
    this.queue = computed(() => this.model.value?.queue ?? null);
    this.saving = computed(() => this.model.value?.saving ?? "ok");
    /** Why there is no session yet, and when the page asks again. */
    this.refusal = signal(/** @type {Refusal | null} */ (null));
    /** Whether there is nothing to be seen yet but why. */
    this.isWaiting = computed(
      () =>
        this.isQueued.value ||
        (this.refusal.value !== null && (this.model.value === null || this.connection.value === "waiting")),
    );
    this.isRunning = computed(() => this.state.value === "running");
    this.speedOfRun = computed(() => this.model.value?.speed ?? null);
    this.thinnings = computed(() => this.model.value?.thinnings ?? 0);
    /** Names the data that the session trains on; a change means that they must be fetched again. */
    this.dataKey = computed(() =>
      this.model.value === null || this.isQueued.value ? null : `${this.model.value.id} ${this.model.value.dataVersion}`,
    );
    this.isViewer = computed(() => this.model.value?.role === "viewer");
    /** Nothing can be changed by who only watches, nor before there is a session to change. */
    this.mayWrite = computed(() => this.model.value?.role === "owner" && !this.isQueued.value);
  }

  /** @param {any} event */
  dispatch(event) {
    this.model.value = reduce(this.model.peek(), event);
  }

  #lastNotice = 0;

  /**
   * Say something in the status line. An error stays until it is dismissed or something succeeds.
   *
   * @param {string} text
   * @param {"info" | "error"} [kind]
   */
  notify(text, kind = "info") {
    const id = ++this.#lastNotice;
    this.notices.value = [
      ...this.notices
        .peek()
        .filter((notice) => notice.text !== text)
        .slice(-2),
      { id, kind, text },
    ];
    if (kind === "info") setTimeout(() => this.dismiss(id), NOTICE_MS);
  }

  /** What went wrong before is no longer news when something has gone right. */
  dismissErrors() {
    if (this.notices.peek().some(({ kind }) => kind === "error")) {
      this.notices.value = this.notices.peek().filter(({ kind }) => kind !== "error");
    }
  }

  /** @param {number} id */
  dismiss(id) {
    this.notices.value = this.notices.peek().filter((notice) => notice.id !== id);
  }
}
