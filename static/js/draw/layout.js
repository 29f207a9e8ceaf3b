/**
 * Where the units of a network stand, in pixels.
 *
 * @typedef {object} Column
 * @property {number} x  of the units' centres
 * @property {number} gap  to the next column
 * @property {number} size  of a unit's side
 * @property {number[]} y  of each unit's centre
 * @property {number} hidden  how many more units the layer has than are shown
 *
 * @typedef {{ width: number, height: number, columns: Column[] }} NetworkLayout
 */

const MIN_COLUMN_GAP = 80;
/** Where the width is short the margins give way before the gaps do. */
const MIN_SIDE_MARGIN = 46;
/** Beside the inputs stand their symbols. */
const SYMBOL_WIDTH = 20;
const MIN_HEIGHT = 340;
const BOTTOM_MARGIN = 16;
const MAX_UNIT = 72;
/** On a large screen units may be larger: this many of them fill a column. */
const UNITS_TO_FILL = 7;
const MIN_UNIT = 26;
/** More units than these in a column can't be told apart; the rest is counted. */
export const MAX_SHOWN = 14;

/**
 * Spread columns of units over `width`, or wider where it is too narrow for them.
 *
 * @param {number[]} counts  units in each column, inputs first
 * @param {number} width  there is
 * @param {number} height  there is
 * @returns {NetworkLayout}
 */
export function layoutNetwork(counts, width, height) {
  const shown = counts.map((count) => Math.min(count, MAX_SHOWN));
  const room = Math.max(MIN_HEIGHT, height - BOTTOM_MARGIN, Math.max(1, ...shown) * (MIN_UNIT + 8));
  const largest = Math.max(MAX_UNIT, room / UNITS_TO_FILL);

  const gaps = Math.max(1, counts.length - 1);
  const spare = (width - gaps * MIN_COLUMN_GAP) / 2;
  const margin = Math.max(MIN_SIDE_MARGIN, Math.min(largest / 2 + SYMBOL_WIDTH, spare));
  const total = Math.max(width, 2 * margin + gaps * MIN_COLUMN_GAP);
  const gap = (total - 2 * margin) / gaps;

  const columns = shown.map((count, index) => {
    const pitch = Math.min(largest * 1.6, room / Math.max(count, 3.5));
    const size = Math.max(MIN_UNIT, Math.min(largest, pitch - 8, gap - 30, 2 * (margin - SYMBOL_WIDTH)));
    const y = Array.from({ length: count }, (_, unit) => room / 2 + (unit - (count - 1) / 2) * pitch);
    return { x: margin + gap * index, gap, size, y, hidden: counts[index] - count };
  });
  return { width: total, height: room + BOTTOM_MARGIN, columns };
}
