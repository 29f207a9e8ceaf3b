import assert from "node:assert/strict";
import { test } from "node:test";
import { axisOf, histogramPaths, totalOf } from "../../static/js/draw/histogram.js";

const histogram = { low: -2, high: 2, counts: [1, 0, 0, 4], mean: 0, deviation: 1, not_finite: 3 };

test("an axis has zero on it, and reaches as far as the histograms on it do", () => {
  assert.deepEqual(axisOf([{ ...histogram, low: 1, high: 3 }]), [0, 3]);
  assert.deepEqual(axisOf([histogram, { ...histogram, low: -5 }]), [-5, 2]);
  assert.deepEqual(axisOf([{ ...histogram, low: 0, high: 0 }]), [-1, 1]);
});

test("bars lie where their numbers do, the highest as high as the picture, negative ones apart", () => {
  const { negative, positive } = histogramPaths(histogram, [-4, 4]);

  assert.equal(negative, "M25.00 100V75.00H37.50V100z");
  assert.equal(positive, "M62.50 100V0.00H75.00V100z");
});

test("numbers that are all alike are a bar that can be seen", () => {
  const { positive } = histogramPaths({ ...histogram, low: 1, high: 1, counts: [0, 2] }, [0, 2]);

  assert.equal(positive, "M49.00 100V0.00H51.00V100z");
});

test("what is no number counts, but has no bar", () => {
  assert.equal(totalOf(histogram), 8);
  assert.deepEqual(histogramPaths({ ...histogram, counts: [0, 0] }, [-4, 4]), { negative: "", positive: "" });
});
