import { html } from "../html.js";
import { largeType } from "../preferences.js";

/** @import { ComponentChildren } from "preact" */

/** What is set up once and not what one looks at: with large type it folds. @param {{ title: string, children: ComponentChildren }} props */
export function Fold({ title, children }) {
  if (!largeType.value) return children;
  return html`<details class="fold">
    <summary>${title}</summary>
    ${children}
  </details>`;
}
