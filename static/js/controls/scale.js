/** @import { Field } from "../types.js" */

/** What a log slider stops at within each power of ten. */
const STOPS = [1, 1.5, 2, 3, 5, 7];
/** A log slider whose lower bound is zero spans this many powers of ten. */
const DECADES = 6;

/**
 * How a range input shows a field: positions are what the input counts, values are what the spec holds.
 *
 * @typedef {object} SliderScale
 * @property {number} min
 * @property {number} max
 * @property {number} step
 * @property {(value: number) => number} toPosition
 * @property {(position: number) => number} toValue
 */

/**
 * Return the scale of a slider, or null if the field has no bounds to span.
 *
 * @param {Field} field
 * @returns {SliderScale | null}
 */
export function sliderScale(field) {
  const low = field.minimum ?? field.exclusiveMinimum;
  const high = field.maximum ?? field.exclusiveMaximum;
  if (low === undefined || high === undefined || field.enum !== undefined) return null;
  return field.scale === "log" ? logScale(field, low, high) : linearScale(field, low, high);
}

/**
 * @param {Field} field
 * @param {number} low
 * @param {number} high
 * @returns {SliderScale}
 */
function linearScale(field, low, high) {
  const step = field.step ?? (field.type === "integer" ? 1 : (high - low) / 100);
  return {
    // An end that is not part of the range is left by one step.
    min: field.minimum === undefined ? low + step : low,
    max: field.maximum === undefined ? high - step : high,
    step,
    toPosition: (value) => value,
    toValue: (position) => tidy(position),
  };
}

/**
 * @param {Field} field
 * @param {number} low
 * @param {number} high
 * @returns {SliderScale}
 */
function logScale(field, low, high) {
  const lowest = low > 0 ? low : high / 10 ** DECADES;
  const values = logStops(lowest, high, field.type === "integer");
  if (low === 0 && field.minimum === 0) values.unshift(0);
  if (field.maximum === undefined) values.pop();
  return {
    min: 0,
    max: values.length - 1,
    step: 1,
    toPosition: (value) => nearest(values, value),
    toValue: (position) => values[Math.round(position)],
  };
}

/**
 * Return round values from `low` to `high`, both included.
 *
 * @param {number} low
 * @param {number} high
 * @param {boolean} isInteger
 */
function logStops(low, high, isInteger) {
  const values = [low];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    for (const stop of STOPS) {
      const value = tidy(stop * 10 ** power);
      if (value > low && value < high && (!isInteger || Number.isInteger(value))) values.push(value);
    }
  }
  return [...values, high];
}

/**
 * @param {number[]} values
 * @param {number} value
 */
function nearest(values, value) {
  const distance = (/** @type {number} */ other) =>
    Math.abs(Math.log((value || Number.MIN_VALUE) / (other || Number.MIN_VALUE)));
  return values.reduce((best, other, index) => (distance(other) < distance(values[best]) ? index : best), 0);
}

/**
 * Return a number without the dust of binary fractions.
 *
 * @param {number} value
 */
export const tidy = (value) => Number(value.toPrecision(10));
