import assert from "node:assert/strict";
import { test } from "node:test";
import { reduce } from "../../static/js/model.js";

const spec = (rate = 0.03) => ({ training: { optimizer: { learning_rate: rate } } });
const description = (changes = {}) => ({
  id: "a",
  role: "owner",
  spec: spec(),
  state: "running",
  step: 50,
  epoch: 2,
  run: 1,
  speed: 20,
  until_epoch: null,
  metrics: { loss: 0.5 },
  parameters: 25,
  layers: [],
  arrays: [],
  data_version: 1,
  stride: 1,
  ...changes,
});
const point = (n, run = 1) => ({ n, run, step: 25 * n, epoch: n, loss: 1 / n });
const welcome = (changes = {}) => ({ type: "welcome", points: [point(1), point(2)], ...description(changes) });
const numbers = (model) => model.points.map(({ n }) => n);

test("welcome makes the model", () => {
  const model = reduce(null, welcome());

  assert.equal(model.state, "running");
  assert.equal(model.lastPoint, 2);
  assert.deepEqual(numbers(model), [1, 2]);
});

test("a state tells where the run stops", () => {
  const model = reduce(null, welcome());

  const bounded = reduce(model, { type: "state", state: "running", step: 50, epoch: 2, run: 1, until_epoch: 7 });

  assert.equal(model.untilEpoch, null);
  assert.equal(bounded.untilEpoch, 7);
});

test("what comes before welcome is left alone", () => {
  assert.equal(reduce(null, { type: "points", points: [point(1)] }), null);
});

test("a welcome after a lost connection adds the points that were missed", () => {
  const model = reduce(reduce(null, welcome()), welcome({ points: [point(3), point(4)] }));

  assert.deepEqual(numbers(model), [1, 2, 3, 4]);
});

test("a welcome of another session forgets the first one's points", () => {
  const model = reduce(reduce(null, welcome()), welcome({ id: "b", points: [point(1)] }));

  assert.deepEqual(numbers(model), [1]);
  assert.equal(model.lastPoint, 1);
});

test("a welcome with another stride asks for the history", () => {
  const model = reduce(reduce(null, welcome()), welcome({ stride: 2, points: [] }));

  assert.equal(model.thinnings, 1);
});

test("a point carries step, epoch and metrics", () => {
  const model = reduce(reduce(null, welcome()), { type: "points", points: [point(3)] });

  assert.equal(model.step, 75);
  assert.equal(model.epoch, 3);
  assert.deepEqual(model.metrics, { loss: 1 / 3 });
});

test("a reset empties the curves and keeps counting the points", () => {
  const model = reduce(reduce(null, welcome()), {
    type: "state",
    state: "paused",
    step: 0,
    epoch: 0,
    run: 2,
    speed: 20,
    metrics: { loss: 0.7 },
  });

  assert.deepEqual(numbers(model), []);
  assert.equal(model.epoch, 0);
  assert.equal(model.lastPoint, 2);
});

test("points of a run that is over are not shown, but counted", () => {
  const reset = reduce(reduce(null, welcome()), {
    type: "state",
    state: "running",
    step: 0,
    epoch: 0,
    run: 2,
    metrics: {},
  });

  const model = reduce(reset, { type: "points", points: [point(3, 1)] });

  assert.deepEqual(numbers(model), []);
  assert.equal(model.lastPoint, 3);
});

test("a rebuild brings the new network and starts its curves anew", () => {
  const model = reduce(reduce(null, welcome()), {
    type: "rebuilt",
    adjusted: [],
    ...description({ run: 2, step: 0, epoch: 0, parameters: 9, data_version: 2 }),
  });

  assert.equal(model.parameters, 9);
  assert.equal(model.dataVersion, 2);
  assert.deepEqual(numbers(model), []);
});

test("each thinning asks for the history, which takes the place of the points", () => {
  const once = reduce(reduce(null, welcome()), { type: "thinned", stride: 2, kept: 1 });
  const twice = reduce(once, { type: "thinned", stride: 4, kept: 1 });

  const model = reduce(twice, { type: "history", points: [point(2)] });

  assert.deepEqual([once.thinnings, twice.thinnings], [1, 2]);
  assert.deepEqual(numbers(model), [2]);
});

test("a divergence is a state, and a metric may be null", () => {
  const model = reduce(reduce(null, welcome()), {
    type: "diverged",
    step: 60,
    epoch: 2.4,
    run: 1,
    metrics: { loss: null },
  });

  assert.equal(model.state, "diverged");
  assert.equal(model.metrics.loss, null);
});

test("what is intended is shown before the server confirms it", () => {
  const running = reduce(null, welcome({ state: "paused" }));

  const model = reduce(running, { type: "intended", state: "running", speed: null });

  assert.equal(model.state, "running");
  assert.equal(model.speed, null);
  assert.equal(reduce(model, { type: "intended", state: "paused" }).speed, null);
});

test("a change of the training while it goes on leaves a mark", () => {
  const model = reduce(reduce(null, welcome()), { type: "configured", spec: spec(0.1) });

  const what = [{ field: "training.optimizer.learning_rate", from: 0.03, to: 0.1 }];
  assert.deepEqual(model.changes, [{ run: 1, epoch: 2, what }]);
});

test("what is changed again before the next epoch leaves one mark, from the first to the last", () => {
  const rates = [0.04, 0.1].reduce(
    (model, rate) => reduce(model, { type: "configured", spec: spec(rate) }),
    reduce(null, welcome()),
  );

  assert.equal(rates.changes.length, 1);
  assert.deepEqual(rates.changes[0].what, [{ field: "training.optimizer.learning_rate", from: 0.03, to: 0.1 }]);
});

