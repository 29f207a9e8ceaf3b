import assert from "node:assert/strict";
import { test } from "node:test";
import { alignAxes, classesIn, steady, steadyRange } from "../../static/js/space.js";

/** @type {any} */
const space = {
  layer: 0,
  units: 3,
  projected: true,
  points: [
    [1, 2],
    [3, 4],
  ],
  targets: [0, 1],
  explained: [0.7, 0.2],
  components: [
    [1, 0, 0],
    [0, 1, 0],
  ],
  grid: [[[5, 6]]],
  ranges: [
    [-2, 4],
    [-1, 5],
  ],
};

test("a component that has changed its sign is turned back", () => {
  const turned = steady(space, {
    ...space,
    components: [
      [-1, 0, 0],
      [0, 1, 0],
    ],
    points: [
      [-1, 2],
      [-3, 4],
    ],
    grid: [[[-5, 6]]],
    ranges: [
      [-4, 2],
      [-1, 5],
    ],
  });

  assert.deepEqual(turned, space);
});

test("components that have changed places are put back, with what they explain", () => {
  const crossed = [
    [0.1, 0.99, 0],
    [-0.99, 0.1, 0],
  ];

  assert.deepEqual(alignAxes(space.components, crossed), { order: [1, 0], signs: [-1, 1] });
  const turned = steady(space, { ...space, components: crossed });
  assert.deepEqual(turned.points, [
    [-2, 1],
    [-4, 3],
  ]);
  assert.deepEqual(turned.explained, [0.2, 0.7]);
});

test("another layer, or one that is seen by its own units, is left as it is", () => {
  for (const other of [
    { ...space, layer: 1 },
    { ...space, units: 4 },
    { ...space, units: 2, projected: false },
  ]) {
    assert.equal(steady(space, other), other);
    assert.equal(steady(null, other), other);
  }
});

test("an axis keeps its ends until something lies beyond them or most of it is empty", () => {
  assert.deepEqual(steadyRange([-4, 4], [-3, 3]), [-4, 4]);
  assert.deepEqual(steadyRange([-4, 4], [-3, 5]), [-3, 5]);
  assert.deepEqual(steadyRange([-4, 4], [-1, 1]), [-1, 1]);
});

test("where a class lies is told by its middle and its spread", () => {
  const told = classesIn({
    ...space,
    points: [
      [0, 0],
      [2, 4],
      [5, 5],
    ],
    targets: [-1, -1, 1],
  });

  assert.deepEqual(told, [
    { target: -1, count: 2, middle: [1, 2], spread: [1, 2] },
    { target: 1, count: 1, middle: [5, 5], spread: [0, 0] },
  ]);
});
