import { t } from "./i18n.js";

/** @import { DataPoints } from "./draw/marks.js" */
/** @import { DataFacts } from "./types.js" */

/** What is taken for true before the session has said what its data are. @type {DataFacts} */
export const UNKNOWN_FACTS = {
  task: "binary",
  inputs: 2,
  classes: 2,
  own_test: false,
  class_names: null,
  columns: null,
  target: null,
  left_out: 0,
};

/**
 * Return whether examples are drawn alike: as many classes, or numbers, of as many inputs.
 *
 * @param {DataFacts} a
 * @param {DataFacts} b
 */
export const isSameKind = (a, b) => a.task === b.task && a.classes === b.classes && a.inputs === b.inputs;

/**
 * Return what a class is called.
 *
 * @param {DataFacts} facts
 * @param {number} index
 */
export const className = (facts, index) => facts.class_names?.[index] ?? t("output.class", { class: index });

/**
 * Return a number that the network predicts in the units of whoever gave the data.
 *
 * @param {DataFacts} facts
 * @param {number} value
 */
export function unplacedTarget({ target }, value) {
  return target?.scale ? value / target.scale + (target.offset ?? 0) : value;
}

/**
 * Return a place on an axis in the units of whoever gave the data.
 *
 * @param {DataFacts} facts
 * @param {number} axis
 * @param {number} value
 */
export function unplacedInput({ columns }, axis, value) {
  const column = columns?.[axis];
  return column?.scale ? value / column.scale + (column.offset ?? 0) : value;
}

/**
 * Return the numbers at the ends of the ramp for numbers to predict: as far from zero as the examples' go, so that the
 * hue is the sign. It is a function of the data alone: the colours must not move while the network learns.
 *
 * @param {DataPoints | null} data
 * @returns {[number, number]}
 */
export function targetDomain(data) {
  const targets = [data?.train, data?.validation, data?.test].flatMap((examples) => examples?.targets ?? []);
  const reach = targets.reduce((most, target) => Math.max(most, Math.abs(target)), 0);
  // Up to the next half of its power of ten, or what lies a hair below the reach.
  const unit = 10 ** Math.floor(Math.log10(reach || 1) - 1e-9);
  const rounded = (Math.ceil((reach / unit) * 2 - 0.05) / 2) * unit || 1;
  return [-rounded, rounded];
}
