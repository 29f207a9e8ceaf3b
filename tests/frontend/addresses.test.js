import assert from "node:assert/strict";
import { test } from "node:test";
import { addressesFor, spoken } from "../../static/js/addresses.js";

const server = (...hosts) => ({ reach: "network", hosts });

test("what the page was opened by is what others open too", () => {
  const here = new URL("http://192.168.1.20:8000/mnist?lang=it#x");

  assert.deepEqual(addressesFor(here, "", server("10.0.0.1")), ["http://192.168.1.20:8000/"]);
});

test("behind a proxy the address keeps its name, its scheme and its path", () => {
  const here = new URL("https://school.example/playground/");

  assert.deepEqual(addressesFor(here, "/playground", server()), ["https://school.example/playground/"]);
});

test("on the server itself the names are those that the server tells, at the port that was asked", () => {
  for (const host of ["localhost", "127.0.0.1", "127.1.2.3", "[::1]"]) {
    const here = new URL(`http://${host}:8000/`);
    assert.deepEqual(addressesFor(here, "/nn", server("192.168.1.20", "fd00::1")), [
      "http://192.168.1.20:8000/nn/",
      "http://[fd00::1]:8000/nn/",
    ]);
  }
});

test("a server that nobody else reaches has no address for others", () => {
  const here = new URL("http://localhost:8000/");

  assert.deepEqual(addressesFor(here, "", { reach: "machine", hosts: [] }), []);
});

test("a name that only begins like this machine's is another's", () => {
  const here = new URL("http://127.0.0.1.example:8000/");

  assert.deepEqual(addressesFor(here, "", server("10.0.0.1")), ["http://127.0.0.1.example:8000/"]);
});

test("an address is spoken without what browsers add by themselves", () => {
  assert.equal(spoken("http://192.168.1.20:8000/"), "192.168.1.20:8000");
  assert.equal(spoken("http://school.example/nn/"), "school.example/nn");
  assert.equal(spoken("https://school.example/"), "https://school.example");
});
