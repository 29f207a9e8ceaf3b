/** @import { Predictions, Roc } from "./types.js" */

/**
 * A figure that judges a network.
 *
 * @typedef {object} JudgedFigure
 * @property {string} name  of a metric of the catalogue, or of the page's own phrases
 * @property {number | null} value  null: there is nothing to divide by
 * @property {boolean} [isCount]
 * @property {string} [sum]  how it comes about, with the numbers of the moment
 */

/**
 * Return metrics as the server has worked them out, with their sums where two classes make them short. Of two classes
 * the figures are those of class 1, and with them come its counts; of more they are means.
 *
 * @param {Pick<Predictions, "confusion" | "figures">} predictions
 * @param {string[]} metrics
 * @returns {JudgedFigure[]}
 */
export function judged({ confusion, figures }, metrics) {
  const isBinary = confusion?.length === 2;
  const sums = confusion === null ? {} : isBinary ? sumsOfTwo(confusion) : { accuracy: shareOfRight(confusion) };
  const told = metrics.map((name) => ({ name, value: figures[name] ?? null, sum: sums[name] }));
  return isBinary ? [...countsOf(confusion), ...told, { name: "auc", value: figures.auc ?? null }] : told;
}

/** @param {number[][]} confusion @returns {JudgedFigure[]} */
const countsOf = ([[tn, fp], [fn, tp]]) => [
  { name: "true_positives", value: tp, isCount: true },
  { name: "true_negatives", value: tn, isCount: true },
  { name: "false_positives", value: fp, isCount: true },
  { name: "false_negatives", value: fn, isCount: true },
];

/** @param {number[][]} confusion @returns {Record<string, string>} */
const sumsOfTwo = ([[tn, fp], [fn, tp]]) => ({
  accuracy: `(${tp} + ${tn}) / ${tp + tn + fp + fn}`,
  precision: `${tp} / (${tp} + ${fp})`,
  recall: `${tp} / (${tp} + ${fn})`,
  f1: `2 · ${tp} / (2 · ${tp} + ${fp} + ${fn})`,
  jaccard: `${tp} / (${tp} + ${fp} + ${fn})`,
});

/** @param {number[][]} confusion */
function shareOfRight(confusion) {
  const right = confusion.reduce((sum, row, index) => sum + row[index], 0);
  return `${right} / ${confusion.flat().reduce((sum, count) => sum + count, 0)}`;
}

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
