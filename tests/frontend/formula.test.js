import assert from "node:assert/strict";
import { test } from "node:test";
import { sumText, termsOf } from "../../static/js/formula.js";
import { formatNumber } from "../../static/js/i18n.js";

/** @param {"en" | "it"} language */
const inLanguage = (language) => (/** @type {number} */ size) =>
  formatNumber(size, language, { digits: 2, fixed: true });
const rest = (/** @type {number} */ count) => `… ${count} more`;

test("a unit's formula has its numbers with their signs, as each language writes them", () => {
  const terms = [
    { name: "x", weight: 1.2 },
    { name: "y", weight: -0.714 },
  ];

  assert.equal(sumText(terms, 0.33, inLanguage("en"), rest), "1.20·x − 0.71·y + 0.33");
  assert.equal(sumText(terms, -0.33, inLanguage("it"), rest), "1,20·x − 0,71·y − 0,33");
});

test("a formula may begin with a minus", () => {
  assert.equal(sumText([{ name: "h1.1", weight: -2 }], 0, inLanguage("en"), rest), "−2.00·h1.1 + 0.00");
});

test("a long formula keeps its largest terms in their order and counts the others", () => {
  const terms = Array.from({ length: 10 }, (_, index) => ({ name: `h1.${index + 1}`, weight: index }));

  assert.equal(
    sumText(terms, 1, (size) => String(size), rest),
    "4·h1.5 + 5·h1.6 + 6·h1.7 + 7·h1.8 + 8·h1.9 + 9·h1.10 + … 4 more + 1",
  );
});

test("layers with the same arithmetic that follow one another are told together", () => {
  const layers = [
    { inputs: 2, units: 8 },
    { inputs: 8, units: 8 },
    { inputs: 8, units: 8 },
    { inputs: 8, units: 1 },
  ];

  assert.deepEqual(termsOf(layers), ["(2·8 + 8)", "2·(8·8 + 8)", "(8·1 + 1)"]);
});
