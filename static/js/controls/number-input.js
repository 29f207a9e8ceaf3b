import { useState } from "preact/hooks";
import { html } from "../html.js";
import { number, pageLanguage } from "../i18n.js";
import { sliderScale } from "./scale.js";
import { parseNumber, writeNumber } from "./typed-number.js";

/** @import { Field } from "../types.js" */

/**
 * @typedef {object} NumberInputProps
 * @property {string} id
 * @property {Field} field
 * @property {number} value
 * @property {boolean} [disabled]
 * @property {(value: number) => void} onChange
 */

/**
 * A number to type, with a decimal point or comma; the arrow keys go up and down. What is typed holds when it is entered
 * or left; Escape gives the old value back. It is no `type="number"`: that one takes the decimal sign of the browser's
 * language, whatever the page's is.
 *
 * @param {NumberInputProps} props
 */
export function NumberInput({ id, field, value, disabled, onChange }) {
  const [draft, setDraft] = useState(/** @type {string | null} */ (null));
  const low = field.minimum ?? field.exclusiveMinimum;
  const high = field.maximum ?? field.exclusiveMaximum;

  const commit = () => {
    // A number that is out of bounds goes to the server, which says so in words.
    const typed = draft === null ? Number.NaN : parseNumber(draft);
    setDraft(null);
    if (Number.isFinite(typed) && typed !== value) onChange(typed);
  };
  /** @param {Event & { currentTarget: HTMLInputElement }} event */
  const keepDraft = (event) => setDraft(event.currentTarget.value);
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    if (event.key === "Escape" && draft !== null) {
      setDraft(null);
      event.stopPropagation();
      event.preventDefault(); // Not the panel around it.
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      const next = neighbour(field, value, event.key === "ArrowUp" ? 1 : -1);
      setDraft(null);
      if (next !== value) onChange(next);
    }
  };

  return html`<input
    class="number-input"
    type="text"
    role="spinbutton"
    inputmode=${low !== undefined && low >= 0 ? "decimal" : "text"}
    autocomplete="off"
    id=${id}
    value=${draft ?? writeNumber(value, pageLanguage())}
    aria-valuenow=${value}
    aria-valuetext=${number(value)}
    aria-valuemin=${low}
    aria-valuemax=${high}
    disabled=${disabled}
    onInput=${keepDraft}
    onChange=${commit}
    onBlur=${commit}
    onKeyDown=${onKeyDown}
  />`;
}

/**
 * The next value up or down at which the field's slider would stop; without a slider, by ones.
 *
 * @param {Field} field
 * @param {number} value
 * @param {1 | -1} direction
 */
function neighbour(field, value, direction) {
  const scale = sliderScale(field);
  if (scale === null) return value + direction;
  const position = scale.toPosition(value) + direction * scale.step;
  return scale.toValue(Math.min(scale.max, Math.max(scale.min, position)));
}
