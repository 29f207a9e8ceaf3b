import { Icon } from "../controls/icon.js";
import { html } from "../html.js";
import { t } from "../i18n.js";

/** @import { Notice } from "../store.js" */
/** @import { PanelProps } from "./playground.js" */

/** What has just been said about the session. @param {PanelProps} props */
export function Notices({ store }) {
  /** @param {Notice} notice */
  const draw = ({ id, kind, text }) => html`<li class="notice is-${kind}" key=${id}>
    <span>${text}</span>
    <button
      class="square"
      type="button"
      aria-label=${t("notice.dismiss")}
      title=${t("notice.dismiss")}
      onClick=${() => store.dismiss(id)}
    >
      <${Icon} name="close" />
    </button>
  </li>`;
  return html`<ul class="notices" aria-live="polite">
    ${store.notices.value.map(draw)}
  </ul>`;
}
