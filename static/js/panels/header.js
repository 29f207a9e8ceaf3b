import { Popover } from "../controls/popover.js";
import { html } from "../html.js";
import { t, words } from "../i18n.js";
import { Share } from "./share.js";

/** @import { Api } from "../api.js" */
/** @import { Preset } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

/** @typedef {PanelProps & { presets: Preset[], onPreset?: (preset: Preset) => void }} PresetsProps */
/** @typedef {PresetsProps & { api: Api }} HeaderProps */

/** What belongs to the whole experiment: how it is, where it starts, who else sees it. @param {HeaderProps} props */
export function HeaderActions({ api, store, session, presets, onPreset }) {
  const props = { store, session };
  return html`<${Status} ...${props} />
    <${Popover} label=${t("presets.title")} panelLabel=${t("presets.title")} part="presets" disabled=${!store.mayWrite.value}>
      ${() => html`<${Presets} ...${props} presets=${presets} onPreset=${onPreset} />`}
    <//>
    <${Share} api=${api} ...${props} />`;
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

/** Experiments to start from. @param {PresetsProps} props */
function Presets({ session, presets, onPreset }) {
  /** @param {Preset} preset */
  const draw = (preset) => {
    const { name, label, help, spec } = preset;
    /** @param {Event & { currentTarget: HTMLElement }} event */
    const take = (event) => {
      session.configure(spec);
      onPreset?.(preset);
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
