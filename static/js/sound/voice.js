import { effect } from "@preact/signals";
import { hearsTest, volume } from "../preferences.js";
import { isTickDue, loudnessOf, pitchOf } from "./pitch.js";

/** @import { Store } from "../store.js" */

/** Fast enough to follow, slow enough not to crack. */
const GLIDE_S = 0.03;
const LOUDEST = 0.25;
const TICK_S = 0.02;

/**
 * Let the loss be heard while the session runs: one voice for training on the left, a softer one for the test on the
 * right, and a tick when an epoch is over. It is silent on pause and while the page is not seen.
 *
 * @param {Store} store
 * @returns {() => void} silences it
 */
export function sing(store) {
  const context = new AudioContext();
  const out = new GainNode(context, { gain: 0 });
  out.connect(context.destination);
  const train = voice(context, out, "sine", -0.4);
  const test = voice(context, out, "triangle", 0.4);
  let lastTick = Number.NEGATIVE_INFINITY;
  let epoch = Math.floor(store.epoch.peek());

  const isHeard = () => store.isRunning.peek() && !document.hidden;
  /** A browser lets no page sound before it was touched. */
  const wake = () => {
    if (context.state === "suspended" && isHeard()) void context.resume();
  };
  const follow = () => {
    const now = context.currentTime;
    out.gain.setTargetAtTime(isHeard() ? LOUDEST * loudnessOf(volume.peek()) : 0, now, GLIDE_S);
    wake();
  };

  const stops = [
    effect(() => {
      store.isRunning.value;
      volume.value;
      follow();
    }),
    effect(() => {
      const { loss, test_loss: testLoss } = store.metrics.value;
      train.sing(pitchOf(loss));
      test.sing(hearsTest.value ? pitchOf(testLoss) : null);
    }),
    effect(() => {
      const newest = Math.floor(store.epoch.value);
      if (newest > epoch && isHeard() && isTickDue(performance.now() - lastTick)) {
        lastTick = performance.now();
        tick(context, out);
      }
      epoch = newest;
    }),
  ];
  document.addEventListener("visibilitychange", follow);
  addEventListener("pointerdown", wake);
  addEventListener("keydown", wake);

  return () => {
    for (const stop of stops) stop();
    document.removeEventListener("visibilitychange", follow);
    removeEventListener("pointerdown", wake);
    removeEventListener("keydown", wake);
    out.gain.setTargetAtTime(0, context.currentTime, GLIDE_S);
    setTimeout(() => void context.close(), 8 * 1000 * GLIDE_S);
  };
}

/**
 * @param {AudioContext} context
 * @param {AudioNode} out
 * @param {OscillatorType} type
 * @param {number} pan  -1 left, 1 right
 */
function voice(context, out, type, pan) {
  const tone = new OscillatorNode(context, { type });
  const gain = new GainNode(context, { gain: 0 });
  tone.connect(gain).connect(new StereoPannerNode(context, { pan })).connect(out);
  tone.start();
  return {
    /** @param {number | null} hertz  null: be silent */
    sing(hertz) {
      const now = context.currentTime;
      if (hertz !== null) tone.frequency.setTargetAtTime(hertz, now, GLIDE_S);
      gain.gain.setTargetAtTime(hertz === null ? 0 : 0.5, now, GLIDE_S);
    },
  };
}

/**
 * @param {AudioContext} context
 * @param {AudioNode} out
 */
function tick(context, out) {
  const now = context.currentTime;
  const tone = new OscillatorNode(context, { type: "square", frequency: 2400 });
  const gain = new GainNode(context, { gain: 0.12 });
  gain.gain.setTargetAtTime(0, now, TICK_S / 4);
  tone.connect(gain).connect(out);
  tone.start(now);
  tone.stop(now + TICK_S);
}
