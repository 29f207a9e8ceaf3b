/** @import { DataPoints } from "./marks.js" */

/**
 * Return the example that lies nearest to a place, if one lies within reach; of the parts that are drawn, those above first.
 *
 * @template {keyof DataPoints} Split
 * @param {DataPoints | null} data
 * @param {readonly Split[]} splits  the uppermost first
 * @param {{ x: number, y: number }} at
 * @param {number} reach  in the units of the examples
 * @returns {{ split: Split, index: number } | null}
 */
export function nearestExample(data, splits, at, reach) {
  let best = null;
  let least = reach;
  for (const split of splits) {
    const inputs = data?.[split]?.inputs ?? [];
    for (let index = 0; index < inputs.length; index += 1) {
      const distance = Math.hypot(inputs[index][0] - at.x, inputs[index][1] - at.y);
      if (distance < least) [best, least] = [{ split, index }, distance];
    }
  }
  return best;
}
