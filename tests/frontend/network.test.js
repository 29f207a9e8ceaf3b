import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutNetwork, MAX_SHOWN } from "../../static/js/draw/layout.js";
import { biasIndex, linkAt, linksOf, linkStyle } from "../../static/js/draw/links.js";

const layers = [
  { name: "hidden 1", inputs: 2, units: 3, activation: "", parameters: 9 },
  { name: "output", inputs: 3, units: 1, activation: "", parameters: 4 },
];
const layout = layoutNetwork([2, 3, 1], 600, 400);
const links = linksOf(layout, layers);

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

test("units of a column do not overlap", () => {
  for (const count of [1, 2, 8, MAX_SHOWN, 200]) {
    const [, { y, size }] = layoutNetwork([2, count, 1], 600, 400).columns;

    for (let unit = 1; unit < y.length; unit += 1) assert.ok(y[unit] - y[unit - 1] >= size, `${count}`);
  }
});

test("units that are too many are counted", () => {
  const [, column] = layoutNetwork([2, 200, 1], 600, 400).columns;

  assert.equal(column.y.length + column.hidden, 200);
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

test("biases lie behind their layer's weights", () => {
  assert.equal(biasIndex(layers, 0, 2), 8);
  assert.equal(biasIndex(layers, 1, 0), 12);
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

test("a larger weight is never drawn thinner or paler", () => {
  const sizes = [0, 0.01, 0.1, 0.5, 1, 2, 5, 50];
  const styles = sizes.map((size) => linkStyle(-size));

  for (let index = 1; index < styles.length; index += 1) {
    assert.ok(styles[index].width >= styles[index - 1].width);
    assert.ok(styles[index].opacity >= styles[index - 1].opacity);
  }
});
