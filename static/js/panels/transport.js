import { useComputed } from "@preact/signals";
import { ComponentPicker } from "../controls/component-picker.js";
import { Icon } from "../controls/icon.js";
import { NumberInput } from "../controls/number-input.js";
import { sliderScale } from "../controls/scale.js";
import { Slider } from "../controls/slider.js";
import { html } from "../html.js";
import { number, t, words } from "../i18n.js";

/** @import { Json } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

/** Epochs a second; null: as fast as the server allows. */
const SPEEDS = [1, 5, 20, 60, 200, null];

/** The field that has its own place in the bar: the course is about it. */
const HERO = "learning_rate";

/** The kinds of components to choose here, as they are called in the spec. */
const PICKERS = /** @type {const} */ (["optimizer", "loss", "regularizer"]);

/** What one turns while it runs. @param {PanelProps} props */
export function Transport({ store, session }) {
  return html`<section class="transport" aria-label=${t("transport.title")}>
    <div class="transport-run">
      <${Buttons} store=${store} session=${session} />
      <${Epoch} store=${store} session=${session} />
      <${Speed} store=${store} session=${session} />
    </div>
    <div class="transport-training"><${Training} store=${store} session=${session} /></div>
  </section>`;
}

/** @param {PanelProps} props */
function Buttons({ store, session }) {
  const isRunning = store.isRunning.value;
  const disabled = !store.mayWrite.value;
  const isStuck = store.state.value === "diverged";
  const play = isRunning ? t("transport.pause") : t("transport.play");
  return html`<div class="transport-buttons">
    <${RoundButton} icon="reset" name="reset" part="reset" disabled=${disabled} onClick=${() => session.reset("same")} />
    <${RoundButton} icon="dice" name="new_weights" part="reset" disabled=${disabled} onClick=${() => session.reset("new")} />
    <button
      class="play"
      id="play"
      data-part="play"
      type="button"
      aria-label=${play}
      title="${play} (${t("transport.space")})"
      aria-keyshortcuts="Space"
      disabled=${disabled || isStuck}
      onClick=${() => session.toggleRun()}
    >
      <${Icon} name=${isRunning ? "pauseFilled" : "playFilled"} />
    </button>
    <${RoundButton} icon="step" name="step" part="step" disabled=${disabled || isStuck} onClick=${() => session.step()} />
  </div>`;
}

/** @param {{ icon: string, name: "reset" | "new_weights" | "step", part?: string, disabled: boolean, onClick: () => void }} props */
export function RoundButton({ icon, name, part, disabled, onClick }) {
  const label = t(`transport.${name}`);
  return html`<button
    class="round"
    data-part=${part}
    type="button"
    aria-label=${label}
    title=${label}
    disabled=${disabled}
    onClick=${onClick}
  >
    <${Icon} name=${icon} />
  </button>`;
}

/** @param {PanelProps} props */
function Epoch({ store }) {
  const text = useComputed(() => number(Math.floor(store.epoch.value)));
  return html`<div class="epoch">
    <span class="figure-label" id="epoch-label">${t("transport.epoch")}</span>
    <output class="figure-value" id="epoch" aria-labelledby="epoch-label" aria-live="off">${text}</output>
  </div>`;
}

/** @param {PanelProps} props */
function Speed({ store, session }) {
  const speed = store.speed.value;
  const speeds = SPEEDS.includes(speed) ? SPEEDS : [speed, ...SPEEDS];
  /** @param {Event & { currentTarget: HTMLSelectElement }} event */
  const choose = (event) => session.setSpeed(speeds[event.currentTarget.selectedIndex]);
  /** @param {number | null} choice */
  const name = (choice) => (choice === null ? t("transport.speed_max") : t("transport.speed_value", { speed: choice }));
  return html`<div class="speed" data-part="speed">
    <label class="figure-label" for="speed">${t("transport.speed")}</label>
    <select id="speed" disabled=${!store.mayWrite.value} onChange=${choose}>
      ${speeds.map((choice) => html`<option key=${choice} selected=${choice === speed}>${name(choice)}</option>`)}
    </select>
    <${Icon} name="chevron" />
  </div>`;
}

/** How it learns: what may be turned while it runs. @param {PanelProps} props */
export function Training({ store, session }) {
  const { catalogue } = store;
  const spec = store.spec.value;
  const disabled = !store.mayWrite.value;
  const choices = {
    optimizer: catalogue.all("optimizer"),
    loss: catalogue.lossesFor(spec),
    regularizer: catalogue.all("regularizer"),
  };

  return html`<${Hero} store=${store} session=${session} />
    ${PICKERS.map(
      (kind) =>
        html`<${ComponentPicker}
          key=${kind}
          catalogue=${catalogue}
          kind=${kind}
          label=${t(`training.${kind}`)}
          chosen=${spec.training[kind]}
          choices=${choices[kind]}
          shownElsewhere=${HERO}
          disabled=${disabled}
          onChange=${(/** @type {Json} */ patch) => session.configure({ training: { [kind]: patch } })}
        />`,
    )}`;
}

/** The learning rate of the optimizer, if it has one. @param {PanelProps} props */
function Hero({ store, session }) {
  const { optimizer } = store.spec.value.training;
  const field = store.catalogue.find("optimizer", optimizer.name)?.fields[HERO];
  if (field === undefined) return null;
  const value = optimizer[HERO] ?? field.default;
  const scale = sliderScale(field);
  const label = words(field.label);
  const disabled = !store.mayWrite.value;
  /** @param {number} rate */
  const change = (rate) => session.configure({ training: { optimizer: { [HERO]: rate } } });

  return html`<div class="hero" data-part="rate" title=${words(field.help)}>
    <label class="figure-label" for="learning-rate">${label}</label>
    <${NumberInput} id="learning-rate" field=${field} value=${value} disabled=${disabled} onChange=${change} />
    ${
      scale &&
      html`<${Slider}
      id="learning-rate-slider"
      label=${label}
      scale=${scale}
      value=${value}
      disabled=${disabled}
      onChange=${change}
    />`
    }
  </div>`;
}
