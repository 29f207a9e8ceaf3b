"""A table that a user has given, named by the checksum of its content."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

import numpy as np
from numpy.random import Generator
from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from engine.datasets.base import (
    MOST_CLASSES,
    TASK_WORDS,
    Array,
    DatasetUnavailable,
    Examples,
    GivenDataset,
    Task,
)
from engine.datasets.content import Column, TableContent
from engine.registry import setting, text

MOST_COLUMNS = 64

sources: list[Callable[[str], TableContent | None]] = []
"""Where tables are looked for by their id. Whoever keeps tables adds a source; the engine itself keeps none."""

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

_TARGET_NAMES = ("class", "label", "target", "y", "classe", "etichetta", "obiettivo")
# On the plane, a table's points lie within this square, as those of the other data sets do.
_REACH = 5.0
# Whole numbers are classes where there are few of them, each of them so often on average.
_ROWS_PER_CLASS = 3
# A column whose numbers differ by less than this is as good as constant.
_SMALLEST_SPREAD = 1e-100
# Of what was scaled, so many digits mean something when it is scaled back.
_DIGITS = 13


def find_table(table_id: str) -> TableContent:
    """Return a table's content. Raises DatasetUnavailable where no source has it."""
    for source in sources:
        content = source(table_id)
        if content is not None:
            return content
    raise DatasetUnavailable(f"There is no table {table_id} here; upload it again, or choose another data set.")


def is_split_column(column: Column) -> bool:
    """Return whether a column says which part each row belongs to, some of them to the training part."""
    parts = {SPLIT_WORDS.get(entry.lower()) for entry in column.texts}
    return "train" in parts and None not in parts


def _available(table_id: str) -> str:
    try:
        find_table(table_id)
    except DatasetUnavailable:
        raise PydanticCustomError(
            "unavailable",
            "there is no table {value} here; upload it again, or choose another data set",
            {"value": table_id},
        ) from None
    return table_id


# The choices that a table's content suggests, where a spec leaves them open.


def _target(fields: dict[str, Any]) -> str:
    content = find_table(fields["id"])
    others = [column for column in content.columns if column.name != fields["split_column"]]
    numbers = [column for column in others if column.kind == "number"]
    labels = [column for column in others if 2 <= len(column.texts) <= MOST_CLASSES and not is_split_column(column)]
    # Something must be left to learn from.
    possible = [column.name for column in others if column in labels or (column in numbers and len(numbers) > 1)]
    named = [name for name in possible if name.lower() in _TARGET_NAMES]
    return [(others or content.columns)[-1].name, *possible, *[column.name for column in labels], *named][-1]


def _columns(fields: dict[str, Any]) -> tuple[str, ...]:
    content = find_table(fields["id"])
    taken = (fields["target"], fields["split_column"])
    numbers = [column for column in content.columns if column.kind == "number" and column.name not in taken]
    if len(numbers) > 1 and numbers[0] is content.columns[0] and _counts_rows(numbers[0]):
        del numbers[0]
    return tuple(column.name for column in numbers[:MOST_COLUMNS])


def _counts_rows(column: Column) -> bool:
    """Return whether a column numbers the rows: no row is known by its number."""
    return any(np.array_equal(column.values, np.arange(start, start + len(column.values))) for start in (0.0, 1.0))


