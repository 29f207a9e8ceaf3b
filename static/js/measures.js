/** @import { Predictions, Roc } from "./types.js" */

/**
 * A figure that judges a network.
 *
 * @typedef {object} JudgedFigure
 * @property {string} name  of its phrases
 * @property {number | null} value  null: there is nothing to divide by
 * @property {boolean} [isCount]
 * @property {string} [sum]  how it comes about, with the numbers of the moment
 */

/**
 * Return the figures of classes: those of class 1 where there are two, with their sums, else means over the classes.
 *
 * @param {Predictions} predictions
 * @returns {JudgedFigure[]}
 */
export function ofClasses({ confusion, figures }) {
  const named = (/** @type {string} */ name, /** @type {string} */ sum) => ({ name, value: figures[name] ?? null, sum });
  if (confusion.length === 2) {
    const [[tn, fp], [fn, tp]] = confusion;
    return [
      { name: "true_positives", value: tp, isCount: true },
      { name: "true_negatives", value: tn, isCount: true },
      { name: "false_positives", value: fp, isCount: true },
      { name: "false_negatives", value: fn, isCount: true },
      named("accuracy", `(${tp} + ${tn}) / ${tp + tn + fp + fn}`),
      named("precision", `${tp} / (${tp} + ${fp})`),
      named("recall", `${tp} / (${tp} + ${fn})`),
      named("f1", `2 · ${tp} / (2 · ${tp} + ${fp} + ${fn})`),
      named("jaccard", `${tp} / (${tp} + ${fp} + ${fn})`),
      { name: "auc", value: figures.auc ?? null },
    ];
  }
  const right = confusion.reduce((sum, row, index) => sum + row[index], 0);
  const all = confusion.flat().reduce((sum, count) => sum + count, 0);
  return [
    named("accuracy", `${right} / ${all}`),
    ...["precision", "recall", "f1", "jaccard"].map((name) => ({ name: `mean_${name}`, value: figures[name] ?? null })),
  ];
}

/**
 * Return the figures of numbers.
 *
 * @param {Pick<Predictions, "figures">} predictions
 * @returns {JudgedFigure[]}
 */
export const ofNumbers = ({ figures }) =>
  ["mean_squared_error", "mean_absolute_error", "r_squared"].map((name) => ({ name, value: figures[name] ?? null }));

/**
 * Return where on the characteristic a confusion matrix of two classes stands, as shares of the negative and the positive
 * examples; null where there are none of either.
 *
 * @param {number[][]} confusion
 */
export function ratesOf([[tn, fp], [fn, tp]]) {
  if (tn + fp === 0 || tp + fn === 0) return null;
  return { falsePositive: fp / (tn + fp), truePositive: tp / (tp + fn) };
}

/**
 * Return the threshold of the point of a characteristic that is nearest to a place; the last one, where everything is
 * called positive, has none.
 *
 * @param {Roc} roc
 * @param {number} falsePositive
 * @param {number} truePositive
 */
export function thresholdNear({ false_positive_rate: across, true_positive_rate: up, thresholds }, falsePositive, truePositive) {
  let best = null;
  let least = Infinity;
  thresholds.forEach((threshold, index) => {
    const distance = Math.hypot(across[index] - falsePositive, up[index] - truePositive);
    if (threshold !== null && distance < least) [best, least] = [threshold, distance];
  });
  return /** @type {number | null} */ (best);
}

/**
 * Return ends of an axis that hold all values, a little beyond them; null are those that are no numbers.
 *
 * @param {(number | null)[]} values
 * @returns {[number, number]}
 */
export function axisAround(values) {
  const finite = values.filter((value) => value !== null);
  if (finite.length === 0) return [0, 1];
  const low = finite.reduce((least, value) => Math.min(least, value), Infinity);
  const high = finite.reduce((most, value) => Math.max(most, value), -Infinity);
  const margin = (high - low) * 0.04 || Math.abs(high) * 0.1 || 1;
  return [low - margin, high + margin];
}
