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
  const disabled = !store.mayWrite.value || store.model.value === null;
  const isStuck = store.state.value === "diverged";
  const play = isRunning ? t("transport.pause") : t("transport.play");
  return html`<div class="transport-buttons">
    <${RoundButton} icon="reset" label=${t("transport.reset")} disabled=${disabled} onClick=${() => session.reset("same")} />
    <${RoundButton} icon="dice" label=${t("transport.new_weights")} disabled=${disabled} onClick=${() => session.reset("new")} />
    <button
      class="play"
      id="play"
      type="button"
      aria-label=${play}
      title="${play} (${t("transport.space")})"
      aria-keyshortcuts="Space"
      disabled=${disabled || isStuck}
      onClick=${() => session.toggleRun()}
    >
      <${Icon} name=${isRunning ? "pauseFilled" : "playFilled"} />
    </button>
    <${RoundButton} icon="step" label=${t("transport.step")} disabled=${disabled || isStuck} onClick=${() => session.step()} />
  </div>`;
}

/** @param {{ icon: string, label: string, disabled: boolean, onClick: () => void }} props */
function RoundButton({ icon, label, disabled, onClick }) {
  return html`<button class="round" type="button" aria-label=${label} title=${label} disabled=${disabled} onClick=${onClick}><${Icon} name=${icon} /></button>`;
}

/** @param {PanelProps} props */
function Epoch({ store }) {
  const text = useComputed(() => number(Math.floor(store.epoch.value)));
  return html`<div class="figure epoch"><span class="figure-label" id="epoch-label">${t("transport.epoch")}</span><output class="figure-value" id="epoch" aria-labelledby="epoch-label" aria-live="off">${text}</output></div>`;
}

/** @param {PanelProps} props */
function Speed({ store, session }) {
  const speed = store.speed.value;
  const speeds = SPEEDS.includes(speed) ? SPEEDS : [speed, ...SPEEDS];
  return html`<div class="speed">
    <label class="figure-label" for="speed">${t("transport.speed")}</label>
    <select
      id="speed"
      disabled=${!store.mayWrite.value}
      onChange=${(/** @type {any} */ event) => session.setSpeed(speeds[event.currentTarget.selectedIndex])}
    >
      ${speeds.map((choice) => html`<option key=${choice} selected=${choice === speed}>${choice === null ? t("transport.speed_max") : t("transport.speed_value", { speed: choice })}</option>`)}
    </select>
    <${Icon} name="chevron" />
  </div>`;
}

/** @param {PanelProps} props */
function Training({ store, session }) {
  const { catalogue } = store;
  const { training } = store.spec.value;
  const disabled = !store.mayWrite.value;
  /** @param {Json} patch */
  const change = (patch) => session.configure({ training: patch });

  const optimizer = catalogue.find("optimizer", training.optimizer.name);
  const hero = optimizer?.fields[HERO];
  const rate = training.optimizer[HERO] ?? hero?.default;
  const scale = hero ? sliderScale(hero) : null;
  const label = words(hero?.label);
  const changeRate = (/** @type {number} */ value) => change({ optimizer: { [HERO]: value } });

  return html`${hero &&
    html`<div class="hero" title=${words(hero.help)}>
      <label class="figure-label" for="learning-rate">${label}</label>
      <${NumberInput} id="learning-rate" field=${hero} value=${rate} disabled=${disabled} onChange=${changeRate} />
      ${scale && html`<${Slider} id="learning-rate-slider" label=${label} scale=${scale} value=${rate} disabled=${disabled} onChange=${changeRate} />`}
    </div>`}
    <${ComponentPicker}
      catalogue=${catalogue}
      kind="optimizer"
      label=${t("training.optimizer")}
      chosen=${training.optimizer}
      choices=${catalogue.all("optimizer")}
      shownElsewhere=${HERO}
      disabled=${disabled}
      onChange=${(/** @type {Json} */ patch) => change({ optimizer: patch })}
    />
    <${ComponentPicker}
      catalogue=${catalogue}
      kind="loss"
      label=${t("training.loss")}
      chosen=${training.loss}
      choices=${catalogue.lossesFor(store.spec.value)}
      disabled=${disabled}
      onChange=${(/** @type {Json} */ patch) => change({ loss: patch })}
    />
    <${ComponentPicker}
      catalogue=${catalogue}
      kind="regularizer"
      label=${t("training.regularizer")}
      chosen=${training.regularizer}
      choices=${catalogue.all("regularizer")}
      disabled=${disabled}
      onChange=${(/** @type {Json} */ patch) => change({ regularizer: patch })}
    />`;
}
