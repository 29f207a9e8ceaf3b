import { html } from "../html.js";
import { t } from "../i18n.js";
import { Icon } from "./icon.js";

/** @import { Signal } from "@preact/signals" */

/**
 * A button that shows a picture as a table too.
 *
 * @param {{ isOpen: Signal<boolean>, controls: string }} props  `controls`: the id of what holds the table
 */
export function TableButton({ isOpen, controls }) {
  const toggle = () => {
    isOpen.value = !isOpen.peek();
  };
  const label = t("output.as_table");
  return html`<button
    class="square"
    type="button"
    aria-label=${label}
    title=${label}
    aria-expanded=${isOpen.value}
    aria-controls=${controls}
    onClick=${toggle}
  >
    <${Icon} name="table" />
  </button>`;
}
