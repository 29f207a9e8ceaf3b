import { html } from "../html.js";
import { number, t, words } from "../i18n.js";
import { CurvePlot, hasCurve } from "./curve.js";
import { FieldControl } from "./field-control.js";
import { Icon } from "./icon.js";
import { Popover } from "./popover.js";
import { useUniqueId } from "./unique-id.js";

/** @import { ComponentChildren } from "preact" */
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
 * @property {string} [resolved]  the name of the component that the chosen one stands for, if it stands for another
 * @property {Record<string, number>} [curveNeeds]  what else its curve depends on
 * @property {{ label: string, name: string }} [automatic]  the choice, called "", that leaves it to the server, and what it
 *   comes to now
 * @property {boolean} [disabled]
 * @property {(patch: Json) => void} onChange
 * @property {() => ComponentChildren} [more]  what else stands in the panel
 */

/**
 * The choice of a component: shows its name; opens all that stand to choice, and of the chosen one its sentence, its
 * formula and its own parameters.
 *
 * @param {PickerProps} props
 */
export function ComponentPicker(props) {
  const { kind, label, chosen, isCompact = false, more } = props;
  const { component, stands } = meant(props);
  const own = ownFields(props);
  const shown = stands ?? component;
  const name = shown ? words(shown.label) : chosen.name;
  // One parameter has room beside the name; more would not be told apart there.
  const value = own.length === 1 && typeof own[0].value === "number" ? ` · ${number(own[0].value)}` : "";
  const hint = stands && html`<span class="picker-automatic"> · ${words(component?.label).toLowerCase()}</span>`;

  const caption = html`<span class=${isCompact ? "visually-hidden" : "picker-label"}>${label}${hint}</span>
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
    ${() => html`<${ComponentChoice} ...${props} />${more?.()}`}
  <//>`;
}

/**
 * All that stand to choice, and of the chosen one its sentence, its formula, its curve and its own parameters.
 *
 * @param {PickerProps} props
 */
export function ComponentChoice(props) {
  const { component, stands } = meant(props);
  return html`<${Choices} ...${props} />
    ${component && html`<${About} ...${props} component=${component} stands=${stands} />`}
    <${OwnFields} ...${props} fields=${ownFields(props)} />`;
}

/** The chosen component, and the one that it stands for, if it does. @param {PickerProps} props */
function meant({ catalogue, kind, chosen, resolved, automatic }) {
  const component = catalogue.find(kind, (isAutomatic(chosen) && automatic?.name) || chosen.name);
  const stands = resolved && resolved !== chosen.name ? catalogue.find(kind, resolved) : undefined;
  return { component, stands };
}

/** @param {Chosen} chosen */
const isAutomatic = ({ name }) => name === "";

/** @param {PickerProps} props */
const ownFields = ({ catalogue, kind, chosen, shownElsewhere }) =>
  // What the server has chosen has its own parameters as they come.
  isAutomatic(chosen) ? [] : catalogue.describe(kind, chosen).fields.filter(({ name }) => name !== shownElsewhere);

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
