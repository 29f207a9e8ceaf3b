import { paintField } from "./field.js";

/**
 * The map of one unit, and where its middle is.
 *
 * @typedef {object} UnitMap
 * @property {number} x
 * @property {number} y
 * @property {number} size
 * @property {ArrayLike<number>} values
 * @property {Uint32Array} table  a colour for each byte
 */

/** The edge that the unit's button draws around its map, and the rounding of its corners. */
const EDGE_PX = 1;
const CORNER_PX = 7;

/** Where the maps are put together, one below the other, before they are drawn. @type {HTMLCanvasElement | undefined} */
let strip;

/**
 * Draw the maps of units into the picture of their network. All of them on one surface: to a browser that draws without
 * a graphics card, fifty small canvases are as much work as all the rest of the page.
 *
 * @param {CanvasRenderingContext2D} context  whose unit is a pixel of the page
 * @param {UnitMap[]} maps
 * @param {number} rows  of each map
 * @param {number} columns
 */
export function drawUnitMaps(context, maps, rows, columns) {
  if (maps.length === 0) return;
  const pictures = (strip ??= document.createElement("canvas"));
  const area = rows * columns;
  paintField(pictures, rows * maps.length, columns, (pixels) => {
    maps.forEach(({ values, table }, index) => {
      for (let place = 0; place < area; place += 1) pixels[index * area + place] = table[values[place]];
    });
  });
  const corners = new Path2D();
  for (const { x, y, size } of maps) {
    const [side, half] = [size - 2 * EDGE_PX, size / 2 - EDGE_PX];
    corners.roundRect(x - half, y - half, side, side, CORNER_PX);
  }
  context.save();
  context.clip(corners);
  maps.forEach(({ x, y, size }, index) => {
    const [side, half] = [size - 2 * EDGE_PX, size / 2 - EDGE_PX];
    context.drawImage(pictures, 0, index * rows, columns, rows, x - half, y - half, side, side);
  });
  context.restore();
}
