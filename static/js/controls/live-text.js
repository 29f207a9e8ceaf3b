import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { html } from "../html.js";

/**
 * A text that follows the frames: only its own node changes, nothing around it is made anew.
 *
 * @param {{ class?: string, read: () => string }} props  `read` reads signals
 */
export function LiveText({ class: className, read }) {
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  const latest = useRef(read);
  latest.current = read;
  useSignalEffect(() => {
    const text = latest.current();
    if (element.current !== null && element.current.textContent !== text) element.current.textContent = text;
  });
  return html`<span class=${className} ref=${element}>${read()}</span>`;
}
