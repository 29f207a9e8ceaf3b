import assert from "node:assert/strict";
import { test } from "node:test";
import { isTickDue, loudnessOf, pitchOf } from "../../static/js/sound/pitch.js";

test("a loss that falls to the same share falls by the same interval, whatever its size", () => {
  const octaves = (high, low) => Math.log2(pitchOf(high) / pitchOf(low));

  assert.ok(Math.abs(octaves(1, 0.1) - octaves(0.01, 0.001)) < 1e-9);
  assert.ok(octaves(1, 0.5) > 0.2, "a halved loss is heard");
});

test("a smaller loss never sounds higher", () => {
  const pitches = [1e9, 10, 3, 1, 0.3, 0.1, 0.01, 1e-4, 1e-9, 0].map(pitchOf);

  assert.deepEqual(pitches, pitches.toSorted((a, b) => b - a));
});

test("every loss can be heard: neither too deep nor too high", () => {
  for (const loss of [0, 1e-300, 0.5, 1e300, Number.POSITIVE_INFINITY]) {
    assert.ok(pitchOf(loss) >= 109.9 && pitchOf(loss) <= 1760.1, String(loss));
  }
});

test("what is no number makes no sound", () => {
  for (const loss of [null, undefined, Number.NaN]) assert.equal(pitchOf(loss), null);
});

test("ticks never run together", () => {
  assert.equal(isTickDue(50), false);
  assert.equal(isTickDue(1000), true);
});

test("the middle of the volume is not half as loud but a quarter, and none is none", () => {
  assert.deepEqual([0, 0.5, 1, 2].map(loudnessOf), [0, 0.25, 1, 1]);
});
