/**
 * A sum of products with its numbers, as `1.20·x − 0.71·y + 0.33`.
 *
 * @typedef {{ name: string, weight: number }} Term
 */

/** More terms than these are folded: the largest of them stand in their order, the others are counted. */
const MAX_TERMS = 8;
const FOLDED_TERMS = 6;

/**
 * @param {Term[]} terms
 * @param {number} bias
 * @param {(size: number) => string} format  of a number that is not negative
 * @param {(count: number) => string} rest  how terms that are left out are told
 */
export function sumText(terms, bias, format, rest) {
  const shown = terms.length > MAX_TERMS ? largest(terms, FOLDED_TERMS) : terms;
  const parts = shown.map(({ name, weight }) => ({ text: `${format(Math.abs(weight))}·${name}`, value: weight }));
  const left = terms.length - shown.length;
  if (left > 0) parts.push({ text: rest(left), value: 1 });
  parts.push({ text: format(Math.abs(bias)), value: bias });
  return parts
    .map(({ text, value }, place) => {
      if (place === 0) return isNegative(value) ? `−${text}` : text;
      return `${isNegative(value) ? "−" : "+"} ${text}`;
    })
    .join(" ");
}

/** @param {number} value */
const isNegative = (value) => value < 0 || Object.is(value, -0);

/**
 * @param {Term[]} terms
 * @param {number} count
 */
function largest(terms, count) {
  const sizes = terms.map(({ weight }) => Math.abs(weight)).sort((a, b) => b - a);
  const least = sizes[count - 1];
  // Where several are of the same size, the first ones are taken.
  return terms.filter(({ weight }) => Math.abs(weight) >= least).slice(0, count);
}
/**
 * How a network's parameters come about: a term for each layer, and one for layers that follow one another with the same.
 *
 * @param {{ inputs: number, units: number }[]} layers
 */
export function termsOf(layers) {
  /** @type {{ term: string, times: number }[]} */
  const groups = [];
  for (const { inputs, units } of layers) {
    const term = `(${inputs}·${units} + ${units})`;
    const last = groups.at(-1);
    if (last?.term === term) last.times += 1;
    else groups.push({ term, times: 1 });
  }
  return groups.map(({ term, times }) => (times === 1 ? term : `${times}·${term}`));
}
