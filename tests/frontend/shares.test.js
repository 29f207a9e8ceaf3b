import assert from "node:assert/strict";
import { test } from "node:test";
import { withEnd, withShare } from "../../static/js/panels/data/shares.js";

const split = { train: 0.5, validation: 0.2, test: 0.3 };
const sum = ({ train, validation, test: rest }) => Math.round(1e9 * (train + validation + rest)) / 1e9;

test("more to train on leaves less to test on, and validation alone", () => {
  assert.deepEqual(withShare(split, "train", 0.6), { train: 0.6, validation: 0.2, test: 0.2 });
});

test("when nothing is left to test on, validation gives way", () => {
  assert.deepEqual(withShare(split, "train", 0.95), { train: 0.95, validation: 0.05, test: 0 });
});

test("validation is taken from the test, and then from training", () => {
  assert.deepEqual(withShare(split, "validation", 0.4), { train: 0.5, validation: 0.4, test: 0.1 });
  assert.deepEqual(withShare(split, "validation", 0.7), { train: 0.3, validation: 0.7, test: 0 });
});

test("the test is taken from training, which always keeps something", () => {
  assert.deepEqual(withShare(split, "test", 0.6), { train: 0.2, validation: 0.2, test: 0.6 });
  assert.deepEqual(withShare(split, "test", 0.9), { train: 0.05, validation: 0.05, test: 0.9 });
  assert.deepEqual(withShare(split, "test", 5), { train: 0.05, validation: 0, test: 0.95 });
});

test("whatever is asked for, the parts make a whole", () => {
  for (const part of ["train", "validation", "test"]) {
    for (const share of [-1, 0, 0.01, 1 / 3, 0.55, 0.999, 1, 7]) {
      const result = withShare(split, part, share);
      assert.equal(sum(result), 1, `${part} ${share}`);
      assert.ok(Math.min(result.train, result.validation, result.test) >= 0);
      assert.ok(result.train > 0);
    }
  }
});

test("with a test set of its own, only training and validation share", () => {
  const own = { train: 0.9, validation: 0.1, test: null };

  assert.deepEqual(withShare(own, "train", 0.7), { train: 0.7, validation: 0.3, test: null });
  assert.deepEqual(withShare(own, "validation", 0.4), { train: 0.6, validation: 0.4, test: null });
});

test("the end of training takes validation along, and that of validation stops at training's", () => {
  assert.deepEqual(withEnd(split, "train", 0.6), { train: 0.6, validation: 0.2, test: 0.2 });
  assert.deepEqual(withEnd(split, "validation", 0.9), { train: 0.5, validation: 0.4, test: 0.1 });
  assert.deepEqual(withEnd(split, "validation", 0.1), { train: 0.5, validation: 0, test: 0.5 });
});
