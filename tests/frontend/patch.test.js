import assert from "node:assert/strict";
import { test } from "node:test";
import { applyPatch, composePatches } from "../../static/js/patch.js";

test("a patch changes what it names and nothing else", () => {
  assert.deepEqual(applyPatch({ a: { b: 1, c: 2 }, d: 3 }, { a: { b: 4 } }), { a: { b: 4, c: 2 }, d: 3 });
});

test("null deletes, lists are replaced whole", () => {
  assert.deepEqual(applyPatch({ a: 1, b: [1, 2] }, { a: null, b: [3] }), { b: [3] });
});

test("the original stays as it was", () => {
  const original = { a: { b: 1 } };

  applyPatch(original, { a: { b: 2 } });

  assert.deepEqual(original, { a: { b: 1 } });
});

test("two patches in one do what they do one after the other", () => {
  const spec = { a: { b: 1, c: 2 }, d: [1] };
  const [first, second] = [{ a: { b: 3, c: null } }, { a: { e: 4 }, d: [2] }];

  assert.deepEqual(applyPatch(spec, composePatches(first, second)), applyPatch(applyPatch(spec, first), second));
});
