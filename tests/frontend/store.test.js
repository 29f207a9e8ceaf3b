import assert from "node:assert/strict";
import { test } from "node:test";
import { Catalogue } from "../../static/js/catalogue.js";
import { Store } from "../../static/js/store.js";

const layer = (/** @type {number} */ units) => ({ name: "", inputs: 2, units, activation: "tanh", parameters: 3 * units });

test("a unit that is looked at is shown for as long as the network has it", () => {
  const store = new Store(new Catalogue(/** @type {any} */ ({ components: {} })));
  store.inspected.value = { layer: 0, unit: 2 };
  const shownOf = (/** @type {number[]} */ shape) => {
    store.model.value = /** @type {any} */ ({ layers: shape.map(layer) });
    return store.shownUnit.value;
  };

  assert.deepEqual(shownOf([3, 1]), { layer: 0, unit: 2 });
  assert.equal(shownOf([2, 1]), null);
  assert.equal(shownOf([1]), null);
  assert.equal(shownOf([]), null);
});
