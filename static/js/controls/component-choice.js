import { html } from "../html.js";
import { t, words } from "../i18n.js";
import { isAutomatic, meant, ownFields } from "./component-picker.js";
import { CurvePlot, hasCurve } from "./curve.js";
import { FieldControl } from "./field-control.js";
import { useUniqueId } from "./unique-id.js";

/** @import { Component, Field } from "../types.js" */
/** @import { PickerProps } from "./component-picker.js" */

/**
 * All that stand to choice, and of the chosen one its sentence, its formula, its curve and its own parameters.
 *
 * @param {PickerProps} props
 */
export default function ComponentChoice(props) {
  const { component, stands } = meant(props);
  return html`<${Choices} ...${props} />
    ${component && html`<${About} ...${props} component=${component} stands=${stands} />`}
    <${OwnFields} ...${props} fields=${ownFields(props)} />`;
}

/** @param {PickerProps} props */
function Choices({ label, chosen, choices, automatic, disabled, onChange }) {
  const group = useUniqueId();
  const named = choices.map(({ name, label }) => ({ name, text: words(label) }));
  if (automatic !== undefined) named.unshift({ name: "", text: automatic.label });
  return html`<fieldset class="choices" disabled=${disabled}>
    <legend class="field-label">${label}</legend>
    ${named.map(
      ({ name, text }) =>
        html`<label class="choice" key=${name}>
          <input
            type="radio"
            name=${group}
            value=${name}
            checked=${name === chosen.name}
            onChange=${() => onChange({ name })}
          />
          <span>${text}</span>
        </label>`,
    )}
  </fieldset>`;
}

/** @param {PickerProps & { fields: { name: string, field: Field, value: any }[] }} props */
function OwnFields({ kind, chosen, fields, disabled, onChange }) {
  return fields.map(
    ({ name, field, value }) =>
      html`<${FieldControl}
        key=${`${chosen.name} ${name}`}
        part=${`${kind}-${name}`}
        name=${name}
        field=${field}
        value=${value}
        disabled=${disabled}
        onChange=${(/** @type {any} */ changed) => onChange({ [name]: changed })}
      />`,
  );
}

/** @param {PickerProps & { component: Component, stands: Component | undefined }} props */
function About({ kind, chosen, component, stands, curveNeeds }) {
  const { formula, label } = stands ?? component;
  return html`<div class="about">
    <p>${words(component.help)}</p>
    ${stands && html`<p class="about-stands">${t("picker.stands_for", { name: words(stands.label) })}</p>`}
    ${formula && html`<p class="formula">${formula}</p>`}
    ${
      hasCurve(kind) &&
      html`<${CurvePlot}
        kind=${kind}
        chosen=${stands || isAutomatic(chosen) ? { name: (stands ?? component).name } : chosen}
        more=${curveNeeds}
        label=${words(label)}
      />`
    }
  </div>`;
}
