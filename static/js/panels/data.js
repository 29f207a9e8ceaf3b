import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { FieldControl } from "../controls/field-control.js";
import { Icon } from "../controls/icon.js";
import { tidy } from "../controls/scale.js";
import { Slider } from "../controls/slider.js";
import { themeColours } from "../draw/colours.js";
import { drawMarks, sharpContext } from "../draw/marks.js";
import { html } from "../html.js";
import { number, t, words } from "../i18n.js";

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
  /** @param {Json} patch */
  const change = (patch) => session.configure({ data: patch });

  return html`<div class="card-head">
      <h2 id="data-title">${t("data.title")}</h2>
      <button
        class="button is-small"
        type="button"
        title=${t("data.regenerate_help")}
        disabled=${disabled}
        onClick=${() => change({ seed: randomSeed(catalogue.field("data.seed")) })}
      >
        <${Icon} name="dice" />${t("data.regenerate")}
      </button>
    </div>
    <fieldset class="thumbnails" disabled=${disabled}>
      <legend class="visually-hidden">${t("data.dataset")}</legend>
      ${catalogue.planeDatasets.map(
        (dataset) =>
          html`<${Thumbnail} key=${dataset.name} store=${store} dataset=${dataset} isChosen=${dataset.name === data.dataset.name} onChoose=${() => change({ dataset: { name: dataset.name } })} />`,
      )}
    </fieldset>
    ${component && html`<p class="help">${words(component.help)}</p>`}
    ${fields.map(
      ({ name, field, value }) =>
        html`<${FieldControl} key=${name} name=${name} field=${field} value=${value} disabled=${disabled} onChange=${(/** @type {any} */ changed) => change({ dataset: { [name]: changed } })} />`,
    )}
    <${Split} store=${store} session=${session} />
    <${FieldControl}
      name="batch_size"
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
    const colours = themeColours();
    if (canvas.current === null || preview?.inputs === undefined) return;
    const context = sharpContext(canvas.current, THUMBNAIL_PX, THUMBNAIL_PX);
    drawMarks(context, { inputs: preview.inputs, targets: preview.targets ?? [] }, { plane: preview.plane ?? [-6, 6], size: THUMBNAIL_PX, radius: 1.7, isHollow: false, colours });
  });
  const label = words(dataset.label);
  return html`<label class="thumbnail" title=${words(dataset.help)}>
    <input class="visually-hidden" type="radio" name="dataset" value=${dataset.name} checked=${isChosen} onChange=${onChoose} />
    <canvas class="thumbnail-picture" ref=${canvas} aria-hidden="true"></canvas>
    <span class="thumbnail-label">${label}</span>
  </label>`;
}

/** How the examples are shared out: what is trained on, what is validated on; the rest tests. @param {PanelProps} props */
function Split({ store, session }) {
  const { split } = store.spec.value.data;
  const [train, validation] = [split.train, split.validation];
  const test = tidy(1 - train - validation);

  /**
   * @param {number} newTrain
   * @param {number} newValidation
   */
  const change = (newTrain, newValidation) => {
    // The share that was not moved gives way when there is nothing left for it.
    const fits = Math.min(newValidation, tidy(1 - newTrain));
    session.configure({ data: { split: { train: newTrain, validation: fits, test: Math.max(0, tidy(1 - newTrain - fits)) } } });
  };
  const scale = (/** @type {number} */ min, /** @type {number} */ max) => ({
    min,
    max,
    step: 0.05,
    toPosition: (/** @type {number} */ value) => value,
    toValue: tidy,
  });

  /** @param {number} share */
  const percent = (share) => `${number(Math.round(100 * share))} %`;
  return html`<fieldset class="split" disabled=${!store.mayWrite.value}>
    <legend class="field-label">${t("data.split")}</legend>
    <span class="split-name">${t("split.train")}</span>
    <${Slider} label=${t("split.train")} scale=${scale(0.05, 1)} value=${train} valueText=${percent(train)} onChange=${(/** @type {number} */ value) => change(value, validation)} />
    <span class="split-share">${percent(train)}</span>
    <span class="split-name">${t("split.validation")}</span>
    <${Slider} label=${t("split.validation")} scale=${scale(0, 0.95)} value=${validation} valueText=${percent(validation)} onChange=${(/** @type {number} */ value) => change(train, Math.min(value, tidy(1 - train)))} />
    <span class="split-share">${percent(validation)}</span>
    <span class="split-name">${t("split.test")}</span>
    <span class="split-rest">${t("data.split_rest")}</span>
    <span class="split-share">${percent(test)}</span>
  </fieldset>`;
}

/** @param {Field} field */
function randomSeed({ minimum = 0, maximum = 2 ** 31 - 1 }) {
  // Small seeds are easier to read out and to type again.
  return minimum + Math.floor(Math.random() * Math.min(10_000, maximum - minimum));
}
