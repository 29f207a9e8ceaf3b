import { hearsLoss, shortcuts } from "./preferences.js";

/**
 * Single keys and what each does: it presses a control of the page, with all that the control allows, or turns a choice
 * over. This table is all there is: the list in the help menu is drawn from it.
 *
 * @typedef {object} Shortcut
 * @property {string[]} keys  as `KeyboardEvent.key` names them, letters in lower case; `Control+Z` and its like with the
 *   keys that are held
 * @property {string} name  its phrase is `shortcuts.` and this
 * @property {string} [press]  the selector of the controls that it presses; of several keys the n-th presses the n-th
 * @property {string} [focus]  the selector of the control that it leads to
 * @property {() => void} [turn]
 */

/** @type {Shortcut[]} */
export const SHORTCUTS = [
  { keys: [" "], name: "play", press: "#play" },
  { keys: ["s"], name: "step", press: "#step" },
  { keys: ["r"], name: "reset", press: "#reset" },
  { keys: ["n"], name: "new_weights", press: "#new-weights" },
  { keys: ["l"], name: "learning_rate", focus: "#learning-rate-slider" },
  { keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"], name: "tabs", press: "#main .tabs > [role=tab]" },
  {
    keys: ["m"],
    name: "sound",
    turn: () => {
      hearsLoss.value = !hearsLoss.value;
    },
  },
  { keys: ["Control+Z"], name: "undo", press: "#undo" },
  { keys: ["Control+Shift+Z"], name: "redo", press: "#redo" },
  { keys: ["?"], name: "help", press: "#help" },
];

/** Where letters and digits are typed, or choose something by themselves. */
const TAKES_LETTERS =
  "input:not([type=checkbox], [type=radio], [type=range], [type=button]), textarea, select, [contenteditable], [role=textbox]";
/** Where taking back belongs to what is being written. */
const TAKES_UNDO = "input:not([type=checkbox], [type=radio], [type=range], [type=button]), textarea, [contenteditable]";
/** Where the space bar already means something. */
const TAKES_SPACE = `button, a, input, select, textarea, summary, [contenteditable], [tabindex="0"][role], [popover]`;

/** Whether the page has what a shortcut is for. @param {Shortcut} shortcut */
export const isHere = ({ press, focus }) => {
  const selector = press ?? focus;
  return selector === undefined || document.querySelector(selector) !== null;
};

/**
 * Return the shortcut of a key press, if it is one: nothing that is typed, nothing with a key of the browser's or the
 * system's, nothing while a dialog has the floor.
 *
 * @param {Pick<KeyboardEvent, "key" | "repeat" | "ctrlKey" | "metaKey" | "altKey" | "isComposing" | "defaultPrevented"> &
 *   { shiftKey?: boolean }} event
 * @param {(selector: string) => boolean} isWithin  whether the focus is on such an element, or inside of one
 */
export function shortcutOf(event, isWithin) {
  if (event.isComposing || event.defaultPrevented) return undefined;
  const chord = chordOf(event);
  if (chord !== null) return isWithin(TAKES_UNDO) || isWithin("dialog") ? undefined : find(chord);
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const key = event.key.toLowerCase();
  if (isWithin(key === " " ? TAKES_SPACE : TAKES_LETTERS) || isWithin("dialog, [popover]")) return undefined;
  return find(key);
}

/** @param {string} key */
const find = (key) => SHORTCUTS.find(({ keys }) => keys.includes(key));

/**
 * Return the name of a press of a letter with Control (or Command) held, as the table has it.
 *
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey"> & { shiftKey?: boolean }} event
 */
const chordOf = ({ key, ctrlKey, metaKey, altKey, shiftKey }) =>
  (ctrlKey || metaKey) && !altKey ? `Control+${shiftKey ? "Shift+" : ""}${key.toUpperCase()}` : null;

/** Let the keys of the table work wherever nothing is typed. */
export function listenForShortcuts() {
  addEventListener("keydown", (event) => {
    // Those that other programs have as well are no surprise: what is turned off are single letters.
    if (!shortcuts.peek() && event.key !== " " && chordOf(event) === null) return;
    if (document.querySelector("dialog:modal") !== null) return;
    // A panel that is open has single keys for itself, wherever the focus is; what is set in it can be taken back.
    if (chordOf(event) === null && document.querySelector("[popover=auto]:popover-open") !== null) return;
    const target = event.target instanceof Element ? event.target : document.body;
    const shortcut = shortcutOf(event, (selector) => target.closest(selector) !== null);
    if (shortcut === undefined) return;
    const { keys, press, focus, turn } = shortcut;
    const controls = document.querySelectorAll(press ?? focus ?? "html");
    const control = controls[Math.max(0, keys.indexOf(event.key.toLowerCase()))];
    if (!(control instanceof HTMLElement) || control.checkVisibility?.() === false) return;
    event.preventDefault();
    if (turn !== undefined) turn();
    else if (focus !== undefined) control.focus();
    else control.click();
  });
}
