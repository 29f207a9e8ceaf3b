import { Slider } from "../../../controls/slider.js";
import { useUniqueId } from "../../../controls/unique-id.js";
import { outputDomain } from "../../../draw/ramp.js";
import { html } from "../../../html.js";
import { number, t } from "../../../i18n.js";

/** @import { Signal } from "@preact/signals" */
/** @import { Store } from "../../../store.js" */
/** @import { Predictions } from "../../../types.js" */

const STEPS = 200;

/**
 * Above which output the network is said to mean class 1.
 *
 * @param {{ store: Store, predictions: Predictions, threshold: Signal<number | null> }} props
 */
export function Threshold({ store, predictions, threshold }) {
  const id = useUniqueId();
  const output = store.layers.value.at(-1)?.activation ?? "";
  const [low, high] = outputDomain(store.catalogue.find("activation", output)?.range);
  const value = threshold.value ?? predictions.threshold ?? (low + high) / 2;
  const scale = { min: low, max: high, step: (high - low) / STEPS, toPosition: same, toValue: same };
  /** @param {number} chosen */
  const change = (chosen) => {
    threshold.value = chosen;
  };
  const reset = () => {
    threshold.value = null;
  };
  return html`<div class="threshold" title=${t("measures.threshold_help")}>
    <label class="field-label" for=${id}>${t("measures.threshold")}</label>
    <${Slider} id=${id} label=${t("measures.threshold")} scale=${scale} value=${value} onChange=${change} />
    <span class="figure-small">${number(value, { digits: 3, fixed: true })}</span>
    <button class="button is-small" type="button" disabled=${threshold.value === null} onClick=${reset}>
      ${t("measures.threshold_reset")}
    </button>
  </div>`;
}

/** @param {number} value */
const same = (value) => value;
