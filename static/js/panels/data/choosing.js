/** @import { Catalogue } from "../../catalogue.js" */
/** @import { Component, Spec, Split } from "../../types.js" */

/** All examples of a few are to be learned from; whoever wants some to test on moves the split. */
export const ALL = { train: 1, validation: 0, test: 0 };

/**
 * Return the patch of the features that suits data of so many inputs: only points of the plane have some.
 *
 * @param {Catalogue} catalogue
 * @param {string[]} features
 * @param {number} inputs
 */
export function featuresFor(catalogue, features, inputs) {
  if (inputs !== 2) return { features: [] };
  return features.length === 0 ? { features: catalogue.defaults.data.features } : {};
}

/**
 * Return the patch that chooses a built-in data set. Of the present one it keeps what both have; from a user's own data
 * nothing is taken along.
 *
 * @param {Catalogue} catalogue
 * @param {Spec} spec
 * @param {string} name
 */
export function choosing(catalogue, { data }, name) {
  const [old, chosen] = [data.dataset.name, name].map((other) => catalogue.find("dataset", other));
  const lost = Object.keys(data.dataset).filter((field) => old?.given || !(field in (chosen?.fields ?? {})));
  const dataset = { ...Object.fromEntries(lost.map((field) => [field, null])), name };
  return { dataset, ...featuresFor(catalogue, data.features, 2), ...splitFor(catalogue, data.split, old, chosen) };
}

/**
 * Return the patch of the split: a whole set is all for training, and after such a one, or a painted set, the usual
 * split comes back.
 *
 * @param {Catalogue} catalogue
 * @param {Split} split
 * @param {Component | undefined} old
 * @param {Component | undefined} chosen
 */
function splitFor(catalogue, split, old, chosen) {
  if (chosen?.whole) return { split: ALL };
  const wasAll = split.train === 1 && Boolean(old?.whole || old?.given);
  return wasAll || split.test === null ? { split: catalogue.defaults.data.split } : {};
}
