import { html } from "../html.js";
import { t } from "../i18n.js";
import { Display } from "./display.js";
import { Help } from "./help.js";
import { Presets } from "./presets.js";
import { Share } from "./share.js";

/** @import { Api } from "../api.js" */
/** @import { PanelProps } from "./playground.js" */
/** @import { PresetsProps } from "./presets.js" */

/** @typedef {PresetsProps & { api: Api, hasTour: boolean, hasLinks: boolean }} HeaderProps */

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
