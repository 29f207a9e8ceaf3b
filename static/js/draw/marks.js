/**
 * @typedef {{ inputs: number[][], targets: number[] }} Examples
 * @typedef {{ train: Examples | null, validation: Examples | null, test: Examples | null }} DataPoints
 */

/** Half the side of a mark, as a share of its height: a diamond looks as large as a disc when it is a little wider. */
const DIAMOND = 1.25;

/**
 * @typedef {object} MarkOptions
 * @property {[number, number]} plane  the ends of both axes
 * @property {number} size  of the picture's side, in pixels
 * @property {number} radius
 * @property {boolean} isHollow
 * @property {{ cold: string, warm: string, rim: string }} colours
 */

/**
 * Draw examples as marks: the class is told by shape and hue, and those not trained on are hollow.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Examples} examples
 * @param {MarkOptions} options
 */
export function drawMarks(context, { inputs, targets }, { plane: [low, high], size, radius, isHollow, colours }) {
  const scale = size / (high - low);
  const middle = targets.some((target) => target < 0) ? 0 : 0.5;
  const strokes = new Path2D();
  const shapes = { cold: new Path2D(), warm: new Path2D() };
  inputs.forEach(([x, y], index) => {
    const hue = targets[index] > middle ? "warm" : "cold";
    const mark = hue === "warm" ? diamond : disc;
    mark(shapes[hue], (x - low) * scale, (high - y) * scale, radius);
    mark(strokes, (x - low) * scale, (high - y) * scale, radius);
  });

  // A rim of the surface's colour lifts a mark off the field.
  context.lineJoin = "round";
  context.strokeStyle = colours.rim;
  context.lineWidth = radius * (isHollow ? 1.1 : 0.7);
  context.stroke(strokes);
  for (const hue of /** @type {const} */ (["cold", "warm"])) {
    const shape = shapes[hue];
    context.fillStyle = colours[hue];
    context.strokeStyle = colours[hue];
    context.lineWidth = radius * 0.45;
    if (isHollow) context.stroke(shape);
    else context.fill(shape);
  }
}

/**
 * @param {Path2D} path
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function disc(path, x, y, radius) {
  path.moveTo(x + radius, y);
  path.arc(x, y, radius, 0, 2 * Math.PI);
}

/**
 * @param {Path2D} path
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function diamond(path, x, y, radius) {
  const reach = radius * DIAMOND;
  path.moveTo(x, y - reach);
  path.lineTo(x + reach, y);
  path.lineTo(x, y + reach);
  path.lineTo(x - reach, y);
  path.closePath();
}

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
