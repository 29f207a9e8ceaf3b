import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../controls/icon.js";
import { useUniqueId } from "../controls/unique-id.js";
import { html } from "../html.js";
import { t, words } from "../i18n.js";
import { DatasetPicture } from "./dataset-picture.js";

/** @import { Catalogue } from "../catalogue.js" */
/** @import { Store } from "../store.js" */
/** @import { Preset, Spec } from "../types.js" */
/** @import { PresetsProps } from "./presets.js" */

const PICTURE_PX = 72;

/**
 * Experiments worth a minute each, by what they are about. It is the browser's own dialog, so that Escape ends it and the
 * focus stays within.
 *
 * @param {PresetsProps & { onClose: () => void }} props
 */
export function Gallery({ store, session, presets, onPreset, onClose }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const groups = Map.groupBy(presets, ({ group }) => words(group));

  /** @param {Preset} preset */
  const take = (preset) => {
    void session.begin(preset.spec);
    onPreset?.(preset);
    store.notify(words(preset.look));
    dialog.current?.close();
  };
  /** @param {MouseEvent} event */
  const closeBeside = (event) => {
    if (event.target === dialog.current) dialog.current?.close();
  };
  return html`<dialog
    class="gallery"
    id="gallery"
    ref=${dialog}
    aria-labelledby="gallery-title"
    onClose=${onClose}
    onClick=${closeBeside}
  >
    <div class="gallery-inside">
      <div class="gallery-head">
        <div>
          <h2 id="gallery-title">${t("presets.title")}</h2>
          <p class="help">${t("presets.about")}</p>
        </div>
        <button
          class="square"
          type="button"
          aria-label=${t("presets.close")}
          title="${t("presets.close")} (Esc)"
          onClick=${() => dialog.current?.close()}
        >
          <${Icon} name="close" />
        </button>
      </div>
      ${[...groups].map(
        ([group, members]) => html`<section class="gallery-group" key=${group}>
          <h3>${group}</h3>
          <ul class="gallery-cards">
            ${members.map(
              (preset) => html`<li key=${preset.name}>
                <${Card} store=${store} preset=${preset} onTake=${() => take(preset)} />
              </li>`,
            )}
          </ul>
        </section>`,
      )}
    </div>
  </dialog>`;
}

/** @param {{ store: Store, preset: Preset, onTake: () => void }} props */
function Card({ store, preset: { label, help, look, spec }, onTake }) {
  const sentence = useUniqueId();
  const dataset = store.catalogue.find("dataset", spec.data.dataset.name);
  // The button is the title; its ground is the whole card.
  return html`<div class="gallery-card">
    ${
      store.previews.value?.datasets[spec.data.dataset.name]?.inputs !== undefined &&
      dataset &&
      html`<${DatasetPicture} store=${store} dataset=${dataset} size=${PICTURE_PX} />`
    }
    <div class="gallery-words">
      <button class="gallery-take" type="button" aria-describedby=${sentence} onClick=${onTake}>${words(label)}</button>
      <span class="gallery-shape">${shapeOf(spec, store.catalogue)}</span>
      <p id=${sentence}>${words(help)} <em>${words(look)}</em></p>
    </div>
  </div>`;
}

/**
 * The sizes of all layers, such as 2-4-2-1.
 *
 * @param {Spec} spec
 * @param {Catalogue} catalogue
 */
function shapeOf({ data, network }, catalogue) {
  const dataset = catalogue.find("dataset", data.dataset.name);
  const outputs = dataset?.task === "multiclass" ? (data.dataset.classes ?? dataset.classes ?? "") : 1;
  return [data.features.length || dataset?.inputs, ...network.layers.map(({ units }) => units), outputs].join("-");
}
