import assert from "node:assert/strict";
import { test } from "node:test";
import { Catalogue } from "../../static/js/catalogue.js";
import { expectedLayers, expectedSpec, formerLayers, inPlacesOf } from "../../static/js/expected.js";

/** @param {number[]} shape  from the inputs to the outputs */
const layersOf = (shape) =>
  shape.slice(1).map((units, at) => ({
    name: `layer ${at + 1}`,
    inputs: shape[at],
    units,
    activation: "tanh",
    parameters: (shape[at] + 1) * units,
  }));
/** @param {number[]} units */
const hidden = (units) => units.map((count) => ({ units: count, activation: { name: "tanh" } }));

test("layers that the server has told are those that are expected", () => {
  const told = layersOf([2, 4, 2, 1]);
  assert.equal(expectedLayers(told, hidden([4, 2])), told);
  assert.deepEqual(expectedLayers([], hidden([4])), []);
});

test("another unit is there before the server has told, with the links that it needs", () => {
  const expected = expectedLayers(layersOf([2, 4, 2, 1]), hidden([5, 2]));
  assert.deepEqual(expected, layersOf([2, 5, 2, 1]));
});

test("a layer that is expected takes its inputs from the one before", () => {
  const shape = expectedLayers(layersOf([2, 4, 1]), hidden([4, 3])).map(({ inputs, units, parameters }) => [
    inputs,
    units,
    parameters,
  ]);
  assert.deepEqual(shape, [[2, 4, 12], [4, 3, 15], [3, 1, 4]]);
});

test("weights keep their places when a unit is added, and what is new is no number", () => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8, 9]; // 2-2-1: four weights, two biases, two weights, one bias.
  const placed = [...inPlacesOf(Float32Array.from(values), layersOf([2, 2, 1]), layersOf([2, 3, 1]))];
  assert.deepEqual(placed, [1, 2, NaN, 3, 4, NaN, 5, 6, NaN, 7, 8, NaN, 9]);
});

test("a layer that is put in or taken out leaves those before it and behind it what they were", () => {
  assert.deepEqual(formerLayers(layersOf([2, 4, 3, 1]), layersOf([2, 4, 4, 3, 1])), [0, null, 1, 2]);
  assert.deepEqual(formerLayers(layersOf([2, 4, 3, 1]), layersOf([2, 3, 1])), [1, 2]);
  assert.deepEqual(formerLayers(layersOf([2, 1]), layersOf([2, 4, 1])), [null, 0]);
  assert.deepEqual(formerLayers(layersOf([2, 4, 1]), layersOf([2, 1])), [1]);
});

test("of the weights that led over a layer that is gone, or is new, none is taken along", () => {
  const values = Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]); // 2-2-1, as above.
  assert.deepEqual([...inPlacesOf(values, layersOf([2, 2, 1]), layersOf([2, 1]))], [NaN, NaN, 9]);
  assert.deepEqual(
    [...inPlacesOf(values, layersOf([2, 2, 1]), layersOf([2, 2, 1, 1]))],
    [1, 2, 3, 4, 5, 6, NaN, NaN, NaN, NaN, 9],
  );
});

test("a component in another's place keeps what it has itself and nothing else", () => {
  const component = (/** @type {string} */ name, /** @type {string[]} */ fields) => ({
    name,
    fields: Object.fromEntries(fields.map((field) => [field, { type: "number" }])),
  });
  const catalogue = new Catalogue(
    /** @type {any} */ ({
      components: {
        regularizer: [component("none", []), component("l1", ["rate"])],
        optimizer: [component("sgd", ["learning_rate", "momentum"]), component("adam", ["learning_rate", "beta_1"])],
        activation: [component("leaky_relu", ["negative_slope"]), component("tanh", [])],
      },
    }),
  );
  const spec = /** @type {any} */ ({
    network: { output_activation: { name: "leaky_relu", negative_slope: 0.1 } },
    training: {
      optimizer: { name: "sgd", learning_rate: 0.1, momentum: 0.9 },
      regularizer: { name: "l1", rate: 0.5 },
      loss: { name: "huber", delta: 2 },
    },
  });
  const patch = {
    network: { output_activation: { name: "tanh" } },
    training: { optimizer: { name: "adam" }, regularizer: { name: "none" }, loss: { delta: 1 } },
  };

  assert.deepEqual(expectedSpec(spec, patch, catalogue), {
    network: { output_activation: { name: "tanh" } },
    training: {
      optimizer: { name: "adam", learning_rate: 0.1 },
      regularizer: { name: "none" },
      loss: { name: "huber", delta: 1 },
    },
  });
  assert.equal(expectedSpec(spec, { network: { output_activation: null } }, catalogue).network.output_activation, undefined);
});
