import { blendClasses, paintWinners, valuesOfBytes } from "./blend.js";
import { drawField, paintField } from "./field.js";
import { traceBorders, traceIsolines } from "./isolines.js";
import { sharpContext } from "./marks.js";
import { colourTable } from "./ramp.js";

/** @import { Colours } from "./colours.js" */
/** @import { Segment } from "./isolines.js" */

/**
 * A picture of the plane: one byte for each point, coloured by a ramp, or one for each class and point.
 *
 * @typedef {{ values: ArrayLike<number>, rows: number, columns: number }} Grid
 * @typedef {Grid & { kind: "value", range: [number, number], ramp: Uint32Array, domain: [number, number],
 *   isDecided: boolean }} ValueMap  `isDecided`: whether the middle of the domain is where one class becomes the other
 * @typedef {Grid & { kind: "classes", ranges: [number, number][] }} ClassMap
 *
 * @typedef {"shades" | "classes" | "sureness"} Colouring  the values themselves, what is made of them, or how surely
 */

const STEPS = 256;
/** Shares of the domain where lines are drawn; the middle has one of its own. */
const LEVELS = [0.1, 0.3, 0.7, 0.9];
const MIDDLE = 0.5;
/** Of several classes the probability of the likeliest is followed. */
const CLASS_LEVELS = [0.7, 0.9];

/** Of numbers, at even steps. */
const NUMBER_LEVELS = [0.125, 0.25, 0.375, 0.625, 0.75, 0.875];

/**
 * Draw a map as a field of colours.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {ValueMap | ClassMap} map
 * @param {Colours} colours
 * @param {Colouring} colouring
 */
export function drawMap(canvas, map, colours, colouring) {
  const { values, rows, columns } = map;
  if (map.kind === "value") {
    drawField(canvas, values, rows, columns, valueColours(map, colours, colouring));
  } else if (colouring === "sureness") {
    drawField(canvas, likeliest(map).shares, rows, columns, colours.greys);
  } else {
    const paint = colouring === "classes" ? paintWinners : blendClasses;
    paintField(canvas, rows, columns, (pixels) => paint(pixels, map, colours.classes));
  }
}

/**
 * Return a colour for each byte of a map of single values.
 *
 * @param {ValueMap} map
 * @param {Pick<Colours, "greys">} colours
 * @param {Colouring} colouring
 */
export function valueColours({ range, domain, ramp }, { greys }, colouring) {
  if (colouring === "classes") {
    // The server's rule: what lies above the middle is class 1.
    const ends = Uint32Array.from({ length: STEPS }, (_, step) => ramp[step < STEPS / 2 ? 0 : STEPS - 1]);
    return colourTable(ends, range, domain);
  }
  if (colouring === "sureness") {
    const sure = Uint32Array.from({ length: STEPS }, (_, step) => greys[Math.round(Math.abs(2 * step - (STEPS - 1)))]);
    return colourTable(sure, range, domain);
  }
  return colourTable(ramp, range, domain);
}

/**
 * Return for each point the likeliest class, and how sure the network is of it: a byte from 0, where all classes are
 * alike, to 255.
 *
 * @param {ClassMap} map
 */
export function likeliest({ values, ranges, rows, columns }) {
  const says = valuesOfBytes(ranges);
  const area = rows * columns;
  const count = ranges.length;
  const winners = new Uint8Array(area);
  const shares = new Uint8Array(area);
  for (let at = 0; at < area; at += 1) {
    let sum = 0;
    let most = -Infinity;
    for (let index = 0; index < count; index += 1) {
      const value = says[256 * index + values[index * area + at]];
      if (value > 0) sum += value;
      if (value > most) {
        most = value;
        winners[at] = index;
      }
    }
    const share = sum > 0 ? Math.max(0, most) / sum : 0;
    shares[at] = Math.max(0, (255 * (share - 1 / count)) / (1 - 1 / count)) + 0.5;
  }
  return { winners, shares };
}

/**
 * Draw lines of equal output over a map: fine ones, and a strong one where one class becomes another.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {ValueMap | ClassMap} map
 * @param {number} size  of the picture's side, in pixels
 * @param {Colours} colours
 * @param {Colouring} colouring
 */
export function drawIsolines(canvas, map, size, { css }, colouring) {
  const context = sharpContext(canvas, size, size);
  const lines = { fine: new Path2D(), strong: new Path2D() };
  traceLines(map, colouring, size, lines);
  context.strokeStyle = css.ink;
  context.lineCap = "round";
  for (const kind of /** @type {const} */ (["fine", "strong"])) {
    context.globalAlpha = LINES[kind].opacity;
    context.lineWidth = LINES[kind].width;
    context.stroke(lines[kind]);
  }
}

/** How the lines over a map are drawn. */
export const LINES = { fine: { width: 1, opacity: 0.45 }, strong: { width: 2, opacity: 1 } };

/**
 * Trace the lines of a map into paths.
 *
 * @param {ValueMap | ClassMap} map
 * @param {Colouring} colouring
 * @param {number} size  of the picture's side
 * @param {Record<keyof typeof LINES, Pick<Path2D, "moveTo" | "lineTo">>} lines
 */
export function traceLines(map, colouring, size, { fine, strong }) {
  const [across, down] = [size / (map.columns - 1), size / (map.rows - 1)];
  /** @type {(path: Pick<Path2D, "moveTo" | "lineTo">) => Segment} */
  const into = (path) => (x0, y0, x1, y1) => {
    path.moveTo(x0 * across, y0 * down);
    path.lineTo(x1 * across, y1 * down);
  };
  if (map.kind === "value") {
    const shares = colouring === "classes" ? [MIDDLE] : [...fineLevels(map), MIDDLE];
    const isStrong = (/** @type {number} */ level) => map.isDecided && shares[level] === MIDDLE;
    const levels = shares.map((share) => byteOf(map, share));
    traceIsolines(map.values, map.rows, map.columns, levels, (level) => into(isStrong(level) ? strong : fine));
    return;
  }
  const { winners, shares } = likeliest(map);
  const area = map.rows * map.columns;
  const says = valuesOfBytes(map.ranges);
  const valueOf = (/** @type {number} */ index, /** @type {number} */ at) => says[256 * index + map.values[index * area + at]];
  traceBorders(winners, valueOf, map.rows, map.columns, into(strong));
  if (colouring !== "classes") {
    const levels = CLASS_LEVELS.map((share) => 255 * shareOfSureness(share, map.ranges.length));
    traceIsolines(shares, map.rows, map.columns, levels, () => into(fine));
  }
}

/** Return where the fine lines of a map lie, as shares of its domain. @param {Pick<ValueMap, "isDecided">} map */
export const fineLevels = ({ isDecided }) => (isDecided ? LEVELS : NUMBER_LEVELS);

/**
 * @param {ValueMap} map
 * @param {number} share
 */
function byteOf({ range: [low, high], domain: [from, to] }, share) {
  const value = from + (to - from) * share;
  // A map that is the same everywhere has no lines.
  return high > low ? (255 * (value - low)) / (high - low) : Infinity;
}

/**
 * @param {number} probability
 * @param {number} count  of classes
 */
const shareOfSureness = (probability, count) => (probability - 1 / count) / (1 - 1 / count);
