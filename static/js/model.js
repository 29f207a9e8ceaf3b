import { changesFromLog } from "./logged-changes.js";
import { lastNumber, mergePoints, replacePoints } from "./points.js";
import { isSame } from "./same.js";
import { specChanges } from "./spec-changes.js";

/** @import { Change } from "./spec-changes.js" */
/** @import { DataFacts, Description, EpochProgress, Layer, Metrics, Point, Queue, Reason, RunState } from "./types.js" */
/** @import { Divergence, Saving, Spec, Timeline } from "./types.js" */

/**
 * What the page knows of its session. `reduce` alone makes new ones.
 *
 * @typedef {object} Model
 * @property {string} id
 * @property {"owner" | "viewer"} role
 * @property {Spec} spec  as the server has it
 * @property {RunState} state
 * @property {number} step
 * @property {number} epoch
 * @property {number} run  counts resets and rebuilds
 * @property {number | null} speed  epochs a second; null: as fast as is fair
 * @property {number | null} untilEpoch  where the run stops by itself, if at an epoch
 * @property {string | null} doneBy  what ended the run: `run`, or a stop rule's name
 * @property {Reason | null} doneBecause
 * @property {EpochProgress | null} epochProgress  null where it is not known exactly
 * @property {number | null} learningRate  of the next update, as the schedule has it
 * @property {string} loss  the name of the loss that trains
 * @property {Metrics} metrics
 * @property {Timeline} timeline  how far back it can go, and whether it stands in its past
 * @property {{ undo: number, redo: number }} undoable  how many changes of the setup can be taken back, and made again
 * @property {Divergence | null} divergence
 * @property {number} parameters
 * @property {Layer[]} layers
 * @property {string[]} arrays
 * @property {DataFacts} facts  what the examples are
 * @property {number} dataVersion
 * @property {number} stride
 * @property {Point[]} points  those of the current run, and of the line that leads to it
 * @property {number} lastPoint  the highest number ever received
 * @property {Queue | null} queue  where the session stands while it waits for a place
 * @property {Saving} saving  whether the server can keep what it does
 * @property {number} thinnings  how often points were dropped on the server that were still here
 * @property {SettingsChange[]} changes
 * @property {Spec} markedSpec  of the last of these changes, or of the beginning: the answer to a change and the event
 *   that tells it come in either order
 *
 * @typedef {{ run: number, epoch: number, what: Change[] }} SettingsChange  when settings were changed while a run went
 *   on, and which
 */

/** Marks beyond this many say nothing any more. */
const MAX_CHANGES = 50;

/**
 * Return the model after an event of the stream (or one of the page's own: `intended`, `history`, `logged`).
 *
 * @param {Model | null} model
 * @param {any} event
 * @returns {Model | null}
 */
export function reduce(model, event) {
  if (event.type === "welcome") return welcome(model, event);
  if (model === null) return null;
  switch (event.type) {
    case "rebuilt":
      return {
        ...model,
        ...described({ ...event, id: model.id, role: model.role }),
        ...pointsOfRun(model, event),
        // A network that has kept its weights goes on in the same run.
        ...(event.kept > 0 ? withChange(model, event.spec) : { markedSpec: event.spec }),
      };
    case "state":
      return progress(withSpec(model, event.spec, event.loss, looksBack(model, event)), event);
    case "diverged":
    case "done":
      return { ...progress(model, event), state: event.type };
    case "points":
      return withPoints(model, event.points);
    case "thinned":
      return { ...model, stride: event.stride, thinnings: model.thinnings + 1 };
    case "queue":
      return { ...model, queue: event.queue };
    case "saving":
      return { ...model, saving: event.saving };
    case "history":
      return { ...model, points: replacePoints(model.points, event.points, model.run, model.timeline.line) };
    case "logged":
      // The page's own are the same or more; after a reload there are none.
      return model.changes.some(({ run }) => run === model.run)
        ? model
        : { ...model, changes: [...model.changes, ...logged(model, event)].slice(-MAX_CHANGES) };
    case "configured":
      // Which loss that means, the state tells that follows.
      return withSpec(
        model,
        event.spec,
        event.spec.training.loss?.name === model.spec.training.loss?.name ? model.loss : "",
      );
    case "intended":
      return { ...model, state: event.state, speed: "speed" in event ? event.speed : model.speed };
    default:
      return model;
  }
}

/**
 * @param {Model | null} model
 * @param {any} event
 * @returns {Model}
 */
function welcome(model, event) {
  const known = model?.id === event.id ? model : null;
  const points = mergePoints(known?.points ?? [], event.points, event.run, event.timeline?.line);
  // What was dropped while the connection was lost is still here.
  const isThinned = known !== null && known.stride !== event.stride && known.run === event.run;
  return {
    ...described(event),
    points,
    lastPoint: lastNumber(event.points, known?.lastPoint ?? 0),
    thinnings: (known?.thinnings ?? 0) + (isThinned ? 1 : 0),
    changes: known?.changes ?? [],
    markedSpec: known !== null && known.run === event.run ? known.markedSpec : event.spec,
  };
}

