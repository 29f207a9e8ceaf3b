import assert from "node:assert/strict";
import { test } from "node:test";
import { diagramOf } from "../../static/js/draw/diagram.js";
import { layoutNetwork } from "../../static/js/draw/layout.js";
import { biasesOf, linksOf } from "../../static/js/draw/links.js";
import { MAP_PX, chartPicture, mapPicture, networkPicture } from "../../static/js/draw/pictures.js";

const css = new Proxy({}, { get: (_, name) => `#${String(name)}` });
const FIELD = "data:image/png;base64,AAAA";
const count = (svg, part) => svg.split(part).length - 1;

/** Every tag is closed, and no name or attribute is left open. */
function assertWellFormed(svg) {
  const open = [];
  for (const [, closing, name, self] of svg.matchAll(/<(\/?)([a-zA-Z]+)(?:\s[a-zA-Z-]+(?::[a-z]+)?="[^"<]*")*\s*(\/?)>/g)) {
    if (closing) assert.equal(open.pop(), name);
    else if (!self) open.push(name);
  }
  assert.deepEqual(open, []);
  assert.equal(count(svg, "<"), [...svg.matchAll(/<[^<>]*>/g)].length);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
}

const STYLE = { shapeOf: (target) => target, colourOf: (target) => `#c${target}`, rim: "#rim", ring: "#ring", isNumber: false };
const EXAMPLES = { inputs: [[0, 0], [1, -1], [6, 6]], targets: [0, 1, 2] };
const MAP = {
  title: "a < b & c",
  field: FIELD,
  lines: 100,
  plane: [-6, 6],
  axes: [{ name: "x", ends: ["−6", "6"] }, { name: "height & width", ends: ["1.5", "2"] }],
  isolines: { fine: "", strong: "" },
  marks: [],
  rings: { places: [], radius: 7 },
  style: STYLE,
  legend: { fills: [], ramp: null, classes: [] },
  css,
};

test("the map holds its field, and a mark for each example", () => {
  const marks = ["hollow", "half", "full"].map((fill) => ({ examples: EXAMPLES, fill, radius: 4 }));
  const { svg, width, height } = mapPicture({ ...MAP, marks });

  assertWellFormed(svg);
  assert.equal(width, height);
  assert.equal(count(svg, "<image"), 1);
  assert.equal(count(svg, 'stroke="#rim"'), 9);
  assert.match(svg, /a &lt; b &amp; c/);
  assert.match(svg, /height &amp; width/);
});

test("the outermost values of the field lie on the edges of the plane", () => {
  const [, x, width] = /<image href="[^"]*" x="([^"]*)" y="[^"]*" width="([^"]*)"/.exec(mapPicture({ ...MAP, lines: 11 }).svg) ?? [];
  const pixel = Number(width) / 11;

  assert.ok(Math.abs(Number(x) + pixel / 2) < 0.01);
  assert.ok(Math.abs(Number(width) - pixel - MAP_PX) < 0.01);
});

test("lines and rings that the page shows are on the map, others are not", () => {
  const { svg } = mapPicture({
    ...MAP,
    isolines: { fine: "M0 0L1 1", strong: "M2 2L3 3" },
    rings: { places: EXAMPLES.inputs.slice(1), radius: 7 },
  });

  assertWellFormed(svg);
  assert.match(svg, /d="M0 0L1 1" fill="none" stroke="#ink" stroke-width="1"/);
  assert.match(svg, /d="M2 2L3 3" fill="none" stroke="#ink" stroke-width="2"/);
  assert.equal(count(svg, 'stroke="#ring"'), 1);
  assert.doesNotMatch(mapPicture(MAP).svg, /#ring|stroke-linecap/);
});

test("a legend tells what colours, marks and their fillings mean", () => {
  const fills = ["full", "half", "hollow"].map((fill) => ({ words: `${fill} ones`, fill }));
  const classes = ["cats", "dogs", "a fish with a name that is much too long for its place in the row"].map((words, target) => ({ words, target }));
  const ramp = { field: FIELD, ends: [classes[0], { words: "", target: null }], ticks: ["0", "0.5", "1"] };
  const { svg, width, height } = mapPicture({ ...MAP, legend: { fills, ramp, classes } });

  assertWellFormed(svg);
  assert.ok(height > width);
  assert.equal(count(svg, "<image"), 2);
  for (const words of ["half ones", ">cats<", ">dogs<", "a fish with a name", "…", ">0.5<"]) assert.ok(svg.includes(words), words);
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
    symbolOf: (layer, unit) => `u${layer}.${unit}`,
    css,
  });

  assertWellFormed(svg);
  assert.equal(count(svg, "stroke-opacity"), 9 + 2, "nine weights, two of them negative and wide");
  assert.equal(count(svg, "stroke-dasharray"), 1, "one has gone");
  assert.equal(count(svg, "<image"), 5);
  assert.match(svg, /\+ 5/);
  assert.deepEqual(svg.match(/u\d\.\d/g), ["u0.0", "u0.1", "u2.0"], "what has no picture has its name");
});

const CHART = {
  title: "Loss",
  unit: "epochs",
  across: [0, 4],
  up: [0, 1],
  isLog: false,
  epochs: [1, 2, 3, 4],
  curves: [],
  changes: [],
  format: String,
  formatEpoch: String,
  css,
};
const CURVE = { label: "Train", line: "solid", isFaint: false, values: [0.5, undefined, 0.25, 0.125] };
const wayOf = (svg) => /clip-path="url\(#picture-chart\)"><path d="([^"]*)"/.exec(svg)?.[1] ?? "";

test("a run that has just begun has a chart too, and what is no number leaves a gap", () => {
  assertWellFormed(chartPicture(CHART).svg);
  assertWellFormed(chartPicture({ ...CHART, across: [0, 1], epochs: [], curves: [{ ...CURVE, values: [] }] }).svg);

  const { svg } = chartPicture({ ...CHART, curves: [{ ...CURVE, values: [0.5, null, 0.25, Infinity] }] });
  assertWellFormed(svg);
  assert.equal(wayOf(svg).match(/[ML]/g)?.join(""), "MM");
  assert.equal(wayOf(chartPicture({ ...CHART, curves: [CURVE] }).svg).match(/[ML]/g)?.join(""), "MLL");
});

test("on a logarithmic axis equal ratios are equally far apart", () => {
  const { svg } = chartPicture({ ...CHART, up: [0.1, 1], isLog: true, curves: [CURVE] });
  const [first, second, third] = [...wayOf(svg).matchAll(/[ML][\d.]+ ([\d.]+)/g)].map(([, y]) => Number(y));

  assertWellFormed(svg);
  assert.ok(Math.abs(second - first - (third - second)) < 0.02);
});

test("a smoothed curve has the measured one below it, and a change its marker", () => {
  const curves = [{ ...CURVE, isFaint: true }, CURVE];
  const { svg } = chartPicture({ ...CHART, curves, changes: [2, 9] });

  assertWellFormed(svg);
  assert.equal(count(svg, 'stroke="#inkFaint" stroke-opacity'), 1);
  assert.equal(count(svg, ">Train<"), 1);
  assert.equal(count(svg, 'fill="#inkSoft"/>'), 1, "one change lies beyond what is shown");
});
