import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { explain } from "../problems.js";

/** @import { Preset } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

/** @typedef {PanelProps & { presets: Preset[], onPreset?: (preset: Preset) => void }} PresetsProps */

const fetchGallery = () => import("./gallery.js");

/** Opens the gallery of experiments to start from; it is fetched when somebody is about to. @param {PresetsProps} props */
export function Presets(props) {
  const Gallery = useSignal(/** @type {typeof import("./gallery.js").Gallery | null} */ (null));
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const open = async () => {
    try {
      Gallery.value = (await fetchGallery()).Gallery;
    } catch (error) {
      props.store.notify(explain(error), "error");
    }
  };
  const prepare = () => {
    fetchGallery().catch(() => {
      // Said when it is opened.
    });
  };
  const close = () => {
    Gallery.value = null;
    button.current?.focus();
  };
  return html`<button
      class="button"
      id="presets"
      data-part="presets"
      type="button"
      aria-haspopup="dialog"
      ref=${button}
      disabled=${!props.store.mayWrite.value}
      onPointerEnter=${prepare}
      onFocus=${prepare}
      onClick=${open}
    >
      ${t("presets.title")}
    </button>
    ${Gallery.value && html`<${Gallery.value} ...${props} onClose=${close} />`}`;
}
