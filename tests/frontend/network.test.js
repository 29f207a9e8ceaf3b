import assert from "node:assert/strict";
import { test } from "node:test";
import { biasStyle, diagramOf, linkStyle, pathOf, unitSquares } from "../../static/js/draw/diagram.js";
import { FOLDED_SHOWN, heightOf, layoutNetwork, MAX_SHOWN } from "../../static/js/draw/layout.js";
import {
  biasAt,
  biasesOf,
  biasIndex,
  isShown,
  linkAt,
  linksOf,
  placeAt,
  placesInto,
} from "../../static/js/draw/links.js";

/** @param {number[]} counts */
const layersOf = (...counts) =>
  counts.slice(1).map((units, layer) => ({
    name: "",
    inputs: counts[layer],
    units,
    activation: "",
    parameters: (counts[layer] + 1) * units,
  }));

const layers = layersOf(2, 3, 1);
const layout = layoutNetwork([2, 3, 1], 600, 400);
const links = linksOf(layout, layers);
const biases = biasesOf(layout, layers);

test("columns stand from left to right within the width", () => {
  const places = layout.columns.map(({ x }) => x);

  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  assert.ok(places.every((x) => x > 0 && x < 600));
});

test("a deep network is wider than a narrow screen", () => {
  assert.ok(layoutNetwork([2, 4, 4, 4, 4, 4, 4, 1], 350, 400).width > 600);
});

test("units of a column do not overlap, and between them there is room for the mark of a bias", () => {
  for (const count of [1, 2, 8, MAX_SHOWN, 200]) {
    const [, { y, size }] = layoutNetwork([2, count, 1], 600, 400).columns;

    for (let unit = 1; unit < y.length; unit += 1) assert.ok(y[unit] - y[unit - 1] >= size + 9, `${count}`);
  }
});

test("a large layer shows some of its units, and counts those above and below", () => {
  const [, start] = layoutNetwork([2, 52, 1], 600, 400).columns;
  const [, middle] = layoutNetwork([2, 52, 1], 600, 400, [0, 20]).columns;
  const [, beyond] = layoutNetwork([2, 52, 1], 600, 400, [0, 99]).columns;

  assert.deepEqual([start.first, start.above, start.y.length, start.below], [0, 0, FOLDED_SHOWN, 52 - FOLDED_SHOWN]);
  assert.deepEqual([middle.above, middle.below], [20, 52 - 20 - FOLDED_SHOWN]);
  assert.deepEqual([beyond.above, beyond.below], [52 - FOLDED_SHOWN, 0]);
  assert.equal(heightOf(middle, 19), undefined);
  assert.equal(heightOf(middle, 20), middle.y[0]);
});

test("only links between units that are shown are drawn, however large the layers are", () => {
  const wide = layersOf(2, 500, 500, 1);
  const folded = layoutNetwork([2, 500, 500, 1], 600, 400, [0, 100, 0, 0]);

  const drawn = linksOf(folded, wide);

  assert.equal(drawn.length, 2 * FOLDED_SHOWN + FOLDED_SHOWN ** 2 + FOLDED_SHOWN);
  assert.equal(drawn[0].index, 100);
  assert.ok(drawn.every((link) => isShown(folded, link)));
  assert.equal(isShown(folded, { layer: 1, from: 99, to: 0, index: 0 }), false);
});

test("every weight has its link, in the order of the parameters", () => {
  assert.deepEqual(
    links.map(({ layer, from, to, index }) => [layer, from, to, index]),
    [
      [0, 0, 0, 0],
      [0, 0, 1, 1],
      [0, 0, 2, 2],
      [0, 1, 0, 3],
      [0, 1, 1, 4],
      [0, 1, 2, 5],
      [1, 0, 0, 9],
      [1, 1, 0, 10],
      [1, 2, 0, 11],
    ],
  );
});

test("biases lie behind their layer's weights, and each unit has the mark of its own, the output too", () => {
  assert.equal(biasIndex(layers, 0, 2), 8);
  assert.equal(biasIndex(layers, 1, 0), 12);
  assert.deepEqual(
    biases.map(({ index }) => index),
    [6, 7, 8, 12],
  );
  assert.deepEqual(
    placesInto(layers, 0, 1).map(({ index }) => index),
    [1, 4, 7],
  );
});

test("the link under the pointer is found at both ends and in the middle", () => {
  const link = links[1];
  const [x0, y0, x1, y1] = link.ends;

  assert.equal(
    linkAt(links, x1 - 0.5, y1),
    links.find((other) => other.ends[3] === y1 && Math.abs(other.ends[1] - y0) < 1e-9),
  );
  assert.equal(linkAt([link], (x0 + x1) / 2, (y0 + y1) / 2), link);
});

test("nothing is found beside the links", () => {
  assert.equal(linkAt(links, links[0].ends[0] + 1, -50), null);
  assert.equal(linkAt(links, 0, links[0].ends[1]), null);
});

test("the mark of a bias is found before the links around it, and not from the middle of its unit", () => {
  const [bias] = biases;
  const { x, y, size } = layout.columns[1];

  assert.equal(placeAt(links, biases, bias.x + 3, bias.y - 3), bias);
  assert.equal(biasAt(biases, x, y[0]), null);
  assert.ok(bias.x <= x - size / 2 && bias.y >= y[0] + size / 2);
});

test("a larger weight is never drawn thinner or paler", () => {
  const sizes = [0, 0.01, 0.1, 0.5, 1, 2, 5, 50];
  const styles = sizes.map((size) => linkStyle(-size));

  for (let index = 1; index < styles.length; index += 1) {
    assert.ok(styles[index].width >= styles[index - 1].width);
    assert.ok(styles[index].opacity >= styles[index - 1].opacity);
    assert.ok(biasStyle(sizes[index]).radius >= biasStyle(sizes[index - 1]).radius);
  }
});

test("a weight that L1 has brought to nothing is told as gone, and one that is not known or no number as unknown", () => {
  assert.deepEqual(
    [0, -0.0004, 0.02, -0.02, undefined, Number.NaN, Infinity].map((weight) => linkStyle(weight).sign),
    ["gone", "gone", "positive", "negative", "unknown", "unknown", "unknown"],
  );
  assert.equal(biasStyle(Number.NaN).radius, biasStyle(undefined).radius);
});

test("a diagram has all that a picture needs, the strongest links last", () => {
  const parameters = Float32Array.from({ length: 13 }, (_, index) => index - 6);

  const diagram = diagramOf(layout, links, biases, parameters);

  const sizes = diagram.links.map(({ link }) => Math.min(9, Math.abs(parameters[link.index])));
  assert.deepEqual(
    sizes,
    sizes.toSorted((a, b) => a - b),
  );
  assert.deepEqual(
    diagram.biases.map(({ sign }) => sign),
    ["gone", "positive", "positive", "positive"],
  );
  assert.equal(unitSquares(layout).length, 2 + 3 + 1);
  assert.equal(pathOf([0, 10, 100, 30]), "M0 10C50 10 50 30 100 30");
});
