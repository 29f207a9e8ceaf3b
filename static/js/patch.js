/** @import { Json } from "./types.js" */

/** @param {any} value @returns {value is Json} */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Return `target` with a JSON merge patch (RFC 7396) applied.
 *
 * @param {any} target
 * @param {any} patch
 * @returns {any}
 */
export function applyPatch(target, patch) {
  if (!isObject(patch)) return patch;
  const result = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = applyPatch(result[key], value);
  }
  return result;
}

/**
 * Return the one patch that does what `first` and then `second` do. Unlike `applyPatch` it keeps null, the order to
 * delete a member.
 *
 * @param {any} first
 * @param {any} second
 * @returns {any}
 */
export function composePatches(first, second) {
  if (!isObject(first) || !isObject(second)) return second;
  const result = { ...first };
  for (const [key, value] of Object.entries(second)) result[key] = composePatches(result[key], value);
  return result;
}
