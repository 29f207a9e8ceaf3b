import { html } from "../html.js";
import { words } from "../i18n.js";
import { NumberInput } from "./number-input.js";
import { sliderScale } from "./scale.js";
import { Slider } from "./slider.js";
import { useUniqueId } from "./unique-id.js";

/** @import { Field } from "../types.js" */

/**
 * The control of a field of the catalogue: its kind, range and help come from there.
 *
 * @param {{ name: string, field: Field, value: any, disabled?: boolean, onChange: (value: any) => void }} props
 */
export function FieldControl({ name, field, value, disabled, onChange }) {
  const id = useUniqueId();
  const label = words(field.label) || name;
  const help = words(field.help);
  return html`<div class="field" title=${help || undefined}>
    <label class="field-label" for=${id}>${label}</label>
    ${control({ id, label, field, value, disabled, onChange })}
  </div>`;
}

/**
 * @param {{ id: string, label: string, field: Field, value: any, disabled?: boolean, onChange: (value: any) => void }} props
 */
function control({ id, label, field, value, disabled, onChange }) {
  if (field.enum !== undefined) {
    return html`<select
      class="select"
      id=${id}
      disabled=${disabled}
      value=${value}
      onChange=${(/** @type {any} */ event) => onChange(field.enum?.[event.currentTarget.selectedIndex])}
    >
      ${field.enum.map((choice) => html`<option value=${choice}>${choice}</option>`)}
    </select>`;
  }
  if (field.type === "string") {
    return html`<input id=${id} type="text" value=${value} disabled=${disabled} onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.value)} />`;
  }
  const scale = sliderScale(field);
  const input = html`<${NumberInput} id=${id} field=${field} value=${value} disabled=${disabled} onChange=${onChange} />`;
  // A slider over a range too wide to aim in, such as a seed's, is no help.
  if (scale === null || (scale.max - scale.min) / scale.step > 20_000) return input;
  return html`${input}<${Slider} label=${label} scale=${scale} value=${value} disabled=${disabled} onChange=${onChange} />`;
}
