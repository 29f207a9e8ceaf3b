/** @import { Predictions } from "../types.js" */

/**
 * Which of the test digits are shown: the mistakes, or those that are one thing and were taken for another.
 *
 * @typedef {{ onlyMistakes: boolean, cell: { actual: number, predicted: number } | null }} Filter
 */

/**
 * Return the numbers of the digits to be shown: in their order, but mistakes with the surest first.
 *
 * @param {Predictions} predictions
 * @param {Filter} filter
 */
export function chosen({ actual, predicted, confidence }, { onlyMistakes, cell }) {
  const indices = actual.flatMap((digit, index) => {
    const isMistake = predicted[index] !== digit;
    const isInCell = cell === null || (cell.actual === digit && cell.predicted === predicted[index]);
    return isInCell && (isMistake || !onlyMistakes) ? [index] : [];
  });
  const areMistakes = onlyMistakes || (cell !== null && cell.actual !== cell.predicted);
  return areMistakes ? indices.sort((one, other) => confidence[other] - confidence[one]) : indices;
}

/**
 * Return few ranges that hold all `indices`: what lies close together is asked for at once.
 *
 * @param {readonly number[]} indices
 * @param {number} gap  how many that are not needed may lie between two that are
 * @returns {{ offset: number, limit: number }[]}
 */
export function ranges(indices, gap) {
  /** @type {{ offset: number, limit: number }[]} */
  const found = [];
  for (const index of [...indices].sort((one, other) => one - other)) {
    const last = found.at(-1);
    if (last !== undefined && index <= last.offset + last.limit + gap)
      last.limit = Math.max(last.limit, index - last.offset + 1);
    else found.push({ offset: index, limit: 1 });
  }
  return found;
}
