import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Catalogue } from "../../static/js/catalogue.js";
import { applyPatch } from "../../static/js/patch.js";
import { decodeSetup, encodeSetup, kindOfLink, MOST_LETTERS, staysBehind } from "../../static/js/setup-link.js";

// The catalogue as far as links need it, from the committed description of the interface.
const { schemas } = JSON.parse(readFileSync(new URL("../../openapi.json", import.meta.url), "utf8")).components;
const KINDS = {
  Activation: "activation",
  Clipping: "clipping",
  Dataset: "dataset",
  Initializer: "initializer",
  Loss: "loss",
  Optimizer: "optimizer",
  Regularizer: "regularizer",
  Schedule: "schedule",
  StopRule: "stop_rule",
};
const GIVEN = ["points", "table"];
const PLAIN = { hidden: [], showOthers: true, discretise: false };

const components = Object.fromEntries(
  Object.entries(KINDS).map(([schema, kind]) => [
    kind,
    schemas[schema].oneOf.slice(1).map(({ properties: { name, ...fields } }) => ({
      name: name.const,
      fields,
      given: kind === "dataset" && GIVEN.includes(name.const),
    })),
  ]),
);
components.feature = schemas.DataSpec.properties.features.items.enum.map((name) => ({ name, fields: {} }));

const defaultsOf = (schema) =>
  Object.fromEntries(Object.entries(schemas[schema].properties).map(([name, { default: value = null }]) => [name, value]));
const layerFields = Object.entries(schemas.LayerSpec.properties).map(([name, field]) => [`network.layers[].${name}`, field]);
const catalogue = new Catalogue({
  components,
  fields: Object.fromEntries(layerFields),
  defaults: {
    version: 1,
    data: defaultsOf("DataSpec"),
    network: defaultsOf("NetworkSpec"),
    training: defaultsOf("TrainingSpec"),
  },
  presets: [],
  limits: {},
});
const { defaults } = catalogue;

/** A component in full, some of its fields as `pick` says. */
function whole(kind, name, pick = (field) => field.default) {
  const { fields } = catalogue.find(kind, name);
  return { name, ...Object.fromEntries(Object.entries(fields).map(([field, schema]) => [field, pick(schema)])) };
}

/** What the server makes of a partial spec: defaults where something is missing. */
function completed(partial) {
  const spec = structuredClone(defaults);
  for (const section of ["data", "network", "training"]) {
    for (const [member, value] of Object.entries(partial[section] ?? {})) {
      spec[section][member] = complete(KIND_OF[member] ?? member, value);
    }
  }
  return spec;
}

const KIND_OF = { output_activation: "activation", stop: "stop_rule" };

function complete(kind, value) {
  if (kind === "layers") {
    const standard = { activation: whole("activation", "tanh"), dropout: 0 };
    return value.map(({ activation, ...rest }) => ({
      ...standard,
      ...rest,
      ...(activation && { activation: complete("activation", activation) }),
    }));
  }
  if (Array.isArray(value)) return value.map((entry) => complete(kind, entry));
  return value?.name && catalogue.find(kind, value.name) ? { ...whole(kind, value.name), ...value } : value;
}

/** The spec that a patch makes of the default one; another component does not keep the old one's fields. */
function specOf(patch) {
  const spec = applyPatch(defaults, patch);
  for (const [section, members] of Object.entries(patch)) {
    for (const [member, value] of Object.entries(members)) if (value?.name) spec[section][member] = value;
  }
  return spec;
}

