/**
 * Numbers counted in bins of equal width, from `low` to `high`.
 *
 * @typedef {object} Histogram
 * @property {number} low
 * @property {number} high
 * @property {number[]} counts
 * @property {number} mean
 * @property {number} deviation
 * @property {number} not_finite  how many are no numbers
 */

/** No bar is narrower than this share of the width: it would be taken for a line. */
const LEAST = 0.02;

/**
 * Return the ends of an axis on which a histogram lies; zero is on it, so that one sees the sign.
 *
 * @param {Histogram[]} histograms
 * @returns {[number, number]}
 */
export function axisOf(histograms) {
  const low = Math.min(0, ...histograms.map((histogram) => histogram.low));
  const high = Math.max(0, ...histograms.map((histogram) => histogram.high));
  return low === high ? [-1, 1] : [low, high];
}

/**
 * Return a histogram's bars as the paths of an SVG, within a width and a height of 100: those of negative numbers, and
 * those of the others.
 *
 * @param {Histogram} histogram
 * @param {[number, number]} axis
 */
export function histogramPaths({ low, high, counts }, axis) {
  const most = Math.max(1, ...counts);
  const place = (/** @type {number} */ value) => (100 * (value - axis[0])) / (axis[1] - axis[0]);
  const width = (high - low) / counts.length;
  const paths = { negative: "", positive: "" };
  counts.forEach((count, bin) => {
    if (count === 0) return;
    // Where all numbers are alike, the one bin that has them stands for that number.
    const [left, right] = low === high ? [low, low] : [low + bin * width, low + (bin + 1) * width];
    const sign = left + right < 0 ? "negative" : "positive";
    paths[sign] += bar(place(left), place(right), (100 * count) / most);
  });
  return paths;
}

/**
 * @param {number} left
 * @param {number} right
 * @param {number} height
 */
function bar(left, right, height) {
  const more = Math.max(0, (100 * LEAST - (right - left)) / 2);
  return `M${(left - more).toFixed(2)} 100V${(100 - height).toFixed(2)}H${(right + more).toFixed(2)}V100z`;
}

/** Return how many numbers were counted. @param {Histogram} histogram */
export const totalOf = ({ counts, not_finite }) => counts.reduce((sum, count) => sum + count, 0) + not_finite;
