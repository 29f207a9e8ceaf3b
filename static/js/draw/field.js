/**
 * A field is a grid of bytes drawn as a picture, one pixel a value; CSS stretches and smooths it.
 *
 * @type {WeakMap<HTMLCanvasElement, { image: ImageData, pixels: Uint32Array, context: CanvasRenderingContext2D }>}
 */
const surfaces = new WeakMap();

/**
 * Draw `values`, row 0 at the top, in the colours of `table`.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values
 * @param {number} rows
 * @param {number} columns
 * @param {Uint32Array} table  a colour for each byte
 */
export function drawField(canvas, values, rows, columns, table) {
  paintField(canvas, rows, columns, (pixels) => {
    for (let index = 0; index < pixels.length; index += 1) pixels[index] = table[values[index]];
  });
}

/**
 * Let `paint` give each pixel of the picture its colour.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} rows
 * @param {number} columns
 * @param {(pixels: Uint32Array) => void} paint
 */
export function paintField(canvas, rows, columns, paint) {
  const { image, pixels, context } = surface(canvas, rows, columns);
  paint(pixels);
  context.putImageData(image, 0, 0);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} rows
 * @param {number} columns
 */
function surface(canvas, rows, columns) {
  const known = surfaces.get(canvas);
  if (known !== undefined && known.image.width === columns && known.image.height === rows) return known;
  canvas.width = columns;
  canvas.height = rows;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
  const image = context.createImageData(columns, rows);
  const made = { image, pixels: new Uint32Array(image.data.buffer), context };
  surfaces.set(canvas, made);
  return made;
}
