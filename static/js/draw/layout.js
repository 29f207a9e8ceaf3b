/**
 * Where the units of a network stand, in pixels.
 *
 * @typedef {object} Column
 * @property {number} x  of the units' centres
 * @property {number} gap  to the next column
 * @property {number} size  of a unit's side
 * @property {number[]} y  of each shown unit's centre
 * @property {number} first  which of the layer's units is the first that is shown
 * @property {number} above  how many units come before it
 * @property {number} below  how many come after the last one shown
 *
 * @typedef {{ width: number, height: number, columns: Column[] }} NetworkLayout
 */

/** The buttons of a layer's units, and those between two layers, just fit side by side. */
const MIN_COLUMN_GAP = 78;
/** Where the width is short the margins give way before the gaps do. */
const MIN_SIDE_MARGIN = 46;
/** Beside the inputs stand their symbols, of which most are no wider than this. */
const SYMBOL_WIDTH = 20;
/** Where there is room the words above the first and the last column stay off the edges. */
const SIDE_WIDTH = 28;
const MIN_HEIGHT = 300;
const BOTTOM_MARGIN = 16;
const MAX_UNIT = 72;
/** On a large screen units may be larger: this many of them fill a column. */
const UNITS_TO_FILL = 7;
const MIN_UNIT = 26;
/** Between two units there must be room for the mark of a bias. */
const MIN_SPACE = 10;
/** More units than these in a column can't be told apart. */
export const MAX_SHOWN = 14;
/** Of a layer with more units so many are shown at a time: there must be room for what leads to the others. */
export const FOLDED_SHOWN = 12;
/** The height of what leads to the others. */
const FOLD_HEIGHT = 26;

/** How many of a layer's units are shown at a time. @param {number} count */
const shownOf = (count) => (count > MAX_SHOWN ? FOLDED_SHOWN : count);

/**
 * How much height columns of so many units take at least.
 *
 * @param {number[]} counts
 */
export function leastHeight(counts) {
  const isFolded = counts.some((count) => count > MAX_SHOWN);
  const units = Math.max(1, ...counts.map(shownOf)) * (MIN_UNIT + MIN_SPACE);
  return Math.max(MIN_HEIGHT, units + (isFolded ? 2 * FOLD_HEIGHT : 0)) + BOTTOM_MARGIN;
}

/**
 * Spread columns of units over `width`, or wider where it is too narrow for them.
 *
 * @param {number[]} counts  units in each column, inputs first
 * @param {number} width  there is
 * @param {number} height  there is
 * @param {number[]} [firsts]  which unit each column is to begin with, where it has more than can be shown
 * @param {number} [symbolWidth]  of what stands beside the inputs
 * @returns {NetworkLayout}
 */
export function layoutNetwork(counts, width, height, firsts = [], symbolWidth = SYMBOL_WIDTH) {
  const shown = counts.map(shownOf);
  const room = Math.max(height, leastHeight(counts)) - BOTTOM_MARGIN;
  const largest = Math.max(MAX_UNIT, room / UNITS_TO_FILL);

  const gaps = Math.max(1, counts.length - 1);
  const more = Math.max(0, symbolWidth - SYMBOL_WIDTH);
  const spare = (width - more - gaps * MIN_COLUMN_GAP) / 2;
  const margin = Math.max(MIN_SIDE_MARGIN, Math.min(largest / 2 + SIDE_WIDTH, spare));
  const total = Math.max(width, more + 2 * margin + gaps * MIN_COLUMN_GAP);
  const gap = (total - more - 2 * margin) / gaps;

  const columns = counts.map((count, index) => {
    const places = shown[index];
    const high = places < count ? room - 2 * FOLD_HEIGHT : room;
    const pitch = Math.min(largest * 1.6, high / Math.max(places, 3.5));
    const size = Math.max(MIN_UNIT, Math.min(largest, pitch - MIN_SPACE, gap - 30, 2 * (margin - SYMBOL_WIDTH)));
    const y = Array.from({ length: places }, (_, place) => room / 2 + (place - (places - 1) / 2) * pitch);
    const first = Math.min(Math.max(0, firsts[index] ?? 0), count - places);
    return { x: more + margin + gap * index, gap, size, y, first, above: first, below: count - places - first };
  });
  return { width: total, height: room + BOTTOM_MARGIN, columns };
}

/**
 * Return where a unit's centre is, or undefined where the unit is not shown.
 *
 * @param {Column | undefined} column
 * @param {number} unit
 */
export const heightOf = (column, unit) => column?.y[unit - column.first];
