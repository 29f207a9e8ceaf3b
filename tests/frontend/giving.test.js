import assert from "node:assert/strict";
import { test } from "node:test";
import { Catalogue } from "../../static/js/catalogue.js";
import { choosing } from "../../static/js/panels/data/choosing.js";
import { givePoints } from "../../static/js/panels/data/giving.js";

const usual = { train: 0.5, validation: 0, test: 0.5 };
const all = { train: 1, validation: 0, test: 0 };
const catalogue = new Catalogue({
  components: {
    dataset: [
      { name: "xor", fields: { samples: {}, noise: {} } },
      { name: "squares", fields: { samples: {}, noise: {}, squares: {} } },
      { name: "gate", fields: { gate: {} }, whole: true },
      { name: "painted", given: true, fields: { points: {}, task: {} } },
      { name: "sheet", given: true, fields: { id: {}, columns: {}, scaled: {} } },
    ],
  },
  fields: {},
  defaults: { data: { split: usual, features: ["x", "y"] } },
  presets: [],
  limits: {},
});
const specOf = (dataset, split = usual, features = ["x", "y"]) => ({ data: { dataset, split, features } });

test("another data set keeps what both have and drops the rest without a word", () => {
  const patch = choosing(catalogue, specOf({ name: "squares", samples: 9, noise: 0.1, squares: 4 }), "xor");

  assert.deepEqual(patch, { dataset: { name: "xor", squares: null } });
});

test("a whole set is all for training, and after it the usual split comes back", () => {
  const there = choosing(catalogue, specOf({ name: "xor", samples: 9, noise: 0.1 }), "gate");
  const back = choosing(catalogue, specOf({ name: "gate", gate: "and" }, all), "xor");

  assert.deepEqual(there, { dataset: { name: "gate", samples: null, noise: null }, split: all });
  assert.deepEqual(back, { dataset: { name: "xor", gate: null }, split: usual });
});

test("a split of the reader's own stays", () => {
  const mine = { train: 1, validation: 0, test: 0 };

  assert.deepEqual(choosing(catalogue, specOf({ name: "xor" }, mine), "squares"), { dataset: { name: "squares" } });
});

test("from painted points nothing is taken along", () => {
  const patch = choosing(catalogue, specOf({ name: "painted", points: [[0, 0, 1]], task: "binary" }, all), "xor");

  assert.deepEqual(patch, { dataset: { name: "xor", points: null, task: null }, split: usual });
});

test("from a table with its own test and many columns the plane comes back", () => {
  const sheet = { name: "sheet", id: "sha256-1", columns: ["a", "b", "c"], scaled: true };
  const patch = choosing(catalogue, specOf(sheet, { train: 1, validation: 0, test: null }, []), "xor");

  assert.deepEqual(patch.features, ["x", "y"]);
  assert.deepEqual(patch.split, usual);
});

/** A session that keeps what it is asked for. */
const session = () => {
  const asked = [];
  return {
    asked,
    configure: async (patch, options) => asked.push([patch.data, options]),
    tables: { add: async () => ({ id: "sha256-2" }) },
  };
};
const storeOf = (spec) => ({ catalogue, spec: { peek: () => spec } });

test("the first painted point is all for training, later ones leave the split alone", async () => {
  const painting = session();
  await givePoints(storeOf(specOf({ name: "xor", noise: 0.1 })), painting, [[1, 2, 0]], "mine");
  await givePoints(storeOf(specOf({ name: "painted", points: [[1, 2, 0]], task: "binary" })), painting, [[1, 2, 2]], "mine");

  const points = { name: "painted", points: [[1, 2, 0]], task: "binary" };
  assert.deepEqual(painting.asked[0], [{ dataset: { noise: null, ...points }, split: all }, { keep: true }]);
  assert.deepEqual(painting.asked[1][0], { dataset: { name: "painted", points: [[1, 2, 2]], task: "multiclass" } });
});

test("many points are a table in which they stay where they are; none are not sent", async () => {
  const painting = session();
  const many = Array.from({ length: 201 }, (_, index) => [0, 0, index % 2]);

  assert.equal(await givePoints(storeOf(specOf({ name: "xor" })), painting, many, "mine"), "sha256-2");
  assert.equal(await givePoints(storeOf(specOf({ name: "xor" })), painting, [], "mine"), null);

  assert.equal(painting.asked.length, 1);
  assert.deepEqual(painting.asked[0][0].dataset, {
    name: "sheet",
    id: "sha256-2",
    target: "class",
    columns: ["x", "y"],
    task: "binary",
    scaled: false,
  });
});
