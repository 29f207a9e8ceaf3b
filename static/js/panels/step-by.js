import { useMemo } from "preact/hooks";
import { Icon } from "../controls/icon.js";
import { html } from "../html.js";
import { t } from "../i18n.js";
import { recall, remember } from "../memory.js";

/** @import { PanelProps } from "./playground.js" */

/** @typedef {typeof UNITS[number]} StepUnit */

/** What one step can be, from the longest to the shortest. */
export const UNITS = /** @type {const} */ (["epoch", "batch", "example"]);

/** One step, and how long it is: the choice is kept. @param {PanelProps & { disabled: boolean }} props */
export function StepBy({ store, session, disabled }) {
  const unit = store.stepUnit;
  useMemo(() => {
    unit.value = UNITS.find((name) => name === recall("step")) ?? UNITS[0];
  }, []);
  const label = t(`transport.step_${unit.value}`);
  /** @param {Event & { currentTarget: HTMLSelectElement }} event */
  const choose = (event) => {
    unit.value = UNITS[event.currentTarget.selectedIndex];
    remember("step", unit.value);
  };
  return html`<div class="step-by" data-part="step">
    <button
      class="round"
      id="step"
      type="button"
      aria-label=${label}
      title="${label} (S)"
      aria-keyshortcuts="S"
      disabled=${disabled}
      onClick=${() => session.step(unit.value)}
    >
      <${Icon} name="step" />
    </button>
    <span class="step-unit">
      <select id="step-unit" aria-label=${t("transport.step_by")} disabled=${disabled} onChange=${choose}>
        ${UNITS.map(
          (name) => html`<option key=${name} selected=${name === unit.value}>${t(`transport.unit_${name}`)}</option>`,
        )}
      </select>
      <${Icon} name="chevron" />
    </span>
  </div>`;
}
