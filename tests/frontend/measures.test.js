import assert from "node:assert/strict";
import { test } from "node:test";
import { axisAround, judged, ratesOf, thresholdNear } from "../../static/js/measures.js";

const OF_CLASSES = ["accuracy", "precision", "recall", "f1", "jaccard"];

const valuesOf = (figures) => Object.fromEntries(figures.map(({ name, value }) => [name, value]));

test("of two classes the four counts are those of class 1, and each sum gives its figure", () => {
  const confusion = [
    [50, 10],
    [5, 35],
  ];
  const ratios = { accuracy: 0.85, precision: 35 / 45, recall: 35 / 40, f1: 70 / 85, jaccard: 35 / 50, auc: 0.9 };

  const figures = judged({ confusion, figures: ratios }, OF_CLASSES);

  const values = valuesOf(figures);
  assert.deepEqual(
    [values.true_positives, values.true_negatives, values.false_positives, values.false_negatives],
    [35, 50, 10, 5],
  );
  for (const { name, value, sum } of figures.filter((figure) => figure.sum !== undefined)) {
    const computed = Function(`return ${sum.replaceAll("·", "*")}`)();
    assert.ok(Math.abs(computed - value) < 1e-12, `${name}: ${sum} is ${computed}, not ${value}`);
  }
});

test("of several classes the figures are means, and the accuracy is told by its counts", () => {
  const confusion = [
    [5, 1, 0],
    [0, 6, 0],
    [2, 0, 4],
  ];

  const figures = judged({ confusion, figures: { accuracy: 15 / 18, precision: 0.8 } }, OF_CLASSES.slice(0, 3));

  assert.deepEqual(
    figures.map(({ name, value, sum }) => [name, value, sum]),
    [
      ["accuracy", 15 / 18, "15 / 18"],
      ["precision", 0.8, undefined],
      ["recall", null, undefined],
    ],
  );
});

test("of numbers there are the mean errors and R²", () => {
  const told = { mean_squared_error: 0.04, mean_absolute_error: 0.1, r_squared: null };

  const figures = judged({ confusion: null, figures: told }, Object.keys(told));

  assert.deepEqual(valuesOf(figures), told);
});

test("the rates are shares of each class's own examples, and there are none without examples", () => {
  assert.deepEqual(
    ratesOf([
      [30, 10],
      [5, 15],
    ]),
    { falsePositive: 0.25, truePositive: 0.75 },
  );
  assert.equal(
    ratesOf([
      [0, 0],
      [1, 2],
    ]),
    null,
  );
});

test("a press near the curve finds the threshold of its nearest point", () => {
  const roc = { false_positive_rate: [0, 0.1, 1], true_positive_rate: [0, 0.8, 1], thresholds: [0.9, 0.6, null] };

  assert.equal(thresholdNear(roc, 0.15, 0.75), 0.6);
  assert.equal(thresholdNear(roc, 0, 0.1), 0.9);
  assert.equal(thresholdNear(roc, 1, 1), 0.6);
});

test("an axis holds all numbers with a little room, also one number alone, or none", () => {
  const [low, high] = axisAround([1, null, 3]);
  assert.ok(low < 1 && low > 0.8 && high > 3 && high < 3.2);
  assert.deepEqual(axisAround([2]).map((end) => end !== 2), [true, true]);
  assert.deepEqual(axisAround([null]), [0, 1]);
});
