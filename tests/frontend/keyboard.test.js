import assert from "node:assert/strict";
import { test } from "node:test";
import { SHORTCUTS, shortcutOf } from "../../static/js/keyboard.js";

const nowhere = () => false;
const press = (key, more = {}) => ({ key, repeat: false, ctrlKey: false, metaKey: false, altKey: false, ...more });
/** The focus is on an element that these words of a selector name. */
const on = (word) => (selector) => selector.includes(word);

test("no key means two things", () => {
  const keys = SHORTCUTS.flatMap(({ keys }) => keys);

  assert.equal(new Set(keys).size, keys.length);
});

test("keys do what the table says, in either case", () => {
  assert.equal(shortcutOf(press("s"), nowhere)?.name, "step");
  assert.equal(shortcutOf(press("S", { shiftKey: true }), nowhere)?.name, "step");
  assert.equal(shortcutOf(press(" "), nowhere)?.name, "play");
  assert.equal(shortcutOf(press("3"), nowhere)?.name, "tabs");
  assert.equal(shortcutOf(press("q"), nowhere), undefined);
});

test("keys that belong to the browser, the system or an input method are left alone", () => {
  for (const more of ["ctrlKey", "metaKey", "altKey", "repeat", "isComposing", "defaultPrevented"]) {
    assert.equal(shortcutOf(press("s", { [more]: true }), nowhere), undefined, more);
  }
});

test("nothing fires while something is typed or chosen by letters", () => {
  for (const word of ["textarea", "select", "contenteditable", "dialog"]) {
    assert.equal(shortcutOf(press("s"), on(word)), undefined, word);
  }
});

test("on a button the space bar is the button's, letters are not", () => {
  const onButton = (selector) => selector.startsWith("button");

  assert.equal(shortcutOf(press(" "), onButton), undefined);
  assert.equal(shortcutOf(press("r"), onButton)?.name, "reset");
});

test("changes are undone and made again as everywhere, but not where a text is written", () => {
  const undo = press("z", { ctrlKey: true });
  const redo = press("Z", { metaKey: true, shiftKey: true });

  assert.equal(shortcutOf(undo, nowhere)?.name, "undo");
  assert.equal(shortcutOf(redo, nowhere)?.name, "redo");
  assert.equal(shortcutOf(undo, on("textarea")), undefined);
  assert.equal(shortcutOf(undo, on("dialog")), undefined);
  assert.equal(shortcutOf({ ...undo, defaultPrevented: true }, nowhere), undefined);
  assert.equal(shortcutOf(press("z", { ctrlKey: true, altKey: true }), nowhere), undefined);
});
