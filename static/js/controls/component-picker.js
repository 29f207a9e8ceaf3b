import { html } from "../html.js";
import { number, words } from "../i18n.js";
import { FieldControl } from "./field-control.js";
import { Icon } from "./icon.js";
import { Popover } from "./popover.js";
import { useUniqueId } from "./unique-id.js";

/** @import { Catalogue } from "../catalogue.js" */
/** @import { Chosen, Component, Json } from "../types.js" */

/**
 * The choice of a component: shows its name; opens all that stand to choice, and of the chosen one its sentence, its
 * formula and its own parameters. `shownElsewhere` names a field that has its own place on the page.
 *
 * @param {{ catalogue: Catalogue, kind: string, label: string, chosen: Chosen, choices: Component[], isCompact?: boolean,
 *   shownElsewhere?: string, disabled?: boolean, onChange: (patch: Json) => void }} props
 */
export function ComponentPicker({ catalogue, kind, label, chosen, choices, isCompact = false, shownElsewhere, disabled, onChange }) {
  const { component, fields } = catalogue.describe(kind, chosen);
  const own = fields.filter(({ name }) => name !== shownElsewhere);
  const name = component ? words(component.label) : chosen.name;
  // One parameter has room beside the name; more would not be told apart there.
  const value = own.length === 1 && typeof own[0].value === "number" ? number(own[0].value) : "";

  const caption = html`${!isCompact && html`<span class="picker-label">${label}</span>`}
    <span class="picker-value"><span class="picker-name">${value && !isCompact ? `${name} · ${value}` : name}</span><${Icon} name="chevron" /></span>`;

  return html`<${Popover}
    label=${caption}
    buttonClass=${isCompact ? "picker is-compact" : "picker"}
    title=${isCompact ? `${label}: ${name}` : undefined}
    panelLabel=${label}
  >
    ${() => html`<${Choices} label=${label} chosen=${chosen.name} choices=${choices} disabled=${disabled} onChoose=${(/** @type {string} */ choice) => onChange({ name: choice })} />
      ${component && html`<${About} component=${component} />`}
      ${own.map(({ name, field, value }) => html`<${FieldControl} key=${`${chosen.name} ${name}`} name=${name} field=${field} value=${value} disabled=${disabled} onChange=${(/** @type {any} */ changed) => onChange({ [name]: changed })} />`)}`}
  <//>`;
}

/**
 * @param {{ label: string, chosen: string, choices: Component[], disabled?: boolean, onChoose: (name: string) => void }} props
 */
function Choices({ label, chosen, choices, disabled, onChoose }) {
  const group = useUniqueId();
  return html`<fieldset class="choices" disabled=${disabled}>
    <legend class="field-label">${label}</legend>
    ${choices.map(
      (choice) => html`<label class="choice" key=${choice.name}>
        <input type="radio" name=${group} value=${choice.name} checked=${choice.name === chosen} onChange=${() => onChoose(choice.name)} />
        <span>${words(choice.label)}</span>
      </label>`,
    )}
  </fieldset>`;
}

/** @param {{ component: Component }} props */
function About({ component }) {
  return html`<div class="about">
    <p>${words(component.help)}</p>
    ${component.formula && html`<p class="formula">${component.formula}</p>`}
  </div>`;
}
