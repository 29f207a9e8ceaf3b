"""A page's modules as one script: a hundred small files are good to read, and slow to fetch one by one.

What is joined stays modules. Each keeps its names to itself, in a function of its own; those that it imports come
before it; and the script exports what they export, so that the page's import map can lead every module that is fetched
later to the very same ones. `docs/decisions/modules-travel-together.md` says why.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_COMMENT = re.compile(r"^[ \t]*(?:/\*\*(?:(?!\*/)[\s\S])*\*/|//.*)[ \t]*$", re.MULTILINE)
_IMPORT = re.compile(r'^import (?:(?P<default>\w+)|(?P<names>\{[^}]*\})) from "(?P<source>[^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?P<kept>(?:async function|function\*?|const|class) (?P<name>\w+))", re.MULTILINE)
_FETCHED_LATER = re.compile(r'\bimport\("(?P<source>\.[^"]+)"\)')
# What the first two must have taken all of.
_LEFT = re.compile(r"^(?:import\b(?!\().*|export\b.*)", re.MULTILINE)
_RENAMED = re.compile(r"\bas\b")
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def without_comments(script: str) -> str:
    """Return a script without the comments that have lines to themselves; every line keeps its number."""
    # A third of a module, compressed, is what it says to its readers.
    return _COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), script)


@dataclass(frozen=True)
class PageScript:
    """The script of one page, the paths of the modules in it, and its source map (revision 3) for who debugs it."""

    text: str
    modules: tuple[str, ...]
    source_map: str


def page_script(scripts: Path, entry: str, others: Mapping[str, str], name: str, sources: str) -> PageScript:
    """Join the module `entry` and all that it leads to, but not what it fetches later.

    `entry` and the result's `modules` are relative to the folder `scripts`; `others` are the modules that stay by
    themselves, by the name that they are imported by; the script is called `name`, and from there `sources` leads to
    the folder of the modules. Raises ValueError for a module that can't be joined: an import or export of a form that
    is not used here, a circle, or a name that two modules export.
    """
    modules = list(_in_order(scripts, entry))
    variables = {source: f"${number}" for number, source in enumerate([*others, *modules])}
    lines = [f'import * as {variables[name]} from "{name}";' for name in others]
    mappings = [""] * len(lines)
    owners: dict[str, str] = {}
    before = 0  # The last line of the module before: the map holds differences.
    for number, module in enumerate(modules):
        text = without_comments((scripts / module).read_text(encoding="utf-8")).rstrip("\n")
        exported = [match["name"] for match in _EXPORT.finditer(text)]
        for one in exported:
            if owners.setdefault(one, module) != module:
                raise ValueError(f"{module} and {owners[one]} both export {one}: one needs another name.")
        names = ", ".join(exported)
        body = _unwrapped(text, module, variables, sources)
        lines += [f"const {variables[module]} = (() => {{", *body, f"return {{ {names} }};", "})();"]
        mappings += ["", _segment(min(number, 1), -before), *["AACA"] * (len(body) - 1), "", ""]
        before = len(body) - 1
        if exported:
            lines.append(f"export const {{ {names} }} = {variables[module]};")
            mappings.append("")
    lines.append(f"//# sourceMappingURL={name}.map\n")
    source_map = {"version": 3, "sourceRoot": sources, "sources": modules, "names": [], "mappings": ";".join(mappings)}
    return PageScript("\n".join(lines), tuple(modules), json.dumps(source_map))


def _in_order(scripts: Path, entry: str) -> Iterator[str]:
    """Yield the modules that `entry` leads to and itself, each after all that it imports, as a browser runs them."""
    root = scripts.resolve()
    done: set[Path] = set()

    def visit(module: Path, path: tuple[Path, ...]) -> Iterator[str]:
        if module in path:
            circle = " → ".join(one.name for one in (*path[path.index(module) :], module))
            raise ValueError(f"Modules that import one another can't be joined: {circle}.")
        if module not in done:
            for imported in _IMPORT.finditer(module.read_text(encoding="utf-8")):
                if imported["source"].startswith("."):
                    yield from visit((module.parent / imported["source"]).resolve(), (*path, module))
            done.add(module)
            yield module.relative_to(root).as_posix()

    yield from visit(root / entry, ())


def _unwrapped(text: str, module: str, variables: Mapping[str, str], sources: str) -> list[str]:
    """Return a module's lines as the body of a function, which has neither imports nor exports."""

    def fetched(match: re.Match[str]) -> str:
        return f'import("{sources}{_resolved(module, match["source"])}")'

    def taken(match: re.Match[str]) -> str:
        source = match["source"]
        if source.startswith("."):
            source = _resolved(module, source)
        wanted = _RENAMED.sub(":", match["names"] or f"{{ default as {match['default']} }}")
        return f"const {wanted} = {variables[source]};"

    body = _FETCHED_LATER.sub(fetched, _EXPORT.sub(lambda match: match["kept"], _IMPORT.sub(taken, text)))
    left = _LEFT.search(body)
    if left is not None:
        raise ValueError(f"{module} can't be joined with others for this line: {left.group()}")
    return body.split("\n")


def _resolved(module: str, source: str) -> str:
    """Return the path of what `module` imports by a relative one, `./x.js` or `../y/z.js`."""
    parts = module.split("/")[:-1]
    for step in source.split("/"):
        if step == "..":
            parts.pop()
        elif step != ".":
            parts.append(step)
    return "/".join(parts)


def _segment(source: int, line: int) -> str:
    """Return one segment of a source map: column 0 comes from `line` of `source`, both as differences."""
    return "A" + _base64_vlq(source) + _base64_vlq(line) + "A"


def _base64_vlq(number: int) -> str:
    """Return a number as source maps write it (ECMA-426): the sign last, then groups of five bits, least first."""
    rest = abs(number) << 1 | (number < 0)
    digits = ""
    while True:
        rest, group = rest >> 5, rest & 31
        digits += _BASE64[group | (32 if rest else 0)]
        if not rest:
            return digits
