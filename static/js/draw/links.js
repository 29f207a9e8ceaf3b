import { heightOf } from "./layout.js";

/** @import { Layer } from "../types.js" */
/** @import { NetworkLayout } from "./layout.js" */

/**
 * A weight or a bias of a network, by its place. Layer 0 is the first hidden one.
 *
 * @typedef {object} Place
 * @property {number} layer
 * @property {number | null} from  which unit of the layer before, or which input; null: it is a bias
 * @property {number} to  which unit
 * @property {number} index  among all parameters
 *
 * @typedef {Place & { from: number, ends: Ends }} Link  a weight's way from one column to the next
 * @typedef {[number, number, number, number]} Ends  x and y where it starts and where it ends
 * @typedef {Place & { from: null, x: number, y: number }} BiasMark  at the lower left corner of its unit
 */

/** How far outside its unit's corner the mark of a bias has its centre. */
const BIAS_AWAY_PX = 2;

/**
 * Return the links between the units that are shown. Parameters lie layer by layer: weights (inputs, outputs)
 * row-major, then biases.
 *
 * @param {NetworkLayout} layout
 * @param {Layer[]} layers
 * @returns {Link[]}
 */
export function linksOf({ columns }, layers) {
  return layers.flatMap((_, layer) => {
    const [left, right] = [columns[layer], columns[layer + 1]];
    const x0 = left.x + left.size / 2;
    const x1 = right.x - right.size / 2;
    return left.y.flatMap((y0, row) =>
      right.y.map((y1, column) => {
        const [from, to] = [left.first + row, right.first + column];
        const ends = /** @type {Ends} */ ([x0, y0, x1, y1]);
        return { layer, from, to, index: weightIndex(layers, layer, from, to), ends };
      }),
    );
  });
}

/**
 * Return where the biases of the units that are shown have their marks.
 *
 * @param {NetworkLayout} layout
 * @param {Layer[]} layers
 * @returns {BiasMark[]}
 */
export function biasesOf({ columns }, layers) {
  return layers.flatMap((_, layer) => {
    const { x, y, size, first } = columns[layer + 1];
    const away = size / 2 + BIAS_AWAY_PX;
    return y.map((centre, row) => ({
      layer,
      from: null,
      to: first + row,
      index: biasIndex(layers, layer, first + row),
      x: x - away,
      y: centre + away,
    }));
  });
}

/**
 * @param {Layer[]} layers
 * @param {number} layer
 */
const startOf = (layers, layer) => layers.slice(0, layer).reduce((sum, { parameters }) => sum + parameters, 0);

/**
 * Return where a weight lies among the parameters.
 *
 * @param {Layer[]} layers
 * @param {number} layer
 * @param {number} from
 * @param {number} to
 */
export const weightIndex = (layers, layer, from, to) => startOf(layers, layer) + from * layers[layer].units + to;

/**
 * Return where the bias of a layer's unit lies among the parameters.
 *
 * @param {Layer[]} layers
 * @param {number} layer
 * @param {number} unit
 */
export const biasIndex = (layers, layer, unit) => weightIndex(layers, layer, layers[layer].inputs, unit);

/**
 * Return the weights that lead to a unit, and its bias last.
 *
 * @param {Layer[]} layers
 * @param {number} layer
 * @param {number} to
 * @returns {Place[]}
 */
export function placesInto(layers, layer, to) {
  const weights = Array.from({ length: layers[layer].inputs }, (_, from) => ({
    layer,
    from,
    to,
    index: weightIndex(layers, layer, from, to),
  }));
  return [...weights, { layer, from: null, to, index: biasIndex(layers, layer, to) }];
}

/**
 * @param {Place | null} one
 * @param {Place | null} other
 */
export const isSamePlace = (one, other) =>
  one === other || (one !== null && other !== null && one.index === other.index && one.layer === other.layer);

/**
 * Return whether the units at a place are among those that are shown.
 *
 * @param {NetworkLayout} layout
 * @param {Place} place
 */
export const isShown = ({ columns }, { layer, from, to }) =>
  heightOf(columns[layer + 1], to) !== undefined && (from === null || heightOf(columns[layer], from) !== undefined);

/** How near the pointer must come to a link. */
const LINK_REACH_PX = 6;
/** How near it must come to the mark of a bias; a mark is small, and what it covers of its unit is not missed. */
const BIAS_REACH_PX = 9;

/**
 * Return the weight or bias under the pointer, or null.
 *
 * @param {Link[]} links
 * @param {BiasMark[]} biases
 * @param {number} x
 * @param {number} y
 * @returns {Link | BiasMark | null}
 */
export const placeAt = (links, biases, x, y) => biasAt(biases, x, y) ?? linkAt(links, x, y);

/**
 * @param {BiasMark[]} biases
 * @param {number} x
 * @param {number} y
 * @returns {BiasMark | null}
 */
export function biasAt(biases, x, y) {
  const distance = (/** @type {BiasMark} */ bias) => Math.hypot(bias.x - x, bias.y - y);
  return biases.find((bias) => distance(bias) < BIAS_REACH_PX) ?? null;
}

/**
 * @param {Link[]} links
 * @param {number} x
 * @param {number} y
 * @returns {Link | null}
 */
export function linkAt(links, x, y) {
  let nearest = null;
  let distance = LINK_REACH_PX;
  for (const link of links) {
    const [x0, y0, x1, y1] = link.ends;
    if (x <= x0 || x >= x1) continue;
    const away = Math.abs(y - heightAt(x0, y0, x1, y1, x));
    if (away < distance) {
      distance = away;
      nearest = link;
    }
  }
  return nearest;
}

/**
 * The curve's y at `x`. With its control points half way, x(s) = x0 + (x1 − x0) (1.5 s − 1.5 s² + s³) grows steadily,
 * so halving finds s.
 *
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 * @param {number} x
 */
function heightAt(x0, y0, x1, y1, x) {
  const share = (x - x0) / (x1 - x0);
  let [low, high] = [0, 1];
  for (let round = 0; round < 20; round += 1) {
    const s = (low + high) / 2;
    if (1.5 * s - 1.5 * s * s + s ** 3 < share) low = s;
    else high = s;
  }
  return y0 + (y1 - y0) * low * low * (3 - 2 * low);
}
