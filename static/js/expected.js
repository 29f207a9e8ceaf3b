import { applyPatch } from "./patch.js";

/** @import { Catalogue } from "./catalogue.js" */
/** @import { HiddenLayer, Json, Layer, Spec } from "./types.js" */

/**
 * The spec as it will be when the server has agreed to a patch. As there, a component that takes another's place keeps of
 * its fields what it has itself.
 *
 * @param {Spec} spec
 * @param {Json} patch
 * @param {Catalogue} catalogue
 * @returns {Spec}
 */
export function expectedSpec(spec, patch, catalogue) {
  const expected = applyPatch(spec, patch);
  for (const section of ["data", "network", "training"]) {
    for (const [member, change] of Object.entries(patch[section] ?? {})) {
      const name = change?.name;
      const component = catalogue.find(catalogue.kindOf(member), name);
      if (component === undefined || name === /** @type {Json} */ (spec)[section][member]?.name) continue;
      const fields = Object.entries(expected[section][member]).filter(([field]) => field in component.fields);
      expected[section][member] = { name, ...Object.fromEntries(fields) };
    }
  }
  return expected;
}

/**
 * The layers as they will be when the server has agreed to these hidden ones; as it has told them where they are those.
 *
 * @param {Layer[]} told
 * @param {HiddenLayer[]} hidden
 * @returns {Layer[]}
 */
export function expectedLayers(told, hidden) {
  const output = told.at(-1);
  const isTold = hidden.length === told.length - 1 && hidden.every(({ units }, at) => units === told[at].units);
  if (output === undefined || isTold) return told;
  let { inputs } = told[0];
  const layers = [
    ...hidden.map(({ units, activation }, at) => ({ name: told[at]?.name ?? "", units, activation: activation.name })),
    output,
  ];
  return layers.map((layer) => {
    const made = { ...layer, inputs, parameters: (inputs + 1) * layer.units };
    inputs = layer.units;
    return made;
  });
}

/**
 * The parameters of a network in the places that they have, or will have, in another one; those that are not known are
 * no numbers. Between networks of different depth nothing is taken along.
 *
 * @param {ArrayLike<number>} values
 * @param {Layer[]} from
 * @param {Layer[]} to
 * @returns {ArrayLike<number>}
 */
export function inPlacesOf(values, from, to) {
  if (from === to) return values;
  const placed = new Float32Array(to.reduce((sum, { parameters }) => sum + parameters, 0)).fill(NaN);
  if (from.length !== to.length) return placed;
  let [start, begin] = [0, 0];
  to.forEach((layer, at) => {
    const old = from[at];
    const units = Math.min(old.units, layer.units);
    for (let input = 0; input < Math.min(old.inputs, layer.inputs); input += 1) {
      for (let unit = 0; unit < units; unit += 1) {
        placed[start + input * layer.units + unit] = values[begin + input * old.units + unit];
      }
    }
    for (let unit = 0; unit < units; unit += 1) {
      placed[start + layer.inputs * layer.units + unit] = values[begin + old.inputs * old.units + unit];
    }
    start += layer.parameters;
    begin += old.parameters;
  });
  return placed;
}
