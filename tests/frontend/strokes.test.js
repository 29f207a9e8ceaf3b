import assert from "node:assert/strict";
import { test } from "node:test";
import { inlinePoints, MOST_POINTS, pointsOf, Strokes, tableOf } from "../../static/js/panels/data/strokes.js";

test("a point is rounded to two decimals and stays on the plane", () => {
  const strokes = new Strokes();

  strokes.add({ x: 1.23456, y: -0.001 }, 1);
  strokes.add({ x: 7, y: -99 }, 0);

  assert.deepEqual(strokes.points, [
    [1.23, 0, 1],
    [6, -6, 0],
  ]);
  assert.ok(!Object.is(strokes.points[0][1], -0));
});

test("one undo takes back a whole stroke, and redo brings it again", () => {
  const strokes = new Strokes([[0, 0, 0]]);

  strokes.begin();
  strokes.add({ x: 1, y: 1 }, 1);
  strokes.add({ x: 2, y: 2 }, 1);
  assert.ok(strokes.end());
  strokes.undo();

  assert.deepEqual(strokes.points, [[0, 0, 0]]);
  assert.ok(!strokes.canUndo && strokes.canRedo);
  strokes.redo();
  assert.equal(strokes.points.length, 3);
});

test("a stroke that changes nothing leaves nothing to undo", () => {
  const strokes = new Strokes([[0, 0, 0]]);

  strokes.begin();
  strokes.erase({ x: 3, y: 3 }, 1);

  assert.ok(!strokes.end());
  assert.ok(!strokes.canUndo);
});

test("after a new stroke there is nothing to redo", () => {
  const strokes = new Strokes();
  strokes.begin();
  strokes.add({ x: 1, y: 1 }, 0);
  strokes.end();
  strokes.undo();

  strokes.begin();
  strokes.add({ x: 2, y: 2 }, 0);
  strokes.end();

  assert.ok(!strokes.canRedo);
});

test("the nearest point is hit, and of two at one place the upper one", () => {
  const strokes = new Strokes([
    [0, 0, 0],
    [1, 0, 1],
    [1, 0, 2],
  ]);

  assert.equal(strokes.nearest({ x: 0.8, y: 0.1 }, 0.5), 2);
  assert.equal(strokes.nearest({ x: 0.3, y: 0 }, 0.5), 0);
  assert.equal(strokes.nearest({ x: 3, y: 3 }, 0.5), -1);
});

test("moving keeps the class and the order", () => {
  const strokes = new Strokes([
    [0, 0, 2],
    [1, 1, 1],
  ]);

  strokes.move(0, { x: -2.005, y: 9 });

  assert.deepEqual(strokes.points, [
    [-2, 6, 2],
    [1, 1, 1],
  ]);
});

test("erasing takes all within its radius", () => {
  const strokes = new Strokes([
    [0, 0, 0],
    [0.4, 0, 1],
    [2, 0, 1],
  ]);

  strokes.erase({ x: 0.2, y: 0 }, 0.5);

  assert.deepEqual(strokes.points, [[2, 0, 1]]);
});

test("a brush paints several points within its radius, evenly over its area", () => {
  const strokes = new Strokes();
  const numbers = [0, 0.25, 0.5, 1];

  strokes.spray({ x: 1, y: 1 }, 3, { count: 2, radius: 1, random: () => numbers.shift() });

  assert.deepEqual(strokes.points, [
    [1.5, 1, 3],
    [0, 1, 3],
  ]);
});

test("there is an end to the points, not to the page", () => {
  const strokes = new Strokes();
  strokes.spray({ x: 0, y: 0 }, 0, { count: MOST_POINTS + 5, radius: 1 });

  assert.equal(strokes.points.length, MOST_POINTS);
  assert.equal(strokes.add({ x: 0, y: 0 }, 0), -1);
});

test("up to two hundred points stand in the spec, with the task that their classes make", () => {
  const points = (count, ofClass) => Array.from({ length: count }, () => [0, 0, ofClass]);

  assert.equal(inlinePoints(points(200, 1)).task, "binary");
  assert.equal(inlinePoints(points(3, 2)).task, "multiclass");
  assert.equal(inlinePoints(points(201, 1)), null);
});

test("a painted table is known again, and no other", () => {
  const points = [
    [1.25, -6, 0],
    [0, 0, 5],
  ];

  assert.deepEqual(pointsOf(tableOf(points)), points);
  assert.equal(pointsOf({ columns: ["x", "y", "class", "split"], rows: [[1, 2, 1, "train"]] }), null);
  assert.equal(pointsOf({ columns: ["x", "y", "class"], rows: [[1, 60, 1]] }), null);
  assert.equal(pointsOf({ columns: ["x", "y", "class"], rows: [[1, null, 1]] }), null);
  assert.equal(pointsOf({ columns: ["x", "y", "class"], rows: [[1, 2, 0.5]] }), null);
  assert.equal(pointsOf({ columns: ["age", "y", "class"], rows: [[1, 2, 1]] }), null);
});
