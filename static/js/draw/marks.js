import { traceMark } from "./shapes.js";

/** @import { Colours } from "./colours.js" */
/** @import { Fill } from "./shapes.js" */

/**
 * @typedef {"binary" | "multiclass" | "regression"} Task
 * @typedef {{ inputs: number[][], targets: number[] }} Examples
 * @typedef {{ train: Examples | null, validation: Examples | null, test: Examples | null }} DataPoints
 *
 * @typedef {object} MarkStyle  how a target is told
 * @property {(target: number) => number} shapeOf
 * @property {(target: number) => string} colourOf
 * @property {string} rim  around every mark
 * @property {string} ring  around one that is wrong
 * @property {boolean} isNumber  whether the colour is a value, which has to be seen on a field of its own colour
 *
 * @typedef {object} MarkOptions
 * @property {[number, number]} plane  the ends of both axes
 * @property {number} size  of the picture's side, in pixels
 * @property {number} radius
 * @property {Fill} fill
 * @property {MarkStyle} style
 */

/** Marks of numbers have so many colours: few paths, and no eye tells more apart. */
const TONES = 32;

/**
 * Return how examples of a task are marked: a class by its shape and hue, a number by its place on the ramp.
 *
 * @param {Colours} colours
 * @param {Task} task
 * @param {[number, number]} domain  the numbers at the ends of the ramp
 * @returns {MarkStyle}
 */
export function markStyle({ css, classMarks, ramp }, task, [low, high]) {
  if (task === "multiclass") {
    return {
      shapeOf: (target) => target,
      colourOf: (target) => classMarks[target % classMarks.length],
      rim: css.card,
      ring: css.ink,
      isNumber: false,
    };
  }
  if (task === "binary") {
    // Class 0 may be written as 0 or as −1.
    return {
      shapeOf: (target) => (target > 0 ? 1 : 0),
      colourOf: (target) => (target > 0 ? css.warmMark : css.coldMark),
      rim: css.card,
      ring: css.ink,
      isNumber: false,
    };
  }
  const tones = Array.from({ length: TONES }, (_, tone) => cssColour(ramp[Math.round((tone * 255) / (TONES - 1))]));
  return {
    shapeOf: () => 0,
    colourOf: (target) => {
      const share = Math.min(1, Math.max(0, (target - low) / (high - low)));
      return tones[Math.round(share * (TONES - 1))];
    },
    rim: css.ink,
    ring: css.ink,
    isNumber: true,
  };
}

/** @param {number} pixel */
function cssColour(pixel) {
  return `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
}

/**
 * Draw examples as marks.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Examples} examples
 * @param {MarkOptions} options
 */
export function drawMarks(context, { inputs, targets }, { plane: [low, high], size, radius, fill, style }) {
  const scale = size / (high - low);
  const all = new Path2D();
  /** @type {Map<string, { outline: Path2D, half: Path2D }>} */
  const byColour = new Map();
  inputs.forEach(([x, y], index) => {
    const [shape, colour] = [style.shapeOf(targets[index]), style.colourOf(targets[index])];
    const place = /** @type {const} */ ([shape, (x - low) * scale, (high - y) * scale, radius]);
    const paths = byColour.get(colour) ?? { outline: new Path2D(), half: new Path2D() };
    byColour.set(colour, paths);
    traceMark(all, ...place);
    traceMark(paths.outline, ...place);
    if (fill === "half") traceMark(paths.half, ...place, true);
  });

  // A rim lifts a mark off the field: one of the surface's colour where the mark has a hue of its own.
  context.lineJoin = "round";
  context.strokeStyle = style.rim;
  const widths = lineWidths({ radius, fill, style });
  context.lineWidth = widths.rim;
  context.stroke(all);
  for (const [colour, { outline, half }] of byColour) {
    context.fillStyle = colour;
    context.strokeStyle = colour;
    context.lineWidth = widths.outline;
    if (fill === "full") context.fill(outline);
    else context.stroke(outline);
    if (fill === "half") context.fill(half);
  }
}

/**
 * How wide a mark's lines are: its rim, and its outline where it is not full.
 *
 * @param {Pick<MarkOptions, "radius" | "fill" | "style">} mark
 */
export const lineWidths = ({ radius, fill, style }) => ({
  rim: radius * ((fill === "full" ? 0.7 : 1.1) - (style.isNumber ? 0.15 : 0)),
  outline: radius * (style.isNumber && fill !== "full" ? 0.6 : 0.45),
});

/**
 * Draw a ring around each of some places: what the network takes for another class.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number[][]} places
 * @param {Omit<MarkOptions, "fill">} options
 */
export function drawRings(context, places, { plane: [low, high], size, radius, style }) {
  const scale = size / (high - low);
  const rings = new Path2D();
  for (const [x, y] of places) traceMark(rings, 0, (x - low) * scale, (high - y) * scale, radius);
  for (const [colour, width] of ringLines(style)) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke(rings);
  }
}

/** The lines of a ring, one over the other: their colours and widths. @param {MarkStyle} style @returns {[string, number][]} */
export const ringLines = ({ rim, ring }) => [
  [rim, 3.2],
  [ring, 1.6],
];

/**
 * Make a canvas as sharp as the screen and return its context, scaled so that lengths are CSS pixels.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} width_px
 * @param {number} height_px
 */
export function sharpContext(canvas, width_px, height_px) {
  const density = devicePixelRatio || 1;
  const [width, height] = [Math.round(width_px * density), Math.round(height_px * density)];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width_px, height_px);
  return context;
}
