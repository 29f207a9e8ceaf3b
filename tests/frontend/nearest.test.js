import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestExample } from "../../static/js/draw/nearest.js";

const at = (...inputs) => ({ inputs, targets: inputs.map(() => 0) });
const DATA = { train: at([0, 0], [1, 1]), validation: null, test: at([0, 0], [3, 3]) };

test("the example nearest to a place is found, in whichever part that is drawn", () => {
  assert.deepEqual(nearestExample(DATA, ["train", "test"], { x: 2.8, y: 3 }, 1), { split: "test", index: 1 });
  assert.deepEqual(nearestExample(DATA, ["train"], { x: 2.8, y: 3 }, Infinity), { split: "train", index: 1 });
  assert.deepEqual(nearestExample(DATA, ["train", "validation"], { x: 0.9, y: 1 }, 1), { split: "train", index: 1 });
});

test("of two that lie on one another the uppermost is meant", () => {
  assert.deepEqual(nearestExample(DATA, ["train", "test"], { x: 0, y: 0.1 }, 1), { split: "train", index: 0 });
});

test("a place with no example near is no example's", () => {
  assert.equal(nearestExample(DATA, ["train", "test"], { x: -5, y: 5 }, 0.5), null);
  assert.equal(nearestExample(null, ["train"], { x: 0, y: 0 }, Infinity), null);
});
