import { tidy } from "../controls/scale.js";
import { Slider } from "../controls/slider.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";

/** @import { SliderScale } from "../controls/scale.js" */
/** @import { PanelProps } from "./playground.js" */

const STEP = 0.05;

/** How the examples are shared out: what is trained on, what is validated on; the rest tests. @param {PanelProps} props */
export function Split({ store, session }) {
  const { train, validation } = store.spec.value.data.split;

  /**
   * @param {number} newTrain
   * @param {number} newValidation
   */
  const change = (newTrain, newValidation) => {
    const test = Math.max(0, tidy(1 - newTrain - newValidation));
    session.configure({ data: { split: { train: newTrain, validation: newValidation, test } } });
  };
  // What is validated on gives way to what is trained on, never the other way round.
  /** @param {number} share */
  const changeTrain = (share) => change(share, Math.min(validation, tidy(1 - share)));
  /** @param {number} share */
  const changeValidation = (share) => change(train, Math.min(share, tidy(1 - train)));

  return html`<fieldset class="split" data-part="split" disabled=${!store.mayWrite.value}>
    <legend class="field-label">${t("data.split")}</legend>
    <${Share} name=${t("split.train")} scale=${shareScale(STEP, 1)} value=${train} onChange=${changeTrain} />
    <${Share}
      name=${t("split.validation")}
      scale=${shareScale(0, 1 - STEP)}
      value=${validation}
      onChange=${changeValidation}
    />
    <span class="split-name">${t("split.test")}</span>
    <span class="split-rest">${t("data.split_rest")}</span>
    <span class="split-share">${percent(1 - train - validation)}</span>
  </fieldset>`;
}

/** @param {{ name: string, scale: SliderScale, value: number, onChange: (share: number) => void }} props */
function Share({ name, scale, value, onChange }) {
  return html`<span class="split-name">${name}</span>
    <${Slider} label=${name} scale=${scale} value=${value} valueText=${percent(value)} onChange=${onChange} />
    <span class="split-share">${percent(value)}</span>`;
}

/** @param {number} share */
const percent = (share) => `${number(Math.round(100 * share))} %`;

/**
 * @param {number} min
 * @param {number} max
 * @returns {SliderScale}
 */
const shareScale = (min, max) => ({ min, max, step: STEP, toPosition: (value) => value, toValue: tidy });
