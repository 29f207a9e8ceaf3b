import { useLayoutEffect, useRef } from "preact/hooks";
import { spoken } from "../addresses.js";
import { Icon } from "../controls/icon.js";
import { Qr } from "../controls/qr.js";
import { html } from "../html.js";
import { t } from "../i18n.js";

/** @import { Api } from "../api.js" */
/** @import { Credentials } from "../types.js" */
/** @import { Invitation } from "./share.js" */

/**
 * An invitation so large that the last row can read it. It is the browser's own dialog, so that Escape ends it.
 *
 * @param {{ api: Api, credentials: Credentials, invitation: Invitation, onClose: () => void }} props
 */
export default function Projector({ api, credentials, invitation: { purpose, address, token }, onClose }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const text = spoken(address);
  return html`<dialog class="projector" id="projector" ref=${dialog} aria-labelledby="projector-title" onClose=${onClose}>
    <button
      class="round projector-close"
      type="button"
      aria-label=${t("projector.close")}
      title="${t("projector.close")} (Esc)"
      onClick=${() => dialog.current?.close()}
    >
      <${Icon} name="close" />
    </button>
    <${Qr}
      api=${api}
      credentials=${credentials}
      address=${address}
      token=${token}
      label=${t("share.qr", { address: text })}
    />
    <div class="projector-words">
      <h2 id="projector-title">${t(`projector.${purpose}`)}</h2>
      ${
        token === null
          ? html`<p class="projector-address">${breakable(text)}</p>
            <p>${t("projector.type_or_scan")}</p>`
          : html`<p>${t("projector.scan")}</p>`
      }
    </div>
  </dialog>`;
}

/** Let a long address break where a reader would pause, and nowhere else. @param {string} text */
const breakable = (text) => text.split(/(?<=[.:/])/).map((part) => html`<span>${part}</span><wbr />`);
