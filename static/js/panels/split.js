import { NumberInput } from "../controls/number-input.js";
import { Slider } from "../controls/slider.js";
import { useUniqueId } from "../controls/unique-id.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { withEnd, withShare } from "./data/shares.js";

/** @import { SliderScale } from "../controls/scale.js" */
/** @import { Split as Shares } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

const PARTS = /** @type {const} */ (["train", "validation", "test"]);
/** @type {SliderScale} */
const WHOLE = { min: 0, max: 1, step: 0.05, toPosition: (value) => value, toValue: (position) => position };

/**
 * How the examples are shared out: what is trained on, what is validated on, what tests. Two handles on one bar, and a
 * number for each part; all three always make a whole.
 *
 * @param {PanelProps} props
 */
export function Split({ store, session }) {
  const { dataset, split } = store.spec.value.data;
  if (store.catalogue.find("dataset", dataset.name)?.whole) {
    return html`<p class="help split-whole" data-part="split">${t("data.whole")}</p>`;
  }
  const disabled = !store.mayWrite.value;
  const hasOwnTest = split.test === null;
  /** @param {Shares} shares */
  const change = (shares) => session.configure({ data: { split: shares } });
  const told = PARTS.map((part) => `${t(`split.${part}`)} ${percent(split[part])}`).join(", ");

  return html`<fieldset class="split" data-part="split" disabled=${disabled}>
    <legend class="visually-hidden">${t("data.split")}</legend>
    <div class="split-numbers">
      ${PARTS.map(
        (part) =>
          html`<${Share}
            key=${part}
            part=${part}
            share=${split[part]}
            onChange=${(/** @type {number} */ share) => change(withShare(split, part, share))}
          />`,
      )}
    </div>
    <div class="split-bar">
      ${PARTS.map(
        (part) =>
          html`<span class=${`split-part is-${part}`} key=${part} style=${{ flexGrow: String(split[part] ?? 0) }}></span>`,
      )}
      <${Slider}
        label=${t("split.train_end")}
        scale=${WHOLE}
        value=${split.train}
        valueText=${told}
        onChange=${(/** @type {number} */ place) => change(withEnd(split, "train", place))}
      />
      ${
        !hasOwnTest &&
        html`<${Slider}
          label=${t("split.validation_end")}
          scale=${WHOLE}
          value=${split.train + split.validation}
          valueText=${told}
          onChange=${(/** @type {number} */ place) => change(withEnd(split, "validation", place))}
        />`
      }
    </div>
  </fieldset>`;
}

/** @param {{ part: keyof Shares, share: number | null, onChange: (share: number) => void }} props */
function Share({ part, share, onChange }) {
  const id = useUniqueId();
  const name = t(`split.${part}`);
  if (share === null) {
    return html`<span class="split-share" title=${t("data.own_test")}>
      <span class="field-label">${name}</span><span class="split-own">${t("data.own_part")}</span>
    </span>`;
  }
  const field = { type: /** @type {const} */ ("number"), minimum: part === "train" ? 5 : 0, maximum: 100 };
  return html`<span class="split-share">
    <label class="field-label" for=${id} title=${name}>
      <span aria-hidden="true">${t(`split.${part}_short`)}</span><span class="visually-hidden">${name}</span>
    </label>
    <span class="split-percent">
      <${NumberInput}
        id=${id}
        field=${field}
        value=${Math.round(100 * share)}
        onChange=${(/** @type {number} */ value) => onChange(value / 100)}
      />%
    </span>
  </span>`;
}

/** @param {number | null} share */
const percent = (share) => (share === null ? t("data.own_part") : `${number(Math.round(100 * share))} %`);
