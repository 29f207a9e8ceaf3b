import { html } from "../html.js";
import { t } from "../i18n.js";
import { Icon } from "./icon.js";

/** @import { Store } from "../store.js" */

/**
 * A button that puts a text into the clipboard, and says so.
 *
 * @param {{ store: Store, label: string, text: string }} props
 */
export function CopyButton({ store, label, text }) {
  const copy = async () => {
    if (await copied(text)) store.notify(t("share.copied"));
    else store.notify(t("share.copy_failed"), "error");
  };
  return html`<button class="button" type="button" onClick=${copy}><${Icon} name="copy" />${label}</button>`;
}

/**
 * Put a text into the clipboard, and return whether the browser let this page do so.
 *
 * @param {string} text
 */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without HTTPS, as in most classrooms, browsers withhold the clipboard; the older way is open to a press.
    return copiedFromField(text);
  }
}

/** @param {string} text */
function copiedFromField(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  // Inside of what is open: a popover closes and a dialog refuses when the focus goes elsewhere.
  const focused = document.activeElement;
  (focused?.closest("[popover], dialog") ?? document.body).append(field);
  field.select();
  const isDone = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isDone;
}
