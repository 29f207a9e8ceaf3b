import assert from "node:assert/strict";
import { test } from "node:test";
import { traceBorders, traceIsolines } from "../../static/js/draw/isolines.js";

/** All pieces of the lines of each level. */
function traced(values, rows, columns, levels) {
  const lines = levels.map(() => []);
  traceIsolines(values, rows, columns, levels, (level) => (...piece) => lines[level].push(piece));
  return lines;
}

const grid = (rows, columns, valueAt) =>
  Array.from({ length: rows * columns }, (_, at) => valueAt(at % columns, Math.floor(at / columns)));

test("a line lies where the value passes the level, between the points of the grid", () => {
  const [line] = traced(grid(3, 3, (x) => 10 * x), 3, 3, [4]);

  assert.equal(line.length, 2);
  for (const [x0, , x1] of line) assert.deepEqual([x0, x1], [0.4, 0.4]);
});

test("each level has lines of its own, and one that is never reached has none", () => {
  const [low, high, never] = traced(grid(2, 11, (x) => 10 * x), 2, 11, [15, 85, 200]);

  assert.deepEqual(low, [[1.5, 0, 1.5, 1]]);
  assert.deepEqual(high, [[8.5, 0, 8.5, 1]]);
  assert.deepEqual(never, []);
});

test("a map that is the same everywhere has no lines, whatever the level", () => {
  assert.deepEqual(traced(new Uint8Array(25).fill(128), 5, 5, [127.5, 128, Infinity]), [[], [], []]);
});

test("the line around a hill is closed, and every point of it is as high as the level", () => {
  const height = (x, y) => 255 * Math.exp(-((x - 10) ** 2 + (y - 9) ** 2) / 30);
  const [line] = traced(grid(20, 20, height), 20, 20, [127.5]);

  const ends = new Map();
  for (const [x0, y0, x1, y1] of line) {
    for (const [x, y] of [
      [x0, y0],
      [x1, y1],
    ]) {
      assert.ok(Math.abs(height(x, y) - 127.5) < 4, `${x} ${y} is ${height(x, y)} high`);
      const key = `${x.toFixed(6)} ${y.toFixed(6)}`;
      ends.set(key, (ends.get(key) ?? 0) + 1);
    }
  }
  assert.ok(line.length > 10);
  assert.ok([...ends.values()].every((count) => count === 2), "every piece goes on");
});

test("of two opposite corners the mean of the cell says whether they are joined", () => {
  const apart = traced([9, 0, 0, 9], 2, 2, [5])[0];
  const joined = traced([9, 3, 3, 9], 2, 2, [5])[0];

  // Apart, each line cuts off one of the high corners; joined, one of the low ones.
  assert.ok(apart.some(([x0, y0]) => x0 === 0 && y0 < 1 && y0 > 0));
  assert.equal(apart.length, 2);
  assert.equal(joined.length, 2);
  assert.ok(joined.some(([x0, y0, x1, y1]) => y0 === 0 && x1 === 1 && x0 > 0.5 && y1 < 0.5));
});

test("all sixteen kinds of cells have lines that end on edges which the level crosses", () => {
  for (let kind = 0; kind < 16; kind += 1) {
    const [a, b, c, d] = [0, 1, 2, 3].map((bit) => ((kind >> bit) & 1 ? 1 : 0));
    const pieces = traced([a, b, d, c], 2, 2, [0.5])[0];
    const edges = [a !== b, b !== c, c !== d, d !== a].filter(Boolean).length;
    assert.equal(pieces.length * 2, edges, `kind ${kind}`);
    for (const [x0, y0, x1, y1] of pieces) {
      for (const [x, y] of [
        [x0, y0],
        [x1, y1],
      ]) {
        const isCrossed =
          (y === 0 && x === 0.5 && a !== b) ||
          (x === 1 && y === 0.5 && b !== c) ||
          (y === 1 && x === 0.5 && c !== d) ||
          (x === 0 && y === 0.5 && d !== a);
        assert.ok(isCrossed, `kind ${kind} ends at ${x} ${y}`);
      }
    }
  }
});

test("a border runs where two classes are level", () => {
  // Class 0 falls from 1 to 0 from left to right, class 1 rises from 0 to 3.
  const values = [
    [1, 0.5, 0],
    [0, 1.5, 3],
  ];
  const winners = [0, 1, 1, 0, 1, 1];
  const pieces = [];
  traceBorders(winners, (index, at) => values[index][at % 3], 2, 3, (...piece) => pieces.push(piece));

  assert.deepEqual(pieces, [[0.5, 0, 0.5, 1]]);
});

test("three borders meet in a point", () => {
  const pieces = [];
  traceBorders([0, 1, 2, 2], (index, at) => ([0, 1, 2, 2][at] === index ? 1 : 0), 2, 2, (...piece) => pieces.push(piece));

  assert.equal(pieces.length, 3);
  assert.equal(new Set(pieces.map(([, , x, y]) => `${x} ${y}`)).size, 1);
});

test("a tie belongs to the first class and breaks nothing", () => {
  const pieces = [];
  traceBorders([0, 1, 0, 1], () => 0.5, 2, 2, (...piece) => pieces.push(piece));

  assert.deepEqual(pieces, [[0.5, 0, 0.5, 1]]);
});
