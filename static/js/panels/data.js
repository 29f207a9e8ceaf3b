import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { FieldControl } from "../controls/field-control.js";
import { Icon } from "../controls/icon.js";
import { themeColours } from "../draw/colours.js";
import { drawMarks, markStyle, sharpContext } from "../draw/marks.js";
import { html } from "../html.js";
import { t, words } from "../i18n.js";
import { Split } from "./split.js";

/** @import { Store } from "../store.js" */
/** @import { Component, Field, Json } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

const THUMBNAIL_PX = 56;

/** Which examples the network learns from, and how they are handed to it. @param {PanelProps} props */
export function Data({ store, session }) {
  const { catalogue } = store;
  const { data, training } = store.spec.value;
  const disabled = !store.mayWrite.value;
  const { component, fields } = catalogue.describe("dataset", data.dataset);
  // What a user gives is more than a slider can show.
  const controls = component?.given ? [] : fields;
  /** @param {Json} patch */
  const change = (patch) => session.configure({ data: patch });

  return html`<div class="card-head">
      <h2 id="data-title">${t("data.title")}</h2>
      <button
        class="button is-small"
        data-part="regenerate"
        type="button"
        title=${t("data.regenerate_help")}
        disabled=${disabled}
        onClick=${() => change({ seed: randomSeed(catalogue.field("data.seed")) })}
      >
        <${Icon} name="dice" />${t("data.regenerate")}
      </button>
    </div>
    <fieldset class="thumbnails" data-part="data" disabled=${disabled}>
      <legend class="visually-hidden">${t("data.dataset")}</legend>
      ${catalogue.planeDatasets.map(
        (dataset) =>
          html`<${Thumbnail}
            key=${dataset.name}
            store=${store}
            dataset=${dataset}
            isChosen=${dataset.name === data.dataset.name}
            onChoose=${() => change({ dataset: { name: dataset.name } })}
          />`,
      )}
    </fieldset>
    ${component && html`<p class="help" data-part="help">${words(component.help)}</p>`}
    ${controls.map(
      ({ name, field, value }) =>
        html`<${FieldControl}
          key=${name}
          name=${name}
          part=${name}
          field=${field}
          value=${value}
          disabled=${disabled}
          onChange=${(/** @type {any} */ changed) => change({ dataset: { [name]: changed } })}
        />`,
    )}
    <${Split} store=${store} session=${session} />
    <${FieldControl}
      name="batch_size"
      part="batch"
      field=${catalogue.field("training.batch_size")}
      value=${training.batch_size}
      disabled=${disabled}
      onChange=${(/** @type {number} */ value) => session.configure({ training: { batch_size: value } })}
    />`;
}

/**
 * A data set to choose, drawn from the engine's own sample of it.
 *
 * @param {{ store: Store, dataset: Component, isChosen: boolean, onChoose: () => void }} props
 */
function Thumbnail({ store, dataset, isChosen, onChoose }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  useSignalEffect(() => {
    const preview = store.previews.value?.datasets[dataset.name];
    if (canvas.current === null || preview?.inputs === undefined) return;
    const context = sharpContext(canvas.current, THUMBNAIL_PX, THUMBNAIL_PX);
    drawMarks(
      context,
      { inputs: preview.inputs, targets: preview.targets ?? [] },
      {
        plane: preview.plane ?? [-6, 6],
        size: THUMBNAIL_PX,
        radius: 1.7,
        fill: "full",
        style: markStyle(themeColours(), dataset.task ?? "binary", [-1, 1]),
      },
    );
  });
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
    <canvas class="thumbnail-picture" ref=${canvas} aria-hidden="true"></canvas>
    <span class="thumbnail-label">${label}</span>
  </label>`;
}

/** @param {Field} field */
function randomSeed({ minimum = 0, maximum = 2 ** 31 - 1 }) {
  // Small seeds are easier to read out and to type again.
  return minimum + Math.floor(Math.random() * Math.min(10_000, maximum - minimum));
}
