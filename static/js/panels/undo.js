import { Icon } from "../controls/icon.js";
import { html } from "../html.js";
import { t } from "../i18n.js";

/** @import { PanelProps } from "./playground.js" */

/** Taking back what was set, and setting it again. @param {PanelProps} props */
export function UndoButtons({ store, session }) {
  const mayWrite = store.mayWrite.value;
  return html`<div class="undo-buttons">
    <${UndoButton}
      name="undo"
      keys="Control+Z"
      disabled=${!(mayWrite && store.canUndo.value)}
      onClick=${() => session.undo()}
    />
    <${UndoButton}
      name="redo"
      keys="Control+Shift+Z"
      disabled=${!(mayWrite && store.canRedo.value)}
      onClick=${() => session.redo()}
    />
  </div>`;
}

/** @param {{ name: "undo" | "redo", keys: string, disabled: boolean, onClick: () => void }} props */
function UndoButton({ name, keys, disabled, onClick }) {
  const label = t(`undo.${name}`);
  return html`<button
    class="round"
    id=${name}
    type="button"
    aria-label=${label}
    title="${label} (${keys.replace("Control", "Ctrl")})"
    aria-keyshortcuts=${keys}
    disabled=${disabled}
    onClick=${onClick}
  >
    <${Icon} name=${name} />
  </button>`;
}
