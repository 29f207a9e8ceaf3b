/** @import { Colours, Rgb } from "./colours.js" */
/** @import { Task } from "./marks.js" */

/** How many steps a ramp has: one for each value of a byte. */
const STEPS = 256;

/**
 * Return a ramp of 256 colours through `stops`, evenly spread, each packed as the pixels of a canvas lie in memory.
 *
 * @param {Rgb[]} stops
 */
export function buildRamp(stops) {
  const ramp = new Uint32Array(STEPS);
  const bytes = new Uint8ClampedArray(ramp.buffer);
  for (let step = 0; step < STEPS; step += 1) {
    const place = (step / (STEPS - 1)) * (stops.length - 1);
    const left = Math.min(Math.floor(place), stops.length - 2);
    for (let channel = 0; channel < 3; channel += 1) {
      bytes[4 * step + channel] =
        stops[left][channel] + (stops[left + 1][channel] - stops[left][channel]) * (place - left);
    }
    bytes[4 * step + 3] = 255;
  }
  return ramp;
}

/**
 * Return the values that the two ends of the ramp stand for: those of a bounded activation are its bounds (the middle
 * of a sigmoid is a half); otherwise the ramp is centred on zero, so that the hue is the sign.
 *
 * @param {[number, number]} range  of the values to be shown
 * @param {[number | null, number | null] | null | undefined} bounds  of what the activation can give
 * @returns {[number, number]}
 */
export function colourDomain([low, high], bounds) {
  const [lowest, highest] = bounds ?? [null, null];
  if (lowest !== null && highest !== null) return [lowest, highest];
  const reach = Math.max(Math.abs(low), Math.abs(high));
  return reach === 0 ? [-1, 1] : [-reach, reach];
}

/**
 * Return the outputs that mean surely class 0 and surely class 1: the bounds of the activation; where it has none, the
 * targets, which are −1 and +1 then.
 *
 * @param {[number | null, number | null] | null | undefined} bounds
 * @returns {[number, number]}
 */
export function outputDomain(bounds) {
  const [lowest, highest] = bounds ?? [null, null];
  return lowest !== null && highest !== null ? [lowest, highest] : [-1, 1];
}

/**
 * Return how the map of one output is coloured: of two classes and of numbers by the ramp between the two hues, of
 * several classes from paper to the hue of its own class.
 *
 * @param {Pick<Colours, "ramp" | "classRamps">} colours
 * @param {Task} task
 * @param {number} unit
 * @param {[number | null, number | null] | null | undefined} bounds  of the output's activation
 * @param {[number, number]} targets  the ends of the ramp for numbers
 * @returns {{ ramp: Uint32Array, domain: [number, number] }}
 */
export function outputColours({ ramp, classRamps }, task, unit, bounds, targets) {
  if (task === "regression") return { ramp, domain: targets };
  if (task === "binary") return { ramp, domain: outputDomain(bounds) };
  return { ramp: classRamps[unit % classRamps.length], domain: [0, 1] };
}

/**
 * Return the colour for each byte of an array whose bytes stand for the values from `range[0]` to `range[1]`.
 *
 * @param {Uint32Array} ramp
 * @param {[number, number]} range
 * @param {[number, number]} domain  the values at the ends of the ramp
 */
export function colourTable(ramp, [low, high], [from, to]) {
  const table = new Uint32Array(STEPS);
  for (let byte = 0; byte < STEPS; byte += 1) {
    const value = low + ((high - low) * byte) / (STEPS - 1);
    const step = Math.round(((value - from) / (to - from)) * (STEPS - 1));
    // Numbers that have run away to infinity have no colour; the middle says the least.
    table[byte] = ramp[Number.isNaN(step) ? STEPS / 2 : Math.min(STEPS - 1, Math.max(0, step))];
  }
  return table;
}
