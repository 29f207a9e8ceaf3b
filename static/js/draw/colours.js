import { themeVersion } from "../theme.js";
import { classColours } from "./blend.js";
import { buildRamp } from "./ramp.js";

/** @import { ClassColours } from "./blend.js" */

/** @typedef {[number, number, number]} Rgb */

/**
 * The theme's colours as numbers, for canvases.
 *
 * @typedef {object} Colours
 * @property {Uint32Array} ramp  256 colours from the negative to the positive end
 * @property {Uint32Array} greys  256 colours from paper to ink
 * @property {ClassColours} classes  of a map of several classes
 * @property {Uint32Array[]} classRamps  for each class 256 colours from paper to its own
 * @property {string[]} classMarks  the colour of each class's mark
 * @property {Record<"ink" | "inkSoft" | "inkFaint" | "line" | "card" | "reference" | Hue | `${Hue}Mark`, string>} css
 *
 * @typedef {"cold" | "warm"} Hue
 */

const RAMP = ["--cold", "--cold-soft", "--mid", "--warm-soft", "--warm"];
const GREYS = ["--mid", "--ink"];
/** More classes than these no data set has. */
const CLASSES = 10;

/** @type {{ version: number, colours: Colours } | null} */
let known = null;

/** Return the colours of the present theme. Read inside an effect, it runs again when the theme changes. */
export function themeColours() {
  const version = themeVersion.value;
  if (known?.version !== version) known = { version, colours: readColours() };
  return known.colours;
}

/** @returns {Colours} */
function readColours() {
  // A token may be `light-dark(…)`; only the computed colour of an element says which of the two holds.
  const probe = document.createElement("span");
  // Where the system gives all texts its own colour, a canvas would have that one for everything.
  probe.style.forcedColorAdjust = "none";
  document.body.append(probe);
  /** @param {string} token */
  const read = (token) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const css = {
    ink: read("--ink"),
    inkSoft: read("--ink-2"),
    inkFaint: read("--ink-3"),
    line: read("--line"),
    card: read("--card"),
    cold: read("--cold"),
    warm: read("--warm"),
    coldMark: read("--cold-mark"),
    warmMark: read("--warm-mark"),
    reference: read("--good"),
  };
  const ramp = buildRamp(RAMP.map((token) => parseRgb(read(token))));
  const greys = buildRamp(GREYS.map((token) => parseRgb(read(token))));
  const paper = parseRgb(read("--mid"));
  const own = Array.from({ length: CLASSES }, (_, index) => parseRgb(read(`--class-${index}`)));
  const classMarks = own.map((_, index) => read(`--class-${index}-mark`));
  probe.remove();
  const classRamps = own.map((colour) => buildRamp([paper, colour]));
  return { ramp, greys, classes: classColours(own, paper), classRamps, classMarks, css };
}

/**
 * @param {string} colour  as `getComputedStyle` writes it: `rgb(r, g, b)`
 * @returns {Rgb}
 */
export function parseRgb(colour) {
  const [red, green, blue] = colour.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0];
  return [red, green, blue];
}
