"""The page's languages: which ones there are, their words, and which one a reader wants."""

import json
from pathlib import Path
from typing import Any

DEFAULT_LANGUAGE = "en"


def load_locales(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the words of each language: the JSON files in `folder`, by their names without ``.json``."""
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))}


def choose_language(available: set[str], asked: str | None, cookie: str | None, accept_language: str) -> str:
    """Return the first language on offer of: the one asked for, the cookie's, those of Accept-Language, English."""
    for wish in (asked, cookie, *_accepted(accept_language)):
        # "it-CH" is content with "it".
        language = (wish or "").split("-")[0].lower()
        if language in available:
            return language
    return DEFAULT_LANGUAGE


def _accepted(header: str) -> list[str]:
    """Return the languages of an Accept-Language header, the most wanted first."""
    wishes: list[tuple[float, str]] = []
    for part in header[:1000].split(","):
        language, _, parameters = part.strip().partition(";")
        quality = _quality(parameters)
        if language and quality > 0:
            wishes.append((quality, language.strip()))
    # sorted is stable: equal wishes stay in the order given.
    return [language for _, language in sorted(wishes, key=lambda wish: -wish[0])]


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
