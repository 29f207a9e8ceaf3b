/** @typedef {[number, number][]} Outline  corners around the middle, y downwards, for a mark of radius 1 */

/** How a mark is filled: it tells which examples are trained on. @typedef {"full" | "half" | "hollow"} Fill */

/** What is trained on is full, what is only measured on is not. */
export const FILL_OF_SPLIT = /** @type {const} */ ({ train: "full", validation: "half", test: "hollow" });

/** Bars of a plus or a cross are so wide. */
const BAR = 0.45;
const PLUS = /** @type {Outline} */ ([
  [-BAR, -1.2],
  [BAR, -1.2],
  [BAR, -BAR],
  [1.2, -BAR],
  [1.2, BAR],
  [BAR, BAR],
  [BAR, 1.2],
  [-BAR, 1.2],
  [-BAR, BAR],
  [-1.2, BAR],
  [-1.2, -BAR],
  [-BAR, -BAR],
]);

/**
 * The outlines of the classes' marks, in their order; null is a disc. Each looks as large as the disc, and no two of
 * them alike when they are seven pixels wide.
 *
 * @type {readonly (Outline | null)[]}
 */
export const SHAPES = [
  null,
  [
    [0, -1.25],
    [1.25, 0],
    [0, 1.25],
    [-1.25, 0],
  ],
  [
    [0, -1.3],
    [1.25, 0.9],
    [-1.25, 0.9],
  ],
  [
    [-0.95, -0.95],
    [0.95, -0.95],
    [0.95, 0.95],
    [-0.95, 0.95],
  ],
  PLUS,
  star(5, 1.4, 0.6),
  [
    [-1.25, -0.9],
    [1.25, -0.9],
    [0, 1.3],
  ],
  PLUS.map(([x, y]) => [(x - y) * Math.SQRT1_2, (x + y) * Math.SQRT1_2]),
  [
    [-1.1, -1.1],
    [1.1, -1.1],
    [-1.1, 1.1],
    [1.1, 1.1],
  ],
  [
    [-1.1, -1.1],
    [-1.1, 1.1],
    [1.1, -1.1],
    [1.1, 1.1],
  ],
];

/**
 * @param {number} points
 * @param {number} outer
 * @param {number} inner
 * @returns {Outline}
 */
function star(points, outer, inner) {
  return Array.from({ length: 2 * points }, (_, corner) => {
    const angle = (Math.PI * corner) / points - Math.PI / 2;
    const radius = corner % 2 === 0 ? outer : inner;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

/**
 * Return the part of an outline that lies below its middle.
 *
 * @param {Outline} outline
 * @returns {Outline}
 */
export function lowerHalf(outline) {
  return outline.flatMap(([x, y], index) => {
    const [nextX, nextY] = outline[(index + 1) % outline.length];
    /** @type {Outline} */
    const kept = y >= 0 ? [[x, y]] : [];
    if (y < 0 !== nextY < 0) kept.push([x + ((nextX - x) * -y) / (nextY - y), 0]);
    return kept;
  });
}

/**
 * Add the mark of a class to a path.
 *
 * @param {Pick<Path2D, "moveTo" | "lineTo" | "arc" | "closePath">} path
 * @param {number} shape  the class
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {boolean} [isHalf]  only what lies below its middle
 */
export function traceMark(path, shape, x, y, radius, isHalf = false) {
  const whole = SHAPES[shape % SHAPES.length];
  if (whole === null) {
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, isHalf ? Math.PI : 2 * Math.PI);
  } else {
    (isHalf ? HALVES[shape % SHAPES.length] : whole).forEach(([right, down], corner) => {
      if (corner === 0) path.moveTo(x + right * radius, y + down * radius);
      else path.lineTo(x + right * radius, y + down * radius);
    });
  }
  path.closePath();
}

const HALVES = SHAPES.map((outline) => (outline === null ? [] : lowerHalf(outline)));
