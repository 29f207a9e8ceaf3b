import { useSignal } from "@preact/signals";
import { useUniqueId } from "../../controls/unique-id.js";
import { html } from "../../html.js";
import { t, words } from "../../i18n.js";
import { DatasetPicture } from "../dataset-picture.js";
import { Own } from "./own.js";

/** @import { Store } from "../../store.js" */
/** @import { Component } from "../../types.js" */
/** @import { PanelProps } from "../playground.js" */

const THUMBNAIL_PX = 48;
/** What is learned, in the order of the groups; a user's own data come last. */
const TASKS = /** @type {const} */ (["binary", "multiclass", "regression"]);
const OWN = "own";

/**
 * The data sets to choose from, a group at a time: by what is learned, and the reader's own.
 *
 * @param {PanelProps & { onChoose: (name: string) => void }} props
 */
export function DatasetPicker({ store, session, onChoose }) {
  const { catalogue } = store;
  const { dataset } = store.spec.value.data;
  const groups = [...TASKS.filter((task) => setsOf(store, task).length > 0), OWN];
  const chosen = catalogue.find("dataset", dataset.name);
  const home = chosen?.task && groups.includes(chosen.task) ? chosen.task : OWN;
  const opened = useSignal({ by: "", group: home });
  // Another data set, chosen here or elsewhere, opens its own group; a look into another one lasts until then.
  const group = opened.value.by === dataset.name ? opened.value.group : home;
  const radios = useUniqueId();

  return html`<fieldset class="segments" data-part="task" title=${t("data.groups")}>
      <legend class="visually-hidden">${t("data.groups")}</legend>
      ${groups.map(
        (name) =>
          html`<label key=${name} title=${t(`data.group_help.${name}`)}>
            <input
              type="radio"
              name=${radios}
              checked=${name === group}
              onChange=${() => {
                opened.value = { by: dataset.name, group: name };
              }}
            />
            <span>${t(`data.group.${name}`)}</span>
          </label>`,
      )}
    </fieldset>
    ${
      group === OWN
        ? html`<${Own} store=${store} session=${session} />`
        : html`<fieldset class="thumbnails" disabled=${!store.mayWrite.value}>
          <legend class="visually-hidden">${t("data.dataset")}</legend>
          ${setsOf(store, group).map(
            (component) =>
              html`<${Thumbnail}
                key=${component.name}
                store=${store}
                dataset=${component}
                isChosen=${component.name === dataset.name}
                onChoose=${() => onChoose(component.name)}
              />`,
          )}
        </fieldset>
        <p class="help data-about" data-part="help">${group === home && words(chosen?.help)}</p>`
    }`;
}

/**
 * @param {Store} store
 * @param {string} task
 */
const setsOf = (store, task) => store.catalogue.planeDatasets.filter((dataset) => dataset.task === task);

/**
 * A data set to choose.
 *
 * @param {{ store: Store, dataset: Component, isChosen: boolean, onChoose: () => void }} props
 */
function Thumbnail({ store, dataset, isChosen, onChoose }) {
  const label = words(dataset.label);
  return html`<label class="thumbnail" title=${words(dataset.help)}>
    <input
      class="visually-hidden"
      type="radio"
      name="dataset"
      value=${dataset.name}
      checked=${isChosen}
      onChange=${onChoose}
    />
    <${DatasetPicture} store=${store} dataset=${dataset} size=${THUMBNAIL_PX} />
    <span class="thumbnail-label">${label}</span>
  </label>`;
}