function assertGoesRound(patch, view = PLAIN) {
  const spec = specOf(patch);
  const { fragment, leavesData } = encodeSetup(spec, catalogue, view);
  const read = decodeSetup(`#${fragment}`, catalogue);

  assert.equal(leavesData, false);
  assert.deepEqual(read.problems, [], fragment);
  assert.deepEqual(completed(read.spec), spec, fragment);
  assert.deepEqual(read.view, view);
  assert.match(fragment, /^[\w.,;:()=&%*!'~-]*$/);
  return fragment;
}

test("the default setup needs no words", () => {
  assert.equal(assertGoesRound({}), "");
});

test("a link is short and can be read", () => {
  const fragment = assertGoesRound({
    data: { dataset: whole("dataset", "spiral", ({ default: value, maximum }) => (maximum === 0.8 ? 0.2 : value)) },
    network: {
      layers: [
        { units: 8, activation: whole("activation", "tanh"), dropout: 0 },
        { units: 4, activation: whole("activation", "relu"), dropout: 0 },
      ],
    },
    training: { optimizer: { ...whole("optimizer", "adam"), learning_rate: 0.01 } },
  });

  assert.equal(fragment, "data=spiral&noise=0.2&layers=8-tanh,4-relu&optimizer=adam&rate=0.01");
});

test("a field of the default component differs by itself", () => {
  assert.equal(assertGoesRound({ data: { dataset: { noise: 0.3 } } }), "noise=0.3");
  assert.equal(assertGoesRound({ data: { dataset: { noise: 0 } } }), "noise=0");
  assert.equal(assertGoesRound({ training: { optimizer: { learning_rate: 1 } } }), "rate=1");
});

/** A value that is allowed and not the default; `share` tells how far up it lies. */
function another(schema, share) {
  if (schema.enum) return schema.enum.at(-1);
  if (schema.type === "boolean") return !schema.default;
  const low = schema.minimum ?? schema.exclusiveMinimum ?? 0;
  const high = schema.maximum ?? schema.exclusiveMaximum ?? 1;
  const value = low + (high - low) * share;
  return schema.type === "integer" ? Math.round(value) : Number(value.toPrecision(6));
}

for (const [kind, section, member] of [
  ["dataset", "data", "dataset"],
  ["initializer", "network", "initializer"],
  ["activation", "network", "output_activation"],
  ["optimizer", "training", "optimizer"],
  ["schedule", "training", "schedule"],
  ["loss", "training", "loss"],
  ["regularizer", "training", "regularizer"],
  ["clipping", "training", "clipping"],
]) {
  test(`every ${kind} goes round, with its defaults and with other values`, () => {
    for (const { name, given } of components[kind]) {
      if (given) continue;
      for (const share of [0.13, 0.5, 0.77]) {
        assertGoesRound({ [section]: { [member]: whole(kind, name) } });
        assertGoesRound({ [section]: { [member]: whole(kind, name, (schema) => another(schema, share)) } });
      }
    }
  });
}

test("every activation goes round within a layer, and every stop rule within its list", () => {
  for (const { name } of components.activation) {
    const activation = whole("activation", name, (schema) => another(schema, 0.3));
    const layers = [
      { units: 3, activation, dropout: 0.25 },
      { units: 17, activation: whole("activation", name), dropout: 0 },
    ];
    assertGoesRound({ network: { layers } });
  }
  const rules = components.stop_rule.map(({ name }) => whole("stop_rule", name, (schema) => another(schema, 0.4)));
  assertGoesRound({ training: { stop: rules } });
  assertGoesRound({ training: { stop: components.stop_rule.map(({ name }) => whole("stop_rule", name)) } });
});

test("every other member goes round", () => {
  assertGoesRound({ network: { layers: [] } });
  assertGoesRound({ data: { features: ["x_squared", "sin_y"] } });
  assertGoesRound({ data: { split: { train: 0.7, validation: 0.1, test: 0.2 } } });
  assertGoesRound({ data: { seed: 1 }, network: { seed: 2 }, training: { seed: 3 } });
  assert.equal(assertGoesRound({ data: { seed: 12 }, network: { seed: 12 }, training: { seed: 12 } }), "seed=12");
  assertGoesRound({ training: { batch_size: 32, input_noise: 0.05, warmup_epochs: 2.5 } });
});

test("what is seen of a page goes round", () => {
  assertGoesRound({}, { hidden: ["data", "feature-x_squared", "rate"], showOthers: false, discretise: true });
});

test("up to 200 painted points travel in the link", () => {
  const rounded = (number) => Number(number.toFixed(2));
  const points = Array.from({ length: 200 }, (_, index) => [((index * 11) % 1200) / 100 - 6, -((index * 7) % 600) / 100, index % 2].map(rounded));
  const dataset = { name: "points", points, task: "binary" };

  const fragment = assertGoesRound({ data: { dataset } });

  assert.ok(fragment.length < MOST_LETTERS);
});

test("a table of the user's own stays behind, and so do its features and its split", () => {
  const dataset = { name: "table", id: `sha256-${"0".repeat(64)}`, target: "species", columns: ["a"], split_column: null, task: "binary" };
  const spec = specOf({
    data: { dataset, features: [], split: { train: 1, validation: 0, test: 0 } },
    training: { batch_size: 5 },
  });

  assert.deepEqual(encodeSetup(spec, catalogue), { fragment: "batch=5", leavesData: true });
  assert.ok(staysBehind(spec, catalogue));
});

test("what means nothing is told, and the rest is taken", () => {
  const read = decodeSetup(
    "#data=spirals&noise=much&nois=1&layers=8-tanh,x-relu,4-magic(a:1),2-elu(beta:1;alpha:2),5-tanh;colour:red&optimizer=adam" +
      "&optimizer.speed=3&optimizer.beta_1=0.5&split=0.5-x-0.2&seed=a&batch=%E0%A4%A&rate=0.02&features=x,z&loss=",
    catalogue,
  );

  assert.deepEqual(
    read.problems.map(({ field, code }) => `${field} ${code}`),
    [
      "data unknown_name",
      "nois unknown_key",
      "layers not_a_number",
      "layers unknown_name",
      "layers unknown_field",
      "layers unknown_field",
      "split not_a_number",
      "seed not_a_number",
      "batch malformed",
      "features unknown_name",
      "loss unknown_name",
      "noise not_a_number",
      "optimizer.speed unknown_field",
    ],
  );
  assert.deepEqual(read.spec.network.layers, [
    { units: 8, activation: { name: "tanh" } },
    { units: 4 },
    { units: 2, activation: { name: "elu", alpha: 2 } },
    { units: 5, activation: { name: "tanh" } },
  ]);
  assert.deepEqual(read.spec.training.optimizer, { name: "adam", beta_1: 0.5, learning_rate: 0.02 });
  assert.deepEqual(read.spec.data.features, ["x"]);
});

test("no fragment is too strange to be read", () => {
  let state = 1;
  const random = (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const words = ["data", "layers", "noise", "=", "&", ",", ";", "(", ")", ":", "-", "8", "tanh", ".", "%", "%41", "stop", "x", "é", "__proto__", "constructor", "name", "early_stopping"];
  for (let round = 0; round < 3000; round += 1) {
    const fragment = Array.from({ length: random(25) }, () => words[random(words.length)]).join("");
    const { spec } = decodeSetup(fragment, catalogue);
    assert.ok(Object.keys(spec).every((section) => ["data", "network", "training"].includes(section)));
  }
  assert.equal({}.units, undefined);
});

test("it is told whose link it is", () => {
  assert.equal(kindOfLink("#data=spiral&noise=0.2"), "setup");
  assert.equal(kindOfLink("noise=0.2&seed=5"), "setup");
  assert.equal(kindOfLink("#activation=tanh&batchSize=10&dataset=circle"), "tf-playground");
  assert.equal(kindOfLink("#playButton_hide=true"), "tf-playground");
  assert.equal(kindOfLink("#dataset=spiral&noise=30"), "tf-playground");
  assert.equal(kindOfLink("#session=a&token=b"), null);
  assert.equal(kindOfLink("#main"), null);
  assert.equal(kindOfLink("#"), null);
  assert.equal(kindOfLink(""), null);
});
