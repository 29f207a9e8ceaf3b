import { hasPhrase, t } from "../../i18n.js";
import { explain, Problem } from "../../problems.js";

/** @import { FieldProblem, Json, TableColumn, TableDescription, TableNote } from "../../types.js" */

/**
 * What a column is used for.
 *
 * @typedef {"input" | "target" | "split" | "unused"} Role
 */

/** The ends of both axes of the plane. */
const [LOW, HIGH] = [-6, 6];
/** The names that the axes of the plane have where no table names its columns. */
const AXES = "x,y";

/**
 * Return the roles in which columns can be chosen.
 *
 * @param {TableColumn} column
 * @returns {Role[]}
 */
export function rolesOf({ kind, values }) {
  if (kind === "number") return ["input", "target", "unused"];
  // Texts of which there are too many are names, not classes.
  return values === null ? ["unused"] : ["target", "split", "unused"];
}

/**
 * @param {TableColumn[]} columns
 * @param {Json | null} dataset  of a spec
 * @returns {Role[]}
 */
export function rolesIn(columns, dataset) {
  return columns.map(({ name }) => {
    if (name === dataset?.target) return "target";
    if (name === dataset?.split_column) return "split";
    return dataset?.columns?.includes(name) ? "input" : "unused";
  });
}

/**
 * Give a column another role; of targets and splits there is only one, so that another one gives way: numbers that are no
 * longer to be predicted are what one predicts from.
 *
 * @param {TableColumn[]} columns
 * @param {Role[]} roles
 * @param {number} index
 * @param {Role} role
 * @returns {Role[]}
 */
export function withRole(columns, roles, index, role) {
  return roles.map((other, place) => {
    if (place === index) return role;
    if (other !== role || role === "input") return other;
    return role === "target" && columns[place].kind === "number" ? "input" : "unused";
  });
}

/**
 * Return the data set of a spec that uses the columns in their roles, but for its name.
 *
 * @param {TableDescription} table
 * @param {Role[]} roles
 * @param {string | null} task
 */
export function datasetOf({ id, columns }, roles, task) {
  const named = (/** @type {Role} */ role) => columns.filter((_, index) => roles[index] === role);
  const inputs = named("input");
  return {
    id,
    columns: inputs.map(({ name }) => name),
    target: named("target")[0]?.name ?? null,
    split_column: named("split")[0]?.name ?? null,
    task,
    scaled: !isOnPlane(inputs),
  };
}

/**
 * Return whether these are points of the plane, such as a set that was downloaded: they stay where they are.
 *
 * @param {TableColumn[]} inputs
 */
function isOnPlane(inputs) {
  const isWithin = inputs.every(({ min = Infinity, max = -Infinity }) => min >= LOW && max <= HIGH);
  return isWithin && inputs.map(({ name }) => name).join() === AXES;
}

/**
 * Return what speaks against using the columns so, as the key of a phrase; null: nothing that the page knows of.
 *
 * @param {Role[]} roles
 */
export function objectionTo(roles) {
  if (!roles.includes("target")) return "table.needs_target";
  return roles.includes("input") ? null : "table.needs_input";
}

/**
 * Return the task that a column to predict makes, if it is told as classes.
 *
 * @param {(number | string | null)[]} cells
 */
export const classTask = (cells) => (new Set(cells.filter((cell) => cell !== null)).size === 2 ? "binary" : "multiclass");

/**
 * Return what was found or changed when a table was read, in the page's language.
 *
 * @param {TableNote} note
 */
export function explainNote({ field, code, value, to, message }) {
  const key = code === "delimiter" ? `table.delimiter.${value}` : `table.note.${code}`;
  return hasPhrase(key) ? t(key, { column: field, value: value ?? "", to: to ?? "" }) : message;
}

/**
 * Return what stands in the way of a table, a sentence an error, each with its line where there is one.
 *
 * @param {unknown} error
 * @param {Record<string, number>} limits  of the server
 * @param {(path: string) => string} nameOf
 * @returns {{ text: string, line: number | null }[]}
 */
export function explainTable(error, limits, nameOf) {
  if (!(error instanceof Problem) || error.errors.length === 0) return [{ text: explain(error, nameOf), line: null }];
  return error.errors.map((problem) => ({
    text: explainCell(problem, limits) ?? explain(new Problem({ code: error.code, errors: [problem] }), nameOf),
    line: problem.line ?? null,
  }));
}

/**
 * @param {FieldProblem} problem
 * @param {Record<string, number>} limits
 */
function explainCell({ field, code, value, limit, line, column }, limits) {
  // Of what a spec says of a table, other phrases speak.
  if (field !== "body") return null;
  const key = code === "too_large" && !line ? tooMany(limit, limits) : `table.error.${code}`;
  return hasPhrase(key) ? t(key, { line, column: column ?? "", value: value ?? "", limit: limit ?? "" }) : null;
}

/**
 * @param {number} limit
 * @param {Record<string, number>} limits
 */
const tooMany = (limit, limits) => (limit === limits.table_columns ? "table.error.too_many_columns" : "table.error.too_many_rows");

/**
 * Return a file's bytes as text, as the server would read them: spreadsheets still write Latin-1 and UTF-16.
 *
 * @param {ArrayBuffer} bytes
 */
export function decoded(bytes) {
  const [first, second] = new Uint8Array(bytes);
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/**
 * Return where a line begins and ends in a text; lines are counted from 1.
 *
 * @param {string} text
 * @param {number} line
 * @returns {[number, number]}
 */
export function lineBounds(text, line) {
  let start = 0;
  for (let count = 1; count < line; count += 1) {
    const end = text.indexOf("\n", start);
    if (end < 0) break;
    start = end + 1;
  }
  const end = text.indexOf("\n", start);
  return [start, end < 0 ? text.length : end];
}
