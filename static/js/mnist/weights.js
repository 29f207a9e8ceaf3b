import { colourDomain, colourTable } from "../draw/ramp.js";

/** @import { Frame, FrameArray } from "../frame.js" */

/** More images than these would be too small to be read. */
export const FIRST_LAYER_UNITS = 60;
const COLUMNS = 10;
/** Between two images, in their own pixels. */
const GAP = 2;

/**
 * The first layer's weights in a frame, or null where it holds none.
 *
 * @param {Frame | null} frame
 */
export function firstLayerOf(frame) {
  const array = frame?.arrays.get("first_layer");
  return array?.ranges === undefined ? null : array;
}

/**
 * Draw the weights of each unit as an image over its own range, in rows; between them the canvas shows through.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {FrameArray} weights
 * @param {Uint32Array} ramp
 */
export function drawWeights(canvas, { shape, values, ranges = [] }, ramp) {
  const [count, height, width] = shape;
  const columns = Math.min(COLUMNS, count);
  const rows = Math.ceil(count / columns);
  const image = new ImageData(columns * (width + GAP) - GAP, rows * (height + GAP) - GAP);
  const pixels = new Uint32Array(image.data.buffer);

  for (let unit = 0; unit < count; unit += 1) {
    const table = colourTable(ramp, ranges[unit], colourDomain(ranges[unit], null));
    const left = (unit % columns) * (width + GAP);
    const top = Math.floor(unit / columns) * (height + GAP);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        pixels[(top + y) * image.width + left + x] = table[values[(unit * height + y) * width + x]];
      }
    }
  }
  canvas.width = image.width;
  canvas.height = image.height;
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).putImageData(image, 0, 0);
}
