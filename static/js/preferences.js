import { effect, signal } from "@preact/signals";
import { recall, remember } from "./memory.js";

/** @import { Signal } from "@preact/signals" */

/**
 * A choice of this browser's reader, kept until it is changed. What is as at first is not kept.
 *
 * @template Value
 * @param {string} name
 * @param {Value} usual
 * @param {(text: string) => Value} read  what was kept as a text
 * @returns {Signal<Value>}
 */
function kept(name, usual, read) {
  const text = recall(name);
  const choice = signal(text === null ? usual : read(text));
  effect(() => remember(name, choice.value === usual ? null : String(choice.value)));
  return choice;
}

/** @param {string} name @param {boolean} usual */
const keptSwitch = (name, usual) => kept(name, usual, (text) => text === "true");

const USUAL_VOLUME = 0.4;
/** @param {string} text */
const readVolume = (text) => (Number(text) >= 0 && Number(text) <= 1 ? Number(text) : USUAL_VOLUME);

/** Letters of this size are what browsers call large; boot/theme.js knows it too. */
const LARGE_LETTERS_PX = 20;
/** Whether the reader has chosen large letters in the browser's own settings. */
const hasLargeLetters = () =>
  Number.parseFloat(getComputedStyle(document.documentElement).fontSize) >= LARGE_LETTERS_PX;

/** Large type for the last row, and cards folded that are set up once. */
export const largeType = keptSwitch("large-type", typeof document === "object" && hasLargeLetters());
/** Whether the loss is heard while it runs. */
export const hearsLoss = keptSwitch("sound", false);
/** Whether the test loss is heard with it, as a second voice. */
export const hearsTest = keptSwitch("sound-test", false);
/** From 0 to 1. */
export const volume = kept("sound-volume", USUAL_VOLUME, readVolume);
/** Whether the state is told every few seconds while it runs, to those who listen. */
export const announces = keptSwitch("announces", false);
/** Whether the page says what it sees go wrong. */
export const hints = keptSwitch("hints", false);
/** Whether single keys press buttons; some assistive technologies type letters by themselves. */
export const shortcuts = keptSwitch("shortcuts", true);

/** Let large type stand in the document, where CSS reads it. */
export function applyLargeType() {
  effect(() => {
    if (largeType.value) document.documentElement.dataset.type = "large";
    else delete document.documentElement.dataset.type;
  });
}
