import { SHAPES, lowerHalf } from "../draw/shapes.js";
import { html } from "../html.js";

/** @import { Task } from "../draw/marks.js" */
/** @import { Fill } from "../draw/shapes.js" */

const RADIUS = 4;
const MIDDLE = 6;

/**
 * The mark of a class, or of a number, as it is drawn on the map.
 *
 * @param {{ task?: Task, index?: number, fill?: Fill }} props  `index`: the class; of numbers 0 is a low and 1 a high one
 */
export function Mark({ task = "binary", index = 0, fill = "full" }) {
  const hue = index > 0 ? "is-warm" : "is-cold";
  const style = task === "multiclass" ? { color: `var(--class-${index}-mark)` } : {};
  const shape = task === "regression" ? 0 : index;
  return html`<svg
    class="mark ${hue} ${task === "regression" ? "is-number" : ""} is-${fill}"
    style=${style}
    viewBox="0 0 12 12"
    aria-hidden="true"
  >
    ${task === "regression" && html`<path class="mark-rim" d=${shapePath(shape, false)} />`}
    <path class="mark-line" d=${shapePath(shape, false)} />
    ${fill === "half" && html`<path class="mark-half" d=${shapePath(shape, true)} />`}
  </svg>`;
}

/**
 * @param {number} shape
 * @param {boolean} isHalf
 */
function shapePath(shape, isHalf) {
  const outline = SHAPES[shape % SHAPES.length];
  if (outline === null) {
    const arc = `a${RADIUS} ${RADIUS} 0 0 1 ${-2 * RADIUS} 0`;
    return `M${MIDDLE + RADIUS} ${MIDDLE}${arc}${isHalf ? "" : `a${RADIUS} ${RADIUS} 0 0 1 ${2 * RADIUS} 0`}z`;
  }
  const corners = isHalf ? lowerHalf(outline) : outline;
  return `M${corners.map(([x, y]) => `${(MIDDLE + x * RADIUS).toFixed(2)} ${(MIDDLE + y * RADIUS).toFixed(2)}`).join("L")}z`;
}
