"""Whoever adds a word to one language adds it to the other."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from pydantic import ValidationError

from app.assets import assets_dir
from app.errors import Problem
from engine import ExperimentSpec
from tests.conftest import ROOT

APP = ROOT / "app"

# The plural categories of CLDR, which JavaScript's Intl.PluralRules chooses from.
CATEGORIES = {"en": {"one", "other"}, "it": {"one", "many", "other"}}


def phrases(language: str) -> dict[str, str | dict[str, str]]:
    """Return the language's phrases; one with a plural is an object by category."""
    text = (assets_dir("static") / "locales" / f"{language}.json").read_text(encoding="utf-8")
    words: dict[str, str | dict[str, str]] = json.loads(text, object_pairs_hook=refuse_twins)
    return words


def refuse_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), f"a key stands twice among {keys}"
    return dict(pairs)


def forms(phrase: str | dict[str, str]) -> list[str]:
    return list(phrase.values()) if isinstance(phrase, dict) else [phrase]


def test_both_languages_have_the_same_keys() -> None:
    english, italian = phrases("en"), phrases("it")

    assert sorted(english.keys() - italian.keys()) == [], "missing in it.json"
    assert sorted(italian.keys() - english.keys()) == [], "missing in en.json"


@pytest.mark.parametrize("language", CATEGORIES)
def test_a_plural_has_every_form_that_its_language_needs(language: str) -> None:
    plurals = {key: set(phrase) for key, phrase in phrases(language).items() if isinstance(phrase, dict)}

    assert {key: categories for key, categories in plurals.items() if categories != CATEGORIES[language]} == {}


def test_a_plural_in_one_language_is_one_in_the_other() -> None:
    english, italian = phrases("en"), phrases("it")

    assert [key for key in english if isinstance(english[key], dict) != isinstance(italian.get(key), dict)] == []


@pytest.mark.parametrize("language", CATEGORIES)
def test_no_phrase_is_empty(language: str) -> None:
    assert [key for key, phrase in phrases(language).items() if not all(form.strip() for form in forms(phrase))] == []


def test_both_languages_fill_in_the_same_values() -> None:
    english, italian = phrases("en"), phrases("it")

    def values(phrase: str | dict[str, str]) -> set[str]:
        return {name for form in forms(phrase) for name in re.findall(r"\{(\w+)\}", form)}

    assert [key for key in english if values(english[key]) != values(italian.get(key, ""))] == []


CONTRADICTIONS: list[dict[str, Any]] = [
    {"training": {"optimizer": "perceptron_rule"}},
    {"data": {"dataset": "blobs"}, "network": {"layers": []}, "training": {"optimizer": "perceptron_rule"}},
    {"network": {"layers": []}, "training": {"optimizer": "perceptron_rule", "loss": "hinge"}},
    {"network": {"layers": []}, "training": {"optimizer": "perceptron_rule", "regularizer": "l2"}},
    {"network": {"layers": [{"units": 1, "activation": "softmax"}]}},
    {"network": {"output_activation": "relu"}, "training": {"loss": "binary_crossentropy"}},
    {"network": {"output_activation": "sigmoid"}, "training": {"loss": "hinge"}},
    {"network": {"output_activation": "softmax"}},
    {"training": {"loss": "categorical_crossentropy"}},
    {"training": {"stop": ["early_stopping"]}},
    {"data": {"dataset": {"name": "xor", "samples": 20}, "split": {"train": 0.05, "validation": 0, "test": 0.95}}},
    {"data": {"dataset": {"name": "xor", "samples": 20}, "split": {"train": 0.8, "validation": 0.01, "test": 0.19}}},
    {"data": {"dataset": {"name": "xor", "samples": 20}, "split": {"train": 0.8, "validation": 0.19, "test": 0.01}}},
]


@pytest.mark.parametrize("spec", CONTRADICTIONS, ids=str)
def test_settings_that_contradict_each_other_are_told_with_the_reason(spec: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        ExperimentSpec.model_validate(spec)

    fields = [re.sub(r"\[\d+\]", "[]", error["field"]) for error in Problem.from_validation(refused.value).errors]
    assert fields and [field for field in fields if f"errors.contradiction.{field}" not in phrases("en")] == []


def test_every_phrase_is_said_somewhere() -> None:
    """A key stands in the code as a whole, or begins with what a template literal begins with."""
    sources = [*assets_dir("static").glob("js/**/*.js"), *assets_dir("templates").glob("*.html"), *APP.rglob("*.py")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    whole = set(re.findall(r"""["'`]([a-z_]+(?:\.[a-z_]+)+)["'`]""", code))
    beginnings = tuple(set(re.findall(r"`([a-z_]+\.[a-z_.]*)\$\{", code)))

    assert [key for key in phrases("en") if key not in whole and not key.startswith(beginnings)] == []


def test_every_phrase_that_the_page_says_exists() -> None:
    """A key that is written out stands in the locales; one that is put together begins as some key does."""
    sources = assets_dir("static").glob("js/**/*.js")
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    whole = set(re.findall(r"""(?<![\w.$])t\(\s*["'`]([^"'`$]+)["'`]\s*[,)]""", code))
    # Both ends of a choice: t(isOpen ? "a" : "b").
    for first, second in re.findall(r"""(?<![\w.$])t\([^()"'`]*\?\s*"([^"]+)"\s*:\s*"([^"]+)"\s*[,)]""", code):
        whole |= {first, second}
    beginnings = set(re.findall(r"(?<![\w.$])t\(\s*`([^`$]*)\$\{", code))
    known = phrases("en")

    assert len(whole) > 100, "the pattern finds hardly a phrase"
    assert sorted(whole - known.keys()) == []
    assert [start for start in beginnings if start and not any(key.startswith(start) for key in known)] == []
