import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { hintFor } from "../../static/js/hints/rules.js";

/** Curves as the engine made them, with the hints that may appear along each: recorded/record.py. */
const cases = JSON.parse(readFileSync(new URL("./recorded/curves.json", import.meta.url), "utf8"));

/** The hints that a reader who watches from the start would see. */
function hintsAlong({ points, rate }, layers = []) {
  const seen = points.map((_, index) => hintFor({ points: points.slice(0, index + 1), rate, layers }));
  return seen.filter((hint) => hint !== null);
}

/** What a rule of overfitting is called depends on which examples it looked at. */
const family = ({ name }) => name.split("_").filter((part) => !["test", "validation"].includes(part)).join("_");

for (const recorded of cases) {
  const expected = recorded.hints.length === 0 ? "nothing is said" : `nothing is said but ${recorded.hints}`;
  test(`${recorded.name}: ${expected}`, () => {
    assert.deepEqual([...new Set(hintsAlong(recorded).map(family))], recorded.hints);
  });
}

const named = (name) => cases.find((recorded) => recorded.hints.includes(name));

test("the numbers of a hint are those of the curve", () => {
  const recorded = named("overfitting");
  const [hint] = hintsAlong(recorded);
  const best = recorded.points.find(({ epoch }) => epoch === hint.values.epoch);

  assert.equal(hint.values.before, Number(best.test_loss.toPrecision(3)));
  assert.equal(hint.values.train_before, Number(best.loss.toPrecision(3)));
  assert.ok(hint.values.now > hint.values.before && hint.values.train_now < hint.values.train_before);
});

test("too large a rate is answered with a smaller one, too small with a larger one", () => {
  const [large] = hintsAlong(named("rate_large"));
  const [small] = hintsAlong(named("rate_small"));

  assert.ok(large.remedy.rate < named("rate_large").rate);
  assert.ok(small.remedy.rate > named("rate_small").rate);
});

test("what has been dismissed is not said again", () => {
  const { points, rate } = named("plateau");

  assert.equal(hintFor({ points, rate, layers: [] }, new Set(["plateau"])), null);
});

const relu = { layer: 0, units: 4, range: [0, null], activations: null };
const start = { points: [{ epoch: 1, loss: 0.6, accuracy: 0.6 }], rate: 0.03 };

test("units that are zero everywhere are dead only where zero is the end of their range, and only many count", () => {
  const said = (layer) => hintFor({ ...start, layers: [{ ...relu, ...layer }] })?.name ?? null;

  assert.equal(said({ silent: 2 }), "dead");
  assert.equal(said({ silent: 1 }), null);
  assert.equal(said({ silent: null }), null);
  assert.equal(said({ silent: 4, range: [-1, 1] }), null);
  assert.equal(said({ silent: 4, range: null }), null);
});

test("a layer at the ends of its range is told only where the loss is stuck", () => {
  const ends = { low: -1, high: 1, counts: [45, 2, 0, 0, 0, 0, 0, 0, 0, 3].concat(Array(39).fill(0), [50]) };
  const layers = [{ layer: 1, units: 4, range: [-1, 1], silent: 0, activations: ends }];
  const middle = [{ ...layers[0], activations: { ...ends, counts: [...ends.counts].fill(2) } }];
  const stuck = named("plateau");
  const learning = cases[0];

  assert.equal(hintsAlong(stuck, layers)[0].name, "saturated");
  assert.deepEqual(hintsAlong(stuck, layers)[0].values, { percent: 95, layer: 2 });
  assert.equal(hintsAlong(stuck, middle)[0].name, "plateau");
  assert.deepEqual(hintsAlong(learning, layers), []);
});

test("a network that has only begun is left in peace", () => {
  assert.equal(hintFor({ points: [], rate: 0.03, layers: [] }), null);
  assert.equal(hintFor({ ...start, layers: [] }), null);
});
