import { batch, effect } from "@preact/signals";
import { ChangeSender } from "./change-sender.js";
import { sessionLink } from "./credentials.js";
import { withRarer } from "./frame.js";
import { t } from "./i18n.js";
import { explain, Problem } from "./problems.js";
import { Stream } from "./socket.js";
import { Tables } from "./tables.js";
import { WantedView } from "./wanted-view.js";

/** @import { Api } from "./api.js" */
/** @import { Catalogue } from "./catalogue.js" */
/** @import { TabMemory } from "./credentials.js" */
/** @import { Frame } from "./frame.js" */
/** @import { Place } from "./draw/links.js" */
/** @import { Store } from "./store.js" */
/** @import { Credentials, Json, Point, RunState, Spec } from "./types.js" */

/** More points than this on the map hide each other. */
const MAX_POINTS_PER_SPLIT = 600;
/** Points are shown with the next picture, or after so long without one. */
const POINTS_WAIT_MS = 60;
/** So long at most what has come waits for a picture. */
const LONGEST_REST_MS = 100;
/** In these states a session may never have run. */
const UNRUN = new Set(["queued", "idle"]);
/** What a server answers that starts or is full for the moment; 0: it does not answer. */
const PASSING = new Set([0, 429, 502, 503, 504]);
/** Of these, what is no failure: a place will be free, or a turn come. */
const FULL = new Set(["server_full", "too_many_sessions", "too_many_creations"]);
/** After so long a session is asked for again where the server did not say when. */
const ASK_AGAIN_S = 5;

/**
 * What one page does with its session, and another differently.
 *
 * @typedef {object} PageRules
 * @property {(catalogue: Catalogue) => Spec} firstSpec  of the first visit
 * @property {boolean} startsAtOnce  whether a first visit sees it learn
 * @property {number | null} speed  epochs a second of the first run
 * @property {(speed: number | null) => number} framesPerSecond  that are asked for at so many epochs a second
 * @property {Json} view  what else a stream asks for
 * @property {(store: Store) => Json} runCommand  what play means
 * @property {(catalogue: Catalogue, spec: Spec) => boolean} suits  whether the page can show such a session
 * @property {string} otherPage  the address of the page that can where this one can't
 */

/** Drives one session on the server: what the panels ask for goes out, what the server tells goes into the store. */
export class Session {
  #api;
  #store;
  #memory;
  #rules;
  #view;
  #changes;
  /** @type {Stream | null} */
  #stream = null;
  /** @type {Frame | null} */
  #newestFrame = null;
  #isFrameNew = false;
  /** Points that came since the last picture: shown with the next, so that both cost one painting. @type {Point[]} */
  #points = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pointsTimer;
  /** @type {number | null} */
  #wantedStep = null;
  #isSeeking = false;
  #isStepping = false;
  #nameOf = (/** @type {string} */ path) => this.#store.catalogue.nameOf(path);

