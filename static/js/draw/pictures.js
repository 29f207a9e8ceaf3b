import { evenTicks, logTicks } from "./curve-data.js";
import { pathOf, unitSquares } from "./diagram.js";
import { LINES } from "./map.js";
import { lineWidths, ringLines } from "./marks.js";
import { traceMark } from "./shapes.js";

/** @import { Colours } from "./colours.js" */
/** @import { Values } from "./curve-data.js" */
/** @import { Diagram, Sign } from "./diagram.js" */
/** @import { NetworkLayout } from "./layout.js" */
/** @import { Examples, MarkStyle } from "./marks.js" */
/** @import { Fill } from "./shapes.js" */

/**
 * Pictures to be kept: SVG as text, drawn from the same geometry as the page. Fields of colour are embedded as PNG.
 *
 * @typedef {{ svg: string, width: number, height: number }} Picture
 * @typedef {Colours["css"]} Css
 */

const FONT = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
const TEXT_PX = 12;

/** The side of the plane. */
export const MAP_PX = 480;
const MAP_MARGIN = 36;
const ROW_PX = 40;
const RAMP_PX = 180;
const KEY_PX = 4;
/** How wide a letter is, about: what stands in a row is placed without measuring it. */
const LETTER_PX = 6.6;

/**
 * What a mark or a colour stands for.
 *
 * @typedef {{ words: string, target: number | null }} MapKey  a class, or a number; null: it has no mark
 *
 * @typedef {object} MapLegend
 * @property {{ words: string, fill: Fill }[]} fills  of the parts of the data
 * @property {{ field: string, ends: [MapKey, MapKey], ticks: string[] } | null} ramp  its colours as a data URL, what lies at
 *   its ends, and its numbers
 * @property {MapKey[]} classes  in a row of their own
 */

/**
 * The plane with what the network says of it and the examples.
 *
 * @param {object} what
 * @param {string} what.title
 * @param {string} what.field  the map as a data URL
 * @param {number} what.lines  how many values it has on a side: the outermost lie on the edges of the plane
 * @param {[number, number]} what.plane
 * @param {{ name: string, ends: string[] }[]} what.axes
 * @param {{ fine: string, strong: string }} what.isolines  as paths, from the upper left corner of the map
 * @param {{ examples: Examples, fill: Fill, radius: number }[]} what.marks  the lowest first
 * @param {{ places: number[][], radius: number }} what.rings  around what is wrong
 * @param {MarkStyle} what.style
 * @param {MapLegend} what.legend
 * @param {Css} what.css
 * @returns {Picture}
 */
