import assert from "node:assert/strict";
import { test } from "node:test";
import {
  classTask,
  datasetOf,
  decoded,
  explainTable,
  lineBounds,
  objectionTo,
  rolesIn,
  rolesOf,
  withRole,
} from "../../static/js/panels/data/reading.js";
import { Problem } from "../../static/js/problems.js";

const columns = [
  { name: "age", kind: "number", missing: 0, min: 10, max: 20 },
  { name: "height", kind: "number", missing: 0, min: 1, max: 2 },
  { name: "likes", kind: "text", missing: 0, values: ["cats", "dogs"] },
  { name: "part", kind: "text", missing: 0, values: ["test", "train"] },
  { name: "who", kind: "text", missing: 0, values: null },
];
const table = { id: "sha256-1", rows: 9, columns, preview: [], suggested: null };

test("numbers can be inputs, few texts can be classes, and names are nothing", () => {
  assert.deepEqual(rolesOf(columns[0]), ["input", "target", "unused"]);
  assert.deepEqual(rolesOf(columns[2]), ["target", "split", "unused"]);
  assert.deepEqual(rolesOf(columns[4]), ["unused"]);
});

test("what the server suggests is where choosing begins", () => {
  const roles = rolesIn(columns, { columns: ["age"], target: "likes", split_column: "part" });

  assert.deepEqual(roles, ["input", "unused", "target", "split", "unused"]);
});

test("a second column to predict takes the first one's place, a second input does not", () => {
  const roles = ["input", "unused", "target", "split", "unused"];

  assert.deepEqual(withRole(columns, roles, 0, "target"), ["target", "unused", "unused", "split", "unused"]);
  assert.deepEqual(withRole(columns, roles, 1, "input"), ["input", "input", "target", "split", "unused"]);
});

test("numbers that are no longer to be predicted are predicted from", () => {
  const roles = ["input", "target", "unused", "unused", "unused"];

  assert.deepEqual(withRole(columns, roles, 2, "target"), ["input", "input", "target", "unused", "unused"]);
  assert.deepEqual(withRole(columns, roles, 1, "unused"), ["input", "unused", "unused", "unused", "unused"]);
});

test("roles make the data set of a spec", () => {
  assert.deepEqual(datasetOf(table, ["input", "input", "target", "split", "unused"], "binary"), {
    id: "sha256-1",
    columns: ["age", "height"],
    target: "likes",
    split_column: "part",
    task: "binary",
    scaled: true,
  });
});

test("points of the plane stay where they are, all other columns are scaled", () => {
  const points = (max, second = "y") => ({
    ...table,
    columns: [
      { name: "x", kind: "number", missing: 0, min: -6, max: 6 },
      { name: second, kind: "number", missing: 0, min: -2, max },
      columns[2],
    ],
  });
  const roles = ["input", "input", "target"];

  assert.equal(datasetOf(points(5), roles, "binary").scaled, false);
  assert.equal(datasetOf(points(6.5), roles, "binary").scaled, true);
  assert.equal(datasetOf(points(5, "z"), roles, "binary").scaled, true);
});

test("something to predict and something to predict it from are asked for", () => {
  assert.equal(objectionTo(["input", "unused"]), "table.needs_target");
  assert.equal(objectionTo(["unused", "target"]), "table.needs_input");
  assert.equal(objectionTo(["input", "target"]), null);
});

test("empty cells make no class", () => {
  assert.equal(classTask([1, 2, null, 1]), "binary");
  assert.equal(classTask([1, 2, 3]), "multiclass");
});

test("each error of a table keeps its line", () => {
  const errors = [
    { field: "body", code: "row_length", value: 4, limit: 3, message: "Line 8 has 4 cells.", line: 8, column: null },
    { field: "body", code: "unheard_of", message: "Something else.", line: null },
  ];

  const told = explainTable(new Problem({ code: "not_a_table", errors }), {}, (path) => path);

  assert.deepEqual(
    told.map(({ line }) => line),
    [8, null],
  );
  assert.equal(told[1].text, "Something else.");
});

test("a file is read as it was written: UTF-8, Latin-1 or UTF-16", () => {
  const bytes = (...values) => new Uint8Array(values).buffer;

  assert.equal(decoded(bytes(0xc3, 0xa8)), "è");
  assert.equal(decoded(bytes(0xe8, 0x3b)), "è;");
  assert.equal(decoded(bytes(0xff, 0xfe, 0xe8, 0x00)), "è");
});

test("a line is found by its number, also the last one", () => {
  assert.deepEqual(lineBounds("a\nbcd\ne", 2), [2, 5]);
  assert.deepEqual(lineBounds("a\nbcd\ne", 3), [6, 7]);
  assert.deepEqual(lineBounds("a\nbcd\ne", 9), [6, 7]);
});
