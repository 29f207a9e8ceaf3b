import assert from "node:assert/strict";
import { test } from "node:test";
import { buildRamp, colourDomain, colourTable, outputDomain } from "../../static/js/draw/ramp.js";

const channels = (colour) => [...new Uint8Array(Uint32Array.of(colour).buffer)];
const ramp = buildRamp([
  [0, 0, 255],
  [255, 255, 255],
  [255, 128, 0],
]);

test("a ramp begins and ends with its outer colours and is opaque", () => {
  assert.deepEqual(channels(ramp[0]), [0, 0, 255, 255]);
  assert.deepEqual(channels(ramp[255]), [255, 128, 0, 255]);
});

test("the middle of the ramp is its middle colour", () => {
  for (const channel of channels(ramp[128])) assert.ok(channel >= 253, `${channel}`);
});

test("the domain of a bounded activation is its bounds", () => {
  assert.deepEqual(colourDomain([0.2, 0.9], [0, 1]), [0, 1]);
});

test("the domain of anything else is centred on zero", () => {
  assert.deepEqual(colourDomain([-1, 3], null), [-3, 3]);
  assert.deepEqual(colourDomain([0, 3], [0, null]), [-3, 3]);
});

test("a unit that is zero everywhere has the middle colour", () => {
  const table = colourTable(ramp, [0, 0], colourDomain([0, 0], null));

  assert.equal(table[0], ramp[128]);
  assert.equal(table[255], ramp[128]);
});

test("a byte gets the colour of the value it stands for", () => {
  const table = colourTable(ramp, [0, 1], [-1, 1]);

  assert.equal(table[0], ramp[128]);
  assert.equal(table[255], ramp[255]);
});

test("an output without bounds is measured against its targets", () => {
  assert.deepEqual(outputDomain([0, 1]), [0, 1]);
  assert.deepEqual(outputDomain([0, null]), [-1, 1]);
  assert.deepEqual(outputDomain(null), [-1, 1]);
});

test("what is not a number takes the middle", () => {
  const table = colourTable(ramp, [Number.NaN, Number.NaN], [0, 1]);

  assert.equal(table[77], ramp[128]);
});

test("values beyond the domain take its end", () => {
  const table = colourTable(ramp, [-4, 4], [-1, 1]);

  assert.equal(table[0], ramp[0]);
  assert.equal(table[255], ramp[255]);
});
