import assert from "node:assert/strict";
import { test } from "node:test";
import {
  differenceOf,
  differencesOf,
  fromBase64,
  joinedCurves,
  MAX_POINTS,
  MAX_RUNS,
  RunShelf,
  settingsOf,
  thinned,
  toBase64,
} from "../../static/js/runs.js";

/** A storage with room for so many letters. */
function storage(room = Infinity) {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => {
      if (value.length > room) throw new Error("full");
      kept.set(key, value);
    },
  };
}

/** @param {string} id @returns {any} */
const run = (id, count = 3) => ({
  id,
  letter: id.toUpperCase(),
  name: ` run ${id} `,
  spec: {},
  points: Array.from({ length: count }, (_, epoch) => ({ n: epoch + 1, run: 1, step: epoch, epoch, loss: 1 / (epoch + 1) })),
  metrics: {},
  epoch: count,
  parameters: 9,
  map: null,
});

test("a kept run is there after a reload, and can be renamed and dropped", () => {
  const place = storage();
  const shelf = new RunShelf(place);

  assert.ok(shelf.keep(run("a")));
  assert.ok(shelf.keep(run("b")));
  assert.ok(shelf.rename("a", "first"));
  assert.ok(shelf.drop("b"));

  assert.deepEqual(
    new RunShelf(place).runs.map(({ id, name }) => [id, name]),
    [["a", "first"]],
  );
});

test("a run keeps its letter when another one goes, and a new one takes the first that is free", () => {
  const shelf = new RunShelf(storage());
  for (const id of ["a", "b"]) shelf.keep({ ...run(id), letter: shelf.freeLetter });

  shelf.drop("a");

  assert.equal(shelf.runs[0].letter, "B");
  assert.equal(shelf.freeLetter, "A");
});

test("a name is never empty and never long", () => {
  const shelf = new RunShelf(storage());
  shelf.keep(run("a"));

  assert.ok(!shelf.rename("a", "   "));
  shelf.rename("a", "x".repeat(1000));

  assert.equal(shelf.runs[0].name.length, 60);
});

test("there are only so many runs, with only so many points", () => {
  const shelf = new RunShelf(storage());

  const isKept = Array.from({ length: MAX_RUNS + 1 }, (_, index) => shelf.keep(run(String(index), 3000)));

  assert.equal(isKept.filter(Boolean).length, MAX_RUNS);
  const { points } = shelf.runs[0];
  assert.equal(points.length, MAX_POINTS);
  assert.deepEqual([points[0].epoch, points.at(-1)?.epoch], [0, 2999]);
});

test("what has no room is not shown as if it were kept", () => {
  const shelf = new RunShelf(storage(10));

  assert.ok(!shelf.keep(run("a")));
  assert.deepEqual(shelf.runs, []);
});

test("what another page has left in the storage does no harm", () => {
  const place = storage();
  place.setItem("runs", "{nonsense");

  assert.deepEqual(new RunShelf(place).runs, []);
});

test("few points stay as they are", () => {
  const { points } = run("a");

  assert.equal(thinned(points, 3), points);
});

const SPEC = {
  version: 1,
  data: { dataset: { name: "xor", noise: 0.1 }, features: ["x", "y"] },
  training: { optimizer: { name: "sgd", learning_rate: 0.03 }, stop: [] },
};

test("a component is its name, with its fields below", () => {
  assert.deepEqual(
    [...settingsOf(SPEC)],
    [
      ["version", 1],
      ["data.dataset", "xor"],
      ["data.dataset.noise", 0.1],
      ["data.features", ["x", "y"]],
      ["training.optimizer", "sgd"],
      ["training.optimizer.learning_rate", 0.03],
      ["training.stop", []],
    ],
  );
});

test("only what differs is told, also where a setup has no such setting", () => {
  const other = { ...SPEC, training: { optimizer: { name: "momentum", learning_rate: 0.03, momentum: 0.9 }, stop: [] } };

  assert.deepEqual(differencesOf([SPEC, other]), [
    { path: "training.optimizer", values: ["sgd", "momentum"] },
    { path: "training.optimizer.momentum", values: [undefined, 0.9] },
  ]);
  assert.deepEqual(differencesOf([SPEC, SPEC, SPEC]), []);
});

test("bytes come back from their text", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);

  assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
});

test("the difference of two maps is even on both sides of zero", () => {
  /** @type {any} */
  const one = { values: [0, 255], rows: 1, columns: 2, ranges: [[0, 1]] };
  /** @type {any} */
  const other = { values: [255, 255], rows: 1, columns: 2, ranges: [[0, 0.5]] };

  const difference = differenceOf(one, other);

  assert.deepEqual(difference?.range, [-0.5, 0.5]);
  assert.deepEqual([...(difference?.values ?? [])], [0, 255]);
  assert.equal(difference?.mean, 0.5);
  assert.equal(differenceOf(one, { ...other, rows: 2 }), null);
  assert.equal(differenceOf(one, { ...other, ranges: [[0, 1], [0, 1]] }), null);
});

test("curves of runs that were measured at other epochs share an axis", () => {
  const [first, second] = [run("a", 3), { ...run("b", 1), points: [{ n: 1, run: 1, step: 4, epoch: 4, loss: 0.2 }] }];

  const { places, values } = joinedCurves([first, second], "loss");

  assert.deepEqual(places, [0, 1, 2, 4]);
  assert.deepEqual(values, [
    [1, 1 / 2, 1 / 3, undefined],
    [undefined, undefined, undefined, 0.2],
  ]);
});
