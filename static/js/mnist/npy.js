const MAGIC = "\x93NUMPY";

/**
 * Return the rows of a two-dimensional array of bytes in NumPy's format (version 1 or 2).
 *
 * @param {ArrayBuffer} buffer
 * @returns {Uint8Array[]}
 */
export function decodeRows(buffer) {
  const bytes = new Uint8Array(buffer);
  if (String.fromCharCode(...bytes.subarray(0, 6)) !== MAGIC) throw new RangeError("not an npy file");
  const view = new DataView(buffer);
  const [start, length] = bytes[6] === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const header = new TextDecoder("latin1").decode(bytes.subarray(start, start + length));
  const shape = /'shape':\s*\((\d+),\s*(\d+)\)/.exec(header);
  if (shape === null || !/'descr':\s*'\|u1'/.test(header)) throw new RangeError("not rows of bytes");
  const [rows, columns] = [Number(shape[1]), Number(shape[2])];
  const first = start + length;
  return Array.from({ length: rows }, (_, row) =>
    bytes.subarray(first + row * columns, first + (row + 1) * columns),
  );
}
