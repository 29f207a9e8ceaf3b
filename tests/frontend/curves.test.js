import assert from "node:assert/strict";
import { test } from "node:test";
import {
  endsOfAxis,
  evenTicks,
  logBounds,
  logTicks,
  nearestIndex,
  nearestTold,
  onAxis,
  smooth,
  thinned,
  zoomed,
} from "../../static/js/draw/curve-data.js";
import { specChanges } from "../../static/js/spec-changes.js";

const point = (epoch, more = {}) => ({ n: epoch, run: 1, step: epoch, epoch, loss: 1 / (epoch + 1), ...more });

test("an axis has a metric's own ends, and where it has none the values decide", () => {
  assert.deepEqual(endsOfAxis([0, 1], 0.4, 0.6), [0, 1]);
  assert.deepEqual(endsOfAxis([0, null], 0.1, 0.73), [0, 0.8]);
  assert.deepEqual(endsOfAxis([null, 1], 0.2, 0.9), [0, 1]);
  assert.deepEqual(endsOfAxis([null, 1], -0.17, 0.9), [-0.2, 1]);
  assert.deepEqual(endsOfAxis([null, 1], -40, 0.9), [-1, 1], "a bad beginning does not press all that follows flat");
  assert.deepEqual(endsOfAxis([null, 1], null, null), [0, 1]);
});

test("what is not measured at a place is read where it was measured nearest", () => {
  assert.equal(nearestTold([1, undefined, null, undefined, 5], 1), 0);
  assert.equal(nearestTold([1, undefined, null, undefined, 5], 3), 4);
  assert.equal(nearestTold([undefined, null], 1), 1);
  assert.equal(nearestIndex([0, 10, 20], 16), 2);
  assert.equal(nearestIndex([0, 10, 20], 14), 1);
});

test("without smoothing values stay as they are", () => {
  const values = [1, null, 3];

  assert.equal(smooth(values, 0), values);
});

test("a smoothed curve begins where the values do, and a constant stays constant", () => {
  assert.equal(smooth([5, 1, 1], 0.9)[0], 5);
  for (const value of smooth(Array(50).fill(2), 0.95)) assert.ok(Math.abs(value - 2) < 1e-9);
});

test("smoothing weighs the newest value by what is left", () => {
  const [, second] = smooth([0, 1], 0.5);

  // (0.5 · 0.5 · 0 + 0.5 · 1) / (1 − 0.25)
  assert.ok(Math.abs(second - 2 / 3) < 1e-9);
});

test("smoothing draws through what is not measured and keeps the gaps", () => {
  const values = smooth([1, undefined, null, 1], 0.9);

  assert.deepEqual([values[1], values[2]], [undefined, null]);
  assert.ok(Math.abs(values[3] - 1) < 1e-9);
});

test("what has no place on a logarithmic axis leaves a gap", () => {
  const values = [0, 0.5, null, undefined];

  assert.deepEqual(onAxis(values, true), [null, 0.5, null, undefined]);
  assert.deepEqual(onAxis(values, false), values);
});

test("looking closer keeps what is looked at in its place", () => {
  const [from, to] = zoomed([0, 100], [0, 100], 0.5, 80);

  assert.deepEqual([from, to], [40, 90]);
  assert.equal((80 - from) / (to - from), 0.8);
});

test("a window never leaves the curves, and going back far enough shows all", () => {
  assert.deepEqual(zoomed([50, 100], [0, 100], 1, 400), [50, 100]);
  assert.deepEqual(zoomed([-30, 10], [0, 100], 1, -10), [0, 40]);
  assert.equal(zoomed([40, 90], [0, 100], 2, 60), null);
});

test("nobody can look so closely that nothing is left", () => {
  const [from, to] = zoomed([10, 10.001], [0, 100], 0.001, 10);

  assert.ok(to - from >= 0.05 - 1e-9);
});

test("a logarithmic axis ends at 1, 2 or 5 times a power of ten", () => {
  assert.deepEqual(logBounds(0.03, 0.7), [0.02, 1]);
  assert.deepEqual(logBounds(0.5, 0.5), [0.25, 1]);
  assert.deepEqual(logBounds(null, null).map((end) => end > 0), [true, true]);
});

test("a logarithmic axis has few ticks over many powers of ten and enough over few", () => {
  assert.deepEqual(logTicks(0.02, 1), [0.02, 0.05, 0.1, 0.2, 0.5, 1]);
  assert.deepEqual(logTicks(0.5, 1), [0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  assert.deepEqual(logTicks(1e-6, 1), [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1]);
});

test("of many points a few are told, the first and the last among them", () => {
  const points = Array.from({ length: 1000 }, (_, epoch) => point(epoch));

  const told = thinned(points, 20);

  assert.equal(told.length, 20);
  assert.deepEqual([told[0].epoch, told[19].epoch], [0, 999]);
  assert.equal(thinned(points.slice(0, 5), 20).length, 5);
});

const spec = (training = {}, network = {}) => ({
  data: { features: ["x", "y"] },
  network: { layers: [{ units: 4, activation: { name: "tanh" } }], ...network },
  training: { optimizer: { name: "sgd", learning_rate: 0.03 }, batch_size: 10, stop: [], ...training },
});

test("what was changed is told field by field", () => {
  const after = spec({ optimizer: { name: "sgd", learning_rate: 0.1 }, batch_size: 20 });

  assert.deepEqual(specChanges(spec(), after), [
    { field: "training.optimizer.learning_rate", from: 0.03, to: 0.1 },
    { field: "training.batch_size", from: 10, to: 20 },
  ]);
  assert.deepEqual(specChanges(spec(), spec()), []);
});

test("another component is one change, and so is a list that has grown", () => {
  const optimizer = { name: "adam", learning_rate: 0.001 };
  const layers = [...spec().network.layers, { units: 2, activation: { name: "tanh" } }];

  assert.deepEqual(
    specChanges(spec(), spec({ optimizer }, { layers })).map(({ field }) => field),
    ["network.layers", "training.optimizer"],
  );
});

test("a unit more is told of its layer", () => {
  const layers = [{ units: 5, activation: { name: "tanh" } }];

  assert.deepEqual(specChanges(spec(), spec({}, { layers })), [{ field: "network.layers[0].units", from: 4, to: 5 }]);
});

test("an even axis has round ticks, as many as have room", () => {
  assert.deepEqual(evenTicks(0, 1, 6), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(evenTicks(0, 65, 10), [0, 10, 20, 30, 40, 50, 60]);
  assert.deepEqual(evenTicks(0.31, 0.36, 6), [0.31, 0.32, 0.33, 0.34, 0.35, 0.36]);
  assert.deepEqual(evenTicks(-3, 3, 4), [-2, 0, 2]);
});