export function mapPicture({ title, field, lines, plane: [low, high], axes: [across, up], isolines, marks, rings, style, legend, css }) {
  const scale = MAP_PX / (high - low);
  const left = (/** @type {number} */ x) => (x - low) * scale;
  const top = (/** @type {number} */ y) => (high - y) * scale;
  const drawn = marks.flatMap(({ examples: { inputs, targets }, fill, radius }) =>
    inputs.map(([x, y], index) => markOf(targets[index], left(x), top(y), { radius, fill, style })),
  );
  const ringPath = new PathText();
  for (const [x, y] of rings.places) traceMark(ringPath, 0, left(x), top(y), rings.radius);
  const ringLine = ringLines(style).map(
    ([colour, width]) => `<path d="${ringPath}" fill="none" stroke="${colour}" stroke-width="${width}"/>`,
  );
  const isoLines = /** @type {const} */ (["fine", "strong"]).map((kind) => {
    const { width, opacity } = LINES[kind];
    const look = `stroke="${css.ink}" stroke-width="${width}" stroke-opacity="${opacity}" stroke-linecap="round"`;
    return isolines[kind] && `<path d="${isolines[kind]}" fill="none" ${look}/>`;
  });
  // A value is drawn around its place, so that half of the outermost ones lies beyond the plane.
  const beyond = MAP_PX / (lines - 1) / 2;
  const side = round(MAP_PX + 2 * beyond);
  const square = `x="${round(-beyond)}" y="${round(-beyond)}" width="${side}" height="${side}"`;
  const size = MAP_PX + 2 * MAP_MARGIN;
  const far = MAP_MARGIN + MAP_PX;
  const rows = [
    ...(legend.ramp === null ? [] : [rampKeys(legend.ramp, style, css)]),
    ...(legend.classes.length === 0 ? [] : [classKeys(legend.classes, style, css)]),
  ];
  return whole(size, size + rows.length * ROW_PX, css, title, [
    text(MAP_MARGIN, 22, title, css.ink, "start", 600),
    ...fillKeys(legend.fills, far, style, css),
    `<clipPath id="picture-plane"><rect width="${MAP_PX}" height="${MAP_PX}"/></clipPath>`,
    `<g transform="translate(${MAP_MARGIN} ${MAP_MARGIN})"><g clip-path="url(#picture-plane)">`,
    `<image href="${field}" ${square} preserveAspectRatio="none"/>`,
    ...isoLines,
    "</g>",
    ...drawn,
    ...(rings.places.length > 0 ? ringLine : []),
    `<rect width="${MAP_PX}" height="${MAP_PX}" fill="none" stroke="${css.line}"/></g>`,
    text(MAP_MARGIN, far + 20, across.ends[0], css.inkSoft),
    text((MAP_MARGIN + far) / 2, far + 20, across.name, css.inkSoft),
    text(far, far + 20, across.ends[1], css.inkSoft),
    text(MAP_MARGIN - 8, far + 2, up.ends[0], css.inkSoft, "end"),
    `<g transform="rotate(-90 ${MAP_MARGIN - 12} ${(MAP_MARGIN + far) / 2})">`,
    text(MAP_MARGIN - 12, (MAP_MARGIN + far) / 2, up.name, css.inkSoft),
    "</g>",
    text(MAP_MARGIN - 8, MAP_MARGIN + 8, up.ends[1], css.inkSoft, "end"),
    ...rows.map((row, index) => `<g transform="translate(${MAP_MARGIN} ${far + 46 + index * ROW_PX})">${row.join("")}</g>`),
  ]);
}

/**
 * An example, or a key that stands for some.
 *
 * @param {number} target
 * @param {number} x
 * @param {number} y
 * @param {{ radius: number, fill: Fill, style: MarkStyle }} look
 */
function markOf(target, x, y, look) {
  const { radius, fill, style } = look;
  const [colour, widths] = [style.colourOf(target), lineWidths(look)];
  const [shape, half] = [new PathText(), new PathText()];
  traceMark(shape, style.shapeOf(target), x, y, radius);
  if (fill === "half") traceMark(half, style.shapeOf(target), x, y, radius, true);
  const rim = `<path d="${shape}" fill="none" stroke="${style.rim}" stroke-width="${round(widths.rim)}"/>`;
  const body =
    fill === "full"
      ? `<path d="${shape}" fill="${colour}"/>`
      : `<path d="${shape}" fill="none" stroke="${colour}" stroke-width="${round(widths.outline)}"/>`;
  return rim + body + (fill === "half" ? `<path d="${half}" fill="${colour}"/>` : "");
}

/**
 * How examples of each part are filled, from the right.
 *
 * @param {MapLegend["fills"]} fills
 * @param {number} right
 * @param {MarkStyle} style
 * @param {Css} css
 */
function fillKeys(fills, right, style, css) {
  let end = right;
  return fills.toReversed().flatMap(({ words, fill }) => {
    const start = end - words.length * LETTER_PX;
    const key = [markOf(0, start - 10, 18, { radius: KEY_PX, fill, style }), text(end, 22, words, css.inkSoft, "end")];
    end = start - 30;
    return key;
  });
}

