import assert from "node:assert/strict";
import { test } from "node:test";
import { blendClasses, classColours, oklab, paintWinners } from "../../static/js/draw/blend.js";
import { markStyle } from "../../static/js/draw/marks.js";
import { outputColours } from "../../static/js/draw/ramp.js";
import { lowerHalf, SHAPES, traceMark } from "../../static/js/draw/shapes.js";

const PAPER = [244, 243, 238];
const CLASSES = [
  [0, 114, 178],
  [230, 159, 0],
  [0, 158, 115],
];
const colours = classColours(CLASSES, PAPER);
const unit = CLASSES.map(() => [0, 1]);

/** Paint one point of which the classes have these bytes. */
function painted(paint, bytes, ranges = unit) {
  const pixels = new Uint32Array(1);
  paint(pixels, { values: Uint8Array.from(bytes), ranges }, colours);
  return [...new Uint8Array(pixels.buffer)];
}

function assertNear(colour, wanted, tolerance = 1) {
  colour
    .slice(0, 3)
    .forEach((channel, index) => assert.ok(Math.abs(channel - wanted[index]) <= tolerance, `${colour} is not ${wanted}`));
}

test("where the network is sure the map has the class's own colour", () => {
  CLASSES.forEach((wanted, index) =>
    assertNear(painted(blendClasses, CLASSES.map((_, other) => (other === index ? 255 : 0))), wanted),
  );
});

test("where all classes are as likely the map is paper, and opaque", () => {
  const colour = painted(blendClasses, [85, 85, 85]);

  assertNear(colour, PAPER);
  assert.equal(colour[3], 255);
});

test("half-way between two classes the map lies between paper and the mean of their colours", () => {
  const colour = painted(blendClasses, [128, 128, 0]);
  const [lightness] = oklab(colour);

  const mean = (oklab(CLASSES[0])[0] + oklab(CLASSES[1])[0]) / 2;
  assert.ok(lightness > mean && lightness < oklab(PAPER)[0]);
});

test("outputs that are no probabilities are weighed by what is above zero, and none of them is paper", () => {
  const ranges = CLASSES.map(() => [-1, 1]);

  assertNear(painted(blendClasses, [255, 0, 100], ranges), CLASSES[0]);
  assertNear(painted(blendClasses, [0, 0, 0], ranges), PAPER);
});

test("the winner is the class with the largest value, not with the largest byte", () => {
  assertNear(painted(paintWinners, [10, 200, 30]), CLASSES[1], 0);
  assertNear(
    painted(paintWinners, [10, 200, 30], [
      [0, 100],
      [0, 1],
      [0, 1],
    ]),
    CLASSES[0],
    0,
  );
});

test("a picture of 100 by 100 points and six classes is mixed within a few milliseconds", () => {
  const six = classColours(Array.from({ length: 6 }, (_, index) => [40 * index, 255 - 40 * index, 128]), PAPER);
  const values = Uint8Array.from({ length: 60_000 }, (_, index) => (index * 7919) % 256);
  const pixels = new Uint32Array(10_000);
  const maps = { values, ranges: Array.from({ length: 6 }, () => [0, 1]) };

  const times = Array.from({ length: 30 }, () => {
    const start = performance.now();
    blendClasses(pixels, maps, six);
    return performance.now() - start;
  });

  // Ten times what it takes: this is about an algorithm gone wrong, not about a busy machine.
  assert.ok(Math.min(...times) < 10, `${Math.min(...times)} ms`);
});

/** A path that keeps its corners. */
function recorded(shape, isHalf = false) {
  const corners = [];
  const arcs = [];
  const keep = (x, y) => corners.push([x, y]);
  traceMark({ moveTo: keep, lineTo: keep, arc: (...arc) => arcs.push(arc), closePath: () => {} }, shape, 0, 0, 1, isHalf);
  return { corners, arcs };
}

test("no two classes share a shape, and there is one for each of ten", () => {
  const shapes = SHAPES.map((_, shape) => JSON.stringify(recorded(shape)));

  assert.equal(new Set(shapes).size, 10);
});

test("every shape is about as large as a disc", () => {
  for (const outline of SHAPES.filter((shape) => shape !== null)) {
    const reach = Math.max(...outline.map(([x, y]) => Math.hypot(x, y)));
    assert.ok(reach > 1 && reach < 1.6, `${reach}`);
  }
});

test("half a mark is what lies below its middle", () => {
  for (const outline of SHAPES.filter((shape) => shape !== null)) {
    const half = lowerHalf(outline);
    assert.ok(half.length >= 3);
    assert.ok(half.every(([, y]) => y >= 0));
    assert.ok(half.some(([, y]) => y > 0.5));
  }
  assert.equal(recorded(0, true).arcs[0][4], Math.PI);
});

const theme = {
  css: { card: "card", ink: "ink", coldMark: "cold", warmMark: "warm" },
  classMarks: ["a", "b", "c"],
  classRamps: [new Uint32Array(1), new Uint32Array(2)],
  ramp: Uint32Array.from({ length: 256 }, (_, step) => (255 << 24) | step),
};

test("two classes are told by disc and diamond, whether class 0 is written 0 or -1", () => {
  const style = markStyle(theme, "binary", [-1, 1]);

  assert.deepEqual([-1, 0, 1].map(style.shapeOf), [0, 0, 1]);
  assert.deepEqual([-1, 0, 1].map(style.colourOf), ["cold", "cold", "warm"]);
});

test("of several classes each has a shape and a colour", () => {
  const style = markStyle(theme, "multiclass", [-1, 1]);

  assert.deepEqual([0, 1, 2].map(style.shapeOf), [0, 1, 2]);
  assert.deepEqual([0, 1, 2].map(style.colourOf), ["a", "b", "c"]);
});

test("a number is told by its place on the ramp, and ends with it", () => {
  const style = markStyle(theme, "regression", [-2, 2]);

  assert.equal(style.colourOf(-2), "rgb(0 0 0)");
  assert.equal(style.colourOf(2), "rgb(255 0 0)");
  assert.equal(style.colourOf(9), style.colourOf(2));
  assert.equal(style.shapeOf(1.5), style.shapeOf(-1.5));
});

test("the map of an output goes from paper to its class's colour, or between the two hues", () => {
  assert.deepEqual(outputColours(theme, "multiclass", 1, [0, 1], [-3, 3]), { ramp: theme.classRamps[1], domain: [0, 1] });
  assert.deepEqual(outputColours(theme, "binary", 0, [0, 1], [-3, 3]), { ramp: theme.ramp, domain: [0, 1] });
  assert.deepEqual(outputColours(theme, "regression", 0, null, [-3, 3]), { ramp: theme.ramp, domain: [-3, 3] });
});
