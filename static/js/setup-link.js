/**
 * The setup as it stands after `#` in an address: only what differs from the default, in words that one can read, such as
 * `data=spiral&noise=0.2&layers=8-tanh,4-relu&optimizer=adam&rate=0.01`. What a spec is made of comes from the catalogue.
 *
 * A component stands by its name, its fields follow as `optimizer.beta_1=0.95`; within a list they stand in brackets, as
 * in `layers=8-leaky_relu(negative_slope:0.1);dropout:0.2`. Links stay good for ever: a name that stands here must keep
 * its meaning.
 */

import { isSame } from "./same.js";

/** @import { Catalogue } from "./catalogue.js" */
/** @import { Component, Field, Json, Spec } from "./types.js" */

/**
 * @typedef {{ hidden: string[], showOthers: boolean, discretise: boolean }} View  how the experiment is looked at
 *
 * @typedef {object} LinkProblem  something in a link that means nothing
 * @property {string} field  the key
 * @property {"unknown_key" | "unknown_name" | "not_a_number" | "unknown_field" | "malformed" | "unknown_part"} code
 * @property {string} value
 */

const SECTIONS = /** @type {const} */ (["data", "network", "training"]);

/** Members of the spec that go by a shorter name. */
const SHORT = new Map([
  ["dataset", "data"],
  ["initializer", "init"],
  ["output_activation", "output"],
  ["batch_size", "batch"],
  ["warmup_epochs", "warmup"],
]);
/** Fields that everybody turns, by a name of their own. */
const FIELDS = new Map([
  ["data.noise", "noise"],
  ["data.samples", "samples"],
  ["optimizer.learning_rate", "rate"],
]);
const SEED = "seed";

/** Longer addresses are cut by some of those who pass them on. */
export const MOST_LETTERS = 6000;

/**
 * Return what stands after `#`, and whether the data are the user's own and stay behind.
 *
 * @param {Spec} spec
 * @param {Catalogue} catalogue
 * @param {View} [view]
 */
export function encodeSetup(spec, catalogue, view = PLAIN) {
  const whole = encode(spec, catalogue, view, staysBehind(spec, catalogue));
  if (whole.length <= MOST_LETTERS) return { fragment: whole, leavesData: staysBehind(spec, catalogue) };
  return { fragment: encode(spec, catalogue, view, true), leavesData: true };
}

/**
 * Return the partial spec that a fragment says (the server fills in what is missing, and checks it), how it is to be
 * looked at, and what in the fragment means nothing.
 *
 * @param {string} fragment
 * @param {Catalogue} catalogue
 */
export function decodeSetup(fragment, catalogue) {
  return new Reading(catalogue).read(fragment);
}

/**
 * Return whose link a fragment is: this page's, TensorFlow Playground's, or none that holds a setup.
 *
 * @param {string} fragment  with or without `#`
 * @returns {"setup" | "tf-playground" | null}
 */
export function kindOfLink(fragment) {
  const keys = pairsOf(fragment).map(([key]) => key);
  if (keys.length === 0 || keys.includes("session") || keys.includes("token") || !fragment.includes("=")) return null;
  // Ours have no capitals; these are the keys of theirs that have none either and mean something else here, or nothing.
  return keys.some((key) => /[A-Z]|_hide$/.test(key) || THEIRS.has(key)) ? "tf-playground" : "setup";
}

const THEIRS = new Set(["activation", "dataset", "regularization", "problem", "discretize", "tutorial", "x", "y"]);

/** @type {View} */
const PLAIN = { hidden: [], showOthers: true, discretise: false };

/**
 * @param {Spec} spec
 * @param {Catalogue} catalogue
 * @param {View} view
 * @param {boolean} leavesData
 */
function encode(spec, catalogue, view, leavesData) {
  /** @type {[string, string][]} */
  const pairs = [];
  /** @type {number[]} */
  const seeds = [];
  for (const section of SECTIONS) {
    const [members, defaults] = [/** @type {Json} */ (spec[section]), /** @type {Json} */ (catalogue.defaults[section])];
    for (const [member, value] of Object.entries(members)) {
      if (member === SEED) seeds.push(value);
      else if (!(leavesData && section === "data")) {
        pairs.push(...memberPairs(member, value, defaults[member], catalogue));
      }
    }
  }
  const standard = SECTIONS.map((section) => /** @type {Json} */ (catalogue.defaults[section])[SEED]);
  if (!isSame(seeds, standard)) pairs.push([SEED, (new Set(seeds).size === 1 ? seeds.slice(0, 1) : seeds).join(",")]);
  if (!view.showOthers) pairs.push(["others", "no"]);
  if (view.discretise) pairs.push(["discretise", "yes"]);
  if (view.hidden.length > 0) pairs.push(["hide", view.hidden.toSorted().join(",")]);
  return pairs.map(([key, value]) => `${escaped(key)}=${escaped(value)}`).join("&");
}

