import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { centreOfMass, digitFromStrokes, isOverfull } from "../../static/js/mnist/digit.js";

const SIDE = 28;
const line = (...places) => places.map(([x, y]) => ({ x, y }));
const recorded = JSON.parse(readFileSync(new URL("../browser/strokes.json", import.meta.url), "utf8"));
const strokesOf = (digit) => recorded[digit].map((stroke) => line(...stroke));

/** The rows and columns that hold ink. */
function extent(picture) {
  const inked = picture.flatMap((value, index) => (value > 0 ? [index] : []));
  const rows = inked.map((index) => Math.floor(index / SIDE));
  const columns = inked.map((index) => index % SIDE);
  return {
    height: Math.max(...rows) - Math.min(...rows) + 1,
    width: Math.max(...columns) - Math.min(...columns) + 1,
  };
}

test("an empty pad has no picture", () => {
  assert.equal(digitFromStrokes([]), null);
  assert.equal(digitFromStrokes([[]]), null);
});

test("a picture has 784 values from 0 to 1, with greys at the edges", () => {
  const picture = digitFromStrokes(strokesOf(8));

  assert.equal(picture.length, 784);
  assert.ok(picture.every((value) => value >= 0 && value <= 1));
  assert.ok(picture.includes(0) && picture.includes(1));
  assert.ok(picture.some((value) => value > 0.2 && value < 0.8));
});

for (const digit of Object.keys(recorded)) {
  test(`a drawn ${digit} fills 20 pixels and has its centre of mass in the middle, as MNIST's have`, () => {
    const picture = digitFromStrokes(strokesOf(digit));
    const { width, height } = extent(picture);
    const { x, y } = centreOfMass(picture);

    assert.ok(Math.abs(Math.max(width, height) - 20) <= 1, `${width} by ${height}`);
    assert.ok(Math.abs(x - 14.5) <= 0.51 && Math.abs(y - 14.5) <= 0.51, `${x}, ${y}`);
  });
}

test("where and how large a digit is drawn makes no difference", () => {
  const small = strokesOf(5).map((stroke) => stroke.map(({ x, y }) => ({ x: 0.6 + x * 0.3, y: 0.1 + y * 0.3 })));

  const [one, other] = [digitFromStrokes(strokesOf(5)), digitFromStrokes(small)];

  assert.ok(one.every((value, index) => Math.abs(value - other[index]) < 0.05));
});

test("the ratio of the sides is kept", () => {
  const { width, height } = extent(digitFromStrokes([line([0.1, 0.4], [0.9, 0.4], [0.9, 0.6])]));

  assert.ok(width >= 19 && height >= 6 && height <= 8, `${width} by ${height}`);
});

test("a dot stays a dot", () => {
  const { width, height } = extent(digitFromStrokes([line([0.3, 0.3])]));

  assert.ok(width <= 4 && height <= 4, `${width} by ${height}`);
});

test("lines are as thick as MNIST's, however large they are drawn", () => {
  const ink = Object.keys(recorded).map((digit) => {
    const picture = digitFromStrokes(strokesOf(digit));
    return picture.reduce((sum, value) => sum + value, 0) / picture.length;
  });

  const mean = ink.reduce((sum, value) => sum + value, 0) / ink.length;
  assert.ok(Math.abs(mean - 0.131) < 0.02, `${mean}`);
});

test("a scribble all over has a picture, and holds more ink than a digit", () => {
  const zigzag = Array.from({ length: 200 }, (_, step) => ({ x: step % 2, y: step / 200 }));

  const picture = digitFromStrokes([zigzag]);

  assert.equal(picture.length, 784);
  assert.ok(isOverfull(picture));
  assert.ok(!isOverfull(digitFromStrokes(strokesOf(0))));
});

test("20,000 points are turned into a picture at once", () => {
  const spiral = Array.from({ length: 20_000 }, (_, step) => ({
    x: 0.5 + (step / 40_000) * Math.cos(step / 50),
    y: 0.5 + (step / 40_000) * Math.sin(step / 50),
  }));

  const start = performance.now();
  digitFromStrokes([spiral]);

  assert.ok(performance.now() - start < 1000);
});
