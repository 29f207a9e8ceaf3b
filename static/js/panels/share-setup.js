import { useSignal } from "@preact/signals";
import { CopyButton } from "../controls/copy-button.js";
import { Qr } from "../controls/qr.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { PARTS } from "../parts.js";
import { shownView } from "../setup.js";
import { encodeSetup } from "../setup-link.js";

/** @import { Credentials } from "../types.js" */
/** @import { ShareProps } from "./share.js" */

/** A code of more letters than these has too many dots for a phone across the room. */
const MOST_QR_LETTERS = 900;

/**
 * The link that opens the same setup elsewhere, and what it hides from who opens it.
 *
 * @param {ShareProps & { credentials: Credentials, page: string, isReachable: boolean }} props
 *   `page`: the address of this page as others reach it
 */
export function SetupShare({ api, store, credentials, page, isReachable }) {
  const hidden = useSignal(new Set(store.hidden.value));
  const view = { ...shownView(store), hidden: [...hidden.value] };
  const { fragment, leavesData } = encodeSetup(store.spec.value, store.catalogue, view);
  const link = fragment === "" ? page : `${page}#${fragment}`;

  /** @param {string} part */
  const toggle = (part) => {
    const others = new Set(hidden.peek());
    if (!others.delete(part)) others.add(part);
    hidden.value = others;
  };
  return html`<p class="share-link" id="setup-link" tabindex="0" role="group" aria-label=${t("setup.link")}>${breakable(link)}</p>
    ${
      isReachable &&
      (fragment.length <= MOST_QR_LETTERS
        ? html`<${Qr}
          api=${api}
          credentials=${credentials}
          address=${page}
          token=${null}
          setup=${fragment}
          label=${t("setup.qr")}
        />`
        : html`<p class="help">${t("setup.no_qr")}</p>`)
    }
    <p class="help">${t("setup.link_help")}</p>
    ${leavesData && html`<p class="help" id="data-left">${t("setup.data_left")}</p>`}
    <div class="share-row"><${CopyButton} store=${store} label=${t("share.copy")} text=${link} /></div>
    <details class="share-hide">
      <summary>${t("setup.hide")}</summary>
      <p class="help">${t("setup.hide_help")}</p>
      <ul>
        ${PARTS.map(
          (part) => html`<li key=${part}>
            <label class="choice">
              <input type="checkbox" checked=${hidden.value.has(part)} onChange=${() => toggle(part)} />
              <span>${t(`part.${part.replace("-", "_")}`)}</span>
            </label>
          </li>`,
        )}
      </ul>
    </details>`;
}

/** Let a long link break where a reader would pause. @param {string} text */
const breakable = (text) => text.split(/(?<=[&#,])/).map((part) => html`${part}<wbr />`);
