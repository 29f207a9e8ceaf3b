import assert from "node:assert/strict";
import { test } from "node:test";
import { planeAround, projected, toldColumns } from "../../static/js/panels/data/components.js";

test("examples are seen from the mean, along the directions", () => {
  const plane = {
    mean: [1, 2, 3],
    components: [
      [1, 0, 0],
      [0, 0.6, 0.8],
    ],
    explained: [0.7, 0.2],
  };

  assert.deepEqual(projected([[3, 2, 3], [1, 3, 3]], plane), [
    [2, 0],
    [0, 0.6],
  ]);
});

test("the plane reaches as far to all sides, and is never empty", () => {
  assert.deepEqual(planeAround([[1, -2], [0.5, 0]]), [-2.16, 2.16]);
  assert.deepEqual(planeAround([]), [-1.08, 1.08]);
});

test("a direction is told by its weightiest columns, with their signs", () => {
  assert.deepEqual(toldColumns([0.3, -0.9, 0.1, 0.26, 0.28], ["a", "b", "c", "d", "e"]), ["− b", "+ a", "+ e"]);
});
