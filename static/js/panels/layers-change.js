/** @import { Session } from "../session.js" */
/** @import { Store } from "../store.js" */
/** @import { HiddenLayer } from "../types.js" */

/**
 * What can be done to the hidden layers. They stand in a list, which a patch replaces whole.
 *
 * @typedef {{ store: Store, session: Session }} Parts
 */

/**
 * @param {Parts} parts
 * @param {(layers: HiddenLayer[]) => HiddenLayer[]} change
 */
function changeLayers({ store, session }, change) {
  session.configure({ network: { layers: change(store.spec.peek().network.layers) } });
}

/**
 * @param {Parts} parts
 * @param {number} index
 * @param {Partial<HiddenLayer>} change
 */
export const changeLayer = (parts, index, change) =>
  changeLayers(parts, (layers) => layers.map((layer, at) => (at === index ? { ...layer, ...change } : layer)));

/**
 * Put a hidden layer before the one of this index, like its neighbour.
 *
 * @param {Parts} parts
 * @param {number} index
 */
export const insertLayer = (parts, index) =>
  changeLayers(parts, (layers) => {
    const model = layers[index - 1] ?? layers[index] ?? parts.store.catalogue.defaults.network.layers[0];
    return layers.toSpliced(index, 0, model);
  });

/**
 * @param {Parts} parts
 * @param {number} index
 */
export const removeLayer = (parts, index) => changeLayers(parts, (layers) => layers.toSpliced(index, 1));

/**
 * Let a layer change places with a neighbour.
 *
 * @param {Parts} parts
 * @param {number} index
 * @param {-1 | 1} by
 */
export const moveLayer = (parts, index, by) =>
  changeLayers(parts, (layers) => layers.with(index, layers[index + by]).with(index + by, layers[index]));

/**
 * Between how many units a layer can have. An activation that shares something out among units is nothing with a
 * single one.
 *
 * @param {Store} store
 * @param {HiddenLayer} layer
 * @returns {[number, number]}
 */
export const unitBounds = ({ catalogue }, { activation }) => [
  catalogue.find("activation", activation.name)?.layerwise ? 2 : 1,
  catalogue.limits.units,
];

/**
 * Set how many units a layer has, as near to `units` as it can have.
 *
 * @param {Parts} parts
 * @param {number} index
 * @param {number} units
 */
export function setUnits(parts, index, units) {
  const layer = parts.store.spec.peek().network.layers[index];
  if (layer === undefined || !parts.store.mayWrite.peek()) return;
  const [fewest, most] = unitBounds(parts.store, layer);
  const bounded = Math.min(most, Math.max(fewest, Math.round(units)));
  if (bounded !== layer.units) changeLayer(parts, index, { units: bounded });
}

/**
 * Plus and minus add a unit to a layer and take one away, wherever in its column the focus is. Returns whether the key
 * was one of these.
 *
 * @param {Parts} parts
 * @param {number} index
 * @param {KeyboardEvent} event
 */
export function changeUnitsByKey(parts, index, event) {
  const by = { "+": 1, "=": 1, "-": -1, "−": -1 }[event.key];
  const layer = parts.store.spec.peek().network.layers[index];
  if (by === undefined || layer === undefined || event.ctrlKey || event.metaKey || event.altKey) return false;
  event.preventDefault();
  setUnits(parts, index, layer.units + by);
  return true;
}
