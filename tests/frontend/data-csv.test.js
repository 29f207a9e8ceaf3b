import assert from "node:assert/strict";
import { test } from "node:test";
import { composeCsv, fetchCsv } from "../../static/js/data-csv.js";

const plane = { task: "binary", inputs: 2, classes: 2, own_test: false, class_names: null, columns: null, target: null };
const page = (inputs, targets, split = "train") => ({
  inputs,
  targets,
  split: targets.map(() => split),
  total: targets.length,
});

test("points of the plane have the columns x, y, class and the part", () => {
  const csv = composeCsv(plane, [page([[1, -2.5]], [1]), page([[0, 3]], [0], "test")]);

  assert.equal(csv, "x,y,class,split\n1,-2.5,1,train\n0,3,0,test\n");
});

test("a number to predict is called value", () => {
  assert.match(composeCsv({ ...plane, task: "regression" }, [page([[1, 2]], [0.5])]), /^x,y,value,split\n1,2,0.5,train/);
});

test("a table keeps the names of its columns and of its classes", () => {
  const table = {
    ...plane,
    class_names: ["cats", 'dogs, "big"'],
    columns: [{ name: "age" }, { name: "height, cm" }],
    target: { name: "split" },
  };

  const csv = composeCsv(table, [page([[12, 152]], [1])]);

  assert.equal(csv, 'age,"height, cm",split,split_\n12,152,"dogs, ""big""",train\n');
});

test("what 32 bits have added to a number is left out", () => {
  assert.match(composeCsv(plane, [page([[0.10000000149011612, 151.99999694824219]], [0])]), /\n0.1,152,0,train/);
});

test("many inputs are numbered", () => {
  assert.match(composeCsv({ ...plane, inputs: 3 }, []), /^x1,x2,x3,class,split/);
});

test("every part is read to its end, page by page", async () => {
  const parts = { train: [0, 1, 0], validation: [], test: [1] };
  const session = {
    ask: async (name, { split, offset }) => {
      const targets = parts[split].slice(offset, offset + 2);
      return { ...page(targets.map(() => [0, 0]), targets, split), total: parts[split].length };
    },
  };

  const csv = await fetchCsv(session, plane);

  assert.equal(csv.trim().split("\n").length, 1 + 4);
});
