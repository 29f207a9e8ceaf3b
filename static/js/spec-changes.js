import { number, t } from "./i18n.js";

/** @import { Catalogue } from "./catalogue.js" */
/** @import { Json, Spec } from "./types.js" */

/**
 * @typedef {{ field: string, from: any, to: any }} Change  one field of a spec that was changed, by its path
 */

/**
 * Return what one spec has otherwise than another. Where a component is another one, that is the change, not its fields;
 * and a list that has grown or shrunk is one change.
 *
 * @param {Spec} before
 * @param {Spec} after
 * @returns {Change[]}
 */
export function specChanges(before, after) {
  return ["data", "network", "training"].flatMap((section) =>
    changesOf(section, /** @type {Json} */ (before)[section], /** @type {Json} */ (after)[section]),
  );
}

/**
 * @param {string} field
 * @param {any} from
 * @param {any} to
 * @returns {Change[]}
 */
function changesOf(field, from, to) {
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  const isWhole =
    typeof from !== "object" ||
    typeof to !== "object" ||
    from === null ||
    to === null ||
    from.name !== to.name ||
    Array.isArray(from) !== Array.isArray(to) ||
    (Array.isArray(from) && (from.length !== to.length || typeof from[0] !== "object"));
  if (isWhole) return [{ field, from, to }];
  const isList = Array.isArray(from);
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((key) =>
    changesOf(isList ? `${field}[${key}]` : `${field}.${key}`, from[key], to[key]),
  );
}

/** What the page calls the parts of a spec that are no fields of the catalogue. @type {Record<string, string>} */
const PHRASES = {
  "training.optimizer": "training.optimizer",
  "training.loss": "training.loss",
  "training.regularizer": "training.regularizer",
  "training.schedule": "more.schedule",
  "training.clipping": "more.clipping",
  "training.stop": "more.stop",
  "network.initializer": "network.initializer",
  "network.layers": "network.layers",
  "data.features": "features.title",
  "data.dataset": "data.dataset",
};

/**
 * Return a change in words, such as “Learning rate 0.03 → 0.1”.
 *
 * @param {Change} change
 * @param {Catalogue} catalogue
 */
export function sayChange({ field, from, to }, catalogue) {
  const phrase = PHRASES[field];
  const name = phrase === undefined ? catalogue.nameOf(field) : t(phrase);
  return t("progress.change", { name, from: sayValue(from, catalogue), to: sayValue(to, catalogue) });
}

/**
 * @param {any} value
 * @param {Catalogue} catalogue
 * @returns {string}
 */
function sayValue(value, catalogue) {
  if (value === null || value === undefined) return t("value.none");
  if (typeof value === "number") return number(value);
  if (Array.isArray(value)) return value.map((item) => sayValue(item, catalogue)).join(", ") || t("value.none");
  if (typeof value !== "object") return String(value);
  if (typeof value.units === "number") return number(value.units);
  return typeof value.name === "string" ? catalogue.labelOf(value.name) : JSON.stringify(value);
}