  /**
   * @param {Api} api
   * @param {Store} store
   * @param {TabMemory} memory
   * @param {PageRules} rules
   */
  constructor(api, store, memory, rules) {
    this.#api = api;
    this.#store = store;
    this.#memory = memory;
    this.#rules = rules;
    this.#view = new WantedView(store, rules, (command) => this.#reach(command));
    this.#changes = new ChangeSender(store, (command) => this.#command(command));
    /** The reader's own data on this server. */
    this.tables = new Tables(api, sessionStorage, localStorage);
    effect(() => {
      if (store.serverSpec.value !== undefined) memory.spec = store.serverSpec.value;
    });
    store.keepsWeights.value = memory.keepsWeights;
    effect(() => {
      memory.keepsWeights = store.keepsWeights.value;
    });
    effect(() => {
      // What has never run, or only by steps, has no speed yet.
      if (!UNRUN.has(store.state.value) && !this.#isStepping) store.speed.value = store.speedOfRun.value;
    });
    effect(() => {
      if (store.dataKey.value !== null) this.#loadData(store.dataKey.value);
    });
    effect(() => {
      if (store.thinnings.value > 0) this.#loadHistory();
    });
    addEventListener("offline", () => this.#stream?.drop());
    addEventListener("online", () => this.#stream?.connect());
    store.speed.value = rules.speed;
  }

  /**
   * Make a session of what the address says, or come back to this tab's, or make the first one.
   *
   * @param {Spec | null} linked
   */
  async start(linked = null) {
    const remembered = this.#memory.session;
    const first = this.#rules.firstSpec(this.#store.catalogue);
    if (linked === null && remembered !== null) this.#open(remembered);
    else await this.#createAtLast(linked ?? first, this.#startsAtOnce);
  }

  /** @returns {Credentials | null} */
  get credentials() {
    return this.#memory.session;
  }

  get viewerToken() {
    return this.#memory.session?.viewerToken;
  }

  // What the panels ask for.

  run() {
    const speed = this.#store.speed.peek();
    this.#isStepping = false;
    return this.#intend({ state: "running", speed }, this.#rules.runCommand(this.#store));
  }

  pause() {
    return this.#intend({ state: "paused" }, { type: "pause" });
  }

  toggleRun() {
    return this.#store.isRunning.peek() ? this.pause() : this.run();
  }

  /** @param {"epoch" | "batch" | "example"} unit */
  step(unit) {
    this.#isStepping = true;
    return this.#command({ type: "step", unit, count: 1 });
  }

  /** @param {"same" | "new"} weights */
  reset(weights) {
    return this.#command({ type: "reset", weights });
  }

  /** @param {number | null} speed */
  setSpeed(speed) {
    this.#store.speed.value = speed;
    if (this.#store.isRunning.peek()) this.run();
  }

  /**
   * After a divergence: back to the last good weights, with all settings as they are now but a tenth of the learning
   * rate, and on from there. Where the server cannot go back to them, from the start.
   *
   * @param {number} rate
   */
  async recover(rate) {
    const training = this.#store.spec.peek().training;
    const calmer = { ...training, optimizer: { ...training.optimizer, learning_rate: rate } };
    const { good_step: step } = this.#store.divergence.peek() ?? { good_step: null };
    const isThere = step !== null && (await this.#command({ type: "seek", step })) !== null;
    if (!isThere && (await this.reset("same")) === null) return;
    if (await this.configure({ training: calmer })) await this.run();
  }

  // The past.

  /**
   * Show the network as it was at a step of the run. Of wishes that come faster than the server the newest counts.
   *
   * @param {number} step
   * @returns {Promise<boolean>}  false where the server cannot go there
   */
  async seek(step) {
    this.#wantedStep = step;
    if (this.#isSeeking) return true;
    this.#isSeeking = true;
    let isThere = true;
    while (this.#wantedStep !== null) {
      const wanted = this.#wantedStep;
      this.#wantedStep = null;
      isThere = (await this.#command({ type: "seek", step: wanted })) !== null;
    }
    this.#isSeeking = false;
    return isThere;
  }

  /**
   * Make a session of its own that goes on from a step.
   *
   * @param {number} step
   * @returns {Promise<Credentials | null>}
   */
  async branch(step) {
    const answer = await this.#command({ type: "branch", step });
    return answer && { id: answer.session, token: answer.token };
  }

  /**
   * Let the server remember the network as it stands, under a name; it can be brought back for as long as it is there.
   *
   * @param {string} moment
   */
  remember(moment) {
    return this.#command({ type: "remember", moment });
  }

  /** @param {string} moment */
  recall(moment) {
    return this.#command({ type: "recall", moment });
  }

  /** @param {string} moment */
  forget(moment) {
    return this.#command({ type: "forget", moment });
  }

  undo() {
    return this.#command({ type: "undo" });
  }

  redo() {
    return this.#command({ type: "redo" });
  }

  /**
   * Change the spec.
   *
   * @param {Json} patch
   * @param {{ keep?: boolean }} [options]  `keep`: what is built anew keeps its weights, whatever the reader has chosen
   * @returns {Promise<boolean>}  whether the server took it
   */
  configure(patch, { keep = false } = {}) {
    return this.#changes.change(patch, keep);
  }

  /**
   * Send a command that changes the state, and show the new state before the server confirms it: a second press
   * must not repeat the first.
   *
   * @param {{ state: RunState, speed?: number | null }} intention
   * @param {Json} command
   */
  async #intend(intention, command) {
    const state = this.#store.state.peek();
    const speed = this.#store.speedOfRun.peek();
    this.#store.dispatch({ type: "intended", ...intention });
    const answer = await this.#command(command);
    const isRefused = answer === null && this.#store.state.peek() === intention.state;
    if (isRefused) this.#store.dispatch({ type: "intended", state, speed });
    return answer;
  }

  /**
   * Send a command; say so and return null when the server refuses it.
   *
   * @param {Json} command
   */
  async #command(command) {
    try {
      const answer = await this.#reach(command);
      this.#store.dismissErrors();
      return answer;
    } catch (error) {
      this.#store.notify(explain(error, this.#nameOf), "error");
      return null;
    }
  }

  /** @param {Json} command */
  #reach(command) {
    return this.#stream?.command(command) ?? Promise.reject(new Problem({ code: "not_connected" }));
  }

  /**
   * Set one weight or bias; training goes on from there.
   *
   * @param {Place} place
   * @param {number} value
   */
  edit({ layer, from, to }, value) {
    const target = from === null ? { bias: to } : { from, to };
    return this.#command({ type: "edit", layer, ...target, value });
  }

  /**
   * Have an array in the frames that does not come by itself. Returns what ends it.
   *
   * @param {string} name
   */
  watch(name) {
    return this.#view.watch(name);
  }

  /**
   * Ask the server about the network as it is; nothing changes. Throws Problem.
   *
   * @param {string} name  of the question, as in the address
   * @param {Record<string, string | number>} [query]
   * @param {any} [body]
   */
  ask(name, query, body) {
    return this.#api.ask(/** @type {Credentials} */ (this.credentials), name, query, body);
  }

  /**
   * Begin another experiment from its own first weights; where the page learns by itself, this does too.
   *
   * @param {Spec} spec
   */
  async begin(spec) {
    if (!(await this.configure(spec)) || (await this.reset("same")) === null) return;
    if (this.#startsAtOnce) await this.run();
  }

  // The session's life.

  /** Whether an experiment learns by itself: not where a link has left its reader the steps alone, and no pause. */
  get #startsAtOnce() {
    const hidden = this.#store.hidden.peek();
    return this.#rules.startsAtOnce && !(hidden.has("play") && !hidden.has("step"));
  }

  /**
   * Make a session, and ask again for as long as the server is only too busy for one.
   *
   * @param {Spec} spec
   * @param {boolean} isRunning
   */
  async #createAtLast(spec, isRunning) {
    const { refusal } = this.#store;
    for (;;) {
      try {
        await this.#create(spec, isRunning);
        refusal.value = null;
        return;
      } catch (error) {
        if (!(error instanceof Problem && PASSING.has(error.status))) {
          refusal.value = null;
          throw error;
        }
        this.#store.connection.value = FULL.has(error.code) ? "waiting" : "lost";
        // Spread, so that a class that was refused together does not come back together.
        const waitMs = (error.retryAfter ?? ASK_AGAIN_S) * 1000 * (1 + Math.random() / 4);
        refusal.value = { problem: error, until: performance.now() + waitMs };
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }

  /**
   * @param {Spec} spec
   * @param {boolean} isRunning
   */
  async #create(spec, isRunning) {
    const { id, token, viewer_token: viewerToken } = await this.#api.createSession(spec);
    this.#memory.session = { id, token, viewerToken };
    this.#open({ id, token }, isRunning);
  }

  /**
   * @param {Credentials} credentials
   * @param {boolean} [startsRunning]
   */
  #open({ id, token }, startsRunning = false) {
    const store = this.#store;
    store.connection.value = "connecting";
    this.#stream = new Stream(this.#api.streamUrl(id), token, {
      lastPoint: () => (store.model.peek()?.id === id ? (store.model.peek()?.lastPoint ?? 0) : 0),
      onArrival: (deliver) => this.#planDelivery(deliver),
      onEvent: (event) => this.#receive(event),
      onFrame: (frame) => {
        this.#newestFrame = withRarer(frame, this.#newestFrame, this.#view.arrays);
        this.#isFrameNew = true;
      },
      onOpen: () => {
        if (store.connection.peek() === "lost") store.dismissErrors();
        store.connection.value = "open";
        if (store.isQueued.peek()) {
          // When it gets its place there is another welcome.
          startsRunning ||= this.#startsAtOnce;
          return;
        }
        this.#view.begin();
        if (startsRunning && store.mayWrite.peek()) this.run();
        startsRunning = false;
      },
      onLost: () => {
        store.connection.value = "lost";
      },
      onEnd: () => this.#replace(),
    });
    this.#stream.connect();
  }

  /**
   * The session is not to be had (any more): go on with a new one, of the same settings if they are known.
   *
   * @param {string} notice  why
   */
  async #replace(notice = t("notice.session_gone")) {
    const store = this.#store;
    store.connection.value = "connecting";
    // After a reload nothing is known of what it did: then it learns, as on a first visit.
    const isNew = store.model.peek() === null || store.isQueued.peek();
    const wasRunning = isNew ? this.#startsAtOnce : store.isRunning.peek();
    try {
      await this.#createAtLast(this.#memory.spec ?? this.#rules.firstSpec(store.catalogue), wasRunning);
      store.notify(notice);
    } catch (error) {
      if (this.#memory.spec !== null && error instanceof Problem && error.status === 422) {
        // The settings mean nothing here any more: their table is gone, say. That is told, and those of a first visit do.
        this.#memory.spec = null;
        await this.#replace(explain(error, this.#nameOf));
        return;
      }
      store.connection.value = "closed";
      store.notify(explain(error), "error");
    }
  }

