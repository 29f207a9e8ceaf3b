import { useState } from "preact/hooks";
import { html } from "../html.js";

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
 * A number to type. What is typed holds when it is entered or left; Escape gives the old value back.
 *
 * @param {NumberInputProps} props
 */
export function NumberInput({ id, field, value, disabled, onChange }) {
  const [draft, setDraft] = useState(/** @type {string | null} */ (null));

  const commit = () => {
    // A number that is out of bounds goes to the server, which says so in words.
    const typed = draft === null || draft === "" ? Number.NaN : Number(draft);
    setDraft(null);
    if (Number.isFinite(typed) && typed !== value) onChange(typed);
  };
  /** @param {Event & { currentTarget: HTMLInputElement }} event */
  const keepDraft = (event) => setDraft(event.currentTarget.value);
  /** @param {KeyboardEvent} event */
  const giveUp = (event) => {
    if (event.key !== "Escape" || draft === null) return;
    setDraft(null);
    event.stopPropagation();
  };

  return html`<input
    class="number-input"
    type="number"
    inputmode="decimal"
    id=${id}
    value=${draft ?? String(value)}
    min=${field.minimum ?? field.exclusiveMinimum}
    max=${field.maximum ?? field.exclusiveMaximum}
    step=${field.type === "integer" ? 1 : "any"}
    disabled=${disabled}
    onInput=${keepDraft}
    onChange=${commit}
    onBlur=${commit}
    onKeyDown=${giveUp}
  />`;
}