/**
 * @param {string} member
 * @param {any} value
 * @param {any} standard
 * @param {Catalogue} catalogue
 * @returns {[string, string][]}
 */
function memberPairs(member, value, standard, catalogue) {
  const key = SHORT.get(member) ?? member;
  const kind = catalogue.kindOf(member);
  if (isSame(value, standard)) return [];
  if (member === "split") return [[key, [value.train, value.validation, value.test].map(written).join("-")]];
  if (Array.isArray(value)) return [[key, value.map((entry) => listed(kind, entry, catalogue)).join(",") || "none"]];
  if (!isComponent(value)) return [[key, written(value)]];
  /** @type {[string, string][]} */
  const pairs = value.name === standard?.name ? [] : [[key, value.name]];
  const base = value.name === standard?.name ? standard : defaultsOf(catalogue.find(kind, value.name));
  for (const [field, setting] of Object.entries(value)) {
    if (field === "name" || isSame(setting, base[field])) continue;
    pairs.push([FIELDS.get(`${key}.${field}`) ?? `${key}.${field}`, written(setting)]);
  }
  return pairs;
}

/**
 * An entry of a list: a name, a component, or a layer.
 *
 * @param {string} kind
 * @param {any} entry
 * @param {Catalogue} catalogue
 */
function listed(kind, entry, catalogue) {
  if (typeof entry !== "object") return written(entry);
  if (isComponent(entry)) return bracketed(kind, entry, catalogue);
  const { units, activation, ...others } = entry;
  const rest = Object.entries(others)
    .filter(([name, value]) => !isSame(value, standardOf(catalogue, name)))
    .map(([name, value]) => `;${name}:${isComponent(value) ? bracketed(name, value, catalogue) : written(value)}`);
  return `${units}-${bracketed("activation", activation, catalogue)}${rest.join("")}`;
}

/** @param {Catalogue} catalogue @param {string} name  of a member of a layer */
const standardOf = (catalogue, name) =>
  catalogue.field(`network.layers[].${name}`).default ?? /** @type {Json} */ (catalogue.defaults.network.layers[0])?.[name];

/**
 * @param {string} kind
 * @param {Json} component
 * @param {Catalogue} catalogue
 */
function bracketed(kind, { name, ...fields }, catalogue) {
  const base = defaultsOf(catalogue.find(kind, name));
  const own = Object.entries(fields).filter(([field, value]) => !isSame(value, base[field]));
  return own.length === 0 ? name : `${name}(${own.map(([field, value]) => `${field}:${written(value)}`).join(";")})`;
}

/** @param {any} value @returns {string} */
function written(value) {
  if (!Array.isArray(value)) return String(value);
  // Rows are parted by what does not part their numbers.
  return value.map(written).join(value.some(Array.isArray) ? ";" : ",");
}

/**
 * Whether data are a user's own and lie on the server alone: of such, a spec holds no more than a name.
 *
 * @param {Spec} spec
 * @param {Catalogue} catalogue
 */
export function staysBehind(spec, catalogue) {
  const component = catalogue.find("dataset", spec.data.dataset.name);
  if (!component?.given) return false;
  return !Object.values(component.fields).some((field) => /** @type {Json} */ (field).items?.type === "array");
}

/** More than these nobody reads. */
const MOST_PROBLEMS = 50;

class Reading {
  #catalogue;
  /** @type {LinkProblem[]} */
  #problems = [];
  /** @type {Record<string, Json>} */
  #spec = {};

  /** @param {Catalogue} catalogue */
  constructor(catalogue) {
    this.#catalogue = catalogue;
  }