  /** @param {any} event */
  #receive(event) {
    if (event.type === "welcome" && !this.#rules.suits(this.#store.catalogue, event.spec)) {
      this.#leave();
      return;
    }
    if (event.type === "points") {
      this.#points.push(...event.points);
      this.#pointsTimer ??= setTimeout(() => this.#takePoints(), POINTS_WAIT_MS);
      return;
    }
    this.#takePoints();
    this.#store.dispatch(event);
    if (event.type === "rebuilt") this.#view.fitArrays();
    if (event.type === "error") this.#store.notify(explain(event), "error");
  }

  /** A link has brought a session that the other page can show. */
  #leave() {
    const credentials = /** @type {Credentials} */ (this.credentials);
    this.#stream?.end();
    this.#memory.session = null;
    location.replace(sessionLink(this.#rules.otherPage, credentials));
  }

  // Pictures and data.

  /** Take over the points that wait for a picture to be shown with. */
  #takePoints() {
    clearTimeout(this.#pointsTimer);
    this.#pointsTimer = undefined;
    if (this.#points.length === 0) return;
    const points = this.#points;
    this.#points = [];
    this.#store.dispatch({ type: "points", points });
  }

  /**
   * Take over what has come when the next picture is drawn, so that all of it costs one drawing; at once where no picture
   * is drawn, or none is there yet.
   *
   * @param {() => void} deliver
   */
  #planDelivery(deliver) {
    const take = () => this.#take(deliver);
    if (document.hidden || this.#store.connection.peek() !== "open") {
      take();
      return;
    }
    // A page that is covered may not be drawn at all.
    const timer = setTimeout(take, LONGEST_REST_MS);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      take();
    });
  }

  /** @param {() => void} deliver */
  #take(deliver) {
    batch(() => {
      deliver();
      if (!this.#isFrameNew) return;
      this.#takePoints();
      this.#store.frame.value = this.#newestFrame;
    });
    if (!this.#isFrameNew) return;
    this.#isFrameNew = false;
    this.#stream?.seen(/** @type {Frame} */ (this.#newestFrame).seq);
  }

  async #loadHistory() {
    const credentials = this.credentials;
    if (credentials === null) return;
    try {
      this.#store.dispatch({ type: "history", points: await this.#api.history(credentials) });
    } catch (error) {
      this.#tellUnlessGone(error);
    }
  }

  /** @param {string} key  the data's name, which may have changed when they arrive */
  async #loadData(key) {
    const store = this.#store;
    const spec = store.serverSpec.peek();
    const facts = store.facts.peek();
    const credentials = this.credentials;
    if (spec === undefined || credentials === null || !store.catalogue.isOnPlane(spec)) {
      store.fetched.value = null;
      return;
    }
    /** @param {"train" | "validation" | "test"} name */
    const load = (name) =>
      spec.data.split[name] || facts.own_test ? this.#api.data(credentials, name, MAX_POINTS_PER_SPLIT) : null;
    try {
      const [train, validation, test] = await Promise.all([load("train"), load("validation"), load("test")]);
      if (key === store.dataKey.peek()) store.fetched.value = { points: { train, validation, test }, facts };
    } catch (error) {
      this.#tellUnlessGone(error);
    }
  }

  /** That the session is gone the stream tells too, and takes care of it. @param {unknown} error */
  #tellUnlessGone(error) {
    if (error instanceof Problem && error.status === 404) return;
    this.#store.notify(explain(error), "error");
  }
}
