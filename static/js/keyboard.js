<<<<<<< HEAD
import { hearsLoss, shortcuts } from "./preferences.js";

/**
 * Single keys and what each does: it presses a control of the page, with all that the control allows, or turns a choice
 * over. This table is all there is: the list in the help menu is drawn from it.
 *
 * @typedef {object} Shortcut
 * @property {string[]} keys  as `KeyboardEvent.key` names them, letters in lower case
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
  { keys: ["?"], name: "help", press: "#help" },
];

/** Where letters and digits are typed, or choose something by themselves. */
const TAKES_LETTERS =
  "input:not([type=checkbox], [type=radio], [type=range], [type=button]), textarea, select, [contenteditable], [role=textbox]";
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
 * @param {Pick<KeyboardEvent, "key" | "repeat" | "ctrlKey" | "metaKey" | "altKey" | "isComposing" | "defaultPrevented">} event
 * @param {(selector: string) => boolean} isWithin  whether the focus is on such an element, or inside of one
 */
export function shortcutOf(event, isWithin) {
  if (event.repeat || event.isComposing || event.defaultPrevented) return undefined;
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const key = event.key.toLowerCase();
  if (isWithin(key === " " ? TAKES_SPACE : TAKES_LETTERS) || isWithin("dialog, [popover]")) return undefined;
  return SHORTCUTS.find(({ keys }) => keys.includes(key));
}

/** Let the keys of the table work wherever nothing is typed. */
export function listenForShortcuts() {
  addEventListener("keydown", (event) => {
    if (!shortcuts.peek() && event.key !== " ") return;
    if (document.querySelector("dialog:modal") !== null) return;
    const target = event.target instanceof Element ? event.target : document.body;
    const shortcut = shortcutOf(event, (selector) => target.closest(selector) !== null);
    if (shortcut === undefined) return;
    const { keys, press, focus, turn } = shortcut;
    const controls = document.querySelectorAll(press ?? focus ?? "html");
    const control = controls[keys.indexOf(event.key.toLowerCase())];
    if (!(control instanceof HTMLElement) || control.checkVisibility?.() === false) return;
    event.preventDefault();
    if (turn !== undefined) turn();
    else if (focus !== undefined) control.focus();
    else control.click();
=======
/** Where the space bar already means something. */
const OWN_SPACE = "button, a, input, select, textarea, summary, [contenteditable], [popover]";
/** Where taking back belongs to the text that is being written, and where what lies behind must stay as it is. */
const OWN_UNDO = "input:not([type=range], [type=checkbox], [type=radio]), textarea, [contenteditable], dialog";

/** Space plays and pauses, Ctrl+Z and Ctrl+Shift+Z undo and redo: they press the buttons, with all that these allow. */
export function listenForShortcuts() {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return; // Whoever has the focus has an undo of its own.
    const { target, key, repeat } = event;
    const isIn = (/** @type {string} */ places) => target instanceof Element && target.closest(places) !== null;
    const isControl = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (key === " " && !repeat && !event.ctrlKey && !event.metaKey && !event.altKey && !isIn(OWN_SPACE)) {
      press("play", event);
    } else if (isControl && key.toLowerCase() === "z" && !isIn(OWN_UNDO)) {
      press(event.shiftKey ? "redo" : "undo", event);
    } else if (isControl && key.toLowerCase() === "y" && !event.shiftKey && !isIn(OWN_UNDO)) {
      press("redo", event);
    }
>>>>>>> fc5156e (Show the run as a timeline that one can scrub, go on from, branch and undo)
  });
}

/**
 * @param {string} id
 * @param {KeyboardEvent} event
 */
function press(id, event) {
  const button = document.getElementById(id);
  if (!(button instanceof HTMLButtonElement)) return;
  event.preventDefault();
  button.click();
}
