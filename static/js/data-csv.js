/** @import { DataFacts } from "./types.js" */

/** As many rows as the server gives at once. */
const PAGE_ROWS = 10_000;
const PARTS = ["train", "validation", "test"];
/** What a reader needs quotes for. */
const QUOTED = /[",\r\n]|^\s|\s$/;
/** The names of the two axes of the plane, where no table has named its columns. */
const AXES = ["x", "y"];

/**
 * @typedef {object} DataPage  what the server says of the examples, in their own units
 * @property {number[][]} inputs
 * @property {number[]} targets
 * @property {string[]} split  the part that each belongs to
 * @property {number} total
 */

/**
 * Return all examples of a session as CSV, as they stand in a table or lie on the plane: a column an input, then the
 * target, then the part. The server reads it back as the table that it is. Throws Problem.
 *
 * @param {{ ask: (name: string, query?: Record<string, string | number>) => Promise<any> }} session
 * @param {DataFacts} facts
 */
export async function fetchCsv(session, facts) {
  /** @type {DataPage[]} */
  const pages = [];
  for (const split of PARTS) {
    for (let offset = 0, total = 1; offset < total; ) {
      const page = await session.ask("data", { split, units: "own", offset, limit: PAGE_ROWS });
      pages.push(page);
      total = page.targets.length === 0 ? 0 : page.total;
      offset += page.targets.length;
    }
  }
  return composeCsv(facts, pages);
}

/**
 * @param {DataFacts} facts
 * @param {DataPage[]} pages
 */
export function composeCsv({ task, inputs, class_names: classNames, columns, target }, pages) {
  const names = columns?.map(({ name }) => name) ?? axisNames(inputs);
  const targetName = target?.name ?? (task === "regression" ? "value" : "class");
  const header = [...names, targetName, unusedName("split", [...names, targetName])];
  const rows = pages.flatMap((page) =>
    page.inputs.map((numbers, index) => {
      const said = page.targets[index];
      return [...numbers.map(shortest), classNames?.[said] ?? shortest(said), page.split[index]];
    }),
  );
  return [header, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join("");
}

/** @param {number} count */
const axisNames = (count) =>
  count <= AXES.length ? AXES.slice(0, count) : Array.from({ length: count }, (_, index) => `x${index + 1}`);

/**
 * Numbers travel as 32-bit floats: of what these can't tell apart, return the number with the fewest digits.
 *
 * @param {number} value
 */
function shortest(value) {
  for (let digits = 6; digits < 9; digits += 1) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === Math.fround(value)) return String(rounded);
  }
  return String(value);
}

/**
 * @param {string} wanted
 * @param {string[]} names
 */
function unusedName(wanted, names) {
  let name = wanted;
  while (names.includes(name)) name += "_";
  return name;
}

/** @param {string} text */
const cell = (text) => (QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/**
 * Let the browser keep a text as a file.
 *
 * @param {string} name
 * @param {string | Blob} text
 * @param {string} type
 */
export function saveFile(name, text, type = "text/csv;charset=utf-8") {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
