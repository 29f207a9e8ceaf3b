import { hasPhrase, number, t } from "./i18n.js";

/** @import { Adjustment, FieldProblem, ProblemDocument, Spec } from "./types.js" */

/** An error that the server told (RFC 9457), or that the page makes when the server can't be reached. */
export class Problem extends Error {
  /** @param {ProblemDocument} document */
  constructor(document) {
    super(document.detail ?? document.title ?? document.code);
    this.status = document.status ?? 0;
    this.code = document.code;
    this.errors = document.errors ?? [];
    /** After how many seconds it is worth to try again, where the server says so. */
    this.retryAfter = document.retryAfter ?? null;
  }
}

/**
 * Return what went wrong in the page's language, by code; in the server's own words where there is no phrase for it.
 *
 * @param {unknown} error
 * @param {(path: string) => string} [nameOf]  what the page calls a field of the spec
 */
export function explain(error, nameOf = (path) => path) {
  if (!(error instanceof Problem)) {
    const message = error instanceof Error ? error.message : String(error);
    return isOfModule(message) ? t("errors.part_missing") : t("errors.unexpected", { message });
  }
  if (error.errors.length > 0) return error.errors.map((problem) => explainField(problem, nameOf)).join(" ");
  return hasPhrase(`errors.${error.code}`) ? t(`errors.${error.code}`) : error.message;
}

/** Whether a module could not be imported: browsers have no other sign of that than their words. @param {string} message */
const isOfModule = (message) => /\bmodule\b/i.test(message);

/**
 * @param {FieldProblem} problem
 * @param {(path: string) => string} nameOf
 */
export function explainField({ field, code, value, limit, message }, nameOf) {
  // What settings have against each other is said where it is known; else only that they do.
  const reason = `errors.${code}.${field.replace(/\[\d+\]/g, "[]")}`;
  const key = hasPhrase(reason) ? reason : `errors.field.${code}`;
  // A phrase with a hole for a limit that the server did not name would show the hole.
  if (!hasPhrase(key) || (limit === undefined && t(key).includes("{limit}"))) return message;
  return t(key, { field: nameOf(field), value: value ?? "", limit });
}

/**
 * Whether something that the reader chose is no longer so. A split that nobody has touched gives way in silence: as it
 * is at first, or what is left of it where the data bring their own test examples.
 *
 * @param {Adjustment} adjustment
 * @param {Spec} defaults
 */
export function isWorthTelling({ field, from }, { data }) {
  if (field !== "data.split") return true;
  const isAsAtFirst = JSON.stringify(from) === JSON.stringify(data.split);
  return !isAsAtFirst && !(from.validation === 0 && from.test === null);
}

/**
 * @param {Adjustment} adjustment
 * @param {(path: string) => string} nameOf
 */
export function explainAdjustment({ field: path, from, to, code }, nameOf) {
  const key = `adjusted.${code}`;
  const field = path === "data.split" ? t("data.split") : nameOf(path);
  return hasPhrase(key)
    ? t(key, { field, from: readable(from), to: readable(to) })
    : `${field}: ${readable(from)} → ${readable(to)}`;
}

/** @param {any} value @returns {string | number} */
function readable(value) {
  if (value === null || value === undefined) return t("value.none");
  if (typeof value !== "object") return value;
  // A component goes by its name; what else has parts, such as a split, is told by the numbers of those.
  return value.name ?? Object.values(value)
    .map((part) => (typeof part === "number" ? number(part) : readable(part)))
    .join(" · ");
}
