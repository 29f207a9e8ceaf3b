import { useRef, useState } from "preact/hooks";
import { html } from "../html.js";
import { useUniqueId } from "./unique-id.js";

/** @import { ComponentChildren } from "preact" */

/** Room left to the window's edges. */
const MARGIN_PX = 8;
/** Between a button and its panel. */
const GAP_PX = 6;

/**
 * @typedef {object} PopoverProps
 * @property {ComponentChildren} label  what stands on the button
 * @property {string} [title]
 * @property {string} [buttonClass]
 * @property {string} [id]  of the button
 * @property {string} panelLabel
 * @property {string} [part]  of the page, which a link may hide
 * @property {boolean} [disabled]
 * @property {() => void} [onNear]  a pointer or the focus has come to the button: what the panel needs can be fetched
 * @property {() => ComponentChildren} children  made only while the panel is open
 */

/**
 * A button that opens a panel: the browser's own popover, so that Escape, a click outside and the way of the focus are
 * right. Only its place is ours; on a phone CSS puts it at the bottom.
 *
 * @param {PopoverProps} props
 */
export function Popover({ label, title, buttonClass = "button", id, panelLabel, part, disabled, onNear, children }) {
  const panelId = useUniqueId();
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const resizes = useRef(/** @type {ResizeObserver | null} */ (null));
  const [isOpen, setOpen] = useState(false);

  /** @param {ToggleEvent & { currentTarget: HTMLElement }} event */
  const onToggle = ({ newState, currentTarget: panel }) => {
    setOpen(newState === "open");
    resizes.current?.disconnect();
    resizes.current = null;
    if (newState !== "open") return;
    // Some of what is in a panel comes later: it must not grow out of the window.
    resizes.current = new ResizeObserver(() => place(panel, /** @type {HTMLElement} */ (button.current)));
    resizes.current.observe(panel);
  };

  return html`<button
      class=${buttonClass}
      id=${id}
      data-part=${part}
      type="button"
      ref=${button}
      popovertarget=${panelId}
      title=${title}
      disabled=${disabled}
      onPointerEnter=${onNear}
      onFocus=${onNear}
    >
      ${label}
    </button>
    <div class="popover" id=${panelId} popover="auto" role="dialog" aria-label=${panelLabel} onToggle=${onToggle}>
      ${isOpen && children()}
    </div>`;
}

/**
 * Put a panel below its button, or above where there is no room, or over it where there is none either, within the window.
 *
 * @param {HTMLElement} panel
 * @param {HTMLElement} anchor
 */
function place(panel, anchor) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const left = Math.max(MARGIN_PX, Math.min(at.left, innerWidth - width - MARGIN_PX));
  const below = Math.max(MARGIN_PX, at.bottom + GAP_PX);
  const fitsBelow = below + height + MARGIN_PX <= innerHeight;
  const fitsAbove = at.top - GAP_PX - height >= MARGIN_PX;
  const lowest = Math.max(MARGIN_PX, innerHeight - height - MARGIN_PX);
  const top = fitsBelow ? below : fitsAbove ? at.top - GAP_PX - height : Math.min(below, lowest);
  panel.style.setProperty("--left", `${left}px`);
  panel.style.setProperty("--top", `${top}px`);
}
