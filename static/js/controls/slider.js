import { html } from "../html.js";
import { number } from "../i18n.js";

/** @import { SliderScale } from "./scale.js" */

/**
 * A range input. The filled share of its track is drawn by CSS from `--share`.
 *
 * @param {{ id?: string, label?: string, scale: SliderScale, value: number, disabled?: boolean, valueText?: string, onChange: (value: number) => void }} props
 */
export function Slider({ id, label, scale, value, disabled, valueText, onChange }) {
  const position = scale.toPosition(value);
  const share = (position - scale.min) / (scale.max - scale.min || 1);
  return html`<input
    class="slider"
    type="range"
    id=${id}
    aria-label=${label}
    aria-valuetext=${valueText ?? number(value)}
    min=${scale.min}
    max=${scale.max}
    step=${scale.step}
    value=${position}
    disabled=${disabled}
    style=${{ "--share": String(Math.min(1, Math.max(0, share))) }}
    onInput=${(/** @type {any} */ event) => onChange(scale.toValue(Number(event.currentTarget.value)))}
  />`;
}
