/**
 * @import { Place } from "./draw/links.js"
 *
 * A slice of the loss surface, as GET /sessions/{id}/landscape tells it, made ready to be drawn.
 *
 * @typedef {object} Landscape
 * @property {number} step
 * @property {number[] | null} weights
 * @property {number[]} coordinates
 * @property {(number | null)[][]} losses  row 0 has the largest β
 * @property {[number, number] | null} range
 * @property {number} examples
 * @property {number[] | null} center
 * @property {[number[], number[]] | null} directions
 * @property {{ points: [number, number][], seen: number[] } | null} path
 */

/** The byte of what is no number; the bytes of losses end before it. */
export const NO_NUMBER = 255;
const HIGHEST = 250;
/** On a log scale nothing is smaller than this share of the largest loss. */
const LEAST_SHARE = 1e-9;

/**
 * How losses become bytes: evenly, or by their logarithm.
 *
 * @param {[number, number]} range
 * @param {boolean} isLog
 */
export function lossScale([low, high], isLog) {
  const least = isLog ? Math.max(low, high * LEAST_SHARE, Number.MIN_VALUE) : low;
  const by = (/** @type {number} */ loss) => (isLog ? Math.log(Math.max(loss, least)) : loss);
  const [from, to] = [by(least), by(high)];
  const span = to - from || 1;
  return {
    /** @param {number | null} loss */
    toByte: (loss) => (loss === null ? NO_NUMBER : Math.round((HIGHEST * (by(loss) - from)) / span)),
    /** @param {number} share  of the way from the least loss to the greatest */
    at: (share) => {
      const value = from + share * span;
      return isLog ? Math.exp(value) : value;
    },
  };
}

/**
 * @param {Landscape} landscape
 * @param {boolean} isLog
 */
export function surfaceOf({ losses, range }, isLog) {
  const scale = lossScale(range ?? [0, 1], isLog);
  return { values: Uint8Array.from(losses.flat(), scale.toByte), rows: losses.length, columns: losses[0].length, scale };
}

/** Return the bytes at which lines of equal loss are drawn. @param {number} count */
export const levelsOf = (count) => Array.from({ length: count }, (_, level) => (HIGHEST * (level + 1)) / (count + 1));

/**
 * Return where parameters lie on a slice, (α, β) by least squares; null where the slice does not tell its directions.
 *
 * @param {Landscape} landscape
 * @param {ArrayLike<number>} parameters
 * @returns {[number, number] | null}
 */
export function placeOn({ center, directions }, parameters) {
  if (center === null || directions === null || center.length !== parameters.length) return null;
  const [along, across] = directions;
  let [aa, ab, bb, ad, bd] = [0, 0, 0, 0, 0];
  for (let index = 0; index < center.length; index += 1) {
    const away = parameters[index] - center[index];
    aa += along[index] * along[index];
    ab += along[index] * across[index];
    bb += across[index] * across[index];
    ad += along[index] * away;
    bd += across[index] * away;
  }
  // The normal equations of two unknowns.
  const determinant = aa * bb - ab * ab;
  return determinant > 0 ? [(bb * ad - ab * bd) / determinant, (aa * bd - ab * ad) / determinant] : null;
}

/**
 * The first parameters of a network in the order in which they lie.
 *
 * @param {{ inputs: number, units: number }[]} layers
 * @param {number} most
 * @returns {Place[]}
 */
export function placesOf(layers, most) {
  /** @type {Place[]} */
  const places = [];
  layers.forEach(({ inputs, units }, layer) => {
    for (let from = 0; from <= inputs; from += 1) {
      for (let to = 0; to < units && places.length < most; to += 1) {
        places.push({ layer, from: from < inputs ? from : null, to, index: places.length });
      }
    }
  });
  return places;
}

/**
 * Return every so many-th place of an axis, its ends and its middle among them, so that a table can be read.
 *
 * @param {number} count  an odd one
 */
export function fewOf(count) {
  const middle = (count - 1) / 2;
  const stride = [1, 2, 3, 4, 5, 6].find((step) => middle % step === 0 && middle / step <= 4) ?? middle;
  return Array.from({ length: Math.floor((count - 1) / stride) + 1 }, (_, index) => index * stride);
}
