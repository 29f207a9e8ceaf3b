/**
 * Runs that are kept side by side, in this tab, beyond a reload. What they hold is bounded, and so is their number.
 *
 * @import { Drawn } from "./draw/curve-data.js"
 * @import { Point, Spec } from "./types.js"
 *
 * @typedef {object} KeptMap  the output over the plane, as bytes of each output
 * @property {string} bytes  in base 64
 * @property {number} rows
 * @property {number} columns
 * @property {[number, number][]} ranges  of each output
 * @property {import("./panels/shown-map.js").OutputLook} look  how it is coloured
 *
 * @typedef {object} Run
 * @property {string} id
 * @property {string} letter  by which it is known in pictures, for as long as it is kept
 * @property {string} name
 * @property {Spec} spec
 * @property {Point[]} points
 * @property {Record<string, number | null>} metrics
 * @property {number} epoch
 * @property {number} parameters
 * @property {KeptMap | null} map
 */

export const MAX_RUNS = 8;
/** A curve of more points looks the same. */
export const MAX_POINTS = 400;
const MAX_NAME = 60;
export const LETTERS = Array.from({ length: MAX_RUNS }, (_, index) => String.fromCharCode(65 + index));
const KEY = "runs";

export class RunShelf {
  #storage;

  /** @param {Pick<Storage, "getItem" | "setItem">} storage */
  constructor(storage) {
    this.#storage = storage;
    this.runs = this.#read();
  }

  get isFull() {
    return this.runs.length >= MAX_RUNS;
  }

  /** The first letter that no run has. */
  get freeLetter() {
    const taken = new Set(this.runs.map(({ letter }) => letter));
    return LETTERS.find((letter) => !taken.has(letter)) ?? "?";
  }

  /**
   * Keep a run; false: there is no room for it.
   *
   * @param {Run} run
   */
  keep(run) {
    if (this.isFull) return false;
    return this.#write([...this.runs, { ...run, name: tidyName(run.name), points: thinned(run.points, MAX_POINTS) }]);
  }

  /**
   * @param {string} id
   * @param {string} name
   */
  rename(id, name) {
    const tidy = tidyName(name);
    if (tidy === "") return false;
    return this.#write(this.runs.map((run) => (run.id === id ? { ...run, name: tidy } : run)));
  }

  /** @param {string} id */
  drop(id) {
    return this.#write(this.runs.filter((run) => run.id !== id));
  }

  /**
   * Where storage is full or forbidden nothing is kept that would be gone after a reload.
   *
   * @param {Run[]} runs
   */
  #write(runs) {
    try {
      this.#storage.setItem(KEY, JSON.stringify(runs));
    } catch {
      return false;
    }
    this.runs = runs;
    return true;
  }

  /** @returns {Run[]} */
  #read() {
    try {
      const kept = JSON.parse(this.#storage.getItem(KEY) ?? "[]");
      return Array.isArray(kept) ? kept.slice(0, MAX_RUNS) : [];
    } catch {
      return [];
    }
  }
}

/** @param {string} name */
const tidyName = (name) => name.trim().slice(0, MAX_NAME);

/**
 * Return at most so many points, evenly chosen, the first and the last among them.
 *
 * @param {Point[]} points
 * @param {number} most
 */
export function thinned(points, most) {
  if (points.length <= most) return points;
  return Array.from({ length: most }, (_, place) => points[Math.round((place * (points.length - 1)) / (most - 1))]);
}

/**
 * Return a setup as its settings by their paths. A component is its name, with its fields below; what is a list stays
 * one.
 *
 * @param {Record<string, any>} spec
 * @param {string} [path]
 * @returns {Map<string, any>}
 */
export function settingsOf(spec, path = "") {
  const settings = new Map();
  for (const [key, value] of Object.entries(spec)) {
    const place = key === "name" ? path : path === "" ? key : `${path}.${key}`;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [deeper, found] of settingsOf(value, place)) settings.set(deeper, found);
    } else settings.set(place, value);
  }
  return settings;
}

/**
 * Return the settings in which setups differ; undefined: a setup has no such setting.
 *
 * @param {Record<string, any>[]} specs
 * @returns {{ path: string, values: any[] }[]}
 */
export function differencesOf(specs) {
  const all = specs.map((spec) => settingsOf(spec));
  const paths = [...new Set(all.flatMap((settings) => [...settings.keys()]))];
  return paths
    .map((path) => ({ path, values: all.map((settings) => settings.get(path)) }))
    .filter(({ values }) => values.some((value) => JSON.stringify(value) !== JSON.stringify(values[0])));
}

/** @param {ArrayLike<number>} bytes */
export function toBase64(bytes) {
  let text = "";
  for (let index = 0; index < bytes.length; index += 1) text += String.fromCharCode(bytes[index]);
  return btoa(text);
}

/** @param {string} text */
export const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/**
 * Return by how much one map of single outputs is above another, as bytes over a range that is even on both sides of
 * zero; null where they cannot be laid over one another.
 *
 * @typedef {{ values: ArrayLike<number>, rows: number, columns: number, ranges: [number, number][] }} OutputBytes
 *
 * @param {OutputBytes} one
 * @param {OutputBytes} other
 */
export function differenceOf(one, other) {
  const isAlike = one.rows === other.rows && one.columns === other.columns;
  if (!isAlike || one.ranges.length > 1 || other.ranges.length > 1) return null;
  const valueOf = (/** @type {OutputBytes} */ { values, ranges: [[low, high]] }, /** @type {number} */ at) =>
    low + ((high - low) * values[at]) / 255;
  const differences = Float32Array.from(one.values, (_, at) => valueOf(one, at) - valueOf(other, at));
  const most = differences.reduce((reach, value) => Math.max(reach, Math.abs(value)), 0);
  const mean = differences.reduce((sum, value) => sum + Math.abs(value), 0) / differences.length;
  const reach = most || 1;
  const values = Uint8Array.from(differences, (value) => Math.round(((value + reach) / (2 * reach)) * 255));
  return { values, rows: one.rows, columns: one.columns, range: /** @type {[number, number]} */ ([-reach, reach]), most, mean };
}

/**
 * Return curves of several runs over one axis: epochs of all of them, and for each the values of a metric there.
 *
 * @param {{ points: Point[] }[]} runs
 * @param {string} metric
 * @returns {Drawn}
 */
export function joinedCurves(runs, metric) {
  const places = [...new Set(runs.flatMap(({ points }) => points.map(({ epoch }) => epoch)))].sort((a, b) => a - b);
  const values = runs.map(({ points }) => {
    const byEpoch = new Map(points.map((point) => [point.epoch, point[metric]]));
    return places.map((epoch) => byEpoch.get(epoch));
  });
  return { places, values };
}
