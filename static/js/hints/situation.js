import { unitsOf } from "../drawn.js";

/** @import { Store } from "../store.js" */
/** @import { LayerSituation, Situation } from "./rules.js" */

/** @typedef {{ layers: { activations?: LayerSituation["activations"] }[] } | null} Histograms */

/**
 * What the rules look at: the points since the settings were last changed, and each hidden layer as the newest frame
 * and the newest histograms have it.
 *
 * @param {Store} store
 * @param {Histograms} histograms  of the network as it is
 * @returns {Situation}
 */
export function situationOf(store, histograms) {
  const run = store.run.peek();
  const changed = store.changes.peek().filter((change) => change.run === run);
  const since = changed[changed.length - 1]?.epoch ?? 0;
  const layers = store.layers.peek();
  const maps = unitsOf(store.frame.peek(), layers);
  let first = 0;
  const hidden = layers.slice(0, -1).map(({ activation, units }, layer) => {
    const places = Array.from({ length: units }, (_, unit) => first + unit);
    first += units;
    return {
      layer,
      units,
      range: store.catalogue.find("activation", activation)?.range ?? null,
      silent: maps && places.filter((place) => isSilent(maps.at(place).range)).length,
      activations: histograms?.layers[layer]?.activations ?? null,
    };
  });
  return {
    points: store.points.peek().filter(({ epoch }) => epoch > since),
    rate: store.spec.peek().training.optimizer.learning_rate ?? 0,
    layers: hidden,
  };
}

/** @param {[number, number]} range  of a unit over the whole plane */
const isSilent = ([low, high]) => low === 0 && high === 0;
