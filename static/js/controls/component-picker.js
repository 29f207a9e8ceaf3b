import { html } from "../html.js";
import { number, words } from "../i18n.js";
import { Icon } from "./icon.js";
import { lazily } from "./lazy.js";
import { Popover } from "./popover.js";

/** @import { ComponentChildren } from "preact" */
/** @import { Catalogue } from "../catalogue.js" */
/** @import { Chosen, Component, Json } from "../types.js" */

/**
 * @typedef {object} PickerProps
 * @property {Catalogue} catalogue
 * @property {string} kind
 * @property {string} label
 * @property {string} [brief]  the label where room is short
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

export const ComponentChoice = lazily(() => import("./component-choice.js"));

/**
 * The choice of a component: shows its name; opens all that stand to choice, and of the chosen one its sentence, its
 * formula and its own parameters.
 *
 * @param {PickerProps} props
 */
export function ComponentPicker(props) {
  const { kind, label, brief = label, chosen, isCompact = false, more } = props;
  const { component, stands } = meant(props);
  const own = ownFields(props);
  const shown = stands ?? component;
  const name = shown ? words(shown.label) : chosen.name;
  // One parameter has room beside the name; more would not be told apart there.
  const value = own.length === 1 && typeof own[0].value === "number" ? ` · ${number(own[0].value)}` : "";
  const hint = stands && html`<span class="picker-automatic"> · ${words(component?.label).toLowerCase()}</span>`;

  const caption = html`<span class=${isCompact ? "visually-hidden" : "picker-label"}>
      ${brief === label ? label : html`<span class="label-whole">${label}</span><span class="label-brief" aria-hidden="true">${brief}</span>`}${hint}
    </span>
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
    onNear=${ComponentChoice.fetch}
  >
    ${() => html`<${ComponentChoice} ...${props} />${more?.()}`}
  <//>`;
}

/** The chosen component, and the one that it stands for, if it does. @param {PickerProps} props */
export function meant({ catalogue, kind, chosen, resolved, automatic }) {
  const component = catalogue.find(kind, (isAutomatic(chosen) && automatic?.name) || chosen.name);
  const stands = resolved && resolved !== chosen.name ? catalogue.find(kind, resolved) : undefined;
  return { component, stands };
}

/** @param {Chosen} chosen */
export const isAutomatic = ({ name }) => name === "";

/** @param {PickerProps} props */
export const ownFields = ({ catalogue, kind, chosen, shownElsewhere }) =>
  // What the server has chosen has its own parameters as they come.
  isAutomatic(chosen) ? [] : catalogue.describe(kind, chosen).fields.filter(({ name }) => name !== shownElsewhere);
