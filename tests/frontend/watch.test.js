import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { compared, kept, tokenIn, Watch } from "../../static/js/admin/watch.js";
import { Problem } from "../../static/js/problems.js";

const load = (changes = {}) => ({
  time_s: 100,
  frames: 1000,
  web: { memory_bytes: 100, processor_s: 5 },
  workers: [{ memory_bytes: 50, processor_s: 40 }],
  ...changes,
});

test("a first look has nothing to compare with", () => {
  const sample = compared(null, load());

  assert.equal(sample.framesPerSecond, null);
  assert.deepEqual(sample.processors, [null, null]);
  assert.equal(sample.memory, 150);
});

test("a second look tells how much came to pass in between, by the server's clock", () => {
  const later = load({
    time_s: 102,
    frames: 1050,
    web: { memory_bytes: 100, processor_s: 5.5 },
    workers: [{ memory_bytes: 60, processor_s: 42 }],
  });

  const sample = compared(load(), later);

  assert.equal(sample.framesPerSecond, 25);
  assert.deepEqual(sample.processors, [0.25, 1]);
});

test("after a restart of the server, or of a worker, no rate is invented", () => {
  assert.equal(compared(load(), load({ time_s: 3, frames: 7 })).framesPerSecond, null);
  assert.equal(compared(load(), load({ time_s: 200, frames: 7 })).framesPerSecond, null);
  const replaced = load({ time_s: 102, workers: [{ memory_bytes: null, processor_s: 0.1 }] });
  assert.deepEqual(compared(load(), replaced).processors, [0, null]);
});

test("five minutes are kept, and nothing of before a restart", () => {
  const at = (time_s) => ({ time_s, framesPerSecond: 1, memory: 1, processors: [] });
  const times = (samples) => samples.map(({ time_s }) => time_s);

  assert.deepEqual(times(kept([at(100), at(399), at(401)], at(402))), [399, 401, 402]);
  assert.deepEqual(times(kept([at(100), at(399)], at(5))), [5]);
});

test("the token stands after the number sign", () => {
  assert.equal(tokenIn("#token=a-b_c"), "a-b_c");
  assert.equal(tokenIn("#session=1"), null);
  assert.equal(tokenIn(""), null);
});

/** A watch of a server that answers what it is given, in turn; the last answer again and again. */
function watching(...answers) {
  const asked = [];
  const remembered = [];
  const api = {
    load: async (token) => {
      asked.push(token);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const memory = { remember: (token) => remembered.push(token), forget: () => remembered.push(null) };
  return { watch: new Watch(api, memory), asked, remembered };
}

/** Let so much time pass, and all that follows from it. */
async function pass(milliseconds) {
  mock.timers.tick(milliseconds);
  for (let turn = 0; turn < 10; turn += 1) await null;
}

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.document = /** @type {any} */ ({ hidden: false });
});
afterEach(() => {
  mock.timers.reset();
  delete globalThis.document;
});

test("it looks again every other second, while somebody looks at the page", async () => {
  const { watch, asked, remembered } = watching(load());
  await watch.open("right");
  await pass(2000);
  assert.equal(asked.length, 2);

  document.hidden = true;
  await pass(2000);
  await pass(60_000);
  assert.equal(asked.length, 2);
  document.hidden = false;
  await watch.look();

  assert.equal(asked.length, 3);
  assert.deepEqual(remembered, ["right"]);
});

test("a wrong token is forgotten and not tried again", async () => {
  const { watch, asked, remembered } = watching(new Problem({ code: "not_found", status: 404 }));

  await watch.open("wrong");
  await pass(60_000);

  assert.deepEqual(asked, ["wrong"]);
  assert.deepEqual(remembered, [null]);
  assert.equal(watch.load.value, null);
  assert.notEqual(watch.failure.value, "");
});

test("a server that does not answer is asked again, and its last figures stay", async () => {
  const { watch, asked } = watching(load(), new Problem({ code: "unreachable" }), load({ time_s: 104 }));
  await watch.open("right");

  await pass(2000);
  assert.notEqual(watch.failure.value, "");
  assert.equal(watch.load.value.time_s, 100);
  await pass(2000);

  assert.equal(asked.length, 3);
  assert.equal(watch.failure.value, "");
  assert.equal(watch.load.value.time_s, 104);
});
