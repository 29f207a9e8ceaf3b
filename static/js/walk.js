/**
 * A walk through one update: what happens to a single example, one phase after the other, in the server's own numbers.
 *
 * @typedef {object} TracedLayer  as GET /sessions/{id}/trace tells it; of matrices, rows are inputs and columns units
 * @property {number[]} inputs
 * @property {number[]} sums
 * @property {number[]} activations
 * @property {number[]} biases
 * @property {number[] | null} errors  dL/da
 * @property {number[] | null} slopes  f'(z)
 * @property {number[] | null} deltas  dL/dz
 * @property {number[][] | null} weights
 * @property {number[][] | null} products
 * @property {number[][] | null} weight_gradients
 * @property {number[][] | null} penalties
 * @property {number[][] | null} error_products
 *
 * @typedef {object} Trace
 * @property {number} step
 * @property {"train" | "validation" | "test" | null} split
 * @property {number | null} index
 * @property {number} learning_rate
 * @property {number[]} input
 * @property {number | null} label
 * @property {number[] | null} targets
 * @property {number[]} outputs
 * @property {number | null} loss
 * @property {boolean} fused
 * @property {TracedLayer[]} layers
 *
 * @typedef {{ kind: "input" | "forward" | "loss" | "backward" | "update", layer: number }} Phase
 *
 * @typedef {{ split: "train" | "validation" | "test", index: number }} PickedExample
 *
 * @typedef {object} Walked  the example of a walk
 * @property {number[]} input
 *
 * @typedef {object} WalkView  what the graph shows of a walk
 * @property {Phase} phase
 * @property {number} unit  of the phase's layer, whose links are shown
 * @property {Trace} trace
 * @property {Trace | null} after  the same example after the update
 */

/**
 * Return the phases of a walk, in order. Without a target there is no way back; only the example that training takes
 * next can be learned from.
 *
 * @param {number} layers
 * @param {{ hasTarget: boolean, isNext: boolean }} example
 * @returns {Phase[]}
 */
export function phasesOf(layers, { hasTarget, isNext }) {
  const order = Array.from({ length: layers }, (_, layer) => layer);
  /** @type {Phase[]} */
  const phases = [{ kind: "input", layer: -1 }, ...order.map((layer) => /** @type {Phase} */ ({ kind: "forward", layer }))];
  if (!hasTarget) return phases;
  phases.push({ kind: "loss", layer: layers - 1 });
  phases.push(...order.toReversed().map((layer) => /** @type {Phase} */ ({ kind: "backward", layer })));
  if (isNext) phases.push({ kind: "update", layer: layers - 1 });
  return phases;
}

/**
 * Return a unit's column of a matrix of a trace, or null if it was not told. Where a single unit was asked for, its
 * column is the only one.
 *
 * @param {TracedLayer} layer
 * @param {"weights" | "products" | "weight_gradients" | "penalties" | "error_products"} name
 * @param {number} unit
 * @returns {number[] | null}
 */
export function columnOf(layer, name, unit) {
  const matrix = layer[name];
  if (matrix === null) return null;
  const isAlone = (matrix[0]?.length ?? 0) < layer.sums.length;
  return matrix.map((row) => row[isAlone ? 0 : unit]);
}

/**
 * One parameter before and after an update.
 *
 * @typedef {object} Change
 * @property {number} layer
 * @property {number | null} from  null: the bias
 * @property {number} to
 * @property {number} before
 * @property {number} gradient  the regulariser's part included
 * @property {number | null} after
 */

/**
 * Return all parameters that a trace tells, layer by layer and unit by unit, the bias last, with their gradients, and as
 * they are afterwards.
 *
 * @param {Trace} trace
 * @param {Trace | null} after
 * @param {number} asked  the unit that was asked for, where the trace tells of one alone
 * @returns {Change[]}
 */
export function changesOf(trace, after, asked = 0) {
  return trace.layers.flatMap((layer, index) => {
    const { weights, biases, deltas } = layer;
    if (weights === null || deltas === null) return [];
    const units = weights[0].length < biases.length ? [asked] : biases.map((_, unit) => unit);
    const later = after?.layers[index];
    return units.flatMap((to) => {
      const gradients = columnOf(layer, "weight_gradients", to) ?? [];
      const penalties = columnOf(layer, "penalties", to);
      const laterWeights = later === undefined ? null : columnOf(later, "weights", to);
      return [
        ...(columnOf(layer, "weights", to) ?? []).map((before, from) => ({
          layer: index,
          from,
          to,
          before,
          gradient: gradients[from] + (penalties?.[from] ?? 0),
          after: laterWeights?.[from] ?? null,
        })),
        {
          layer: index,
          from: null,
          to,
          before: biases[to],
          gradient: deltas[to],
          after: later?.biases[to] ?? null,
        },
      ];
    });
  });
}

/**
 * Whether every parameter has moved by −η times its gradient, as far as single precision can tell.
 *
 * @param {Change[]} changes
 * @param {number} rate
 */
export function isPlainStep(changes, rate) {
  return changes.every(({ before, gradient, after }) => {
    if (after === null) return false;
    const expected = before - rate * gradient;
    return Math.abs(after - expected) <= 1e-6 * Math.max(1, Math.abs(before), Math.abs(rate * gradient));
  });
}

/**
 * How many other updates lie between a trace and the one after its update: 0 where the update took this very example
 * from this very state; −1: there was no update at all.
 *
 * @param {Trace} before
 * @param {Trace} after
 */
export const updatesBetween = (before, after) => after.step - before.step - 1;
