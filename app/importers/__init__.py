"""Experiments written down elsewhere, read as specs. One file for each source; FORMATS lists what can be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.errors import Problem
from app.importers.experiment_json import read_experiment
from app.importers.imported import Imported, Note, View
from app.importers.tf_playground import read_fragment

FORMATS: dict[str, Callable[[str, Mapping[str, int]], Imported]] = {
    "tf-playground": read_fragment,
    "json": read_experiment,
}

MOST_LETTERS = 100_000

__all__ = ["FORMATS", "MOST_LETTERS", "Imported", "Note", "View", "import_spec"]


def import_spec(source: str, text: str, limits: Mapping[str, int]) -> Imported:
    """Return what `text`, written in the format `source`, says; Problem 422 where it says nothing at all.

    Whatever can't be taken becomes a note, and the rest is taken; the spec keeps to the limits of this server.
    """
    if source not in FORMATS:
        names = ", ".join(FORMATS)
        message = f"format {source[:40]!r} is not known; choose one of {names}."
        raise Problem.field("format", "unknown_name", message, source, names)
    if len(text) > MOST_LETTERS:
        message = f"text has {len(text)} characters; at most {MOST_LETTERS} are read."
        raise Problem.field("text", "too_long", message, f"{len(text)} characters", MOST_LETTERS)
    return FORMATS[source](text, limits).shortened()
