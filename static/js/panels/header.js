import { useState } from "preact/hooks";
import { Icon } from "../controls/icon.js";
import { lazily } from "../controls/lazy.js";
import { Popover } from "../controls/popover.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { Presets } from "./presets.js";

/** @import { Api } from "../api.js" */
/** @import { PanelProps } from "./playground.js" */
/** @import { PresetsProps } from "./presets.js" */
/** @import { Invitation, ShareProps } from "./share.js" */

/** @typedef {PresetsProps & { api: Api, hasTour: boolean, hasLinks: boolean }} HeaderProps */

const SharePanel = lazily(() => import("./share.js"));
const Projector = lazily(() => import("./projector.js"));
const DisplayPanel = lazily(() => import("./display.js"));
const HelpPanel = lazily(() => import("./help.js"));

const SHARE = "share";

/** What belongs to the whole experiment: how it is, where it starts, who else sees it. @param {HeaderProps} props */
export function HeaderActions({ api, store, session, presets, onPreset, hasTour, hasLinks }) {
  const props = { store, session };
  return html`<${Status} ...${props} />
    <${Presets} ...${props} presets=${presets} onPreset=${onPreset} />
    <${Share} api=${api} hasLinks=${hasLinks} ...${props} />
    <${Display} />
    <${Help} hasTour=${hasTour} />`;
}

/** What the session does, or why it can't be seen. @param {PanelProps} props */
function Status({ store }) {
  const connection = store.connection.value;
  const state = store.state.value;
  const watching = store.isViewer.value ? ` · ${t("connection.viewer")}` : "";
  return html`<p class="status" id="status" role="status" data-connection=${connection} data-state=${state}>
    ${connection === "open" ? t(`state.${state}`) + watching : t(`connection.${connection}`)}
  </p>`;
}

/** How others find this server, and this session on it. @param {ShareProps} props */
function Share(props) {
  const { api, session } = props;
  const [projected, setProjected] = useState(/** @type {Invitation | null} */ (null));
  const close = () => {
    setProjected(null);
    document.getElementById(SHARE)?.focus();
  };
  return html`<${Popover} id=${SHARE} label=${t("share.title")} panelLabel=${t("share.title")} onNear=${SharePanel.fetch}>
      ${() => html`<${SharePanel} ...${props} onProject=${setProjected} />`}
    <//>
    ${
      projected &&
      session.credentials &&
      html`<${Projector} api=${api} credentials=${session.credentials} invitation=${projected} onClose=${close} />`
    }`;
}

/** How the page looks, sounds and speaks. */
function Display() {
  return html`<${Popover}
    label=${html`<${Icon} name="display" /><span class="visually-hidden">${t("display.title")}</span>`}
    buttonClass="button is-icon"
    id="display"
    title=${t("display.title")}
    panelLabel=${t("display.title")}
    onNear=${DisplayPanel.fetch}
  >
    ${() => html`<${DisplayPanel} />`}
  <//>`;
}

/** What helps. @param {{ hasTour: boolean }} props */
function Help({ hasTour }) {
  return html`<${Popover}
    label=${html`<span aria-hidden="true">?</span><span class="visually-hidden">${t("help.title")}</span>`}
    buttonClass="button is-icon"
    id="help"
    title=${t("help.title")}
    panelLabel=${t("help.title")}
    onNear=${HelpPanel.fetch}
  >
    ${() => html`<${HelpPanel} hasTour=${hasTour} />`}
  <//>`;
}
