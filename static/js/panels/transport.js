import { useComputed } from "@preact/signals";
import { ComponentPicker } from "../controls/component-picker.js";
import { Icon } from "../controls/icon.js";
import { NumberInput } from "../controls/number-input.js";
import { sliderScale } from "../controls/scale.js";
import { Slider } from "../controls/slider.js";
import { html } from "../html.js";
import { number, t, words } from "../i18n.js";
import { openLens } from "./lenses.js";
import { More } from "./more.js";
import { StepBy } from "./step-by.js";
import { UndoButtons } from "./undo.js";

/** @import { Store } from "../store.js" */
/** @import { Json } from "../types.js" */
/** @import { PanelProps } from "./playground.js" */

/** Epochs a second; null: as fast as the server allows. */
const SPEEDS = [1, 5, 20, 60, 200, null];

/** The field that has its own place in the bar: the course is about it. */
const HERO = "learning_rate";

/** The lens that shows what a step does. */
const STEP_LENS = "example";

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
    <${UndoButtons} store=${store} session=${session} />
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
    <${StepBy} store=${store} session=${session} disabled=${disabled || isStuck} />
  </div>`;
}

/** The ids by which the keyboard's table knows the buttons, and their keys. */
const SHORTCUTS = /** @type {const} */ ({
  reset: { id: "reset", key: "R" },
  new_weights: { id: "new-weights", key: "N" },
});

/** @param {{ icon: string, name: "reset" | "new_weights", part?: string, disabled: boolean, onClick: () => void }} props */
export function RoundButton({ icon, name, part, disabled, onClick }) {
  const label = t(`transport.${name}`);
  return html`<button
    class="round"
    id=${SHORTCUTS[name].id}
    data-part=${part}
    type="button"
    aria-label=${label}
    aria-keyshortcuts=${SHORTCUTS[name].key}
    title="${label} (${SHORTCUTS[name].key})"
    disabled=${disabled}
    onClick=${onClick}
  >
    <${Icon} name=${icon} />
  </button>`;
}

/** @param {PanelProps} props */
function Epoch({ store }) {
  const text = useComputed(() => number(Math.floor(store.epoch.value)));
  const within = useComputed(() => withinEpoch(store));
  return html`<div class="epoch">
    <span class="figure-label" id="epoch-label">${t("transport.epoch")}</span>
    <output class="figure-value" id="epoch" aria-labelledby="epoch-label" aria-live="off">${text}</output>
    <button
      class="within-epoch"
      id="within-epoch"
      type="button"
      title=${t("transport.explain")}
      onClick=${() => openLens(STEP_LENS)}
    >
      ${within}
    </button>
  </div>`;
}

/**
 * How far into an epoch a session is that rests there.
 *
 * @param {Store} store
 */
function withinEpoch(store) {
  const progress = store.epochProgress.value;
  if (progress === null || progress.examples === 0) return "";
  const size = store.spec.value.training.batch_size;
  const isWhole = progress.examples % size === 0;
  return isWhole
    ? t("transport.batch_of", { batch: progress.examples / size, batches: Math.ceil(progress.of / size) })
    : t("transport.example_of", { example: progress.examples, examples: progress.of });
}

/** @param {PanelProps} props */
function Speed({ store, session }) {
  const speed = store.speed.value;
  const speeds = SPEEDS.includes(speed) ? SPEEDS : [speed, ...SPEEDS];
  /** @param {Event & { currentTarget: HTMLSelectElement }} event */
  const choose = (event) => session.setSpeed(speeds[event.currentTarget.selectedIndex]);
  /** @param {number | null} choice */
  const name = (choice) => (choice === null ? t("transport.speed_max") : t("transport.speed_value", { count: choice }));
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
          brief=${kind === "regularizer" ? t("training.regularizer_short") : undefined}
          chosen=${spec.training[kind]}
          choices=${choices[kind]}
          resolved=${kind === "loss" ? resolvedLoss(store) : undefined}
          shownElsewhere=${HERO}
          disabled=${disabled}
          onChange=${(/** @type {Json} */ patch) => session.configure({ training: { [kind]: patch } })}
        />`,
    )}
    <${More} store=${store} session=${session} />`;
}

/**
 * The loss that trains, where the server has the one that is shown.
 *
 * @param {Store} store
 */
const resolvedLoss = (store) =>
  store.serverSpec.value?.training.loss.name === store.spec.value.training.loss.name ? store.loss.value : undefined;

/** The learning rate of the optimizer, if it has one. @param {PanelProps} props */
function Hero({ store, session }) {
  const { optimizer } = store.spec.value.training;
  const field = store.catalogue.find("optimizer", optimizer.name)?.fields[HERO];
  // A schedule makes another rate of it with every step: that one is told, the slider stays.
  const now = useComputed(() => {
    const rate = store.learningRate.value;
    const asked = store.serverSpec.value?.training.optimizer[HERO];
    if (rate === null || asked === undefined || Math.abs(rate - asked) <= 1e-6 * asked) return "";
    return t("transport.rate_now", { rate: Number(rate.toPrecision(3)) });
  });
  if (field === undefined) return null;
  const value = optimizer[HERO] ?? field.default;
  const scale = sliderScale(field);
  const label = words(field.label);
  const disabled = !store.mayWrite.value;
  /** @param {number} rate */
  const change = (rate) => session.configure({ training: { optimizer: { [HERO]: rate } } });

  return html`<div class="hero" data-part="rate" title=${words(field.help)}>
    <span class="hero-label figure-label">
      <label for="learning-rate">${label}</label>
      <span class="hero-now" id="rate-now">${now}</span>
    </span>
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
