/**
 * Return the number that a person has typed, with a decimal point or a decimal comma; NaN where it is none. Where both
 * stand, the last one parts the decimals and the other one groups thousands.
 *
 * @param {string} text
 */
export function parseNumber(text) {
  const plain = text.trim().replace(/[\s\u00a0\u202f']/g, "").replace("−", "-");
  if (plain === "") return Number.NaN;
  const [point, group] = plain.lastIndexOf(",") > plain.lastIndexOf(".") ? [",", "."] : [".", ","];
  return Number(plain.replaceAll(group, "").replace(point, "."));
}

/**
 * Return a number as it stands in a field to type into: the language's decimal sign, no digit lost, nothing grouped.
 *
 * @param {number} value
 * @param {string} language
 */
export function writeNumber(value, language) {
  const text = String(Number(value.toPrecision(12)));
  const point = new Intl.NumberFormat(language).format(0.5).charAt(1);
  return text.replace(".", point);
}