  /** @param {string} fragment */
  read(fragment) {
    const view = { ...PLAIN };
    // Names of components first: their fields are theirs.
    const pairs = pairsOf(fragment).toSorted(([one], [other]) => Number(isField(one)) - Number(isField(other)));
    for (const [key, raw] of pairs) {
      const value = unescaped(raw);
      if (value === null) this.#complain(key, "malformed", raw);
      else if (key === "hide") view.hidden = value.split(",").filter(Boolean);
      else if (key === "others") view.showOthers = value !== "no";
      else if (key === "discretise") view.discretise = value === "yes";
      else if (key === SEED) this.#readSeeds(value);
      else this.#readMember(unshortened(key), key, value);
    }
    return { spec: this.#spec, view, problems: this.#problems };
  }

  /**
   * @param {string} path  of a member, or of a member's field: `dataset`, `dataset.noise`
   * @param {string} key  as it stands in the link
   * @param {string} value
   */
  #readMember(path, key, value) {
    const [member, field, ...more] = path.split(".");
    const section = SECTIONS.find((name) => Object.hasOwn(this.#catalogue.defaults[name], member));
    if (section === undefined || more.length > 0) return this.#complain(key, "unknown_key", value);
    this.#spec[section] ??= {};
    const target = this.#spec[section];
    const standard = /** @type {Json} */ (this.#catalogue.defaults[section])[member];
    const kind = this.#catalogue.kindOf(member);
    if (field !== undefined) return this.#readField(target, member, field, standard, key, value);
    if (member === "split") return this.#readSplit(target, value);
    if (Array.isArray(standard)) target[member] = this.#readList(kind, value, key);
    else if (isComponent(standard) || this.#catalogue.all(kind).length > 0) {
      if (this.#catalogue.find(kind, value) === undefined) return this.#complain(key, "unknown_name", value);
      target[member] = value === standard?.name ? { ...standard } : { name: value };
    } else {
      const setting = this.#setting({ type: /** @type {Field["type"]} */ (typeof standard) }, value, key);
      if (setting !== undefined) target[member] = setting;
    }
    return undefined;
  }

  /**
   * @param {Json} target
   * @param {string} member
   * @param {string} field
   * @param {any} standard
   * @param {string} key
   * @param {string} value
   */
  #readField(target, member, field, standard, key, value) {
    const component = target[member] ?? (isComponent(standard) ? { ...standard } : undefined);
    const described =
      component && this.#catalogue.find(this.#catalogue.kindOf(member), component.name)?.fields[field];
    if (described === undefined) return this.#complain(key, "unknown_field", value);
    const setting = this.#setting(described, value, key);
    if (setting !== undefined) target[member] = { ...component, [field]: setting };
    return undefined;
  }

  /** @param {Json} target @param {string} value */
  #readSplit(target, value) {
    const [train, validation, test] = value.split("-").map((share) => (share === "null" ? null : this.#number(share, "split")));
    if (train == null || validation == null || test === undefined) return;
    target.split = { train, validation, test };
  }

  /** @param {string} value */
  #readSeeds(value) {
    const seeds = value.split(",").map((seed) => this.#number(seed, SEED));
    SECTIONS.forEach((section, index) => {
      const seed = seeds[index] ?? seeds[0];
      if (seed !== null) (this.#spec[section] ??= {})[SEED] = seed;
    });
  }

  /**
   * @param {string} kind
   * @param {string} value
   * @param {string} key
   */
  #readList(kind, value, key) {
    if (value === "" || value === "none") return [];
    return parted(value, ",").flatMap((entry) => {
      if (kind === "layers") return this.#readLayer(entry, key);
      if (kind === "features") return this.#named("feature", entry, key) ? [entry] : [];
      return this.#readBracketed(kind, entry, key) ?? [];
    });
  }

  /** @param {string} text @param {string} key */
  #readLayer(text, key) {
    const [head, ...rest] = parted(text, ";");
    const at = head.indexOf("-");
    const units = this.#number(at < 0 ? head : head.slice(0, at), key);
    if (units === null) return [];
    /** @type {Json} */
    const layer = { units };
    const activation = at < 0 ? null : this.#readBracketed("activation", head.slice(at + 1), key);
    if (activation !== null) layer.activation = activation;
    for (const part of rest) {
      const [name, value = ""] = halved(part);
      const field = this.#catalogue.field(`network.layers[].${name}`);
      const known = standardOf(this.#catalogue, name);
      if (isComponent(known)) {
        const chosen = this.#readBracketed(name, value, key);
        if (chosen !== null) layer[name] = chosen;
      } else if (known === undefined) this.#complain(key, "unknown_field", name);
      else {
        const setting = this.#setting(field, value, key);
        if (setting !== undefined) layer[name] = setting;
      }
    }
    return [layer];
  }

  /**
   * @param {string} kind
   * @param {string} text  `name` or `name(field:value;…)`
   * @param {string} key
   * @returns {Json | null}
   */
  #readBracketed(kind, text, key) {
    const found = /^([^()]*)(?:\((.*)\))?$/.exec(text);
    if (found === null) {
      this.#complain(key, "malformed", text);
      return null;
    }
    const [, name, inside = ""] = found;
    const component = this.#named(kind, name, key);
    if (component === undefined) return null;
    /** @type {Json} */
    const chosen = { name };
    for (const part of parted(inside, ";").filter(Boolean)) {
      const [field, value = ""] = halved(part);
      const described = component.fields[field];
      if (described === undefined) {
        this.#complain(key, "unknown_field", field);
        continue;
      }
      const setting = this.#setting(described, value, key);
      if (setting !== undefined) chosen[field] = setting;
    }
    return chosen;
  }

  /**
   * @param {string} kind
   * @param {string} name
   * @param {string} key
   */
  #named(kind, name, key) {
    const component = this.#catalogue.find(kind, name);
    if (component === undefined) this.#complain(key, "unknown_name", name);
    return component;
  }

  /**
   * The value of a field, of the type that the catalogue says; undefined where the text is none.
   *
   * @param {Field} field
   * @param {string} text
   * @param {string} key
   */
  #setting(field, text, key) {
    const { type, items } = /** @type {Json} */ (field);
    if (text === "null") return null;
    if (type === "string") return text;
    if (type === "boolean") return text === "true";
    if (type === "array") {
      const isNested = items?.type === "array";
      const rows = parted(text, isNested ? ";" : ",").map((row) => (isNested ? row.split(",") : [row]));
      if (items?.type === "string") return rows.flat();
      const numbers = rows.map((row) => row.map((number) => this.#number(number, key)));
      if (numbers.flat().includes(null)) return undefined;
      return isNested ? numbers : numbers.flat();
    }
    return this.#number(text, key) ?? undefined;
  }

  /** @param {string} text @param {string} key */
  #number(text, key) {
    const number = text.trim() === "" ? Number.NaN : Number(text);
    if (Number.isFinite(number)) return number;
    this.#complain(key, "not_a_number", text);
    return null;
  }

  /**
   * @param {string} field
   * @param {LinkProblem["code"]} code
   * @param {string} value
   */
  #complain(field, code, value) {
    if (this.#problems.length >= MOST_PROBLEMS) return;
    this.#problems.push({ field: field.slice(0, 60), code, value: value.slice(0, 60) });
  }
}

/** @param {string} fragment @returns {[string, string][]} */
function pairsOf(fragment) {
  const parts = fragment.replace(/^#/, "").split("&").filter(Boolean);
  return parts.map((part) => {
    const at = part.indexOf("=");
    return at < 0 ? [part, ""] : [part.slice(0, at), part.slice(at + 1)];
  });
}

const LONG = new Map([...SHORT].map(([member, key]) => [key, member]));
const LONG_FIELDS = new Map([...FIELDS].map(([path, key]) => [key, path]));

/** @param {string} key */
const isField = (key) => (LONG_FIELDS.get(key) ?? key).includes(".");

/** @param {string} key */
function unshortened(key) {
  const [head, ...rest] = (LONG_FIELDS.get(key) ?? key).split(".");
  return [LONG.get(head) ?? head, ...rest].join(".");
}

/**
 * Part a text, but not within brackets.
 *
 * @param {string} text
 * @param {string} separator
 */
function parted(text, separator) {
  const parts = [""];
  let depth = 0;
  for (const letter of text) {
    if (letter === "(") depth += 1;
    if (letter === ")") depth -= 1;
    if (letter === separator && depth === 0) parts.push("");
    else parts[parts.length - 1] += letter;
  }
  return parts;
}

/** @param {string} text  `name:value` */
function halved(text) {
  const at = text.indexOf(":");
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** @param {string} text */
const escaped = (text) => encodeURIComponent(text).replace(/%(2C|3A|3B)/g, decodeURIComponent);

/** @param {string} text */
function unescaped(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** @param {any} value @returns {value is Json} */
const isComponent = (value) => typeof value?.name === "string";

/** @param {Component | undefined} component @returns {Json} */
function defaultsOf(component) {
  return Object.fromEntries(Object.entries(component?.fields ?? {}).map(([name, field]) => [name, field.default]));
}
