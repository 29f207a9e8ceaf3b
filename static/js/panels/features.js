import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { themeColours } from "../draw/colours.js";
import { drawField } from "../draw/field.js";
import { colourDomain, colourTable } from "../draw/ramp.js";
import { html } from "../html.js";
import { t, words } from "../i18n.js";

/** @import { Store } from "../store.js" */
/** @import { Component } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

/** What the network sees of each point. @param {PanelProps} props */
export function Features({ store, session }) {
  const { catalogue } = store;
  const chosen = store.spec.value.data.features;

  /** @param {string} name */
  const toggle = (name) => {
    const features = catalogue.all("feature").map((feature) => feature.name);
    session.configure({ data: { features: features.filter((other) => chosen.includes(other) !== (other === name)) } });
  };

  /**
   * @param {Event} event
   * @param {string} name
   */
  const keepOne = (event, name) => {
    if (chosen.length > 1 || chosen[0] !== name) return;
    event.preventDefault();
    store.notify(t("features.at_least_one"));
  };

  return html`<h2 class="features-title" data-part="features">${t("features.title")}</h2>
    <fieldset class="thumbnails is-features" data-part="features" disabled=${!store.mayWrite.value}>
      <legend class="visually-hidden">${t("features.legend")}</legend>
      ${catalogue.all("feature").map(
        (
          feature,
        ) => html`<label class="thumbnail" data-part=${`feature-${feature.name}`} key=${feature.name} title="${words(feature.label)}. ${words(feature.help)}">
          <input
            class="visually-hidden"
            type="checkbox"
            name="features"
            value=${feature.name}
            checked=${chosen.includes(feature.name)}
            onClick=${(/** @type {Event} */ event) => keepOne(event, feature.name)}
            onChange=${() => toggle(feature.name)}
          />
          <${FeatureMap} store=${store} feature=${feature} />
          <span class="thumbnail-label">${feature.symbol ?? words(feature.label)}</span>
        </label>`,
      )}
    </fieldset>`;
}

/**
 * The value of a feature over the plane.
 *
 * @param {{ store: Store, feature: Component | undefined, class?: string }} props
 */
export function FeatureMap({ store, feature, class: className = "thumbnail-picture" }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  useSignalEffect(() => {
    const preview = feature && store.previews.value?.features[feature.name];
    const { ramp } = themeColours();
    if (canvas.current === null || !preview) return;
    const table = colourTable(ramp, preview.range, colourDomain(preview.range, null));
    drawField(canvas.current, preview.values, preview.shape[0], preview.shape[1], table);
  });
  return html`<canvas class=${className} ref=${canvas} aria-hidden="true"></canvas>`;
}