/**
 * Classes in a row.
 *
 * @param {MapKey[]} keys
 * @param {MarkStyle} style
 * @param {Css} css
 */
function classKeys(keys, style, css) {
  const room = MAP_PX / keys.length;
  const most = Math.max(3, Math.floor((room - 24) / LETTER_PX));
  return keys.flatMap(({ words, target }, index) => [
    markOf(target ?? 0, index * room + KEY_PX, -KEY_PX, { radius: KEY_PX, fill: "full", style }),
    text(index * room + 14, 0, words.length > most ? `${words.slice(0, most - 1)}…` : words, css.inkSoft, "start"),
  ]);
}

/**
 * A ramp of colours with its numbers, and what lies at its ends.
 *
 * @param {NonNullable<MapLegend["ramp"]>} ramp
 * @param {MarkStyle} style
 * @param {Css} css
 */
function rampKeys({ field, ends, ticks }, style, css) {
  const left = (MAP_PX - RAMP_PX) / 2;
  return [
    `<image href="${field}" x="${left}" y="-8" width="${RAMP_PX}" height="8" preserveAspectRatio="none"/>`,
    ...ticks.map((tick, index) => text(left + (index * RAMP_PX) / (ticks.length - 1), 14, tick, css.inkSoft)),
    ...ends.flatMap(({ words, target }, index) => {
      const away = index === 0 ? -1 : 1;
      const end = index === 0 ? left : left + RAMP_PX;
      const mark = target !== null && markOf(target, end + 12 * away, -4, { radius: KEY_PX, fill: "full", style });
      return [mark || "", text(end + (mark ? 22 : 8) * away, 0, words, css.inkSoft, index === 0 ? "end" : "start")];
    }),
  ];
}

const HEAD_PX = 48;
const CORE_FROM_PX = 3.2;

/**
 * The network: lines, and a picture for each unit.
 *
 * @param {object} what
 * @param {string} what.title
 * @param {NetworkLayout} what.layout
 * @param {Diagram} what.diagram
 * @param {(layer: number, unit: number) => string | undefined} what.pictureOf  as a data URL; layer 0 are the inputs
 * @param {{ title: string, note: string, rest?: string }[]} what.heads  of all columns; `rest`: what is not drawn
 * @param {(layer: number, unit: number) => string} what.symbolOf  what a unit is called: beside an input, and in place of a
 *   picture
 * @param {Css} what.css
 * @returns {Picture}
 */
export function networkPicture({ title, layout, diagram, pictureOf, heads, symbolOf, css }) {
  const hues = /** @type {Record<Sign, string>} */ ({
    negative: css.cold,
    positive: css.warm,
    gone: css.inkFaint,
    unknown: css.line,
  });
  const links = diagram.links.map(({ link, sign, width, opacity }) => {
    const way = `<path d="${pathOf(link.ends)}"`;
    const dash = sign === "gone" ? ' stroke-dasharray="3 4"' : "";
    const line = `${way} stroke="${hues[sign]}" stroke-width="${round(width)}" stroke-opacity="${round(opacity)}"${dash}/>`;
    // As on the page, what is negative and wide enough has a core.
    const hasCore = sign === "negative" && width >= CORE_FROM_PX;
    return line + (hasCore ? `${way} stroke="${css.card}" stroke-width="${round(width / 5)}" stroke-opacity="0.75"/>` : "");
  });
  // Shape beside colour: a positive bias is a diamond, as everywhere.
  const biases = diagram.biases.map(({ bias: { x, y }, sign, radius }) => {
    const shape = new PathText();
    traceMark(shape, sign === "positive" ? 1 : 0, x, y, radius);
    return `<path d="${shape}" fill="${hues[sign]}"/>`;
  });
  const units = unitSquares(layout).map(({ layer, unit, x, y, size }) => {
    const picture = pictureOf(layer, unit);
    const place = `x="${round(x)}" y="${round(y)}" width="${round(size)}" height="${round(size)}"`;
    const name = symbolOf(layer, unit);
    const middle = y + size / 2 + 4;
    const symbol =
      layer === 0 ? text(x - 6, middle, name, css.ink, "end") : picture ? "" : text(x + size / 2, middle, name, css.inkSoft);
    const ground = `<rect ${place} rx="6" fill="${css.card}" stroke="${css.line}"/>`;
    return ground + (picture ? `<image href="${picture}" ${place} preserveAspectRatio="none"/>` : "") + symbol;
  });
  const words = layout.columns.map(
    ({ x }, column) =>
      text(x, 18, heads[column]?.title ?? "", css.ink, "middle", 600) +
      text(x, 36, heads[column]?.note ?? "", css.inkSoft) +
      text(x, HEAD_PX + layout.height - 2, heads[column]?.rest ?? "", css.inkSoft),
  );
  return whole(layout.width, layout.height + HEAD_PX, css, title, [
    ...words,
    `<g transform="translate(0 ${HEAD_PX})"><g fill="none">${links.join("")}</g>${units.join("")}${biases.join("")}</g>`,
  ]);
}

