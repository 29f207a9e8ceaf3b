import assert from "node:assert/strict";
import { test } from "node:test";
import { diagramOf } from "../../static/js/draw/diagram.js";
import { layoutNetwork } from "../../static/js/draw/layout.js";
import { biasesOf, linksOf } from "../../static/js/draw/links.js";
import { chartPicture, mapPicture, networkPicture } from "../../static/js/draw/pictures.js";

const css = new Proxy({}, { get: (_, name) => `#${String(name)}` });
const FIELD = "data:image/png;base64,AAAA";
const count = (svg, part) => svg.split(part).length - 1;

/** Every tag is closed, and no name or attribute is left open. */
function assertWellFormed(svg) {
  const open = [];
  for (const [, closing, name, self] of svg.matchAll(/<(\/?)([a-z]+)(?:\s[a-zA-Z-]+(?::[a-z]+)?="[^"<]*")*\s*(\/?)>/g)) {
    if (closing) assert.equal(open.pop(), name);
    else if (!self) open.push(name);
  }
  assert.deepEqual(open, []);
  assert.equal(count(svg, "<"), [...svg.matchAll(/<[^<>]*>/g)].length);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
}

test("the map holds its field, and a mark for each example", () => {
  const style = { shapeOf: (target) => target, colourOf: (target) => `#c${target}`, rim: "#rim", ring: "#ring", isNumber: false };
  const examples = { inputs: [[0, 0], [1, -1], [6, 6]], targets: [0, 1, 2] };
  const { svg, width, height } = mapPicture({
    title: "a < b & c",
    field: FIELD,
    plane: [-6, 6],
    marks: [
      { examples, fill: "hollow", radius: 3 },
      { examples, fill: "half", radius: 4 },
      { examples, fill: "full", radius: 4 },
    ],
    style,
    format: String,
    css,
  });

  assertWellFormed(svg);
  assert.equal(width, height);
  assert.equal(count(svg, "<image"), 1);
  assert.equal(count(svg, 'stroke="#rim"'), 9);
  assert.match(svg, /a &lt; b &amp; c/);
});

test("the network is drawn of lines, with a picture for each unit and its bias beside it", () => {
  const layers = [
    { name: "hidden", inputs: 2, units: 3, activation: "tanh", parameters: 9 },
    { name: "output", inputs: 3, units: 1, activation: "sigmoid", parameters: 4 },
  ];
  const parameters = [1, -2, 0.001, 0.5, -3, 2, 0.1, -0.1, 0, 1, 1, 1, 1];
  const layout = layoutNetwork([2, 3, 1], 500, 400);
  const { svg } = networkPicture({
    title: "Network",
    layout,
    diagram: diagramOf(layout, linksOf(layout, layers), biasesOf(layout, layers), parameters),
    pictureOf: (layer) => (layer === 2 ? undefined : FIELD),
    heads: [{ title: "Input", note: "2" }, { title: "Tanh", note: "3 units", rest: "+ 5" }, { title: "Sigmoid", note: "" }],
    symbols: ["x", "y"],
    css,
  });

  assertWellFormed(svg);
  assert.equal(count(svg, "stroke-opacity"), 9 + 2, "nine weights, two of them negative and wide");
  assert.equal(count(svg, "stroke-dasharray"), 1, "one has gone");
  assert.equal(count(svg, "<image"), 5);
  assert.match(svg, /\+ 5/);
});

test("curves end where their values do, and a run that has just begun has a chart too", () => {
  const curve = { label: "Train", line: "solid", points: [[1, 0.5], [2, Infinity], [3, 0.25]] };
  for (const curves of [[curve, { ...curve, line: "dashed" }], [{ ...curve, points: [] }], []]) {
    assertWellFormed(chartPicture({ title: "Loss", unit: "epochs", curves, format: String, css }).svg);
  }
});
