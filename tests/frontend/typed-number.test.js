import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNumber, writeNumber } from "../../static/js/controls/typed-number.js";

test("a decimal comma and a decimal point mean the same", () => {
  assert.equal(parseNumber("0,03"), 0.03);
  assert.equal(parseNumber("0.03"), 0.03);
  assert.equal(parseNumber(" -1,5e-3 "), -0.0015);
  assert.equal(parseNumber("−2"), -2);
});

test("where both stand, the last one parts the decimals", () => {
  assert.equal(parseNumber("1.234,5"), 1234.5);
  assert.equal(parseNumber("1,234.5"), 1234.5);
  assert.equal(parseNumber("1.234.567,8"), 1234567.8);
});

test("what is no number is none", () => {
  for (const text of ["", " ", "abc", "1,2,3", "1.2.3", "--1", "0x"]) assert.ok(Number.isNaN(parseNumber(text)), text);
});

test("a number is written so that reading it gives the same", () => {
  for (const language of ["en", "it"]) {
    for (const value of [0.03, -1.5, 1e-7, 100000, 0, 0.1 + 0.2, 123456.789]) {
      assert.ok(Math.abs(parseNumber(writeNumber(value, language)) - value) < 1e-9);
    }
  }
  assert.equal(writeNumber(0.03, "it"), "0,03");
  assert.equal(writeNumber(100000, "it"), "100000");
});
