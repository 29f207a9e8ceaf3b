/**
 * @typedef {object} FrameArray
 * @property {string} name
 * @property {number[]} shape
 * @property {Uint8Array | Float32Array} values
 * @property {[number, number]} [range]
 * @property {[number, number][]} [ranges]
 *
 * @typedef {{ seq: number, step: number, epoch: number, arrays: Map<string, FrameArray> }} Frame
 */

/** @type {Record<string, Uint8ArrayConstructor | Float32ArrayConstructor>} */
const ARRAY_TYPES = { uint8: Uint8Array, float32: Float32Array };

const text = new TextDecoder();

/**
 * Return a frame whose arrays are views of `buffer`, nothing copied: a little-endian uint32 H, H bytes of JSON, then
 * the arrays, each padded to a multiple of 8 bytes.
 *
 * @param {ArrayBuffer} buffer
 * @returns {Frame}
 */
export function decodeFrame(buffer) {
  const headerLength = new DataView(buffer).getUint32(0, true);
  if (4 + headerLength > buffer.byteLength) throw new RangeError("the frame's header is longer than the frame");
  const header = JSON.parse(text.decode(new Uint8Array(buffer, 4, headerLength)));
  if (header.v !== 1) throw new RangeError(`frame version ${header.v} is unknown`);

  /** @type {Map<string, FrameArray>} */
  const arrays = new Map();
  let offset = 4 + headerLength;
  for (const { name, dtype, shape, range, ranges } of header.arrays) {
    const ArrayType = ARRAY_TYPES[dtype];
    if (ArrayType === undefined) throw new RangeError(`frame arrays of ${dtype} are unknown`);
    const length = shape.reduce((/** @type {number} */ product, /** @type {number} */ size) => product * size, 1);
    arrays.set(name, { name, shape, range, ranges, values: new ArrayType(buffer, offset, length) });
    offset += Math.ceil((length * ArrayType.BYTES_PER_ELEMENT) / 8) * 8;
  }
  return { seq: header.seq, step: header.step, epoch: header.epoch, arrays };
}

/**
 * Return a frame with the arrays of an older one that come more rarely than frames do. What was before a step back
 * belongs to another run.
 *
 * @param {Frame} frame
 * @param {Frame | null} older
 * @param {string[]} wanted
 * @returns {Frame}
 */
export function withRarer(frame, older, wanted) {
  if (older === null || older.step > frame.step) return frame;
  const kept = [...older.arrays].filter(([name]) => wanted.includes(name) && !frame.arrays.has(name));
  return kept.length === 0 ? frame : { ...frame, arrays: new Map([...frame.arrays, ...kept]) };
}
