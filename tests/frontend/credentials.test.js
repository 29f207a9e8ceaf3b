import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFragment, sessionLink, TabMemory } from "../../static/js/credentials.js";

function storage(entries = {}) {
  const items = new Map(Object.entries(entries));
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => items.set(key, value) };
}

test("a link names a session and its token", () => {
  assert.deepEqual(parseFragment("#session=ab12&token=x%2By"), { id: "ab12", token: "x+y" });
});

test("a fragment that names no session, or only half of one, is none", () => {
  for (const fragment of ["", "#", "#main", "#session=ab12", "#token=x", "#session=&token=x"])
    assert.equal(parseFragment(fragment), null);
});

test("a link that was made can be read", () => {
  const credentials = { id: "ab 12", token: "x+y/&=" };
  const link = new URL(sessionLink("http://localhost:8000/nn/", credentials));

  assert.deepEqual(parseFragment(link.hash), credentials);
  assert.equal(link.pathname, "/nn/");
});

test("a tab remembers its session and its last settings", () => {
  const shared = storage();
  const memory = new TabMemory(shared);

  memory.session = { id: "a", token: "t" };
  memory.spec = { version: 1 };

  assert.deepEqual(new TabMemory(shared).session, { id: "a", token: "t" });
  assert.deepEqual(new TabMemory(shared).spec, { version: 1 });
});

test("two pages in one tab don't take each other's session", () => {
  const shared = storage();
  const [plane, digits] = [new TabMemory(shared), new TabMemory(shared, "mnist.")];

  plane.session = { id: "a", token: "t" };
  digits.session = { id: "b", token: "u" };

  assert.equal(plane.session.id, "a");
  assert.equal(digits.session.id, "b");
});

test("what can't be read is as good as nothing", () => {
  assert.equal(new TabMemory(storage({ session: "{" })).session, null);
});

test("a browser without storage is no error", () => {
  const memory = new TabMemory({
    getItem() {
      throw new Error("forbidden");
    },
    setItem() {
      throw new Error("forbidden");
    },
  });

  memory.session = { id: "a", token: "t" };

  assert.equal(memory.session, null);
});
