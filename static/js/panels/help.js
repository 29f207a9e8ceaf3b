import { html } from "../html.js";
import { t } from "../i18n.js";
import { isHere, SHORTCUTS } from "../keyboard.js";
import { shortcuts } from "../preferences.js";
import { TourButton } from "./tour.js";

/** @import { Shortcut } from "../keyboard.js" */

/** What helps: a tour where there is one, and the keys that the page knows. @param {{ hasTour: boolean }} props */
export default function Help({ hasTour }) {
  return html`${hasTour && html`<${TourButton} />`}<${Keys} />`;
}

function Keys() {
  return html`<table class="table keys">
    <caption>
      <strong>${t("shortcuts.title")}</strong>
      <p class="help">${t(shortcuts.value ? "shortcuts.help_on" : "shortcuts.help_off")}</p>
    </caption>
    <tbody>
      ${SHORTCUTS.filter(isHere).map(
        (shortcut) => html`<tr key=${shortcut.name}>
          <th scope="row">${keysOf(shortcut)}</th>
          <td>${t(`shortcuts.${shortcut.name}`)}</td>
        </tr>`,
      )}
      <tr>
        <th scope="row"><kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd></th>
        <td>${t("shortcuts.arrows")}</td>
      </tr>
      ${
        document.querySelector(".network-view") &&
        html`<tr>
          <th scope="row"><kbd>+</kbd> <kbd>−</kbd></th>
          <td>${t("shortcuts.units")}</td>
        </tr>`
      }
      <tr>
        <th scope="row"><kbd>Esc</kbd></th>
        <td>${t("shortcuts.escape")}</td>
      </tr>
    </tbody>
  </table>`;
}

/** @param {Shortcut} shortcut */
function keysOf({ keys }) {
  const [first] = keys;
  const last = keys[keys.length - 1];
  const name = (/** @type {string} */ key) =>
    key === " " ? t("shortcuts.space") : key.length > 1 ? key.replace("Control", "Ctrl") : key.toUpperCase();
  return first === last ? html`<kbd>${name(first)}</kbd>` : html`<kbd>${name(first)}</kbd> – <kbd>${name(last)}</kbd>`;
}
