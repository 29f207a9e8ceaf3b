import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const vendor = new URL("static/vendor/", root);
const json = (path) => JSON.parse(readFileSync(new URL(path, root), "utf8"));
const sha256 = (url) => createHash("sha256").update(readFileSync(url)).digest("hex");

const manifest = json("static/vendor/manifest.json");
const files = manifest.flatMap((entry) => entry.files.map((file) => ({ ...file, package: entry.package })));

test("every vendored file is what its hash says", () => {
  for (const { file, sha256: expected } of files) assert.equal(sha256(new URL(file, vendor)), expected, file);
});

test("every vendored file is in the manifest, and every package has its licence", () => {
  const present = readdirSync(vendor, { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() &&
        entry.parentPath.replaceAll("\\", "/").replace(/\/$/, "") !== vendor.pathname.replace(/\/$/, ""),
    )
    .map((entry) => `${entry.parentPath.replaceAll("\\", "/").split("/").at(-1)}/${entry.name}`);

  assert.deepEqual(present.sort(), files.map(({ file }) => file).sort());
  for (const entry of manifest)
    assert.ok(
      entry.files.some(({ file }) => file.endsWith("/LICENSE")),
      entry.package,
    );
});

test("the import map leads to vendored modules, and to the one that stands for a script", () => {
  for (const path of Object.values(json("static/vendor/importmap.json").imports)) {
    if (path === "js/uplot.js") continue;
    assert.ok(
      files.some(({ file }) => `vendor/${file}` === path),
      path,
    );
  }
});

test("types are checked against the versions that are vendored", () => {
  const { devDependencies } = json("package.json");

  for (const entry of manifest) assert.equal(devDependencies[entry.package], entry.version, entry.package);
});

test(
  "vendored files are the packages' own, unaltered",
  { skip: !existsSync(new URL("node_modules", root)) && "no node_modules here" },
  () => {
    for (const { file, from, package: name, sha256: expected } of files) {
      assert.equal(sha256(new URL(`node_modules/${name}/${from}`, root)), expected, file);
    }
  },
);
