import { html } from "../html.js";
import { number } from "../i18n.js";

/** @import { SliderScale } from "./scale.js" */

/**
 * @typedef {object} SliderProps
 * @property {string} [id]
 * @property {string} label
 * @property {SliderScale} scale
 * @property {number} value
 * @property {string} [valueText]  the value as it is read out
 * @property {boolean} [disabled]
 * @property {(value: number) => void} onChange
 */

/**
 * A range input. The filled share of its track is drawn by CSS from `--share`.
 *
 * @param {SliderProps} props
 */
export function Slider({ id, label, scale, value, disabled, valueText, onChange }) {
  const position = scale.toPosition(value);
  const share = (position - scale.min) / (scale.max - scale.min || 1);
  /** @param {Event & { currentTarget: HTMLInputElement }} event */
  const change = (event) => onChange(scale.toValue(Number(event.currentTarget.value)));
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
    onInput=${change}
  />`;
}
