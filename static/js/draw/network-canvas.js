import { sharpContext } from "./marks.js";

/** @import { Colours } from "./colours.js" */
/** @import { Diagram, DrawnBias, Sign } from "./diagram.js" */
/** @import { Link, Place } from "./links.js" */

const GONE_DASH = [1.5, 4];

/**
 * Draw links and biases: width tells the size, hue the sign. The sign has a second token each: strong negative links
 * have a pale core, and the mark of a negative bias is a disc where that of a positive one is a diamond.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Diagram} diagram
 * @param {Colours} colours
 * @param {(Place & { ends?: Link["ends"] }) | null} marked
 */
export function drawNetwork(canvas, { width, height, links, biases }, colours, marked) {
  const context = sharpContext(canvas, width, height);
  const { css } = colours;
  const hues = hueOf(css);
  context.lineCap = "butt";
  for (const { link, sign, width: lineWidth, opacity } of links) {
    if (sign === "gone") context.setLineDash(GONE_DASH);
    context.strokeStyle = hues[sign];
    context.globalAlpha = sign === "gone" ? 0.5 : opacity;
    context.lineWidth = lineWidth;
    trace(context, link.ends);
    if (sign === "gone") context.setLineDash([]);
    if (sign === "negative" && lineWidth >= CORE_FROM_PX) {
      context.strokeStyle = css.card;
      context.globalAlpha = 0.75;
      context.lineWidth = lineWidth / 5;
      context.stroke();
    }
  }
  context.globalAlpha = 1;
  for (const bias of biases) drawBias(context, bias, hues, css.card);
  if (marked === null) return;
  context.strokeStyle = css.ink;
  context.lineWidth = 1.5;
  const mark = biases.find(({ bias }) => bias.index === marked.index);
  if (marked.ends) trace(context, marked.ends);
  else if (mark) {
    context.beginPath();
    context.arc(mark.bias.x, mark.bias.y, mark.radius + 3, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** A link this wide has room for a core. */
const CORE_FROM_PX = 3.2;

/** @param {Colours["css"]} css @returns {Record<Sign, string>} */
const hueOf = (css) => ({ negative: css.cold, positive: css.warm, gone: css.inkSoft, unknown: css.line });

/**
 * @param {CanvasRenderingContext2D} context
 * @param {DrawnBias} drawn
 * @param {Record<Sign, string>} hues
 * @param {string} rim
 */
function drawBias(context, { bias: { x, y }, sign, radius }, hues, rim) {
  context.beginPath();
  if (sign === "positive") {
    const reach = radius * 1.25;
    context.moveTo(x, y - reach);
    context.lineTo(x + reach, y);
    context.lineTo(x, y + reach);
    context.lineTo(x - reach, y);
    context.closePath();
  } else context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = sign === "gone" || sign === "unknown" ? rim : hues[sign];
  context.strokeStyle = sign === "gone" ? hues.gone : rim;
  context.lineWidth = 1;
  context.fill();
  context.stroke();
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
