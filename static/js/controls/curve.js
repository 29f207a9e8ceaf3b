import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { curveOf } from "../curves.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { NewestOnly } from "../newest.js";

/** @import { Chosen, Curve } from "../types.js" */

const WIDTH_PX = 248;
const HEIGHT_PX = 96;
/** Room for the numbers of the axes. */
const EDGE = { left: 40, right: 8, top: 8, bottom: 20 };

/** The kinds of components that do something with a single number, and what that number is called. */
const AXES = /** @type {const} */ ({
  activation: "curve.sum",
  loss: "curve.output",
  regularizer: "curve.weight",
  schedule: "curve.epochs",
});

/** @param {string} kind @returns {kind is keyof typeof AXES} */
export const hasCurve = (kind) => kind in AXES;

/**
 * What a component does with a number, as the engine computes it. Nothing where it is no function of one.
 *
 * @param {{ kind: keyof typeof AXES, chosen: Chosen, label: string, more?: Record<string, number> }} props
 */
export function CurvePlot({ kind, chosen, label, more = {} }) {
  const curve = useSignal(/** @type {Curve | null} */ (null));
  const asker = useMemo(
    () =>
      new NewestOnly(async (/** @type {[string, Chosen, Record<string, number>]} */ question) => {
        try {
          curve.value = await curveOf(...question);
        } catch {
          // Without its picture a component still has its sentence and its formula.
          curve.value = null;
        }
      }),
    [],
  );
  const key = JSON.stringify([chosen, more]);
  useEffect(() => {
    asker.ask([kind, chosen, more]);
  }, [kind, key]);

  const drawn = curve.value;
  if (drawn === null || drawn.lines.length === 0) return null;
  return html`<${Plot} curve=${drawn} axis=${t(AXES[kind])} label=${label} />`;
}

/** @param {{ curve: Curve, axis: string, label: string }} props */
function Plot({ curve: { x, lines }, axis, label }) {
  const values = lines.flatMap((line) => line.values);
  const [low, high] = padded(Math.min(0, ...values), Math.max(0, ...values));
  const [first, last] = [x[0], x[x.length - 1]];
  const left = (/** @type {number} */ at) =>
    EDGE.left + ((at - first) / (last - first)) * (WIDTH_PX - EDGE.left - EDGE.right);
  const top = (/** @type {number} */ value) =>
    EDGE.top + ((high - value) / (high - low)) * (HEIGHT_PX - EDGE.top - EDGE.bottom);
  const round = (/** @type {number} */ value) => number(value, { digits: Math.abs(value) < 0.01 ? 3 : Math.abs(value) < 10 ? 2 : 0 });

  const words = t("curve.label", {
    name: label,
    axis,
    first: round(first),
    last: round(last),
    low: round(Math.min(...values)),
    high: round(Math.max(...values)),
  });
  const bottom = HEIGHT_PX - EDGE.bottom;
  return html`<figure class="curve">
    <svg width=${WIDTH_PX} height=${HEIGHT_PX} viewBox="0 0 ${WIDTH_PX} ${HEIGHT_PX}" role="img" aria-label=${words}>
      <path class="curve-axis" d="M${EDGE.left} ${top(0)}H${WIDTH_PX - EDGE.right}" />
      ${first < 0 && last > 0 && html`<path class="curve-axis" d="M${left(0)} ${EDGE.top}V${bottom}" />`}
      ${lines.map(
        ({ values: line, target }, index) =>
          html`<path
            key=${index}
            class=${lines.length > 1 && index === 0 ? "curve-line is-dashed" : "curve-line"}
            data-target=${target}
            d=${`M${line.map((value, place) => `${left(x[place]).toFixed(1)} ${top(value).toFixed(1)}`).join("L")}`}
          />`,
      )}
      <text x=${EDGE.left - 6} y=${top(high) + 8} text-anchor="end">${round(high)}</text>
      <text x=${EDGE.left - 6} y=${top(low)} text-anchor="end">${round(low)}</text>
      <text x=${EDGE.left} y=${HEIGHT_PX - 6}>${round(first)}</text>
      <text x=${(EDGE.left + WIDTH_PX - EDGE.right) / 2} y=${HEIGHT_PX - 6} text-anchor="middle">${axis}</text>
      <text x=${WIDTH_PX - EDGE.right} y=${HEIGHT_PX - 6} text-anchor="end">${round(last)}</text>
    </svg>
    ${
      lines.length > 1 &&
      html`<figcaption>
        ${lines.map(
          ({ target }, index) => html`<span key=${index}>
            <svg class="line-key ${index === 0 ? "is-dashed" : "is-solid"}" viewBox="0 0 24 8" aria-hidden="true"><path d="M0 4h24" /></svg>
            ${t("curve.target", { target: target ?? 0 })}
          </span>`,
        )}
      </figcaption>`
    }
  </figure>`;
}

/**
 * A range that is never empty.
 *
 * @param {number} low
 * @param {number} high
 * @returns {[number, number]}
 */
const padded = (low, high) => (high > low ? [low, high] : [low, low + 1]);
