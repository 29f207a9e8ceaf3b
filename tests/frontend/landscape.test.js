import assert from "node:assert/strict";
import { test } from "node:test";
import { fewOf, levelsOf, lossScale, NO_NUMBER, placeOn, placesOf, surfaceOf } from "../../static/js/landscape.js";

test("losses become bytes evenly, or by their logarithm, and back", () => {
  const even = lossScale([1, 100], false);
  const log = lossScale([1, 100], true);

  assert.deepEqual([even.toByte(1), even.toByte(50.5), even.toByte(100)], [0, 125, 250]);
  assert.deepEqual([log.toByte(1), log.toByte(10), log.toByte(100)], [0, 125, 250]);
  assert.equal(even.at(0.5), 50.5);
  assert.ok(Math.abs(log.at(0.5) - 10) < 1e-9);
});

test("a loss of nothing has a place on a log scale, and what is no number a byte of its own", () => {
  assert.equal(lossScale([0, 1], true).toByte(0), 0);
  assert.equal(lossScale([0, 1], false).toByte(null), NO_NUMBER);
  assert.equal(lossScale([2, 2], false).toByte(2), 0);
  assert.ok(levelsOf(9).every((level) => level > 0 && level < NO_NUMBER - 1));
});

test("a surface goes row by row from the top", () => {
  /** @type {any} */
  const landscape = { losses: [[0, 1], [null, 2]], range: [0, 2] };

  const { values, rows, columns } = surfaceOf(landscape, false);

  assert.deepEqual([...values], [0, 125, NO_NUMBER, 250]);
  assert.deepEqual([rows, columns], [2, 2]);
});

test("later parameters are found on a slice, also where its directions are not at right angles", () => {
  /** @type {any} */
  const slice = { center: [1, 1, 1], directions: [[1, 0, 0], [1, 2, 0]] };

  assert.deepEqual(placeOn(slice, [1 + 3 + 2, 1 + 4, 1]), [3, 2]);
  assert.deepEqual(placeOn(slice, [1, 1, 9]), [0, 0]);
  assert.equal(placeOn(slice, [1, 1]), null);
  assert.equal(placeOn({ ...slice, directions: null }, [1, 1, 1]), null);
});

test("parameters are named in the order in which they lie: weights row by row, then biases", () => {
  const places = placesOf([{ inputs: 2, units: 2 }, { inputs: 2, units: 1 }], 100);

  assert.equal(places.length, 9);
  assert.deepEqual(places[1], { layer: 0, from: 0, to: 1, index: 1 });
  assert.deepEqual(places[4], { layer: 0, from: null, to: 0, index: 4 });
  assert.deepEqual(places[8], { layer: 1, from: null, to: 0, index: 8 });
  assert.equal(placesOf([{ inputs: 2, units: 2 }], 5).length, 5);
});

test("a table of a fine grid has its ends and its middle", () => {
  for (const count of [15, 25, 35, 51]) {
    const few = fewOf(count);

    assert.ok(few.length <= 10, `${count}: ${few}`);
    assert.ok(few.includes(0) && few.includes((count - 1) / 2) && few.includes(count - 1));
  }
});