const CHART = { width: 640, height: 320, left: 56, right: 16, top: 56, bottom: 40 };
const MOST_TICKS = { across: 10, up: 6 };
const MARKER_PX = 5;
/** @type {Record<"solid" | "dashed" | "dotted", string>} */
const DASHES = { solid: "", dashed: "6 4", dotted: "1.5 3" };

/**
 * A curve: its values at the epochs. As in `Values`, null leaves a gap and undefined none.
 *
 * @typedef {{ label: string, line: "solid" | "dashed" | "dotted", isFaint: boolean, values: Values }} DrawnCurve
 */

/**
 * Curves over the epochs.
 *
 * @param {object} what
 * @param {string} what.title
 * @param {string} what.unit  of the horizontal axis
 * @param {[number, number]} what.across  the ends of the horizontal axis
 * @param {[number, number]} what.up  the ends of the vertical one
 * @param {boolean} what.isLog  whether that is logarithmic
 * @param {number[]} what.epochs
 * @param {DrawnCurve[]} what.curves  the lowest first; a faint one is what a smoothed one is made of
 * @param {number[]} what.changes  epochs at which settings were changed
 * @param {(value: number) => string} what.format
 * @param {(epoch: number) => string} what.formatEpoch
 * @param {Css} what.css
 * @returns {Picture}
 */
