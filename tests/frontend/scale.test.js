import assert from "node:assert/strict";
import { test } from "node:test";
import { sliderScale } from "../../static/js/controls/scale.js";

const stops = (scale) =>
  Array.from({ length: scale.max - scale.min + 1 }, (_, index) => scale.toValue(scale.min + index));

test("a linear field steps as it says", () => {
  const scale = sliderScale({ type: "number", minimum: 0, maximum: 0.5, step: 0.05 });

  assert.deepEqual([scale.min, scale.max, scale.step], [0, 0.5, 0.05]);
  assert.equal(scale.toValue(0.1 + 0.2), 0.3);
});

test("an end that is excluded can't be reached", () => {
  const scale = sliderScale({ type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1, step: 0.05 });

  assert.deepEqual([scale.min, scale.max], [0.05, 0.95]);
});

test("a log field stops at round numbers, its own bounds included", () => {
  const scale = sliderScale({ type: "number", minimum: 0.01, maximum: 1, scale: "log" });

  assert.deepEqual(stops(scale), [0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1]);
});

test("a log field above zero reaches down six powers of ten", () => {
  const scale = sliderScale({ type: "number", exclusiveMinimum: 0, maximum: 10, scale: "log" });

  assert.equal(scale.toValue(scale.min), 0.00001);
  assert.equal(scale.toValue(scale.max), 10);
});

test("a log field that may be zero starts with it", () => {
  const scale = sliderScale({ type: "number", minimum: 0, maximum: 1, scale: "log" });

  assert.equal(scale.toValue(0), 0);
  assert.equal(scale.toPosition(0), 0);
});

test("whole numbers stay whole on a log scale", () => {
  const scale = sliderScale({ type: "integer", minimum: 1, maximum: 100, scale: "log" });

  assert.deepEqual(stops(scale), [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100]);
});

test("every stop is where its value says", () => {
  const scale = sliderScale({ type: "number", exclusiveMinimum: 0, maximum: 10, scale: "log" });

  stops(scale).forEach((value, position) => assert.equal(scale.toPosition(value), position));
});

test("a value between two stops takes the nearer one", () => {
  const scale = sliderScale({ type: "number", minimum: 0.01, maximum: 1, scale: "log" });

  assert.equal(scale.toValue(scale.toPosition(0.011)), 0.01);
});

test("without two bounds there is no slider", () => {
  assert.equal(sliderScale({ type: "number", minimum: 0 }), null);
  assert.equal(sliderScale({ type: "string", enum: ["a", "b"] }), null);
});
