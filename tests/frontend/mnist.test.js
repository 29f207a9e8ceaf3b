import assert from "node:assert/strict";
import { test } from "node:test";
import { largestCounts } from "../../static/js/controls/confusion-matrix.js";
import { chosen, ranges } from "../../static/js/mnist/choice.js";
import { Drawing } from "../../static/js/mnist/drawing.js";
import { NewestOnly } from "../../static/js/newest.js";
import { decodeRows } from "../../static/js/mnist/npy.js";
import { accuracyFloor, batchesPerEpoch, Pace, placeOf } from "../../static/js/mnist/plan.js";
import { newest } from "../../static/js/points.js";

test("a last, smaller batch counts", () => {
  assert.equal(batchesPerEpoch(60_000, 1, 128), 469);
  assert.equal(batchesPerEpoch(1000, 0.8, 100), 8);
  assert.equal(batchesPerEpoch(100, 1, 4096), 1);
});

test("a point lies within its epoch by the batch, and at its end without", () => {
  assert.equal(placeOf({ n: 1, run: 1, step: 5, epoch: 2, batch: 5 }, 10), 2.5);
  assert.equal(placeOf({ n: 1, run: 1, step: 30, epoch: 3 }, 10), 3);
  assert.equal(placeOf({ n: 1, run: 1, step: 30, epoch: 3, batch: 20 }, 10), 4);
});

test("the time left follows from the pace", () => {
  const pace = new Pace();
  assert.equal(pace.secondsLeft(5), null);

  pace.note(10, 0);
  pace.note(10.1, 0.05);
  assert.equal(pace.secondsLeft(5), null, "too early to tell");
  pace.note(12, 1);

  assert.equal(pace.secondsLeft(5), 8);
});

test("the pace is that of the last seconds", () => {
  const pace = new Pace();
  for (let second = 0; second <= 100; second += 1) pace.note(second, second < 50 ? second : 50 + (second - 50) / 10);

  assert.ok(Math.abs(pace.secondsLeft(56) - 10) < 0.01);
});

test("a new run has a pace of its own", () => {
  const pace = new Pace();
  pace.note(0, 0);
  pace.note(5, 3);
  pace.note(6, 0.1);

  assert.equal(pace.secondsLeft(5), null);
});

test("accuracies are shown on an axis on which they differ", () => {
  assert.deepEqual([0.1, 0.6, 0.85, 0.91, 0.97].map(accuracyFloor), [0, 0.5, 0.8, 0.8, 0.9]);
});

test("the newest value of a metric may lie some points back", () => {
  const points = [{ epoch: 1, loss: 3, test_loss: 4 }, { epoch: 1, loss: 2 }];

  assert.deepEqual(newest(points, "test_loss"), { epoch: 1, value: 4 });
  assert.equal(newest(points, "test_accuracy"), undefined);
});

const predictions = {
  step: 1,
  actual: [0, 1, 2, 1, 2],
  predicted: [0, 2, 2, 1, 1],
  confidence: [0.9, 0.5, 0.8, 0.7, 0.6],
  confusion: [
    [1, 0, 0],
    [0, 1, 1],
    [0, 1, 1],
  ],
};

test("all digits come in their order", () => {
  assert.deepEqual(chosen(predictions, { onlyMistakes: false, cell: null }), [0, 1, 2, 3, 4]);
});

test("mistakes come with the surest first", () => {
  assert.deepEqual(chosen(predictions, { onlyMistakes: true, cell: null }), [4, 1]);
});

test("a cell of the matrix chooses its digits", () => {
  assert.deepEqual(chosen(predictions, { onlyMistakes: false, cell: { actual: 1, predicted: 2 } }), [1]);
  assert.deepEqual(chosen(predictions, { onlyMistakes: false, cell: { actual: 1, predicted: 1 } }), [3]);
  assert.deepEqual(chosen(predictions, { onlyMistakes: true, cell: { actual: 1, predicted: 1 } }), []);
});

test("images that lie close together are fetched at once", () => {
  assert.deepEqual(ranges([12, 3, 4, 9, 40], 2), [
    { offset: 3, limit: 2 },
    { offset: 9, limit: 4 },
    { offset: 40, limit: 1 },
  ]);
  assert.deepEqual(ranges([], 2), []);
});

test("the colours of a matrix without counts divide by nothing", () => {
  assert.deepEqual(largestCounts([[0, 0], [0, 0]]), { right: 1, wrong: 1 });
  assert.deepEqual(largestCounts([[7, 2], [3, 9]]), { right: 9, wrong: 3 });
});

/** NumPy's own bytes of `np.array([[1, 2, 3], [4, 5, 255]], dtype=np.uint8)`. */
function npy() {
  const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }".padEnd(117) + "\n";
  const text = `\x93NUMPY\x01\x00${String.fromCharCode(header.length, 0)}${header}`;
  return Uint8Array.from([...Array.from(text, (letter) => letter.charCodeAt(0)), 1, 2, 3, 4, 5, 255]).buffer;
}

test("rows of bytes are read from an npy file", () => {
  assert.deepEqual(decodeRows(npy()).map((row) => [...row]), [[1, 2, 3], [4, 5, 255]]);
});

test("what is no npy file is refused", () => {
  assert.throws(() => decodeRows(new Uint8Array(200).buffer), /npy/);
});

test("a pad takes 200 strokes and no more, until some are taken back", () => {
  const drawing = new Drawing();
  for (let stroke = 0; stroke < 1000; stroke += 1) drawing.begin({ x: 0, y: 0 });

  assert.equal(drawing.strokes.length, 200);
  assert.ok(drawing.isFull);
  drawing.undo();
  assert.ok(!drawing.isFull);
  assert.ok(drawing.begin({ x: 0, y: 0 }));
});

test("a stroke without end stops at 20,000 points", () => {
  const drawing = new Drawing();
  drawing.begin({ x: 0, y: 0 });
  for (let point = 0; point < 30_000; point += 1) drawing.extend({ x: 0, y: 0 });

  assert.equal(drawing.strokes[0].length, 20_000);
  assert.ok(drawing.isFull);
  drawing.clear();
  assert.ok(drawing.begin({ x: 0, y: 0 }));
});

test("undoing on an empty pad does nothing", () => {
  const drawing = new Drawing();
  drawing.undo();

  assert.deepEqual(drawing.strokes, []);
});

test("while one question is open only the newest of the others is asked", async () => {
  const asked = [];
  const answers = [];
  const questions = new NewestOnly((question) => {
    asked.push(question);
    return new Promise((resolve) => answers.push(resolve));
  });

  const done = questions.ask(1);
  questions.ask(2);
  questions.ask(3);
  assert.deepEqual(asked, [1]);
  answers[0]();
  await new Promise(setImmediate);
  assert.deepEqual(asked, [1, 3]);
  answers[1]();
  await done;
  assert.deepEqual(asked, [1, 3]);
});
