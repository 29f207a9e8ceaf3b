import { tidy } from "../../controls/scale.js";

/** @import { Split } from "../../types.js" */

/** Without anything to learn from there is nothing to judge. */
const LEAST_TRAIN = 0.05;

/**
 * Return the split with another share for one part; the others make room so that all add up to 1. What is validated on
 * stays as it is where it can: training and test give way to one another. Where the data have a test set of their own
 * (`test` is null) only the other two share.
 *
 * @param {Split} split
 * @param {keyof Split} part
 * @param {number} share
 * @returns {Split}
 */
export function withShare(split, part, share) {
  const { validation, test } = split;
  if (part === "train") {
    const train = between(share, LEAST_TRAIN, 1);
    return test === null ? shared(train, 1 - train, null) : shared(train, Math.min(validation, 1 - train));
  }
  if (part === "validation") {
    const wanted = between(share, 0, 1 - LEAST_TRAIN);
    return test === null ? shared(1 - wanted, wanted, null) : shared(Math.min(split.train, 1 - wanted), wanted);
  }
  const wanted = between(share, 0, 1 - LEAST_TRAIN);
  const train = Math.max(LEAST_TRAIN, 1 - wanted - validation);
  return shared(train, 1 - wanted - train, wanted);
}

/**
 * Return the split whose parts meet at two places between 0 and 1, `moved` being the one that was just moved. The end of
 * training takes validation along; the end of validation stops at it.
 *
 * @param {Split} split
 * @param {"train" | "validation"} moved
 * @param {number} place
 * @returns {Split}
 */
export function withEnd(split, moved, place) {
  if (moved === "train") return withShare(split, "train", place);
  return withShare(split, "validation", Math.max(0, place - split.train));
}

/**
 * @param {number} train
 * @param {number} validation
 * @param {number | null} test
 * @returns {Split}
 */
function shared(train, validation, test = 1 - train - validation) {
  const [first, second] = [rounded(train), rounded(validation)];
  return { train: first, validation: second, test: test === null ? null : rounded(1 - first - second) };
}

/** @param {number} share */
const rounded = (share) => tidy(Math.max(0, Math.round(share * 100) / 100));

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
const between = (value, low, high) => Math.min(high, Math.max(low, value));
