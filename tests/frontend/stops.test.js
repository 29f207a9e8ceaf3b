import assert from "node:assert/strict";
import { test } from "node:test";
import { heightsOf, placeOf, stopsOf } from "../../static/js/stops.js";

const point = (epoch, loss = 1 / epoch, run = 1) => ({ n: epoch, run, step: 25 * epoch, epoch, loss });
const timeline = (newest, first = 0) => ({ first, newest, newest_epoch: Math.floor(newest / 25) });

test("the slider stops at the first step, at every point, and at the newest step", () => {
  const stops = stopsOf([point(1), point(2)], timeline(60));

  assert.deepEqual(
    stops.map(({ step, epoch }) => [step, epoch]),
    [
      [0, 0],
      [25, 1],
      [50, 2],
      [60, 2],
    ],
  );
});

test("a session that began from a snapshot begins there", () => {
  const stops = stopsOf([point(1), point(2), point(3)], timeline(75, 50));

  assert.deepEqual(
    stops.map(({ step }) => step),
    [50, 75],
  );
});

test("a point that two runs of a line have in common is one stop", () => {
  const stops = stopsOf([point(1), point(2), { ...point(2), run: 2, n: 9 }], timeline(50));

  assert.equal(stops.length, 3);
});

test("a step is found at the last stop up to it", () => {
  const stops = stopsOf([point(1), point(2), point(3)], timeline(75));

  assert.deepEqual([0, 24, 25, 60, 75, 900].map((step) => placeOf(stops, step)), [0, 0, 1, 2, 3, 3]);
});

test("a loss that spans a lot is drawn on a logarithmic scale", () => {
  const linear = heightsOf(stopsOf([point(1, 3), point(2, 2), point(3, 1)], timeline(75)));
  const logarithmic = heightsOf(stopsOf([point(1, 100), point(2, 10), point(3, 1)], timeline(75)));

  assert.deepEqual(linear, [null, 1, 0.5, 0]);
  assert.deepEqual(logarithmic, [null, 1, 0.5, 0]);
  assert.deepEqual(heightsOf(stopsOf([], timeline(10))), [null, null]);
});
