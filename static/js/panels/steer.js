/**
 * Where the map is asked: under the mouse, where a finger was, or at a cross that the arrow keys move.
 *
 * @typedef {{ x: number, y: number, by: "mouse" | "touch" | "keys" }} Probe
 */

/** Between the points of the map there is nothing to be seen. */
const KEY_STEPS = 99;
const LONG_STEP = 10;

/** What the keys do to the probe, in steps to the right and upwards. @type {Record<string, [number, number]>} */
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * Return the probe after a key, or undefined where the key means nothing here.
 *
 * @param {{ key: string, shiftKey: boolean }} event
 * @param {Probe | null} probe
 * @param {readonly [number, number]} plane  the ends of both axes
 * @returns {Probe | null | undefined}
 */
export function moveProbe({ key, shiftKey }, probe, [low, high]) {
  const direction = KEYS[key];
  if (direction === undefined) return key === "Escape" && probe !== null ? null : undefined;
  const step = (high - low) / KEY_STEPS;
  /** The nearest grid line to a coordinate, moved. @param {number} coordinate @param {number} by */
  const moved = (coordinate, by) => {
    const line = Math.round((coordinate - low) / step) + by * (shiftKey ? LONG_STEP : 1);
    return low + step * Math.min(KEY_STEPS, Math.max(0, line));
  };
  // The first press puts the cross into the middle.
  if (probe === null) return { x: moved(0, 0), y: moved(0, 0), by: "keys" };
  return { x: moved(probe.x, direction[0]), y: moved(probe.y, direction[1]), by: "keys" };
}
