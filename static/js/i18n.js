/** @import { Text } from "./types.js" */

/**
 * Phrases by key; one with a plural is split by its categories.
 *
 * @typedef {Record<string, string | Record<string, string>>} Words
 */

/**
 * Return functions that speak one language. A phrase holds `{name}` where a value goes; a phrase that is an object is
 * chosen by the plural category of `count`.
 *
 * @param {Words} words
 * @param {"en" | "it"} language
 */
export function createTranslator(words, language) {
  const plurals = new Intl.PluralRules(language);

  /** @param {string} key */
  const has = (key) => key in words;

  /**
   * @param {string} key
   * @param {Record<string, any>} [values]
   */
  function translate(key, values = {}) {
    const phrase = words[key];
    if (phrase === undefined) return key;
    const text = typeof phrase === "string" ? phrase : (phrase[plurals.select(values.count)] ?? phrase.other);
    return fill(text, values, language);
  }

  return { language, has, translate };
}

/**
 * Return `text` with values where it has holes: numbers as the language writes them, words of both languages in it.
 *
 * @param {string} text
 * @param {Record<string, any>} values
 * @param {"en" | "it"} language
 */
export function fill(text, values, language) {
  return text.replace(/\{(\w+)\}/g, (hole, name) => {
    const value = values[name];
    if (value === undefined) return hole;
    if (typeof value === "number") return formatNumber(value, language);
    return typeof value === "object" && value !== null ? value[language] : String(value);
  });
}

/** How numbers are written, each made once: that takes longer than to write a number. @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/**
 * Return `value` as people of that language write it. Very small and very large numbers take a power of ten, so that
 * no digit that matters is cut away.
 *
 * @param {number} value
 * @param {string} language
 * @param {{ digits?: number, fixed?: boolean, sign?: boolean }} [options] `fixed`: always that many decimals
 */
export function formatNumber(value, language, { digits = 4, fixed = false, sign = false } = {}) {
  const size = Math.abs(value);
  const scientific = size !== 0 && (size < 10 ** -digits || size >= (Number.isInteger(value) ? 1e7 : 1e5));
  const key = `${language} ${scientific ? "scientific" : digits} ${fixed} ${sign}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(language, {
      notation: scientific ? "scientific" : "standard",
      minimumFractionDigits: fixed && !scientific ? digits : 0,
      maximumFractionDigits: scientific ? 1 : digits,
      signDisplay: sign ? "exceptZero" : "auto",
    });
    formats.set(key, format);
  }
  const text = format.format(value).replaceAll("-", "−");
  if (!scientific) return text;
  const [mantissa, exponent = ""] = text.split("E");
  return exponent === "" ? mantissa : `${mantissa}·10${[...exponent].map((sign) => RAISED.get(sign)).join("")}`;
}

/** The signs of an exponent, as they are written above the line. */
const RAISED = new Map([..."−0123456789"].map((sign, at) => [sign, [..."⁻⁰¹²³⁴⁵⁶⁷⁸⁹"][at]]));

let translator = createTranslator({}, "en");

/**
 * Fetch the words of a language and speak it from now on.
 *
 * @param {string} url
 * @param {"en" | "it"} language
 */
export async function loadLanguage(url, language) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  translator = createTranslator(await response.json(), language);
}

/**
 * Return the phrase `key` in the page's language.
 *
 * @param {string} key
 * @param {Record<string, any>} [values]
 */
export const t = (key, values) => translator.translate(key, values);

/** The language that the page speaks. */
export const pageLanguage = () => translator.language;

/** @param {string} key */
export const hasPhrase = (key) => translator.has(key);

/**
 * Return the catalogue's own words in the page's language.
 *
 * @param {Text | undefined} text
 */
export const words = (text) => text?.[translator.language] ?? "";

/**
 * @param {number} value
 * @param {Parameters<typeof formatNumber>[2]} [options]
 */
export const number = (value, options) => formatNumber(value, translator.language, options);
