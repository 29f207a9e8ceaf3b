import { useComputed } from "@preact/signals";
import { Icon } from "../controls/icon.js";
import { html } from "../html.js";
import { number, t } from "../i18n.js";
import { RoundButton, Training } from "../panels/transport.js";

/** @import { LabProps } from "./page.js" */

/** What one turns while it runs, and how far it is. @param {LabProps} props */
export function LabTransport(props) {
  const { store, session } = props;
  return html`<section class="transport lab-transport" aria-label=${t("transport.title")}>
    <div class="transport-run">
      <${Buttons} ...${props} />
      <${HowFar} ...${props} />
    </div>
    <div class="transport-training"><${Training} store=${store} session=${session} /></div>
  </section>`;
}

/** @param {LabProps} props */
function Buttons({ store, session, lab }) {
  const isRunning = store.isRunning.value;
  const disabled = !store.mayWrite.value || store.model.value === null;
  const label = useComputed(() => {
    if (store.isRunning.value) return t("transport.pause");
    if (lab.place.value === 0) return t("mnist.start");
    const end = lab.end.value;
    return end !== null && end > Math.floor(store.epoch.value)
      ? t("mnist.continue")
      : t("mnist.more", { count: lab.epochs.value });
  });
  return html`<div class="transport-buttons">
    <button
      class="start"
      id="play"
      type="button"
      title="${label.value} (${t("transport.space")})"
      aria-keyshortcuts="Space"
      disabled=${disabled || store.state.value === "diverged"}
      onClick=${() => session.toggleRun()}
    >
      <${Icon} name=${isRunning ? "pauseFilled" : "playFilled"} />${label}
    </button>
    <${RoundButton} icon="reset" name="reset" disabled=${disabled} onClick=${() => session.reset("same")} />
    <${RoundButton} icon="dice" name="new_weights" disabled=${disabled} onClick=${() => session.reset("new")} />
  </div>`;
}

/** The progress within the epoch and to the end, as a bar and in words. @param {LabProps} props */
function HowFar({ store, lab }) {
  const share = useComputed(() => {
    const end = lab.end.value ?? Math.max(1, Math.ceil(lab.place.value));
    return Math.min(1, lab.place.value / end);
  });
  const words = useComputed(() => describe(store, lab));
  return html`<div class="how-far">
    <p class="how-far-words" id="how-far">${words}</p>
    <progress class="how-far-bar" aria-labelledby="how-far" max="1" value=${share}></progress>
  </div>`;
}

/**
 * @param {LabProps["store"]} store
 * @param {LabProps["lab"]} lab
 */
function describe(store, lab) {
  const place = lab.place.value;
  const end = lab.end.value;
  const done = Math.floor(place);
  if (store.isRunning.value) {
    const percent = Math.floor((place - done) * 100);
    // At the last evaluation the epoch is over, but there is none after it.
    const epoch = end === null ? done + 1 : Math.min(done + 1, end);
    const where =
      end === null ? t("mnist.epoch", { epoch, percent }) : t("mnist.epoch_of", { epoch, epochs: end, percent });
    const seconds = lab.secondsLeft.value;
    return `${where} · ${seconds === null ? t("mnist.measuring") : t("mnist.left", { count: Math.ceil(seconds) })}`;
  }
  if (place === 0) {
    const { samples } = store.spec.value.data.dataset;
    return t("mnist.promise", { count: lab.epochs.value, samples });
  }
  if (end !== null && end > done) return t("mnist.paused", { epoch: done + 1, epochs: end });
  const accuracy = lab.test.value.accuracy?.value;
  const trained = t("mnist.trained", { count: done });
  return accuracy === undefined || accuracy === null
    ? trained
    : `${trained} · ${t("mnist.result", { percent: number(accuracy * 100, { digits: 2 }) })}`;
}
