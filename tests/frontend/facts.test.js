import assert from "node:assert/strict";
import { test } from "node:test";
import { className, targetDomain, UNKNOWN_FACTS, unplacedTarget } from "../../static/js/facts.js";

const examples = (...targets) => ({ inputs: targets.map(() => [0, 0]), targets });

test("numbers to predict are coloured as far from zero as the farthest of all parts", () => {
  const data = { train: examples(0.4, -0.7), validation: null, test: examples(1.3) };

  assert.deepEqual(targetDomain(data), [-1.5, 1.5]);
});

test("targets that reach one are coloured up to one", () => {
  assert.deepEqual(targetDomain({ train: examples(-1, 0.98), validation: null, test: null }), [-1, 1]);
});

test("without examples, or where all are zero, there still is a ramp", () => {
  assert.deepEqual(targetDomain(null), [-1, 1]);
  assert.deepEqual(targetDomain({ train: examples(0, 0), validation: null, test: null }), [-1, 1]);
});

test("a class has the name that its table gives it", () => {
  assert.equal(className({ ...UNKNOWN_FACTS, class_names: ["cats", "dogs"] }, 1), "dogs");
});

test("a prediction is told in the units of its table", () => {
  const facts = { ...UNKNOWN_FACTS, target: { name: "height", offset: 150, scale: 0.02 } };

  assert.equal(unplacedTarget(facts, 0.5), 175);
  assert.equal(unplacedTarget(UNKNOWN_FACTS, 0.5), 0.5);
});
