import { sharpContext } from "./marks.js";

/** @import { Layer } from "../types.js" */
/** @import { Colours } from "./colours.js" */
/** @import { NetworkLayout } from "./layout.js" */

/**
 * A weight's way from unit `from` of one column to unit `to` of the next.
 *
 * @typedef {object} Link
 * @property {number} layer  0: into the first hidden layer
 * @property {number} from
 * @property {number} to
 * @property {number} index  of its weight among the parameters
 * @property {[number, number, number, number]} ends  x and y where it starts and where it ends
 *
 * @typedef {{ layer: number, unit: number, index: number }} Bias
 */

/**
 * Return the links of a network. Parameters lie layer by layer: weights (inputs, outputs) row-major, then biases.
 *
 * @param {NetworkLayout} layout
 * @param {Layer[]} layers
 * @returns {Link[]}
 */
export function linksOf({ columns }, layers) {
  let offset = 0;
  return layers.flatMap(({ units, parameters }, layer) => {
    const [left, right] = [columns[layer], columns[layer + 1]];
    const start = offset;
    offset += parameters;
    return left.y.flatMap((fromY, from) =>
      right.y.map((toY, to) => ({
        layer,
        from,
        to,
        index: start + from * units + to,
        ends: /** @type {[number, number, number, number]} */ ([
          left.x + left.size / 2,
          fromY,
          right.x - right.size / 2,
          toY,
        ]),
      })),
    );
  });
}

/**
 * Return where the bias of a layer's unit lies among the parameters.
 *
 * @param {Layer[]} layers
 * @param {number} layer
 * @param {number} unit
 */
export function biasIndex(layers, layer, unit) {
  const before = layers.slice(0, layer).reduce((sum, { parameters }) => sum + parameters, 0);
  return before + layers[layer].inputs * layers[layer].units + unit;
}

/**
 * Draw links: width and opacity tell the size of the weight, hue its sign.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {NetworkLayout} layout
 * @param {Link[]} links
 * @param {ArrayLike<number> | null} parameters  null: not known, every link is a hairline
 * @param {Colours} colours
 * @param {Link | null} marked
 */
export function drawLinks(canvas, { width, height }, links, parameters, colours, marked) {
  const context = sharpContext(canvas, width, height);
  context.lineCap = "butt";
  // Weak links first: strong ones must not be crossed out by them.
  const ordered =
    parameters === null
      ? links
      : links.toSorted((a, b) => Math.abs(parameters[a.index]) - Math.abs(parameters[b.index]));
  for (const link of ordered) {
    const weight = parameters === null ? 0 : parameters[link.index];
    const { width: lineWidth, opacity } = linkStyle(weight);
    context.strokeStyle = parameters === null ? colours.css.line : weight < 0 ? colours.css.cold : colours.css.warm;
    context.globalAlpha = parameters === null ? 1 : opacity;
    context.lineWidth = lineWidth;
    trace(context, link.ends);
  }
  context.globalAlpha = 1;
  if (marked !== null) {
    context.strokeStyle = colours.css.ink;
    context.lineWidth = 1.5;
    trace(context, marked.ends);
  }
}

/**
 * The square root keeps small weights visible beside large ones; very large ones must not cover the units.
 *
 * @param {number} weight
 */
export function linkStyle(weight) {
  const size = Math.sqrt(Math.min(Math.abs(weight), 9)) / 3;
  return { width: 0.6 + 7.4 * size, opacity: 0.18 + 0.72 * Math.min(1, 1.6 * size) };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Link["ends"]} ends
 */
function trace(context, [x0, y0, x1, y1]) {
  const middle = (x0 + x1) / 2;
  context.beginPath();
  context.moveTo(x0, y0);
  context.bezierCurveTo(middle, y0, middle, y1, x1, y1);
  context.stroke();
}

/** How near the pointer must come to a link. */
const REACH_PX = 6;

/**
 * Return the link under the pointer, or null.
 *
 * @param {Link[]} links
 * @param {number} x
 * @param {number} y
 * @returns {Link | null}
 */
export function linkAt(links, x, y) {
  let nearest = null;
  let distance = REACH_PX;
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