/**
 * @param {Model} model
 * @param {any} event
 */
const logged = ({ run, points }, { changes }) => changesFromLog(changes, run, points);

/** @param {Description} description */
function described(description) {
  const { id, role, spec, state, step, epoch, run, speed, metrics, parameters, layers, arrays, stride } = description;
  return {
    id,
    role,
    spec,
    state,
    step,
    epoch,
    run,
    speed,
    metrics,
    parameters,
    layers,
    arrays,
    stride,
    facts: description.data,
    dataVersion: description.data_version,
    untilEpoch: description.until_epoch,
    doneBy: description.done_by ?? null,
    doneBecause: description.done_because ?? null,
    epochProgress: description.epoch_progress ?? null,
    learningRate: description.learning_rate ?? null,
    loss: description.loss ?? "",
    queue: description.queue ?? null,
    saving: description.saving ?? "ok",
    ...past(description),
  };
}

/**
 * @param {Model} model
 * @param {any} event
 * @returns {Model}
 */
function progress(model, event) {
  const { state = model.state, step, epoch, run, speed = model.speed, metrics } = event;
  const untilEpoch = "until_epoch" in event ? event.until_epoch : model.untilEpoch;
  const told = {
    doneBy: event.done_by ?? null,
    doneBecause: event.done_because ?? null,
    epochProgress: event.epoch_progress ?? null,
    learningRate: event.learning_rate ?? model.learningRate,
  };
  const standing = { state, step, epoch, run, speed, untilEpoch, metrics };
  return { ...model, ...told, ...past(event, model), ...standing, ...pointsOfRun(model, event) };
}

/** Nothing to go back to. @type {Timeline} */
const NO_PAST = { first: 0, newest: 0, newest_epoch: 0, is_past: false, line: [], moments: [] };

/**
 * What an event says of the past; some say nothing of it.
 *
 * @param {any} event
 * @param {Model} [model]
 */
const past = (event, model) => ({
  timeline: event.timeline ?? model?.timeline ?? NO_PAST,
  undoable: event.changes ?? model?.undoable ?? { undo: 0, redo: 0 },
  divergence: event.divergence ?? null,
});

/**
 * Whether what an event tells is only another step of the run, and no change of the settings.
 *
 * @param {Model} model
 * @param {any} event
 */
const looksBack = (model, event) => model.timeline.is_past || event.timeline?.is_past === true;

/**
 * The points of an event's run. Of the line that leads to it some may have gone from here: the history has them.
 *
 * @param {Model} model
 * @param {any} event
 */
function pointsOfRun(model, event) {
  if (event.run === model.run) return { points: model.points };
  const line = event.timeline?.line ?? [];
  const thinnings = model.thinnings + (line.length > 0 ? 1 : 0);
  return { points: mergePoints(model.points, [], event.run, line), thinnings };
}

/**
 * @param {Model} model
 * @param {Spec | undefined} spec
 * @param {string} [loss]  the name of the loss that trains
 * @param {boolean} [isLook]  whether the spec is only that of another step
 * @returns {Model}
 */
function withSpec(model, spec, loss = model.loss, isLook = false) {
  if (spec === undefined) return model;
  if (model.step === 0 || isLook) return { ...model, spec, loss, markedSpec: spec };
  if (isSame(spec.training, model.spec.training)) return { ...model, spec, loss };
  return { ...model, spec, loss, ...withChange(model, spec) };
}

/**
 * A slider that is dragged sends many changes: those of one epoch are one.
 *
 * @param {Model} model
 * @param {Spec} spec
 */
function withChange({ changes, run, epoch, markedSpec }, spec) {
  const what = specChanges(markedSpec, spec);
  const last = changes.at(-1);
  if (last === undefined || last.run !== run || last.epoch !== epoch) {
    return { changes: [...changes, { run, epoch, what }].slice(-MAX_CHANGES), markedSpec: spec };
  }
  const merged = new Map(last.what.map((change) => [change.field, change]));
  for (const change of what) {
    merged.set(change.field, { ...change, from: (merged.get(change.field) ?? change).from });
  }
  return { changes: [...changes.slice(0, -1), { run, epoch, what: [...merged.values()] }], markedSpec: spec };
}

/**
 * @param {Model} model
 * @param {Point[]} incoming
 * @returns {Model}
 */
function withPoints(model, incoming) {
  const points = mergePoints(model.points, incoming, model.run, model.timeline.line);
  const newest = points.at(-1);
  const lastPoint = lastNumber(incoming, model.lastPoint);
  // The state is told only when it changes; between two such events the newest point is what there is.
  if (newest === undefined || newest.step < model.step || model.timeline.is_past) return { ...model, points, lastPoint };
  const { n: _n, run: _run, batch: _batch, step, epoch, learning_rate, ...metrics } = newest;
  const learningRate = learning_rate ?? model.learningRate;
  return { ...model, points, lastPoint, step, epoch, learningRate, epochProgress: null, metrics };
}
