import { Icon } from "../controls/icon.js";
import { Popover } from "../controls/popover.js";
import { sessionLink } from "../credentials.js";
import { html } from "../html.js";
import { t, words } from "../i18n.js";

/** @import { Store } from "../store.js" */
/** @import { Preset } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

/** @typedef {PanelProps & { presets: Preset[] }} HeaderProps */

/** What belongs to the whole experiment: how it is, where it starts, who else sees it. @param {HeaderProps} props */
export function HeaderActions({ store, session, presets }) {
  const props = { store, session };
  return html`<${Status} ...${props} />
    <${Popover} label=${t("presets.title")} panelLabel=${t("presets.title")} disabled=${!store.mayWrite.value}>
      ${() => html`<${Presets} ...${props} presets=${presets} />`}
    <//>
    <${Popover} label=${t("share.title")} panelLabel=${t("share.title")}>${() => html`<${Share} ...${props} />`}<//>`;
}

/** What the session does, or why it can't be seen. @param {PanelProps} props */
function Status({ store }) {
  const connection = store.connection.value;
  const state = store.state.value;
  const watching = store.mayWrite.value ? "" : ` · ${t("connection.viewer")}`;
  return html`<p class="status" id="status" role="status" data-connection=${connection} data-state=${state}>
    ${connection === "open" ? t(`state.${state}`) + watching : t(`connection.${connection}`)}
  </p>`;
}

/** Experiments to start from. @param {HeaderProps} props */
function Presets({ session, presets }) {
  /** @param {Preset} preset */
  const draw = ({ name, label, help, spec }) => {
    /** @param {Event & { currentTarget: HTMLElement }} event */
    const take = (event) => {
      session.configure(spec);
      /** @type {HTMLElement} */ (event.currentTarget.closest("[popover]")).hidePopover();
    };
    return html`<li key=${name}>
      <button class="preset" type="button" onClick=${take}>
        <strong>${words(label)}</strong>
        <span>${words(help)}</span>
      </button>
    </li>`;
  };
  return html`<ul class="presets">
    ${presets.map(draw)}
  </ul>`;
}

/** Links to this session. @param {PanelProps} props */
function Share({ store, session }) {
  const { credentials, viewerToken } = session;
  if (credentials === null) return html`<p class="help">${t("share.not_yet")}</p>`;
  const page = location.origin + location.pathname;
  const link = sessionLink(page, credentials);
  const help = store.mayWrite.value ? t("share.drive_help") : t("share.watch_help");

  return html`<div class="share">
    <p class="help">${help}</p>
    <div class="share-row">
      <a class="button" href=${link} target="_blank" rel="noopener">${t("share.second_tab")}</a>
      <${CopyButton} store=${store} label=${t("share.copy")} address=${link} />
    </div>
    ${
      viewerToken &&
      html`<p class="help">${t("share.watch_help")}</p>
      <div class="share-row">
        <${CopyButton}
          store=${store}
          label=${t("share.copy_viewer")}
          address=${sessionLink(page, { id: credentials.id, token: viewerToken })}
        />
      </div>`
    }
  </div>`;
}

/** @param {{ store: Store, label: string, address: string }} props */
function CopyButton({ store, label, address }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      store.notify(t("share.copied"));
    } catch {
      // Without HTTPS browsers withhold the clipboard; the address itself is there to be copied by hand.
      store.notify(t("share.copy_failed"), "error");
    }
  };
  return html`<button class="button" type="button" onClick=${copy}><${Icon} name="link" />${label}</button>`;
}
