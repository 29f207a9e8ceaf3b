import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createTranslator, formatNumber } from "../../static/js/i18n.js";

const read = (language) =>
  JSON.parse(readFileSync(new URL(`../../static/locales/${language}.json`, import.meta.url), "utf8"));

test("both languages have the same keys", () => {
  assert.deepEqual(Object.keys(read("it")), Object.keys(read("en")));
});

test("both languages leave the same holes", () => {
  const holes = (phrase) => [...new Set(JSON.stringify(phrase).match(/\{\w+\}/g) ?? [])].sort();
  const [english, italian] = [read("en"), read("it")];

  for (const key of Object.keys(english)) assert.deepEqual(holes(italian[key]), holes(english[key]), key);
});

for (const language of ["en", "it"]) {
  test(`every plural of ${language} has all its categories`, () => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();

    for (const [key, phrase] of Object.entries(read(language))) {
      if (typeof phrase === "object") assert.deepEqual(Object.keys(phrase).sort(), categories, key);
    }
  });
}

test("a phrase takes its values", () => {
  const { translate } = createTranslator({ hello: "{name} is {value}" }, "en");

  assert.equal(translate("hello", { name: "x", value: 1234.5 }), "x is 1,234.5");
});

test("numbers in a phrase are written as in its language", () => {
  const { translate } = createTranslator({ rate: "tasso {rate}" }, "it");

  assert.equal(translate("rate", { rate: 0.003 }), "tasso 0,003");
});

test("count chooses the plural", () => {
  const { translate } = createTranslator({ layers: { one: "{count} layer", other: "{count} layers" } }, "en");

  assert.equal(translate("layers", { count: 1 }), "1 layer");
  assert.equal(translate("layers", { count: 0 }), "0 layers");
});

test("a category that is missing falls back to other", () => {
  const { translate } = createTranslator({ layers: { other: "{count} strati" } }, "it");

  assert.equal(translate("layers", { count: 1 }), "1 strati");
});

test("a missing phrase shows its key", () => {
  assert.equal(createTranslator({}, "en").translate("not.there"), "not.there");
});

test("numbers too small for their decimals take a power of ten", () => {
  assert.equal(formatNumber(0.00001, "en", { digits: 4 }), "1·10⁻⁵");
  assert.equal(formatNumber(-1234567.8, "it"), "−1,2·10⁶");
  assert.equal(formatNumber(0.0412, "en", { digits: 4, fixed: true }), "0.0412");
  assert.equal(formatNumber(0, "en", { digits: 4, fixed: true }), "0.0000");
  assert.equal(formatNumber(-0.5, "it"), "−0,5");
});
