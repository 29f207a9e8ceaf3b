"""What a table's content suggests where a spec leaves the choice open: its target, its inputs, its task."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.datasets.base import MOST_CLASSES, Task
from engine.datasets.content import Column, find_table

MOST_COLUMNS = 64

SPLIT_WORDS = {
    "train": "train",
    "training": "train",
    "addestramento": "train",
    "validation": "validation",
    "valid": "validation",
    "val": "validation",
    "dev": "validation",
    "validazione": "validation",
    "test": "test",
    "testing": "test",
    "prova": "test",
}
"""What may stand in a split column, in small letters, and the part that it means."""

_TARGET_NAMES = ("class", "label", "target", "classe", "etichetta", "obiettivo")
# What is predicted from x; beside labels it is the other axis.
_WEAK_TARGET_NAME = "y"
# Whole numbers are classes where there are few of them, each of them so often on average.
_ROWS_PER_CLASS = 3


def is_split_column(column: Column) -> bool:
    """Return whether a column says which part each row belongs to, some of them to the training part."""
    parts = {SPLIT_WORDS.get(entry.lower()) for entry in column.texts}
    return "train" in parts and None not in parts


def suggest_target(fields: dict[str, Any]) -> str:
    """Return the column to predict: one that is called so, else the last one of labels, else y, else the last."""
    content = find_table(fields["id"])
    others = [column for column in content.columns if column.name != fields["split_column"]]
    numbers = [column for column in others if column.kind == "number"]
    labels = [column for column in others if 2 <= len(column.texts) <= MOST_CLASSES and not is_split_column(column)]
    # Something must be left to learn from.
    possible = [column.name for column in others if column in labels or (column in numbers and len(numbers) > 1)]
    named = [name for name in possible if name.lower() in _TARGET_NAMES]
    weak = [name for name in possible if name.lower() == _WEAK_TARGET_NAME]
    labelled = [column.name for column in labels]
    return [(others or content.columns)[-1].name, *possible, *weak, *labelled, *named][-1]


def suggest_columns(fields: dict[str, Any]) -> tuple[str, ...]:
    """Return all other columns of numbers, but for one that counts the rows."""
    content = find_table(fields["id"])
    taken = (fields["target"], fields["split_column"])
    numbers = [column for column in content.columns if column.kind == "number" and column.name not in taken]
    if len(numbers) > 1 and numbers[0] is content.columns[0] and _counts_rows(numbers[0]):
        del numbers[0]
    return tuple(column.name for column in numbers[:MOST_COLUMNS])


def _counts_rows(column: Column) -> bool:
    """Return whether a column numbers the rows: no row is known by its number."""
    return any(np.array_equal(column.values, np.arange(start, start + len(column.values))) for start in (0.0, 1.0))


def suggest_task(fields: dict[str, Any]) -> Task:
    """Return the task that suits the target."""
    column = find_table(fields["id"]).by_name.get(fields["target"])
    if column is None:
        return "regression"  # What is wrong is said when all fields are there.
    values = column.different
    if column.kind == "number":
        is_whole = bool((values == np.rint(values)).all())
        if not is_whole or not 2 <= len(values) <= min(MOST_CLASSES, len(column.values) // _ROWS_PER_CLASS):
            return "regression"
    return "binary" if len(values) == 2 else "multiclass"
