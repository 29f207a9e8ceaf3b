import { html } from "../html.js";
import { number, words } from "../i18n.js";
import { FieldControl } from "./field-control.js";
import { Icon } from "./icon.js";
import { Popover } from "./popover.js";
import { useUniqueId } from "./unique-id.js";

/** @import { Catalogue } from "../catalogue.js" */
/** @import { Chosen, Component, Field, Json } from "../types.js" */

/**
 * @typedef {object} PickerProps
 * @property {Catalogue} catalogue
 * @property {string} kind
 * @property {string} label
 * @property {Chosen} chosen
 * @property {Component[]} choices
 * @property {boolean} [isCompact]  only the name is seen
 * @property {string} [shownElsewhere]  a field that has its own place on the page
 * @property {boolean} [disabled]
 * @property {(patch: Json) => void} onChange
 */

/**
 * The choice of a component: shows its name; opens all that stand to choice, and of the chosen one its sentence, its
 * formula and its own parameters.
 *
 * @param {PickerProps} props
 */
export function ComponentPicker(props) {
  const { catalogue, kind, label, chosen, isCompact = false, shownElsewhere } = props;
  const { component, fields } = catalogue.describe(kind, chosen);
  const own = fields.filter(({ name }) => name !== shownElsewhere);
  const name = component ? words(component.label) : chosen.name;
  // One parameter has room beside the name; more would not be told apart there.
  const value = own.length === 1 && typeof own[0].value === "number" ? ` · ${number(own[0].value)}` : "";

  const caption = html`${!isCompact && html`<span class="picker-label">${label}</span>`}
    <span class="picker-value">
      <span class="picker-name">${isCompact ? name : name + value}</span>
      <${Icon} name="chevron" />
    </span>`;

  return html`<${Popover}
    label=${caption}
    buttonClass=${isCompact ? "picker is-compact" : "picker"}
    title=${isCompact ? `${label}: ${name}` : undefined}
    panelLabel=${label}
    part=${kind}
  >
    ${() => html`<${Choices} ...${props} />
      ${component && html`<${About} component=${component} />`}
      <${OwnFields} ...${props} fields=${own} />`}
  <//>`;
}

/** @param {PickerProps} props */
function Choices({ label, chosen, choices, disabled, onChange }) {
  const group = useUniqueId();
  return html`<fieldset class="choices" disabled=${disabled}>
    <legend class="field-label">${label}</legend>
    ${choices.map(
      ({ name, label }) =>
        html`<label class="choice" key=${name}>
          <input
            type="radio"
            name=${group}
            value=${name}
            checked=${name === chosen.name}
            onChange=${() => onChange({ name })}
          />
          <span>${words(label)}</span>
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

/** @param {{ component: Component }} props */
function About({ component }) {
  return html`<div class="about">
    <p>${words(component.help)}</p>
    ${component.formula && html`<p class="formula">${component.formula}</p>`}
  </div>`;
}
