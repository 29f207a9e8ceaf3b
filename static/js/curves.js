import { Api } from "./api.js";
import { base } from "./environment.js";

/** @import { Chosen, Curve } from "./types.js" */

/** More than anyone looks at in an hour. */
const MAX_KEPT = 100;

const api = new Api(base);
/** @type {Map<string, Curve>} */
const kept = new Map();

/**
 * What a component does with a number, as the engine computes it. The same question is asked once. Throws Problem.
 *
 * @param {string} kind
 * @param {Chosen} component
 * @param {Record<string, number>} more  what else the curve depends on
 */
export async function curveOf(kind, component, more) {
  const key = JSON.stringify([kind, component, more]);
  const known = kept.get(key);
  if (known !== undefined) return known;
  const curve = await api.curve(kind, component, more);
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(key, curve);
  return curve;
}
