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
 * Which layer of one network each layer of another has been; null: it is new. A layer that was put in or taken out leaves
 * those before it and those behind it what they were.
 *
 * @param {Layer[]} from
 * @param {Layer[]} to
 * @returns {(number | null)[]}
 */
export function formerLayers(from, to) {
  if (from.length === to.length) return to.map((_, at) => at);
  const isSame = (/** @type {Layer} */ one, /** @type {Layer} */ other) =>
    one.units === other.units && one.activation === other.activation;
  const shorter = Math.min(from.length, to.length);
  const more = from.length - to.length;
  let before = 0;
  while (before < shorter - 1 && isSame(from[before], to[before])) before += 1;
  let behind = to.length - 1;
  while (to.length - behind < shorter - before && isSame(from[behind - 1 + more], to[behind - 1])) behind -= 1;
  return to.map((_, at) => (at < before ? at : at >= behind ? at + more : null));
}

/**
 * The parameters of a network in the places that they have, or will have, in another one; those that are not known are
 * no numbers.
 *
 * @param {ArrayLike<number>} values
 * @param {Layer[]} from
 * @param {Layer[]} to
 * @returns {ArrayLike<number>}
 */
export function inPlacesOf(values, from, to) {
  if (from === to) return values;
  const placed = new Float32Array(to.reduce((sum, { parameters }) => sum + parameters, 0)).fill(NaN);
  const former = formerLayers(from, to);
  const begins = startsOf(from.map(({ parameters }) => parameters));
  const starts = startsOf(to.map(({ parameters }) => parameters));
  to.forEach((layer, at) => {
    const was = former[at];
    if (was === null) return;
    const old = from[was];
    const [start, begin] = [starts[at], begins[was]];
    const units = Math.min(old.units, layer.units);
    // What leads to a layer is known where the layer before it is the same one as well.
    const isJoined = at === 0 ? was === 0 : former[at - 1] === was - 1;
    for (let input = 0; isJoined && input < Math.min(old.inputs, layer.inputs); input += 1) {
      for (let unit = 0; unit < units; unit += 1) {
        placed[start + input * layer.units + unit] = values[begin + input * old.units + unit];
      }
    }
    for (let unit = 0; unit < units; unit += 1) {
      placed[start + layer.inputs * layer.units + unit] = values[begin + old.inputs * old.units + unit];
    }
  });
  return placed;
}

/** Where each of some things that lie one behind the other begins. @param {number[]} sizes */
export function startsOf(sizes) {
  let sum = 0;
  return sizes.map((size) => (sum += size) - size);
}
