import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { reconnectDelay, Stream } from "../../static/js/socket.js";

/** The browser's end of a socket, driven by hand. */
class FakeSocket {
  static OPEN = 1;
  /** @type {FakeSocket[]} */
  static all = [];

  constructor(url) {
    this.url = url;
    this.readyState = 0;
    this.sent = [];
    FakeSocket.all.push(this);
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.readyState = 3;
  }

  accept() {
    this.readyState = FakeSocket.OPEN;
    this.onopen();
  }

  say(event) {
    this.onmessage({ data: JSON.stringify(event) });
  }

  break(code) {
    this.readyState = 3;
    this.onclose({ code });
  }
}

const { WebSocket } = globalThis;
beforeEach(() => {
  globalThis.WebSocket = FakeSocket;
  FakeSocket.all = [];
  mock.timers.enable({ apis: ["setTimeout"] });
});
afterEach(() => {
  globalThis.WebSocket = WebSocket;
  mock.timers.reset();
});

function connected({ lastPoint = 0, onArrival = (deliver) => deliver() } = {}) {
  const happened = [];
  const stream = new Stream("ws://host/stream", "secret", {
    lastPoint: () => lastPoint,
    onArrival,
    onEvent: (event) => happened.push(event.type),
    onFrame: () => happened.push("frame"),
    onOpen: () => happened.push("open"),
    onLost: () => happened.push("lost"),
    onEnd: (code) => happened.push(code),
  });
  stream.connect();
  FakeSocket.all[0].accept();
  FakeSocket.all[0].say({ type: "welcome" });
  return { stream, happened, socket: FakeSocket.all[0] };
}

test("the first message is hello, with the token and the newest point", () => {
  const { socket } = connected({ lastPoint: 41 });

  assert.deepEqual(socket.sent[0], { type: "hello", token: "secret", last_point: 41 });
});

test("an answer reaches the command that it answers, in whatever order", async () => {
  const { stream, socket } = connected();
  const [first, second] = [stream.command({ type: "pause" }), stream.command({ type: "run" })];
  const [, one, two] = socket.sent;

  socket.say({ type: "ack", id: two.id, speed: 20 });
  socket.say({ type: "error", id: one.id, code: "read_only", status: 403 });

  assert.equal((await second).speed, 20);
  await assert.rejects(first, { code: "read_only", status: 403 });
});

test("what has come is handed over together, when it is asked for, in its order", () => {
  const arrivals = [];
  const { happened, socket } = connected({ onArrival: (deliver) => arrivals.push(deliver) });
  arrivals.shift()();

  socket.say({ type: "rebuilt" });
  socket.say({ type: "state" });
  assert.deepEqual(happened, ["welcome", "open"]);
  assert.equal(arrivals.length, 1);
  arrivals.shift()();

  assert.deepEqual(happened, ["welcome", "open", "rebuilt", "state"]);
});

test("what came before the connection was lost is heard before the loss", async () => {
  const arrivals = [];
  const { stream, happened, socket } = connected({ onArrival: (deliver) => arrivals.push(deliver) });
  arrivals.shift()();
  const answer = stream.command({ type: "pause" });

  socket.say({ type: "state" });
  socket.say({ type: "ack", id: socket.sent.at(-1).id });
  socket.break(1006);

  assert.equal((await answer).type, "ack");
  assert.deepEqual(happened.slice(2), ["state", "lost"]);
});

test("a lost connection is tried again, each time later", () => {
  const { happened, socket } = connected();

  socket.break(1006);
  mock.timers.tick(500);
  assert.equal(FakeSocket.all.length, 2);
  FakeSocket.all[1].break(1006);
  mock.timers.tick(499);
  assert.equal(FakeSocket.all.length, 2);
  mock.timers.tick(501);

  assert.equal(FakeSocket.all.length, 3);
  assert.deepEqual(happened, ["welcome", "open", "lost", "lost"]);
});

test("commands that wait for an answer fail when the connection is lost", async () => {
  const { stream, socket } = connected();
  const answer = stream.command({ type: "pause" });

  socket.break(1006);

  await assert.rejects(answer, { code: "not_connected" });
  await assert.rejects(stream.command({ type: "run" }), { code: "not_connected" });
});

test("a session that is gone is not tried again", () => {
  const { happened, socket } = connected();

  socket.break(4404);
  mock.timers.tick(60_000);

  assert.equal(FakeSocket.all.length, 1);
  assert.deepEqual(happened.at(-1), 4404);
});

test("what a given-up socket still delivers is not heard", () => {
  const { stream, happened, socket } = connected();

  stream.drop();
  socket.say({ type: "points", points: [] });
  socket.break(1006);

  assert.deepEqual(happened, ["welcome", "open", "lost"]);
});

test("connecting twice makes one connection", () => {
  const { stream } = connected();

  stream.connect();

  assert.equal(FakeSocket.all.length, 1);
});

test("waiting grows, is spread, and has an end", () => {
  assert.equal(reconnectDelay(1, 0), 500);
  assert.equal(reconnectDelay(3, 0), 2000);
  assert.equal(reconnectDelay(3, 0.999) < reconnectDelay(3, 0), true);
  assert.equal(reconnectDelay(40, 0), 15_000);
});
