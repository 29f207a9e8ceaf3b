import assert from "node:assert/strict";
import { test } from "node:test";
import { lastNumber, mergePoints, replacePoints } from "../../static/js/points.js";

const points = (from, to, run = 1) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ n: from + index, run, step: 0, epoch: from + index }));
const numbers = (list) => list.map(({ n }) => n);

test("new points stand behind the old ones", () => {
  assert.deepEqual(numbers(mergePoints(points(1, 3), points(4, 5), 1)), [1, 2, 3, 4, 5]);
});

test("a point that comes twice is taken once", () => {
  assert.deepEqual(numbers(mergePoints(points(1, 3), points(2, 5), 1)), [1, 2, 3, 4, 5]);
});

test("without anything new the list stays the same object", () => {
  const known = points(1, 3);

  assert.equal(mergePoints(known, points(1, 2), 1), known);
});

test("a new run starts with nothing of the old one", () => {
  assert.deepEqual(numbers(mergePoints(points(1, 3, 1), [...points(4, 4, 1), ...points(5, 6, 2)], 2)), [5, 6]);
});

test("the history takes the place of thinned points and keeps those that came meanwhile", () => {
  const thinned = points(1, 8).filter(({ epoch }) => epoch % 2 === 0);

  assert.deepEqual(numbers(replacePoints(points(1, 10), thinned, 1)), [2, 4, 6, 8, 9, 10]);
});

test("the history of older runs is left out", () => {
  assert.deepEqual(numbers(replacePoints(points(5, 6, 2), [...points(1, 4, 1), ...points(5, 5, 2)], 2)), [5, 6]);
});

test("the last number never falls, whatever run the points are of", () => {
  assert.equal(lastNumber(points(3, 4), 9), 9);
  assert.equal(lastNumber(points(3, 12), 9), 12);
  assert.equal(lastNumber([], 9), 9);
});
