/** @import { BiasMark, Ends, Link } from "./links.js" */
/** @import { NetworkLayout } from "./layout.js" */

/**
 * What is drawn of a network besides its units' pictures, whoever draws it: a canvas or an SVG.
 *
 * @typedef {"negative" | "positive" | "gone" | "unknown"} Sign  gone: so near to zero that it does nothing; unknown: not
 *   told yet, or no number any more
 *
 * @typedef {object} DrawnLink
 * @property {Link} link
 * @property {Sign} sign
 * @property {number} width
 * @property {number} opacity
 *
 * @typedef {object} DrawnBias
 * @property {BiasMark} bias
 * @property {Sign} sign
 * @property {number} radius
 *
 * @typedef {object} DrawnUnit
 * @property {number} layer  0: the inputs
 * @property {number} unit
 * @property {number} x  of its left edge
 * @property {number} y  of its upper edge
 * @property {number} size
 *
 * @typedef {object} Diagram
 * @property {number} width
 * @property {number} height
 * @property {DrawnLink[]} links  in the order in which they are drawn: strong ones must not be crossed out by weak ones
 * @property {DrawnBias[]} biases
 */

/** A weight smaller than this changes nothing that can be seen. */
const GONE = 0.01;

/**
 * @param {NetworkLayout} layout
 * @param {Link[]} links
 * @param {BiasMark[]} biases
 * @param {ArrayLike<number> | null} parameters  null: they are not known
 * @returns {Diagram}
 */
export function diagramOf({ width, height }, links, biases, parameters) {
  const drawn = links.map((link) => ({ link, ...linkStyle(parameters?.[link.index]) }));
  return {
    width,
    height,
    links: drawn.sort((one, other) => one.width - other.width),
    biases: biases.map((bias) => ({ bias, ...biasStyle(parameters?.[bias.index]) })),
  };
}

/**
 * The squares of the units that are shown.
 *
 * @param {NetworkLayout} layout
 * @returns {DrawnUnit[]}
 */
export const unitSquares = ({ columns }) =>
  columns.flatMap(({ x, y, size, first }, layer) =>
    y.map((centre, row) => ({ layer, unit: first + row, x: x - size / 2, y: centre - size / 2, size })),
  );

/** The way of a link as an SVG path. @param {Ends} ends */
export function pathOf([x0, y0, x1, y1]) {
  const middle = (x0 + x1) / 2;
  return `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`;
}

/** @param {number | undefined} value @returns {Sign} */
export function signOf(value) {
  if (value === undefined || !Number.isFinite(value)) return "unknown";
  if (Math.abs(value) < GONE) return "gone";
  return value < 0 ? "negative" : "positive";
}

/**
 * Width and opacity tell the size of a weight. The square root keeps small weights visible beside large ones; very
 * large ones must not cover the units.
 *
 * @param {number | undefined} weight
 */
export function linkStyle(weight) {
  const sign = signOf(weight);
  if (sign === "unknown") return { sign, width: 0.6, opacity: 0.5 };
  if (sign === "gone") return { sign, width: 0.6, opacity: 0.2 };
  const size = Math.sqrt(Math.min(Math.abs(/** @type {number} */ (weight)), 9)) / 3;
  return { sign, width: 0.6 + 7.4 * size, opacity: 0.18 + 0.72 * Math.min(1, 1.6 * size) };
}

/** @param {number | undefined} bias */
export function biasStyle(bias) {
  const sign = signOf(bias);
  const size = sign === "unknown" ? 0 : Math.sqrt(Math.min(Math.abs(bias ?? 0), 4)) / 2;
  return { sign, radius: 2.5 + 2.5 * size };
}
