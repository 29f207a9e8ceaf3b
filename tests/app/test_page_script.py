"""The modules of a page as one script: they run as they do by themselves, or it is said which can't be joined."""

import subprocess
from textwrap import dedent

import pytest

from app.page_script import page_script
from run import find_node

MODULES = {
    "main.js": """
        import { count, log as say } from "./parts/one.js";
        import {
          Total,
          double,
          fetchLater,
        } from "./parts/two.js";

        const hidden = "main";
        say(`${hidden} ${count()} ${double()} ${new Total().name}`);
        fetchLater().then(async (words) => say(`${words} ${(await import("./pages/page.mjs")).count()}`));
        """,
    "parts/one.js": """
        import os from "node:os";

        const hidden = "one";
        let counted = 0;
        export const count = () => (counted += 1);
        export function log(words) {
          console.log(words, hidden, typeof os.EOL);
        }
        """,
    "parts/two.js": """
        import { count } from "../parts/one.js";

        const hidden = "two";
        export class Total {
          name = hidden;
        }
        export const double = () => count() + count();
        export const fetchLater = async () => (await import("./later.js")).default;
        """,
    "parts/later.js": """
        export default "far";
        """,
}


@pytest.fixture
def join(tmp_path):
    """Write modules below a folder and join what the first of them leads to."""

    def join(modules):
        for path, code in modules.items():
            file = tmp_path / path
            file.parent.mkdir(exist_ok=True)
            file.write_text(dedent(code).lstrip(), encoding="utf-8")
        return page_script(tmp_path, next(iter(modules)), {"node:os": "by itself"}, "page.mjs", "../")

    return join


@pytest.fixture
def run(join, tmp_path):
    """Run joined modules."""

    def run(modules):
        joined = join(modules)
        pages = tmp_path / "pages"
        pages.mkdir()
        (pages / "page.mjs").write_text(joined.text, encoding="utf-8")
        (pages / "page.mjs.map").write_text(joined.source_map, encoding="utf-8")
        node, _ = find_node()
        command = [node, "--enable-source-maps", "pages/page.mjs"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    return run


def test_joined_modules_run_as_they_do_by_themselves_and_once(run):
    answer = run(MODULES)

    assert answer.stderr == ""
    assert answer.stdout.splitlines() == ["main 1 5 two one string", "far 4 one string"]


def test_an_error_is_told_with_the_line_of_the_module_that_it_is_in(run):
    failing = """
        import { count } from "./one.js";

        /**
         * Comments are not sent, and count.
         */
        export class Total {}
        export const double = () => count() + missing;
        """
    answer = run(MODULES | {"parts/two.js": failing})

    assert "ReferenceError: missing is not defined" in answer.stderr
    assert "two.js:7" in answer.stderr
    assert "main.js:9" in answer.stderr


def test_modules_are_joined_each_after_what_it_imports(join):
    assert join(MODULES).modules == ("parts/one.js", "parts/two.js", "main.js")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"parts/one.js": 'import { Total } from "./two.js";'}, "one.js → two.js → one.js"),
        ({"parts/two.js": "export class Total {}\nexport const count = 1;"}, "parts/two.js and parts/one.js .* count"),
        ({"parts/two.js": 'export * from "./three.js";'}, 'parts/two.js .* export \\* from "./three.js"'),
        ({"parts/two.js": "export let double = 1;"}, "parts/two.js .* export let double"),
        ({"parts/two.js": 'import "./one.js";'}, 'parts/two.js .* import "./one.js"'),
    ],
)
def test_what_cannot_be_joined_is_refused_with_the_module_that_is_to_blame(join, changed, message):
    with pytest.raises(ValueError, match=message):
        join(MODULES | changed)
