"""Whoever adds a part, a note or a key to links says so wherever it has to be said."""

from __future__ import annotations

import json
import re

import pytest

from app.importers.tf_playground import HIDE_KEYS, STATE_KEYS
from tests.conftest import ROOT

PHRASES = json.loads((ROOT / "static/locales/en.json").read_text(encoding="utf-8"))
PAGE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "static/js").rglob("*.js"))
TEMPLATES = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").glob("*.html"))


def parts() -> list[str]:
    module = (ROOT / "static/js/parts.js").read_text(encoding="utf-8")
    found = re.search(r"PARTS = .*?\(\[(.*?)\]\)", module, re.DOTALL)
    assert found
    return re.findall(r'"([a-z-]+)"', found[1])


@pytest.mark.parametrize("document", ["tensorflow-playground.md", "tensorflow-playground.it.md"])
def test_every_key_of_tensorflow_playground_has_a_row(document: str) -> None:
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    heads = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    keys = re.findall(r"`(\w+)`", " ".join(heads))

    assert sorted(keys) == sorted([*STATE_KEYS, *HIDE_KEYS])


@pytest.mark.parametrize(
    "code",
    sorted(
        set(
            re.findall(
                r'"([a-z_]+)"',
                " ".join(
                    re.findall(
                        r'(?:_note\([^"]*"?[\w.]*"?(?: \+ _HIDE)?, |Note\("[\w.]*", )("[a-z_]+")',
                        (ROOT / "app/importers/tf_playground.py").read_text(encoding="utf-8"),
                    )
                ),
            )
        )
        | {"more_notes", "adjusted"}
    ),
)
def test_every_note_on_a_link_can_be_said_in_the_readers_language(code: str) -> None:
    assert f"setup.note.{code}" in PHRASES


@pytest.mark.parametrize("part", parts())
def test_every_part_that_a_link_can_hide_has_a_name_and_is_somewhere_on_the_page(part: str) -> None:
    assert f"part.{part.replace('-', '_')}" in PHRASES
    # Components mark themselves by their kind: what is chosen, and a field of it.
    kinds = {"optimizer", "loss", "regularizer", "regularizer-rate", "activation", "initializer", "noise", "samples"}
    marks = (f'data-part="{part}"', f'part="{part}"', f'"{part}" : undefined', f': "{part}"', f'part: "{part}"')
    assert part in kinds or any(mark in PAGE + TEMPLATES for mark in marks)
