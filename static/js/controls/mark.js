import { html } from "../html.js";

/**
 * The mark of a class, as it is drawn on the map.
 *
 * @param {{ shape: "disc" | "diamond", isHollow?: boolean }} props
 */
export function Mark({ shape, isHollow = false }) {
  const hue = shape === "disc" ? "is-cold" : "is-warm";
  return html`<svg class="mark ${hue} ${isHollow ? "is-hollow" : ""}" viewBox="0 0 12 12" aria-hidden="true">
    ${shape === "disc" ? html`<circle cx="6" cy="6" r="4" />` : html`<path d="M6 1l5 5-5 5-5-5z" />`}
  </svg>`;
}

/** The marks of both classes. @param {{ isHollow: boolean }} props */
export function MarkPair({ isHollow }) {
  return html`<${Mark} shape="disc" isHollow=${isHollow} /><${Mark} shape="diamond" isHollow=${isHollow} />`;
}
