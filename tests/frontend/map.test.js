import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import { valuesAt } from "../../static/js/draw/lookup.js";
import { likeliest, valueColours } from "../../static/js/draw/map.js";
import { MapView } from "../../static/js/panels/map-view.js";
import { moveProbe } from "../../static/js/panels/steer.js";

const PLANE = [-6, 6];

const ramp = Uint32Array.from({ length: 256 }, (_, step) => step);
const greys = Uint32Array.from({ length: 256 }, (_, step) => 1000 + step);
const binary = { kind: "value", range: [0, 1], domain: [0, 1], ramp };

test("discretised, what lies above the middle has the colour of class 1 and the rest that of class 0", () => {
  const colours = valueColours(binary, { greys }, "classes");

  assert.deepEqual([0, 127, 128, 255].map((byte) => colours[byte]), [0, 0, 255, 255]);
});

test("discretised, an output from -1 to 1 is told by its sign", () => {
  const colours = valueColours({ ...binary, range: [-0.2, 0.6], domain: [-1, 1] }, { greys }, "classes");

  assert.deepEqual([0, 60, 67, 255].map((byte) => colours[byte]), [0, 0, 255, 255]);
});

test("the network is unsure in the middle and sure at both ends", () => {
  const colours = valueColours(binary, { greys }, "sureness");

  assert.deepEqual([0, 255].map((byte) => colours[byte]), [1255, 1255]);
  assert.ok(colours[127] <= 1002 && colours[64] > 1100 && colours[64] < 1150);
});

test("of several classes the likeliest is told, and how far it is above chance", () => {
  const values = Uint8Array.from([255, 85, 64, 0, 85, 128, 0, 85, 64]);
  const maps = { kind: "classes", values, rows: 1, columns: 3, ranges: [0, 1, 2].map(() => [0, 1]) };

  const { winners, shares } = likeliest(maps);

  assert.deepEqual([...winners], [0, 0, 1]);
  assert.deepEqual([...shares].map((share) => share > 60 && share < 70), [false, false, true]);
  assert.deepEqual([shares[0], shares[1]], [255, 0]);
});

const values = Uint8Array.from({ length: 9 }, (_, at) => 25 * at);
const map = { kind: "value", values, rows: 3, columns: 3, range: [0, 255] };

test("at a point of the grid the map says just that value: row 0 is the largest y", () => {
  assert.deepEqual(valuesAt(map, PLANE, -6, 6), [0]);
  assert.deepEqual(valuesAt(map, PLANE, 6, 6), [50]);
  assert.deepEqual(valuesAt(map, PLANE, 0, 0), [100]);
  assert.deepEqual(valuesAt(map, PLANE, -6, -6), [150]);
  assert.deepEqual(valuesAt(map, PLANE, 6, -6), [200]);
});

test("between the points of the grid values change evenly, and beyond the plane not at all", () => {
  assert.deepEqual(valuesAt(map, PLANE, 3, 3), [75]);
  assert.deepEqual(valuesAt(map, PLANE, 60, 60), [50]);
});

test("of several classes each value lies over its own range", () => {
  const maps = { kind: "classes", values: Uint8Array.from([255, 51]), rows: 1, columns: 1, ranges: [[0, 1], [-1, 4]] };

  assert.deepEqual(valuesAt(maps, PLANE, 0, 0), [1, 0]);
});

const press = (probe, key, shiftKey = false) => moveProbe({ key, shiftKey }, probe, PLANE);

test("the first arrow puts the cross on a point of the grid near the middle, the next moves it by one", () => {
  const first = press(null, "ArrowLeft");
  const second = press(first, "ArrowRight");

  assert.equal(first.by, "keys");
  assert.ok(Math.abs(first.x) < 0.07);
  assert.ok(Math.abs(second.x - first.x - 12 / 99) < 1e-9);
  assert.equal(second.y, first.y);
});

test("the cross stays on the plane, takes long steps with Shift, and goes with Escape", () => {
  const corner = { x: 5.9, y: 6, by: "mouse" };

  assert.equal(press(corner, "ArrowUp").y, 6);
  assert.equal(press(corner, "ArrowRight", true).x, 6);
  assert.ok(Math.abs(press(corner, "ArrowDown", true).y - (6 - 120 / 99)) < 1e-9);
  assert.equal(press(corner, "Escape"), null);
});

test("other keys mean nothing to the map, so that space still plays", () => {
  assert.equal(press(null, " "), undefined);
  assert.equal(press(null, "Escape"), undefined);
});

/** A store as far as the view of the map reads it. */
function storeWith(split, task = "binary") {
  return {
    facts: signal({ task, own_test: false }),
    spec: signal({ data: { split } }),
    serverSpec: signal({ data: { split } }),
    shownUnit: signal(null),
    showsOthers: signal(true),
    isDiscretised: signal(false),
  };
}

test("every part that there is is drawn at first, and no other", () => {
  assert.deepEqual(new MapView(storeWith({ train: 0.5, validation: 0, test: 0.5 })).shown.value, ["train", "test"]);
});

test("parts are hidden one by one, and a link hears when all but the training examples are", () => {
  const store = storeWith({ train: 0.5, validation: 0.2, test: 0.3 });
  const view = new MapView(store);

  view.toggle("test");
  assert.deepEqual(view.shown.value, ["train", "validation"]);
  assert.equal(store.showsOthers.value, true);

  view.toggle("validation");
  assert.deepEqual(view.shown.value, ["train"]);
  assert.equal(store.showsOthers.value, false);

  view.toggle("validation");
  assert.deepEqual(view.shown.value, ["train", "validation"]);
  assert.equal(store.showsOthers.value, true);
});

test("hiding the only other part is told to links too", () => {
  const store = storeWith({ train: 0.5, validation: 0, test: 0.5 });
  const view = new MapView(store);

  view.toggle("test");
  assert.equal(store.showsOthers.value, false);

  store.showsOthers.value = true;
  assert.deepEqual(view.shown.value, ["train", "test"]);
});

test("a link that asks for classes wins, and nobody is asked how sure a number is", () => {
  const store = storeWith({ train: 0.5, validation: 0, test: 0.5 });
  const view = new MapView(store);

  view.colour("sureness");
  assert.equal(view.colouring.value, "sureness");
  store.isDiscretised.value = true;
  assert.equal(view.colouring.value, "classes");
  view.colour("sureness");
  assert.equal(store.isDiscretised.value, false);
  store.facts.value = { task: "regression", own_test: false };
  assert.equal(view.colouring.value, "shades");
});
