/** @import { ClassMap, ValueMap } from "./map.js" */

/**
 * Return what a map says at a point of the plane: one value, or one for each class. Between the points of its grid the
 * values change evenly, as the picture's colours do.
 *
 * @param {ValueMap | ClassMap} map
 * @param {readonly [number, number]} plane  the ends of both axes
 * @param {number} x
 * @param {number} y
 */
export function valuesAt(map, [low, high], x, y) {
  const { values, rows, columns } = map;
  const across = place(((x - low) / (high - low)) * (columns - 1), columns);
  // Row 0 is the largest y.
  const down = place(((high - y) / (high - low)) * (rows - 1), rows);
  const ranges = map.kind === "classes" ? map.ranges : [map.range];
  return ranges.map(([least, most], index) => {
    const start = index * rows * columns;
    /** @param {number} row */
    const along = (row) => {
      const at = start + row * columns + across.first;
      return mix(values[at], values[at + across.next], across.share);
    };
    return least + ((most - least) * mix(along(down.first), along(down.first + down.next), down.share)) / 255;
  });
}

/**
 * Return the grid line before a place, whether there is one behind it, and how far between the two the place is.
 *
 * @param {number} position
 * @param {number} count
 */
function place(position, count) {
  const within = Math.min(count - 1, Math.max(0, position));
  const first = Math.floor(within);
  return { first, next: first < count - 1 ? 1 : 0, share: within - first };
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} share
 */
const mix = (from, to, share) => from + (to - from) * share;
