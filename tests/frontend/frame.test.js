import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeFrame, withRarer } from "../../static/js/frame.js";

/** Write a frame as docs/protocol.md describes it. */
function encodeFrame(header, arrays) {
  const described = arrays.map(({ values, dtype, ...rest }) => ({ dtype, ...rest }));
  let text = JSON.stringify({ v: 1, ...header, arrays: described });
  while ((4 + Buffer.byteLength(text)) % 8 !== 0) text += " ";
  const head = Buffer.alloc(4);
  head.writeUInt32LE(Buffer.byteLength(text));
  const parts = [head, Buffer.from(text)];
  for (const { values } of arrays) {
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    parts.push(bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8));
  }
  const joined = Buffer.concat(parts);
  return joined.buffer.slice(joined.byteOffset, joined.byteOffset + joined.byteLength);
}

const boundary = {
  name: "boundary",
  dtype: "uint8",
  shape: [2, 3],
  range: [0, 1],
  values: Uint8Array.of(0, 50, 100, 150, 200, 255),
};
const parameters = { name: "parameters", dtype: "float32", shape: [3], values: Float32Array.of(0.5, -1.25, 3) };

test("a frame's arrays come out as they went in", () => {
  const frame = decodeFrame(encodeFrame({ seq: 7, step: 40, epoch: 1.5 }, [boundary, parameters]));

  assert.equal(frame.seq, 7);
  assert.equal(frame.epoch, 1.5);
  assert.deepEqual([...frame.arrays.get("boundary").values], [0, 50, 100, 150, 200, 255]);
  assert.deepEqual(frame.arrays.get("boundary").range, [0, 1]);
  assert.deepEqual([...frame.arrays.get("parameters").values], [0.5, -1.25, 3]);
});

test("arrays are views of the message, not copies", () => {
  const message = encodeFrame({ seq: 1, step: 0, epoch: 0 }, [boundary, parameters]);

  const frame = decodeFrame(message);

  assert.equal(frame.arrays.get("parameters").values.buffer, message);
});

test("a header in UTF-8 of more bytes than letters does not shift the arrays", () => {
  const frame = decodeFrame(encodeFrame({ seq: 1, step: 0, epoch: 0 }, [{ ...boundary, name: "µ→" }, parameters]));

  assert.deepEqual([...frame.arrays.get("parameters").values], [0.5, -1.25, 3]);
});

test("a frame of another version is refused", () => {
  assert.throws(() => decodeFrame(encodeFrame({ v: 2, seq: 1 }, [])), RangeError);
});

test("a frame that is cut off is refused", () => {
  const message = encodeFrame({ seq: 1, step: 0, epoch: 0 }, [boundary, parameters]);

  assert.throws(() => decodeFrame(message.slice(0, 20)), RangeError);
  assert.throws(() => decodeFrame(message.slice(0, message.byteLength - 8)), RangeError);
});

test("an array that comes rarely stays until it comes again, but not beyond a step back", () => {
  const older = decodeFrame(encodeFrame({ seq: 1, step: 40, epoch: 1 }, [boundary, parameters]));
  const newer = decodeFrame(encodeFrame({ seq: 2, step: 50, epoch: 2 }, [boundary]));
  const reset = decodeFrame(encodeFrame({ seq: 3, step: 0, epoch: 0 }, [boundary]));

  assert.equal(withRarer(newer, older, ["boundary", "parameters"]).arrays.get("parameters"), older.arrays.get("parameters"));
  assert.equal(withRarer(newer, older, ["boundary", "parameters"]).step, 50);
  assert.equal(withRarer(newer, older, ["boundary"]).arrays.has("parameters"), false);
  assert.equal(withRarer(reset, older, ["parameters"]).arrays.has("parameters"), false);
  assert.equal(withRarer(newer, null, ["parameters"]), newer);
});
