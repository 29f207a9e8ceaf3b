import { useState } from "preact/hooks";
import { html } from "../html.js";

/** @import { Field } from "../types.js" */

/**
 * A number to type. What is typed holds when it is entered or left; Escape gives the old value back.
 *
 * @param {{ id?: string, label?: string, field: Field, value: number, disabled?: boolean, onChange: (value: number) => void }} props
 */
export function NumberInput({ id, label, field, value, disabled, onChange }) {
  const [draft, setDraft] = useState(/** @type {string | null} */ (null));

  const commit = () => {
    // A number that is out of bounds goes to the server, which says so in words.
    const typed = draft === null || draft === "" ? Number.NaN : Number(draft);
    setDraft(null);
    if (Number.isFinite(typed) && typed !== value) onChange(typed);
  };

  return html`<input
    class="number-input"
    type="number"
    inputmode="decimal"
    id=${id}
    aria-label=${label}
    value=${draft ?? String(value)}
    min=${field.minimum ?? field.exclusiveMinimum}
    max=${field.maximum ?? field.exclusiveMaximum}
    step=${field.type === "integer" ? 1 : "any"}
    disabled=${disabled}
    onInput=${(/** @type {any} */ event) => setDraft(event.currentTarget.value)}
    onChange=${commit}
    onBlur=${commit}
    onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape" && draft !== null) {
        setDraft(null);
        event.stopPropagation();
      }
    }}
  />`;
}