test("hearing of the same change twice leaves one mark", () => {
  const once = reduce(reduce(null, welcome()), { type: "configured", spec: spec(0.1) });

  const model = reduce(once, {
    type: "state",
    state: "running",
    step: 60,
    epoch: 2,
    run: 1,
    metrics: {},
    spec: spec(0.1),
  });

  assert.equal(model.changes.length, 1);
});

test("who waits for a place learns which one it is, and nothing of it stays afterwards", () => {
  const queued = reduce(null, welcome({ state: "queued", points: [], queue: { position: 3, length: 4 } }));
  assert.deepEqual(queued.queue, { position: 3, length: 4 });

  const nearer = reduce(queued, { type: "queue", queue: { position: 1, length: 2 } });
  assert.deepEqual(nearer.queue, { position: 1, length: 2 });
  assert.equal(nearer.state, "queued");

  const admitted = reduce(nearer, welcome({ state: "idle", points: [], queue: null }));
  assert.equal(admitted.queue, null);
  assert.equal(admitted.state, "idle");
});

test("how saving goes is told at the beginning and whenever it changes", () => {
  const model = reduce(null, welcome({ saving: "disk_full" }));
  assert.equal(model.saving, "disk_full");

  assert.equal(reduce(model, { type: "saving", saving: "ok" }).saving, "ok");
});

test("a server that says nothing of saving or a queue is an older one, and well", () => {
  const model = reduce(null, welcome());

  assert.equal(model.saving, "ok");
  assert.equal(model.queue, null);
});

test("a network built anew that keeps its weights goes on with its curve, and is marked", () => {
  const model = reduce(null, welcome());

  const larger = { ...spec(), network: { layers: [{ units: 5 }] } };
  const answered = reduce(model, { type: "configured", spec: larger });

  const kept = reduce(answered, {
    type: "rebuilt",
    ...description({ data_version: 2, parameters: 33, spec: larger }),
    kept: 20,
  });

  assert.deepEqual(numbers(kept), [1, 2]);
  const what = [{ field: "network", from: undefined, to: { layers: [{ units: 5 }] } }];
  assert.deepEqual(kept.changes, [{ run: 1, epoch: 2, what }]);
});

const timeline = (changes = {}) => ({ first: 0, newest: 50, newest_epoch: 2, is_past: false, line: [], ...changes });
const state = (changes) => ({ type: "state", state: "paused", step: 50, epoch: 2, run: 1, metrics: {}, ...changes });

test("looking back leaves the curve as it is, and is no change of the settings", () => {
  const model = reduce(null, welcome({ timeline: timeline() }));

  const past = reduce(model, state({ step: 25, epoch: 1, spec: spec(0.5), timeline: timeline({ is_past: true }) }));
  const present = reduce(past, state({ spec: spec(), timeline: timeline() }));

  assert.deepEqual([past.epoch, past.timeline.is_past, numbers(past)], [1, true, [1, 2]]);
  assert.equal(past.spec.training.optimizer.learning_rate, 0.5);
  assert.deepEqual([present.epoch, present.changes], [2, []]);
});

test("a run that goes on from a past step keeps the points up to there, and asks for those that have gone", () => {
  const model = reduce(null, welcome({ timeline: timeline() }));

  const line = [{ run: 1, step: 25 }];
  const running = reduce(model, state({ state: "running", step: 25, run: 2, timeline: timeline({ line }) }));
  const later = reduce(running, { type: "points", points: [{ n: 3, run: 2, step: 50, epoch: 2, loss: 0.4 }] });

  assert.deepEqual(numbers(later), [1, 3]);
  assert.equal(running.thinnings, model.thinnings + 1);
  const all = reduce(later, { type: "history", points: [...model.points, later.points[1]] });
  assert.deepEqual(numbers(all), [1, 3]);
});

test("what can be undone and how a run diverged is told with the state", () => {
  const divergence = { step: 30, learning_rate: 10, losses: [], good_step: 25, good_epoch: 1, good_loss: 0.5 };
  const model = reduce(null, welcome());

  const diverged = reduce(model, state({ state: "diverged", divergence, changes: { undo: 2, redo: 0 } }));

  assert.deepEqual([model.undoable, diverged.undoable], [{ undo: 0, redo: 0 }, { undo: 2, redo: 0 }]);
  assert.equal(diverged.divergence, divergence);
  assert.equal(reduce(diverged, state({ state: "paused" })).divergence, null);
});

test("after a reload the log tells what was changed on the way", () => {
  const log = [
    { step: 0, type: "configured", fields: [{ field: "training.batch_size", from: 10, to: 5 }] },
    { step: 30, type: "configured", fields: [{ field: "training.optimizer.learning_rate", from: 0.03, to: 0.1 }] },
    { step: 31, type: "configured", fields: [{ field: "training.optimizer.learning_rate", from: 0.1, to: 0.3 }] },
    {
      step: 50,
      type: "configured",
      fields: [
        { field: "training.optimizer.name", from: "sgd", to: "adam" },
        { field: "training.optimizer.beta1", from: null, to: 0.9 },
      ],
    },
    { step: 50, type: "edited", fields: [{ field: "weights", from: 1, to: 2 }] },
  ];

  const model = reduce(reduce(null, welcome()), { type: "logged", changes: log });

  assert.deepEqual(model.changes, [
    { run: 1, epoch: 1, what: [{ field: "training.optimizer.learning_rate", from: 0.03, to: 0.3 }] },
    { run: 1, epoch: 2, what: [{ field: "training.optimizer", from: { name: "sgd" }, to: { name: "adam" } }] },
  ]);
  assert.equal(reduce(model, { type: "logged", changes: log }), model);
});
