import { Icon } from "../controls/icon.js";
import { Popover } from "../controls/popover.js";
import { sessionLink } from "../credentials.js";
import { html } from "../html.js";
import { t, words } from "../i18n.js";

/** @import { Store } from "../store.js" */
/** @import { PanelProps } from "./playground.js" */

/** What belongs to the whole experiment: how it is, where it starts from, and who else sees it. @param {PanelProps} props */
export function HeaderActions({ store, session }) {
  return html`<p class="status" id="status" role="status" data-connection=${store.connection.value} data-state=${store.state.value}>${status(store)}</p>
    <${Popover} label=${t("presets.title")} panelLabel=${t("presets.title")} disabled=${!store.mayWrite.value}>${() => html`<${Presets} store=${store} session=${session} />`}<//>
    <${Popover} label=${t("share.title")} panelLabel=${t("share.title")}>${() => html`<${Share} store=${store} session=${session} />`}<//>`;
}

/** @param {Store} store */
function status(store) {
  const connection = store.connection.value;
  if (connection !== "open") return t(`connection.${connection}`);
  const state = t(`state.${store.state.value}`);
  return store.mayWrite.value ? state : `${state} · ${t("connection.viewer")}`;
}

/** @param {PanelProps} props */
function Presets({ store, session }) {
  /** @param {Event & { currentTarget: HTMLElement }} event */
  const close = (event) => /** @type {HTMLElement} */ (event.currentTarget.closest("[popover]")).hidePopover();
  return html`<ul class="presets">
    ${store.catalogue.planePresets.map(
      ({ name, label, help, spec }) => html`<li key=${name}>
        <button
          class="preset"
          type="button"
          onClick=${(/** @type {any} */ event) => {
            session.configure(spec);
            close(event);
          }}
        >
          <strong>${words(label)}</strong>
          <span>${words(help)}</span>
        </button>
      </li>`,
    )}
  </ul>`;
}

/** @param {PanelProps} props */
function Share({ store, session }) {
  if (store.model.value === null || session.credentials === null) return html`<p class="help">${t("share.not_yet")}</p>`;
  const page = location.origin + location.pathname;
  const link = sessionLink(page, session.credentials);
  const viewerLink = session.viewerToken === undefined ? null : sessionLink(page, { id: session.credentials.id, token: session.viewerToken });

  /** @param {string} address */
  const copy = async (address) => {
    try {
      await navigator.clipboard.writeText(address);
      store.notify(t("share.copied"));
    } catch {
      // Without HTTPS browsers withhold the clipboard; the address itself is there to be copied by hand.
      store.notify(t("share.copy_failed"), "error");
    }
  };

  return html`<div class="share">
    <p class="help">${store.mayWrite.value ? t("share.drive_help") : t("share.watch_help")}</p>
    <div class="share-row">
      <a class="button" href=${link} target="_blank" rel="noopener">${t("share.second_tab")}</a>
      <button class="button" type="button" onClick=${() => copy(link)}><${Icon} name="link" />${t("share.copy")}</button>
    </div>
    ${viewerLink &&
    html`<p class="help">${t("share.watch_help")}</p>
      <div class="share-row">
        <button class="button" type="button" onClick=${() => copy(viewerLink)}><${Icon} name="link" />${t("share.copy_viewer")}</button>
      </div>`}
  </div>`;
}
