import assert from "node:assert/strict";
import { test } from "node:test";
import { changesOf, columnOf, isPlainStep, phasesOf, updatesBetween } from "../../static/js/walk.js";

/** A layer of two inputs and one unit. */
const layer = {
  inputs: [2, -1],
  sums: [0.5],
  activations: [0.5],
  biases: [0.1],
  errors: [1],
  slopes: [1],
  deltas: [0.5],
  weights: [[0.3], [0.2]],
  products: [[0.6], [-0.2]],
  weight_gradients: [[1], [-0.5]],
  penalties: [[0.1], [0]],
  error_products: [[0.15], [0.1]],
};
/** @type {any} */
const trace = { step: 4, learning_rate: 0.1, layers: [layer] };
/** @type {any} */
const after = { step: 5, layers: [{ ...layer, weights: [[0.19], [0.25]], biases: [0.05] }] };

test("a walk goes forward layer by layer, to the loss, back again, and to the update", () => {
  const walked = phasesOf(2, { hasTarget: true, isNext: true }).map(({ kind, layer: index }) => `${kind} ${index}`);

  assert.deepEqual(walked, [
    "input -1",
    "forward 0",
    "forward 1",
    "loss 1",
    "backward 1",
    "backward 0",
    "update 1",
  ]);
});

test("only the example that training takes next can be learned from, and none without a target led back", () => {
  assert.equal(phasesOf(2, { hasTarget: true, isNext: false }).at(-1)?.kind, "backward");
  assert.equal(phasesOf(2, { hasTarget: false, isNext: false }).at(-1)?.kind, "forward");
});

test("every parameter has its gradient, the regulariser's part included, and its new value", () => {
  assert.deepEqual(changesOf(trace, after), [
    { layer: 0, from: 0, to: 0, before: 0.3, gradient: 1.1, after: 0.19 },
    { layer: 0, from: 1, to: 0, before: 0.2, gradient: -0.5, after: 0.25 },
    { layer: 0, from: null, to: 0, before: 0.1, gradient: 0.5, after: 0.05 },
  ]);
  assert.deepEqual(
    changesOf(trace, null).map((change) => change.after),
    [null, null, null],
  );
});

test("a plain step is told from another", () => {
  assert.ok(isPlainStep(changesOf(trace, after), 0.1));
  assert.ok(!isPlainStep(changesOf(trace, after), 0.2));
  assert.ok(!isPlainStep(changesOf(trace, null), 0.1));
});

test("a column is found whether all units were asked for or one", () => {
  const wide = { ...layer, sums: [1, 2, 3], weights: [[1, 2, 3]] };

  assert.deepEqual(columnOf(wide, "weights", 2), [3]);
  assert.deepEqual(columnOf({ ...wide, weights: [[3]] }, "weights", 2), [3]);
  assert.equal(columnOf({ ...wide, weights: null }, "weights", 2), null);
});

test("updates that somebody else has made in between are noticed, and that there was none", () => {
  assert.equal(updatesBetween(trace, after), 0);
  assert.equal(updatesBetween(trace, { ...after, step: 9 }), 4);
  assert.equal(updatesBetween(trace, { ...after, step: 4 }), -1);
});
