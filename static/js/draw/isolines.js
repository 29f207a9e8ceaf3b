/**
 * Lines through a grid of values, in units of the grid: column 0 and row 0 are the middles of the first values.
 *
 * @typedef {(x0: number, y0: number, x1: number, y1: number) => void} Segment  takes a piece of a line
 */

/**
 * Follow where the values on a grid pass each of the `levels`, by marching squares: where an edge of a cell has its
 * ends on either side of a level the line crosses it, as far along as if the value changed evenly.
 *
 * @param {ArrayLike<number>} values
 * @param {number} rows
 * @param {number} columns
 * @param {readonly number[]} levels
 * @param {(level: number) => Segment} segmentOf  gives what takes the pieces of the level of that index
 */
export function traceIsolines(values, rows, columns, levels, segmentOf) {
  const takers = levels.map((_, index) => segmentOf(index));
  const lowest = Math.min(...levels);
  const highest = Math.max(...levels);
  for (let row = 0; row < rows - 1; row += 1) {
    for (let column = 0, at = row * columns; column < columns - 1; column += 1, at += 1) {
      const a = values[at];
      const b = values[at + 1];
      const c = values[at + columns + 1];
      const d = values[at + columns];
      // Most cells lie wholly on one side of every level.
      if ((a < lowest && b < lowest && c < lowest && d < lowest) || (a >= highest && b >= highest && c >= highest && d >= highest)) {
        continue;
      }
      for (let index = 0; index < levels.length; index += 1) {
        const level = levels[index];
        const kind = (a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0) | (d >= level ? 8 : 0);
        if (kind !== 0 && kind !== 15) traceCell(kind, a, b, c, d, level, column, row, takers[index]);
      }
    }
  }
}

/**
 * The corners of a cell are a, b, c, d clockwise from the upper left; bit i of `kind` says that corner i is not below
 * the level.
 *
 * @param {number} kind
 * @param {number} a
 * @param {number} b
 * @param {number} c
 * @param {number} d
 * @param {number} level
 * @param {number} x
 * @param {number} y
 * @param {Segment} take
 */
function traceCell(kind, a, b, c, d, level, x, y, take) {
  const top = x + (level - a) / (b - a);
  const right = y + (level - b) / (c - b);
  const bottom = x + (level - d) / (c - d);
  const left = y + (level - a) / (d - a);
  switch (kind < 8 ? kind : 15 - kind) {
    case 1:
      take(x, left, top, y);
      break;
    case 2:
      take(top, y, x + 1, right);
      break;
    case 3:
      take(x, left, x + 1, right);
      break;
    case 4:
      take(x + 1, right, bottom, y + 1);
      break;
    case 5: {
      // Two opposite corners: the mean of all four says whether they are joined.
      const isJoined = (a + b + c + d) / 4 >= level === (kind === 5);
      if (isJoined) {
        take(top, y, x + 1, right);
        take(x, left, bottom, y + 1);
      } else {
        take(x, left, top, y);
        take(x + 1, right, bottom, y + 1);
      }
      break;
    }
    case 6:
      take(top, y, bottom, y + 1);
      break;
    default:
      take(x, left, bottom, y + 1);
  }
}

/**
 * Follow the borders between the classes that points are taken for.
 *
 * @param {ArrayLike<number>} winners  the class of each point
 * @param {(index: number, at: number) => number} valueOf  of a class at a point
 * @param {number} rows
 * @param {number} columns
 * @param {Segment} take
 */
export function traceBorders(winners, valueOf, rows, columns, take) {
  /** How far from one point to the next the two classes are level. @param {number} from @param {number} to */
  const crossing = (from, to) => {
    const [one, other] = [winners[from], winners[to]];
    const before = valueOf(one, from) - valueOf(other, from);
    const after = valueOf(one, to) - valueOf(other, to);
    // A tie goes to the first class, so that a lead may be nothing.
    return before === after ? 0.5 : before / (before - after);
  };
  for (let row = 0; row < rows - 1; row += 1) {
    for (let column = 0, at = row * columns; column < columns - 1; column += 1, at += 1) {
      const [a, b, c, d] = [at, at + 1, at + columns + 1, at + columns];
      const winner = winners[a];
      if (winner === winners[b] && winner === winners[c] && winner === winners[d]) continue;
      /** @type {[number, number][]} */
      const crossed = [];
      if (winner !== winners[b]) crossed.push([column + crossing(a, b), row]);
      if (winners[b] !== winners[c]) crossed.push([column + 1, row + crossing(b, c)]);
      if (winners[d] !== winners[c]) crossed.push([column + crossing(d, c), row + 1]);
      if (winner !== winners[d]) crossed.push([column, row + crossing(a, d)]);
      if (crossed.length === 2) {
        take(...crossed[0], ...crossed[1]);
        continue;
      }
      // Three or four borders meet somewhere in the cell.
      const middleX = crossed.reduce((sum, [x]) => sum + x, 0) / crossed.length;
      const middleY = crossed.reduce((sum, [, y]) => sum + y, 0) / crossed.length;
      for (const [x, y] of crossed) take(x, y, middleX, middleY);
    }
  }
}
