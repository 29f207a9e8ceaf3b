"""Whoever adds a word to one language adds it to the other."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from app.assets import assets_dir


def words(language: str) -> dict[str, str]:
    """Return the locale's texts by their dotted keys."""
    text = Path(assets_dir("static") / "locales" / f"{language}.json").read_text(encoding="utf-8")
    return dict(flatten(json.loads(text, object_pairs_hook=refuse_twins)))


def refuse_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), f"a key stands twice among {keys}"
    return dict(pairs)


def flatten(value: Any, path: str = "") -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [entry for key, item in value.items() for entry in flatten(item, f"{path}.{key}" if path else key)]
    return [(path, value)]


def test_both_languages_have_the_same_keys() -> None:
    english, italian = words("en"), words("it")

    assert sorted(english.keys() - italian.keys()) == [], "missing in it.json"
    assert sorted(italian.keys() - english.keys()) == [], "missing in en.json"


def test_no_text_is_empty() -> None:
    empty = [(language, key) for language in ("en", "it") for key, text in words(language).items() if not text.strip()]

    assert empty == []


def test_both_languages_fill_in_the_same_values() -> None:
    english, italian = words("en"), words("it")

    def placeholders(text: str) -> list[str]:
        return sorted(re.findall(r"\{(\w+)\}", text))

    differing = [key for key in english if placeholders(english[key]) != placeholders(italian.get(key, ""))]

    assert differing == []
