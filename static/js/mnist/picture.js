import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { themeColours } from "../draw/colours.js";
import { drawField } from "../draw/field.js";
import { html } from "../html.js";
import { SIDE } from "./digit.js";

/** @import { ReadonlySignal } from "@preact/signals" */

/**
 * A picture of 28 by 28 grey levels, 0..1, in the theme's paper and ink; empty while there is none.
 *
 * @param {{ values: ReadonlySignal<readonly number[] | null>, label: string }} props
 */
export function Picture({ values, label }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  useSignalEffect(() => {
    const { greys } = themeColours();
    const bytes = values.value?.map((value) => Math.round(value * 255)) ?? new Uint8Array(SIDE * SIDE);
    if (canvas.current !== null) drawField(canvas.current, bytes, SIDE, SIDE, greys);
  });
  return html`<canvas class="picture" ref=${canvas} role="img" aria-label=${label}></canvas>`;
}