def _task(fields: dict[str, Any]) -> Task:
    column = find_table(fields["id"]).by_name.get(fields["target"])
    if column is None:
        return "regression"  # What is wrong is said when all fields are there.
    values = _different(column)
    if column.kind == "number":
        is_whole = bool((values == np.rint(values)).all())
        if not is_whole or not 2 <= len(values) <= min(MOST_CLASSES, len(column.values) // _ROWS_PER_CLASS):
            return "regression"
    return "binary" if len(values) == 2 else "multiclass"


def _different(column: Column) -> Array:
    """Return the different values of a column that occur, sorted."""
    return np.unique(column.values[~column.is_missing])


TableId = Annotated[str, Field(strict=True, pattern=r"^sha256-[0-9a-f]{64}$"), AfterValidator(_available)]
Name = Annotated[str, Field(strict=True, min_length=1, max_length=200)]


@dataclass(frozen=True, eq=False)
class Layout:
    """What chosen columns of a table amount to.

    `classes` are the target's values, sorted, for each its place in `class_names`; both are empty for regression.
    A column's input is (number - offset) · scale; so is a target that is a number. `rows` counts each part's.
    """

    classes: Array
    class_names: tuple[str, ...]
    offsets: Array
    scales: Array
    target_offset: float
    target_scale: float
    rows: dict[str, int]
    left_out: int


class Table(GivenDataset):
    """Rows of numbers and what is to be predicted of each; rows in which a chosen column is empty are left out.

    Two columns are laid on the plane, each of them within ±5; one, or more than two, are brought to mean 0 and standard
    deviation 1. Numbers to predict lie within ±1. All rows count for this, whichever part they belong to.
    """

    name = "table"
    label = text("Table", "Tabella")
    help = text("A table of your own, from a spreadsheet.", "Una tabella tua, da un foglio di calcolo.")

    id: TableId = setting(
        label=text("Table", "Tabella"),
        help=text("The checksum that names the table.", "La somma di controllo che identifica la tabella."),
    )
    split_column: Name | None = setting(
        None,
        label=text("Split column", "Colonna della suddivisione"),
        help=text(
            "The column, if any, that says which rows are for training, validation and test.",
            "La colonna, se c'è, che dice quali righe servono per addestramento, validazione e test.",
        ),
    )
    target: Name = setting(
        default_factory=_target,
        label=text("Target", "Obiettivo"),
        help=text("The column that is to be predicted.", "La colonna da prevedere."),
    )
    columns: Annotated[tuple[Name, ...], Field(min_length=1, max_length=MOST_COLUMNS)] = setting(
        default_factory=_columns,
        label=text("Inputs", "Ingressi"),
        help=text("The columns that the network is given.", "Le colonne che la rete riceve."),
    )
    task: Task = setting(default_factory=_task, **TASK_WORDS)

    @model_validator(mode="after")
    def _check(self) -> Table:
        content = find_table(self.id)
        self._check_columns(content)
        self._check_target(content.by_name[self.target])
        if not self.layout.rows["train"]:
            raise _contradiction(
                "columns",
                "no row is left to train with: {left_out} of {rows} rows are empty in a chosen column; choose others",
                left_out=self.layout.left_out,
                rows=len(content),
                value=list(self.columns),
            )
        return self

    def _check_columns(self, content: TableContent) -> None:
        if not self.columns:
            raise _contradiction("columns", "the table has no column of numbers left for the inputs", value=[])
        used = [("target", self.target), *((("columns", index), name) for index, name in enumerate(self.columns))]
        if self.split_column is not None:
            used.insert(0, ("split_column", self.split_column))
        seen: set[str] = set()
        for place, name in used:
            if name not in content.by_name:
                raise _contradiction(
                    place,
                    "there is no column {value}; choose one of {names}",
                    code="unknown_name",
                    value=name,
                    limit=list(content.by_name),
                    names=", ".join(content.by_name),
                )
            if name in seen:
                raise _contradiction(place, "column {value} is used twice; use it once", code="duplicate", value=name)
            seen.add(name)
            if place != "target" and place != "split_column" and content.by_name[name].kind != "number":
                raise _contradiction(place, "column {value} holds texts; inputs must be numbers", value=name)
        if self.split_column is not None and not is_split_column(content.by_name[self.split_column]):
            raise _contradiction(
                "split_column",
                "column {value} does not split the rows: it may hold train, validation and test only, and needs train",
                value=self.split_column,
            )

    def _check_target(self, column: Column) -> None:
        if self.task == "regression":
            if column.kind != "number":
                raise _contradiction(
                    "task", "column {value} holds texts, which cannot be predicted as numbers", value=column.name
                )
            return
        count, most = len(_different(column)), 2 if self.task == "binary" else MOST_CLASSES
        if not 2 <= count <= most:
            raise _contradiction(
                "target",
                "column {value} holds {count} different values; a {task} task needs {wanted}",
                value=column.name,
                count=count,
                task=self.task,
                wanted="2" if most == 2 else f"2 to {most}",
                limit=most,
            )

    @cached_property
    def layout(self) -> Layout:
        """What the chosen columns amount to. Raises DatasetUnavailable."""
        content = find_table(self.id)
        usable = self._usable(content)
        target = content.by_name[self.target]
        inputs = np.stack([content.by_name[name].values[usable] for name in self.columns], axis=1)
        is_regression = self.task == "regression"
        classes = np.empty(0) if is_regression else _different(target)
        names = target.texts if target.kind == "text" else tuple(f"{value:.15g}" for value in classes)
        offsets, scales = _on_plane(inputs, _REACH) if self.inputs == 2 else _standard(inputs)
        target_offset, target_scale = 0.0, 1.0
        if is_regression:
            (target_offset,), (target_scale,) = _on_plane(target.values[usable, None], 1.0)
        parts = self._parts(content)[usable]
        return Layout(
            classes=classes,
            class_names=names if not is_regression else (),
            offsets=offsets,
            scales=scales,
            target_offset=float(target_offset),
            target_scale=float(target_scale),
            rows={part: int(np.count_nonzero(parts == part)) for part in ("train", "validation", "test")},
            left_out=int(np.count_nonzero(~usable)),
        )

    def _usable(self, content: TableContent) -> Array:
        """Return where no chosen column is empty, shape (rows,)."""
        chosen = [*self.columns, self.target, *([self.split_column] if self.split_column is not None else [])]
        is_missing: Array = np.any([content.by_name[name].is_missing for name in chosen], axis=0)
        return ~is_missing

    def _parts(self, content: TableContent) -> Array:
        """Return the part that each row belongs to, shape (rows,); all are for training unless a column says else."""
        if self.split_column is None:
            return np.full(len(content), "train")
        column = content.by_name[self.split_column]
        meanings = np.array([SPLIT_WORDS[entry.lower()] for entry in column.texts])
        return meanings[column.values]  # An empty one takes the last, and its row is not usable.

    @property
    def inputs(self) -> int:
        return len(self.columns)

    @property
    def classes(self) -> int:
        return len(self.layout.class_names)

    @property
    def samples(self) -> int:
        return self.layout.rows["train"]

    @property
    def has_own_test(self) -> bool:
        return self.layout.rows["test"] > 0

    def examples(self, random: Generator) -> Examples:
        return self._examples("train")

    def validation_examples(self) -> Examples | None:
        return self._examples("validation") if self.layout.rows["validation"] else None

    def test_examples(self) -> Examples:
        return self._examples("test")

    def _examples(self, part: str) -> Examples:
        content = find_table(self.id)
        chosen = self._usable(content) & (self._parts(content) == part)
        inputs = np.stack([content.by_name[name].values[chosen] for name in self.columns], axis=1)
        targets = content.by_name[self.target].values[chosen]
        if self.classes:
            return Examples(self.placed(inputs), np.searchsorted(self.layout.classes, targets))
        return Examples(self.placed(inputs), (targets - self.layout.target_offset) * self.layout.target_scale)

    def placed(self, inputs: Array) -> Array:
        return (inputs - self.layout.offsets) * self.layout.scales

    def unplaced(self, inputs: Array) -> Array:
        numbers: Array = inputs / self.layout.scales + self.layout.offsets
        # There and back again, 5.1 would be 5.1000000000000005.
        for column in range(self.inputs):
            most = max(np.abs(numbers[:, column]).max(initial=0), _SMALLEST_SPREAD)
            np.round(numbers[:, column], _DIGITS - math.ceil(math.log10(most)), numbers[:, column])
        return numbers

    def unplaced_targets(self, targets: Array) -> Array:
        return targets if self.classes else targets / self.layout.target_scale + self.layout.target_offset

    def described(self) -> dict[str, Any]:
        layout = self.layout
        target: dict[str, Any] = {"name": self.target, "offset": None, "scale": None}
        if not self.classes:
            target |= {"offset": layout.target_offset, "scale": layout.target_scale}
        mappings = zip(self.columns, layout.offsets.tolist(), layout.scales.tolist(), strict=True)
        return {
            **super().described(),
            "class_names": list(layout.class_names) or None,
            "columns": [{"name": name, "offset": offset, "scale": scale} for name, offset, scale in mappings],
            "target": target,
            "left_out": layout.left_out,
        }


def _on_plane(numbers: Array, reach: float) -> tuple[Array, Array]:
    """Return offsets and scales, shape (columns,), that bring each column's least and greatest number to ±reach."""
    if not len(numbers):
        return np.zeros(numbers.shape[1]), np.ones(numbers.shape[1])
    low, high = numbers.min(axis=0), numbers.max(axis=0)
    half = (high - low) / 2
    is_spread = half > _SMALLEST_SPREAD
    return (low + high) / 2, np.where(is_spread, reach / np.where(is_spread, half, 1.0), 1.0)


def _standard(numbers: Array) -> tuple[Array, Array]:
    """Return offsets and scales, shape (columns,), that bring each column to mean 0 and standard deviation 1."""
    if not len(numbers):
        return np.zeros(numbers.shape[1]), np.ones(numbers.shape[1])
    # Of a constant column rounding may make the deviation a tiny number, which would blow up what is left of it.
    is_spread = np.ptp(numbers, axis=0) > _SMALLEST_SPREAD
    deviation = np.where(is_spread, numbers.std(axis=0), 1.0)
    return np.where(is_spread, numbers.mean(axis=0), numbers[0]), 1 / deviation


def _contradiction(place: Any, message: str, code: str = "contradiction", **facts: Any) -> PydanticCustomError:
    path = list(place) if isinstance(place, tuple) else [place]
    return PydanticCustomError(code, message, {**facts, "path": path})
