import { Icon } from "../controls/icon.js";
import { html } from "../html.js";
import { t } from "../i18n.js";

/** @import { PanelProps } from "./playground.js" */

/** The status line: what state the session is in, and what has just been said about it. @param {PanelProps} props */
export function Notices({ store, session }) {
  return html`<div class="notices">
    <p class="status" id="status" role="status" data-connection=${store.connection.value} data-state=${store.state.value}>${status({ store, session })}</p>
    <ul class="notice-list" aria-live="polite">
      ${store.notices.value.map(
        ({ id, kind, text }) => html`<li class="notice is-${kind}" key=${id}>
          <span>${text}</span>
          <button class="square" type="button" aria-label=${t("notice.dismiss")} title=${t("notice.dismiss")} onClick=${() => store.dismiss(id)}><${Icon} name="close" /></button>
        </li>`,
      )}
    </ul>
  </div>`;
}

/** @param {PanelProps} props */
function status({ store }) {
  const connection = store.connection.value;
  if (connection !== "open") return t(`connection.${connection}`);
  const state = t(`state.${store.state.value}`);
  return store.mayWrite.value ? state : `${state} · ${t("connection.viewer")}`;
}
