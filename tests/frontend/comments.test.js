import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");

// The server sends scripts without these; what it takes for a comment is written down once.
const [, pattern] = /_COMMENT = re\.compile\(r"(.+)", re\.MULTILINE\)/.exec(read("app/page_script.py"));
const withoutComments = (script) => script.replace(new RegExp(pattern, "gm"), "");

/** What a script says: its text without comments, and without spaces where they mean nothing. */
function said(script) {
  // Which braces belong to holes of templates: "`" for a template's text, "{" for code.
  const inside = ["{"];
  let text = "";
  for (let at = 0; at < script.length; ) {
    const rest = script.slice(at, at + 2);
    const isText = inside.at(-1) === "`";
    let end = at + 1;
    if (rest[0] === "\\") end = at + 2;
    else if (isText && rest === "${") {
      inside.push("{");
      end = at + 2;
    } else if (rest[0] === "`") {
      if (isText) inside.pop();
      else inside.push("`");
    } else if (!isText) {
      const isRegex = rest[0] === "/" && rest !== "//" && rest !== "/*" && /(?:[(,=:[!&|?{};]|=>|return)$/.test(text);
      if (rest === "//") end = script.indexOf("\n", at);
      else if (rest === "/*") end = script.indexOf("*/", at) + 2;
      else if (rest[0] === '"' || rest[0] === "'") end = at + /^(["'])(?:\\.|(?!\1).)*\1/.exec(script.slice(at))[0].length;
      else if (isRegex) end = at + /^\/(?:\\.|\[(?:\\.|[^\]])*\]|[^/])+\//.exec(script.slice(at))[0].length;
      else if (rest[0] === "{") inside.push("{");
      else if (rest[0] === "}") inside.pop();
      if (rest === "//" || rest === "/*" || /\s/.test(rest[0])) {
        at = end;
        continue;
      }
    }
    text += script.slice(at, end);
    at = end;
  }
  assert.deepEqual(inside, ["{"]);
  return text;
}

test("what a script says is the same without its comments", () => {
  const scripts = readdirSync(new URL("static/js/", root), { recursive: true }).filter((name) => name.endsWith(".js"));

  assert.ok(scripts.length > 50);
  for (const name of scripts) {
    const script = read(`static/js/${name.replaceAll("\\", "/")}`);
    assert.equal(said(withoutComments(script)), said(script), name);
  }
});

test("a comment ends where it ends, even if another follows", () => {
  const script = "/** @type {A} */ (a);\n  /** One. */\nb();\n  // Two.\nconst c = `//`; // three";

  assert.equal(withoutComments(script), "/** @type {A} */ (a);\n\nb();\n\nconst c = `//`; // three");
});

test("what looks like a comment in a template's text is told from one", () => {
  const script = "const a = `\n// text ${b ? `{` : c}\n`;\n// comment\n";

  assert.equal(said(script), "consta=`\n// text ${b?`{`:c}\n`;");
  assert.notEqual(said(withoutComments(script)), said(script));
});
