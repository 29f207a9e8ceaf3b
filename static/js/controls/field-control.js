import { html } from "../html.js";
import { words } from "../i18n.js";
import { NumberInput } from "./number-input.js";
import { sliderScale } from "./scale.js";
import { Slider } from "./slider.js";
import { useUniqueId } from "./unique-id.js";

/** @import { Field } from "../types.js" */

/** A slider over more steps than these can't be aimed: a seed's, for one. */
const MAX_SLIDER_STEPS = 20_000;

/** @typedef {{ field: Field, value: any, disabled?: boolean, onChange: (value: any) => void }} ControlProps */

/**
 * The control of a field of the catalogue: its kind, range and help come from there.
 *
 * @param {ControlProps & { name: string, part?: string, isRow?: boolean }} props  `isRow`: label, slider and number in one line
 */
export function FieldControl({ name, part, isRow = false, ...props }) {
  const id = useUniqueId();
  const { label, help, type } = props.field;
  if (type === "boolean") return html`<${Checkbox} ...${props} part=${part} label=${words(label) || name} />`;
  return html`<div class=${isRow ? "field is-row" : "field"} data-part=${part} title=${words(help) || undefined}>
    <label class="field-label" for=${id}>${words(label) || name}</label>
    ${control({ ...props, id, label: words(label) || name })}
  </div>`;
}

/** @param {ControlProps & { id: string, label: string }} props */
function control(props) {
  if (props.field.enum !== undefined) return html`<${Choice} ...${props} />`;
  if (props.field.type === "string") return html`<${TextInput} ...${props} />`;
  const { id, label, field, value, disabled, onChange } = props;
  const input = html`<${NumberInput} id=${id} field=${field} value=${value} disabled=${disabled} onChange=${onChange} />`;
  const scale = sliderScale(field);
  if (scale === null || (scale.max - scale.min) / scale.step > MAX_SLIDER_STEPS) return input;
  return html`${input}
    <${Slider} label=${label} scale=${scale} value=${value} disabled=${disabled} onChange=${onChange} />`;
}

/** @param {ControlProps & { label: string, part?: string }} props */
function Checkbox({ label, part, field, value, disabled, onChange }) {
  /** @param {Event & { currentTarget: HTMLInputElement }} event */
  const change = (event) => onChange(event.currentTarget.checked);
  return html`<label class="field is-checkbox" data-part=${part} title=${words(field.help) || undefined}>
    <input type="checkbox" checked=${value} disabled=${disabled} onChange=${change} />
    <span class="field-label">${label}</span>
  </label>`;
}

/** @param {ControlProps & { id: string }} props */
function Choice({ id, field, value, disabled, onChange }) {
  const choices = field.enum ?? [];
  /** @param {Event & { currentTarget: HTMLSelectElement }} event */
  const choose = (event) => onChange(choices[event.currentTarget.selectedIndex]);
  return html`<select class="select" id=${id} disabled=${disabled} value=${value} onChange=${choose}>
    ${choices.map((choice) => html`<option value=${choice}>${words(field.choices?.[choice]) || choice}</option>`)}
  </select>`;
}

/** @param {ControlProps & { id: string }} props */
function TextInput({ id, value, disabled, onChange }) {
  /** @param {Event & { currentTarget: HTMLInputElement }} event */
  const change = (event) => onChange(event.currentTarget.value);
  return html`<input id=${id} type="text" value=${value} disabled=${disabled} onChange=${change} />`;
}
