import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../controls/icon.js";
import { html } from "../html.js";
import { t } from "../i18n.js";

/** @import { ComponentChildren } from "preact" */

/** Between a card and what it belongs to. */
const AWAY_PX = 12;
const MARGIN_PX = 4;

/**
 * Where a card belongs, in the coordinates of the view: beside a square of this size, or above or below a point.
 *
 * @typedef {{ x: number, y: number, size: number }} Anchor
 */

/**
 * A card in the picture of the network. One that is held open can be worked in; another only tells, and lets the pointer
 * through. On a phone CSS puts the open one at the bottom of the window.
 *
 * @param {object} props
 * @param {Anchor} props.anchor
 * @param {string} props.title
 * @param {string} [props.id]
 * @param {(() => void) | null} props.onClose  null: it is not held open
 * @param {ComponentChildren} props.children
 */
export function NetworkCard({ anchor, title, id, onClose, children }) {
  const card = useRef(/** @type {HTMLElement | null} */ (null));
  const origin = useRef(/** @type {Element | null} */ (null));
  if (origin.current === null) origin.current = document.activeElement;

  useLayoutEffect(() => {
    const element = /** @type {HTMLElement} */ (card.current);
    const host = /** @type {HTMLElement} */ (element.parentElement);
    const { left, top } = placeCard(anchor, element, host);
    element.style.left = `${left}px`;
    element.style.top = `${top}px`;
  });

  const close = () => {
    onClose?.();
    if (origin.current instanceof HTMLElement) origin.current.focus({ preventScroll: true });
  };
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    if (event.key !== "Escape" || onClose === null) return;
    event.stopPropagation();
    close();
  };

  const isOpen = onClose !== null;
  return html`<div
    class=${isOpen ? "network-card is-open" : "network-card"}
    id=${id}
    ref=${card}
    role=${isOpen ? "dialog" : undefined}
    aria-label=${isOpen ? title : undefined}
    onKeyDown=${press}
  >
    <div class="network-card-head">
      <p class="network-card-title">${title}</p>
      ${
        isOpen &&
        html`<button class="square is-bare" type="button" aria-label=${t("network.close")} onClick=${close}>
          <${Icon} name="close" />
        </button>`
      }
    </div>
    ${children}
  </div>`;
}

/**
 * @param {Anchor} anchor
 * @param {HTMLElement} card
 * @param {HTMLElement} host
 */
function placeCard({ x, y, size }, { offsetWidth: width, offsetHeight: height }, host) {
  const [right, bottom] = [host.clientWidth - MARGIN_PX, host.clientHeight - MARGIN_PX];
  const within = (/** @type {number} */ place, /** @type {number} */ length, /** @type {number} */ end) =>
    Math.max(MARGIN_PX, Math.min(place, end - length));
  if (size > 0) {
    const away = size / 2 + AWAY_PX;
    const fitsRight = x + away + width <= right;
    const fitsLeft = x - away - width >= MARGIN_PX;
    if (fitsRight || fitsLeft) {
      return { left: fitsRight ? x + away : x - away - width, top: within(y - height / 2, height, bottom) };
    }
  }
  const away = size / 2 + AWAY_PX;
  const top = y + away + height <= bottom ? y + away : y - away - height;
  return { left: within(x - width / 2, width, right), top: within(top, height, bottom) };
}
