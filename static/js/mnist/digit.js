/**
 * From strokes to the picture that a network trained on MNIST knows: the drawing scaled so that its longer side is 20
 * pixels, in grey levels, with its centre of mass in the middle of 28 by 28, as MNIST's own digits were made
 * (LeCun, Cortes and Burges, 1998).
 *
 * @typedef {{ x: number, y: number }} Place  on the pad: 0..1 from the left, 0..1 from the top
 * @typedef {Place[]} Stroke
 */

export const SIDE = 28;
const BOX = 20;
/** Where the centre of mass lies in MNIST's images: in the middle of pixel 14, the first one right of the middle. */
const CENTRE = 14.5;
/** Half the width of a line after scaling: however large a digit is drawn, its lines are as thick as MNIST's. */
const PEN_RADIUS = 1.25;
/** A drawing smaller than this part of the pad is a dot, not to be blown up to a blot. */
const SMALLEST = 0.08;
/** A pixel's grey level is the share of so many by so many points in it that are covered. */
const GRAIN = 5;
const FINE = SIDE * GRAIN;
/** MNIST's fullest test image covers 33 % of its field. */
const FULL = 0.36;

/**
 * Return the picture, 784 values from 0 (paper) to 1 (ink), row by row, or null where nothing is drawn.
 *
 * @param {readonly Stroke[]} strokes
 * @returns {number[] | null}
 */
export function digitFromStrokes(strokes) {
  const drawn = strokes.filter((stroke) => stroke.length > 0);
  if (drawn.length === 0) return null;

  const { left, top, width, height } = bounds(drawn);
  const scale = (BOX - 2 * PEN_RADIUS) / Math.max(width, height, SMALLEST);
  const inBox = drawn.map((stroke) =>
    stroke.map(({ x, y }) => ({
      x: (x - left - width / 2) * scale + SIDE / 2,
      y: (y - top - height / 2) * scale + SIDE / 2,
    })),
  );

  const { x, y } = centreOfMass(rasterize(inBox));
  // By whole pixels, as MNIST's were.
  const [right, down] = [Math.round(CENTRE - x), Math.round(CENTRE - y)];
  return rasterize(inBox.map((stroke) => stroke.map((place) => ({ x: place.x + right, y: place.y + down }))));
}

/**
 * Return whether a picture holds more ink than any digit does.
 *
 * @param {readonly number[]} picture
 */
export const isOverfull = (picture) => picture.reduce((sum, value) => sum + value, 0) / picture.length > FULL;

/**
 * Return where a picture's ink lies on average, in pixels from its left and upper edge.
 *
 * @param {readonly number[]} picture
 */
export function centreOfMass(picture) {
  let [mass, x, y] = [0, 0, 0];
  picture.forEach((value, index) => {
    mass += value;
    x += value * ((index % SIDE) + 0.5);
    y += value * (Math.floor(index / SIDE) + 0.5);
  });
  return { x: x / mass, y: y / mass };
}

/** @param {readonly Stroke[]} strokes */
function bounds(strokes) {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of strokes.flat()) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, top, width: right - left, height: bottom - top };
}

/**
 * @param {readonly Stroke[]} strokes  in pixels
 * @returns {number[]}
 */
function rasterize(strokes) {
  const covered = new Uint8Array(FINE * FINE);
  for (const stroke of strokes) {
    let from = stroke[0];
    cover(covered, from, from);
    for (const to of stroke) {
      // Steps shorter than the grain change nothing that can be seen.
      if (Math.hypot(to.x - from.x, to.y - from.y) * GRAIN < 0.5) continue;
      cover(covered, from, to);
      from = to;
    }
  }
  const picture = new Array(SIDE * SIDE).fill(0);
  for (let index = 0; index < covered.length; index += 1) {
    if (covered[index] === 0) continue;
    const [row, column] = [Math.floor(index / FINE / GRAIN), Math.floor((index % FINE) / GRAIN)];
    picture[row * SIDE + column] += 1 / GRAIN ** 2;
  }
  return picture.map((value) => Math.min(1, value));
}

/**
 * Mark the points within the pen's radius of a line.
 *
 * @param {Uint8Array} covered  FINE by FINE points
 * @param {Place} from
 * @param {Place} to
 */
function cover(covered, from, to) {
  const radius = PEN_RADIUS * GRAIN;
  const [x0, y0, x1, y1] = [from.x, from.y, to.x, to.y].map((length) => length * GRAIN - 0.5);
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length2 = dx * dx + dy * dy;
  const first = (/** @type {number} */ a, /** @type {number} */ b) => Math.max(0, Math.ceil(Math.min(a, b) - radius));
  const last = (/** @type {number} */ a, /** @type {number} */ b) =>
    Math.min(FINE - 1, Math.floor(Math.max(a, b) + radius));

  for (let y = first(y0, y1); y <= last(y0, y1); y += 1) {
    for (let x = first(x0, x1); x <= last(x0, x1); x += 1) {
      const along = length2 === 0 ? 0 : ((x - x0) * dx + (y - y0) * dy) / length2;
      const nearest = Math.min(1, Math.max(0, along));
      const distance2 = (x - x0 - nearest * dx) ** 2 + (y - y0 - nearest * dy) ** 2;
      if (distance2 <= radius * radius) covered[y * FINE + x] = 1;
    }
  }
}
