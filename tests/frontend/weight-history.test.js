import assert from "node:assert/strict";
import { test } from "node:test";
import { WeightHistory } from "../../static/js/weight-history.js";

/** @param {WeightHistory} history @param {number} from @param {number} to */
function learn(history, from, to) {
  for (let step = from; step <= to; step += 1) history.record(step, step / 10, [step, -step]);
}

/** @param {WeightHistory} history */
const steps = (history) => history.of(0).map(({ step }) => step);

test("each parameter has its own curve", () => {
  const history = new WeightHistory();
  learn(history, 0, 3);

  assert.deepEqual(history.of(1), [
    { step: 0, epoch: 0, value: -0 },
    { step: 1, epoch: 0.1, value: -1 },
    { step: 2, epoch: 0.2, value: -2 },
    { step: 3, epoch: 0.3, value: -3 },
  ]);
});

test("a long run stays within its bytes, from its first moment to its last", () => {
  const history = new WeightHistory(8 * 32);
  learn(history, 0, 5000);

  assert.ok(steps(history).length <= 32);
  assert.equal(steps(history)[0], 0);
  assert.equal(steps(history).at(-1), 5000);
});

test("what lies after a step back is forgotten, and a value set at rest replaces the one before", () => {
  const history = new WeightHistory();
  learn(history, 0, 9);
  history.record(4, 0.4, [40, 0]);

  assert.deepEqual(steps(history), [0, 1, 2, 3, 4]);
  assert.equal(history.of(0).at(-1)?.value, 40);
});

test("another network begins anew, and one too large is not kept", () => {
  const history = new WeightHistory(8 * 32);
  learn(history, 0, 9);
  history.record(10, 1, [1, 2, 3]);
  assert.deepEqual(steps(history), [10]);

  history.record(11, 1, new Float32Array(100));

  assert.deepEqual(steps(history), []);
});
