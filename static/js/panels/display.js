import { Slider } from "../controls/slider.js";
import { useUniqueId } from "../controls/unique-id.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { announces, hearsLoss, hearsTest, hints, largeType, shortcuts, volume } from "../preferences.js";
import { theme } from "../theme.js";

/** @import { Signal } from "@preact/signals" */
/** @import { Theme } from "../theme.js" */

/** @type {Theme[]} */
const THEMES = [null, "light", "dark"];

const VOLUME = {
  min: 0,
  max: 1,
  step: 0.05,
  toPosition: (/** @type {number} */ value) => value,
  toValue: (/** @type {number} */ position) => position,
};

/** How the page looks, sounds and speaks: what each reader likes it to, whatever the experiment. */
export default function Display() {
  return html`<div class="display">
    <${Themes} />
    <${Switch} name="large" choice=${largeType} />
    <${Switch} name="hints" choice=${hints} />
    <${Switch} name="sound" choice=${hearsLoss} />
    ${
      hearsLoss.value &&
      html`<div class="display-sound">
        <span class="field-label" aria-hidden="true">${t("display.volume")}</span>
        <${Slider}
          label=${t("display.volume")}
          scale=${VOLUME}
          value=${volume.value}
          valueText=${`${number(Math.round(100 * volume.value))} %`}
          onChange=${(/** @type {number} */ value) => {
            volume.value = value;
          }}
        />
        <${Switch} name="test" choice=${hearsTest} />
      </div>`
    }
    <${Switch} name="announces" choice=${announces} />
    <${Switch} name="shortcuts" choice=${shortcuts} />
  </div>`;
}

function Themes() {
  const group = useUniqueId();
  return html`<fieldset class="choices is-row">
    <legend class="field-label">${t("display.theme")}</legend>
    ${THEMES.map(
      (choice) =>
        html`<label class="choice" key=${choice}>
          <input
            type="radio"
            name=${group}
            checked=${choice === theme.value}
            onChange=${() => {
              theme.value = choice;
            }}
          />
          <span>${t(`display.theme_${choice ?? "system"}`)}</span>
        </label>`,
    )}
  </fieldset>`;
}

/** @param {{ name: "large" | "hints" | "sound" | "test" | "announces" | "shortcuts", choice: Signal<boolean> }} props */
function Switch({ name, choice }) {
  const id = useUniqueId();
  /** @param {Event & { currentTarget: HTMLInputElement }} event */
  const change = (event) => {
    choice.value = event.currentTarget.checked;
  };
  return html`<div class="switch">
    <input type="checkbox" id=${id} checked=${choice.value} aria-describedby=${`${id}-help`} onChange=${change} />
    <label for=${id}>${t(`display.${name}`)}</label>
    <p class="help" id=${`${id}-help`}>${t(`display.${name}_help`)}</p>
  </div>`;
}