export function chartPicture({ title, unit, across, up, isLog, epochs, curves, changes, format, formatEpoch, css }) {
  const { width, height, left, right, top, bottom } = CHART;
  const scaled = isLog ? Math.log : (/** @type {number} */ value) => value;
  const [low, high] = up.map(scaled);
  const x = (/** @type {number} */ epoch) =>
    round(left + ((epoch - across[0]) / (across[1] - across[0])) * (width - left - right));
  const y = (/** @type {number} */ value) =>
    round(height - bottom - ((scaled(value) - low) / (high - low)) * (height - top - bottom));
  const levels = isLog ? logTicks(...up) : evenTicks(...up, MOST_TICKS.up);
  const grid = levels.map(
    (level) =>
      `<path d="M${left} ${y(level)}H${width - right}" stroke="${css.line}"/>` +
      text(left - 8, y(level) + 4, format(level), css.inkSoft, "end"),
  );
  const marks = evenTicks(...across, MOST_TICKS.across)
    .filter(Number.isInteger)
    .map(
      (epoch) =>
        `<path d="M${x(epoch)} ${top}V${height - bottom}" stroke="${css.line}"/>` +
        text(x(epoch), height - bottom + 18, formatEpoch(epoch), css.inkSoft),
    );
  const changed = changes
    .filter((epoch) => epoch >= across[0] && epoch <= across[1])
    .map(
      (epoch) =>
        `<path d="M${x(epoch)} ${top}V${height - bottom}" stroke="${css.inkFaint}" stroke-dasharray="2 3"/>` +
        `<path d="M${x(epoch) - MARKER_PX} ${top - MARKER_PX}h${2 * MARKER_PX}l${-MARKER_PX} ${2 * MARKER_PX}z" fill="${css.inkSoft}"/>`,
    );
  const drawn = curves.map(({ line, isFaint, values }) => {
    const way = new PathText();
    let isOpen = false;
    values.forEach((value, index) => {
      if (value === undefined) return;
      if (value === null || !Number.isFinite(value)) isOpen = false;
      else {
        if (isOpen) way.lineTo(x(epochs[index]), y(value));
        else way.moveTo(x(epochs[index]), y(value));
        isOpen = true;
      }
    });
    const look = isFaint
      ? `stroke="${css.inkFaint}" stroke-opacity="0.45"`
      : `stroke="${css.ink}" stroke-width="1.5" stroke-dasharray="${DASHES[line]}"`;
    return `<path d="${way}" fill="none" ${look}/>`;
  });
  const legend = curves
    .filter(({ isFaint }) => !isFaint)
    .map(({ label, line }, index) => {
      const at = left + index * 140;
      return (
        `<path d="M${at} 36h24" stroke="${css.ink}" stroke-width="1.5" stroke-dasharray="${DASHES[line]}"/>` +
        text(at + 30, 40, label, css.inkSoft, "start")
      );
    });
  return whole(width, height, css, title, [
    text(left, 20, title, css.ink, "start", 600),
    ...legend,
    ...grid,
    ...marks,
    ...changed,
    text(width - right, height - 4, unit, css.inkSoft, "end"),
    `<clipPath id="picture-chart"><rect x="${left}" y="${top - 1}" width="${width - left - right}" height="${height - top - bottom + 2}"/></clipPath>`,
    `<g clip-path="url(#picture-chart)">${drawn.join("")}</g>`,
  ]);
}

/** A path that is written down as it is traced: what draws marks on a canvas draws them here too. */
export class PathText {
  #parts = /** @type {string[]} */ ([]);

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.#parts.push(`M${round(x)} ${round(y)}`);
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.#parts.push(`L${round(x)} ${round(y)}`);
  }

  /**
   * From the right, clockwise, half a turn or a whole one.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} radius
   * @param {number} _start
   * @param {number} end
   */
  arc(x, y, radius, _start, end) {
    const r = round(radius);
    this.#parts.push(`A${r} ${r} 0 0 1 ${round(x - radius)} ${round(y)}`);
    if (end > Math.PI) this.#parts.push(`A${r} ${r} 0 0 1 ${round(x + radius)} ${round(y)}`);
  }

  closePath() {
    this.#parts.push("Z");
  }

  toString() {
    return this.#parts.join("");
  }
}

/** @param {number} value */
const round = (value) => Math.round(value * 100) / 100;

/**
 * @param {number} x
 * @param {number} y
 * @param {string} words
 * @param {string} colour
 * @param {"start" | "middle" | "end"} [anchor]
 * @param {number} [weight]
 */
function text(x, y, words, colour, anchor = "middle", weight = 400) {
  const place = `x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"`;
  return `<text ${place} fill="${colour}" font-weight="${weight}">${escaped(words)}</text>`;
}

/** @param {string} words */
const escaped = (words) =>
  words.replace(/[&<>"]/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[letter] ?? "");

/**
 * @param {number} width
 * @param {number} height
 * @param {Css} css
 * @param {string} title
 * @param {string[]} parts
 * @returns {Picture}
 */
function whole(width, height, css, title, parts) {
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}"`;
  const ground = `<rect width="${w}" height="${h}" fill="${css.card}"/>`;
  const body = `<title>${escaped(title)}</title>${ground}${parts.join("")}`;
  return { svg: `${head} font-family="${FONT}" font-size="${TEXT_PX}">${body}</svg>\n`, width: w, height: h };
}
