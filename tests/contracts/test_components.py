"""Whoever adds a component gives it words in both languages: the page shows nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from engine.catalog import catalog

LANGUAGES = ("en", "it")
CATALOG = catalog()
COMPONENTS = [(kind, entry) for kind, entries in CATALOG["components"].items() for entry in entries]
PRESETS = [("preset", preset) for preset in CATALOG["presets"]]


def assert_both_languages(thing: dict[str, Any], where: str) -> None:
    for member in ("label", "help"):
        for language in LANGUAGES:
            assert thing.get(member, {}).get(language, "").strip(), f"{where} has no {member} in {language!r}"


@pytest.mark.parametrize(("kind", "entry"), [*COMPONENTS, *PRESETS], ids=lambda part: getattr(part, "get", str)("name"))
def test_every_component_and_preset_speaks_both_languages(kind: str, entry: dict[str, Any]) -> None:
    assert_both_languages(entry, f"{kind} {entry['name']}")
    for name, settings in entry.get("fields", {}).items():
        assert_both_languages(settings, f"{kind} {entry['name']}.{name}")


@pytest.mark.parametrize("name", CATALOG["fields"])
def test_every_field_of_a_spec_speaks_both_languages_and_has_a_default(name: str) -> None:
    field = CATALOG["fields"][name]

    assert_both_languages(field, name)
    assert "default" in field


def test_every_kind_has_a_component() -> None:
    assert all(CATALOG["components"].values())
