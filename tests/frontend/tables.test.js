import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "../../static/js/problems.js";
import { Tables } from "../../static/js/tables.js";

const shelf = (entries = {}) => {
  const kept = new Map(Object.entries(entries));
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
};
/** A server with one collection, whose token is `good`. */
const server = () => {
  const asked = [];
  const check = (token) => {
    if (token !== null && token !== "good") throw new Problem({ status: 404, code: "no_collection" });
  };
  return {
    asked,
    createTable: async (content, name, token) => {
      asked.push(token);
      check(token);
      return { id: `id of ${name}`, name, token: token === null ? "good" : null };
    },
    tables: async (token) => {
      check(token);
      return [{ id: "old", name: "old", bytes: 1 }];
    },
    renameTable: async (id, name, token) => check(token),
    deleteTable: async (id, token) => check(token),
  };
};
const names = (tables) => tables.held.value.map(({ name }) => name);

test("the first table begins a collection, the second joins it", async () => {
  const api = server();
  const [tab, device] = [shelf(), shelf()];
  const tables = new Tables(api, tab, device);

  await tables.add({}, "a");
  await tables.add({}, "b");

  assert.deepEqual(api.asked, [null, "good"]);
  assert.deepEqual(names(tables), ["a", "b"]);
  assert.equal(tab.getItem("datasets"), "good");
  assert.equal(device.getItem("datasets"), null);
});

test("tables of one name are told apart by a number", async () => {
  const tables = new Tables(server(), shelf(), shelf());
  for (let count = 0; count < 3; count += 1) await tables.add({}, tables.freeName("a"));

  assert.deepEqual(names(tables), ["a", "a 2", "a 3"]);
});

test("the device remembers only what it is told to, and forgets when it is told so", async () => {
  const device = shelf();
  const tables = new Tables(server(), shelf(), device);
  await tables.add({}, "a");

  tables.keepOnDevice(true);
  assert.equal(new Tables(server(), shelf(), device).isKept.value, true);

  tables.keepOnDevice(false);
  assert.equal(device.getItem("datasets"), null);
});

test("a collection that the server no longer has is forgotten, and a new one begun", async () => {
  const api = server();
  const tables = new Tables(api, shelf({ datasets: "stale" }), shelf({ datasets: "stale" }));
  assert.equal(tables.held.value, null);

  await tables.load();
  assert.deepEqual(names(tables), []);
  const created = await tables.add({}, "a");

  assert.equal(created.token, "good");
  assert.deepEqual(api.asked, [null]);
});

test("a table is renamed and removed on the list too", async () => {
  const tables = new Tables(server(), shelf({ datasets: "good" }), shelf());
  await tables.load();

  await tables.rename("old", "new");
  assert.deepEqual(names(tables), ["new"]);
  await tables.remove("old");

  assert.deepEqual(names(tables), []);
});
