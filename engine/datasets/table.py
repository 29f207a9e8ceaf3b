"""A table that a user has given, named by the checksum of its content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

import numpy as np
from numpy.random import Generator
from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from engine.datasets.base import (
    MOST_CLASSES,
    PLANE,
    TASK_WORDS,
    Array,
    DatasetUnavailable,
    Examples,
    GivenDataset,
    Task,
)
from engine.datasets.content import Column, TableContent, find_table
from engine.datasets.scaling import Scaling
from engine.datasets.suggestions import (
    MOST_COLUMNS,
    SPLIT_WORDS,
    is_split_column,
    suggest_columns,
    suggest_target,
    suggest_task,
)
from engine.registry import setting, text

# On the plane, a table's points lie within this square, as those of the other data sets do.
_REACH = 5.0
# What is not scaled may be this large; from larger numbers no network here learns.
_LARGEST_UNSCALED = 100.0


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


TableId = Annotated[str, Field(strict=True, pattern=r"^sha256-[0-9a-f]{64}$"), AfterValidator(_available)]
Name = Annotated[str, Field(strict=True, min_length=1, max_length=200)]


@dataclass(frozen=True, eq=False)
class Layout:
    """What chosen columns of a table amount to.

    `classes` are the target's values, sorted, each with its place in `class_names`; both are empty for regression.
    `rows` counts those of each part, `left_out` those in which something is missing.
    """

    classes: Array
    class_names: tuple[str, ...]
    inputs: Scaling
    target: Scaling | None
    rows: dict[str, int]
    left_out: int


class Table(GivenDataset):
    """Rows of numbers and what is to be predicted of each; rows in which a chosen column is empty are left out.

    Two columns are laid on the plane, each of them within ±5; one, or more than two, are brought to mean 0 and standard
    deviation 1. Numbers to predict lie within ±1. All rows count for this, whichever part they belong to. Without
    `scaled` all numbers stay as they are: so points that were painted on the plane keep their places.
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
        default_factory=suggest_target,
        label=text("Target", "Obiettivo"),
        help=text("The column that is to be predicted.", "La colonna da prevedere."),
    )
    columns: Annotated[tuple[Name, ...], Field(min_length=1, max_length=MOST_COLUMNS)] = setting(
        default_factory=suggest_columns,
        label=text("Inputs", "Ingressi"),
        help=text("The columns that the network is given.", "Le colonne che la rete riceve."),
    )
    task: Task = setting(default_factory=suggest_task, **TASK_WORDS)
    scaled: bool = setting(
        True,
        label=text("Scaled", "Riscalati"),
        help=text(
            "Whether numbers are brought to a size from which a network learns well.",
            "Se i numeri sono portati a una grandezza da cui una rete impara bene.",
        ),
    )

    @model_validator(mode="after")
    def _check(self) -> Table:
        content = find_table(self.id)
        self._check_columns(content)
        self._check_target(content.by_name[self.target])
        if not self.scaled:
            self._check_size(content)
        usable, parts = self._rows(content)
        if not np.any(parts[usable] == "train"):
            raise _contradiction(
                "columns",
                "no row is left to train with: {left_out} of {rows} rows are empty in a chosen column; choose others",
                left_out=int(np.count_nonzero(~usable)),
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

    def _check_size(self, content: TableContent) -> None:
        """Raise where numbers are to stay as they are and would lie beyond what is drawn, or what can be learnt."""
        on_plane = PLANE[1] if self.inputs == 2 else _LARGEST_UNSCALED
        names = [(name, on_plane) for name in self.columns]
        if self.task == "regression":
            names.append((self.target, _LARGEST_UNSCALED))
        for name, limit in names:
            column = content.by_name[name].values
            largest = float(np.abs(column[~np.isnan(column)]).max(initial=0.0))
            if largest > limit:
                raise _contradiction(
                    "scaled",
                    "column {value} reaches ±{largest}, and without scaling it may reach ±{limit}; let it be scaled",
                    value=name,
                    largest=f"{largest:g}",
                    limit=limit,
                )

    def _check_target(self, column: Column) -> None:
        if self.task == "regression":
            if column.kind != "number":
                raise _contradiction(
                    "task", "column {value} holds texts, which cannot be predicted as numbers", value=column.name
                )
            return
        count, most = len(column.different), 2 if self.task == "binary" else MOST_CLASSES
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
        usable, parts = self._rows(content)
        inputs = self._numbers(content, usable)
        column = content.by_name[self.target]
        is_regression = self.task == "regression"
        classes = column.different
        return Layout(
            classes=classes[:0] if is_regression else classes,
            class_names=() if is_regression else column.texts or tuple(f"{value:.15g}" for value in classes),
            inputs=self._scaling(inputs),
            target=self._target_scaling(column.values[usable, None]) if is_regression else None,
            rows={part: int(np.count_nonzero(parts[usable] == part)) for part in ("train", "validation", "test")},
            left_out=int(np.count_nonzero(~usable)),
        )

    def _scaling(self, inputs: Array) -> Scaling:
        if not self.scaled:
            return Scaling.none(self.inputs)
        return Scaling.within(inputs, _REACH) if self.inputs == 2 else Scaling.standard(inputs)

    def _target_scaling(self, targets: Array) -> Scaling:
        return Scaling.within(targets, 1.0) if self.scaled else Scaling.none(1)

    def _rows(self, content: TableContent) -> tuple[Array, Array]:
        """Return where no chosen column is empty, and the part that each row belongs to, both of shape (rows,)."""
        chosen = [content.by_name[name] for name in (*self.columns, self.target)]
        if self.split_column is None:
            parts = np.full(len(content), "train")
        else:
            column = content.by_name[self.split_column]
            chosen.append(column)
            meanings = np.array([SPLIT_WORDS[entry.lower()] for entry in column.texts])
            parts = meanings[column.values]  # An empty one takes the last, and its row is not usable.
        return ~np.any([column.is_missing for column in chosen], axis=0), parts

    def _numbers(self, content: TableContent, rows: Array) -> Array:
        return np.stack([content.by_name[name].values[rows] for name in self.columns], axis=1)

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
        usable, parts = self._rows(content)
        rows = usable & (parts == part)
        targets = content.by_name[self.target].values[rows]
        if self.layout.target is None:
            targets = np.searchsorted(self.layout.classes, targets)
        else:
            targets = self.layout.target.apply(targets[:, None])[:, 0]
        return Examples(self.placed(self._numbers(content, rows)), targets)

    def placed(self, inputs: Array) -> Array:
        return self.layout.inputs.apply(inputs)

    def unplaced(self, inputs: Array) -> Array:
        return self.layout.inputs.undo(inputs)

    def unplaced_targets(self, targets: Array) -> Array:
        if self.layout.target is None:
            return targets
        return self.layout.target.undo(targets.reshape(-1, 1)).reshape(targets.shape)

    def described(self) -> dict[str, Any]:
        layout = self.layout
        (target,) = _told([self.target], layout.target)
        return {
            **super().described(),
            "class_names": list(layout.class_names) or None,
            "columns": _told(self.columns, layout.inputs),
            "target": target,
            "left_out": layout.left_out,
        }


def _told(names: Sequence[str], scaling: Scaling | None) -> list[dict[str, Any]]:
    """Return columns by name with their offsets and scales, ready for JSON."""
    if scaling is None:
        return [{"name": name, "offset": None, "scale": None} for name in names]
    offsets, scales = scaling.offsets.tolist(), scaling.scales.tolist()
    return [
        {"name": name, "offset": offset, "scale": scale}
        for name, offset, scale in zip(names, offsets, scales, strict=True)
    ]


def _contradiction(place: Any, message: str, code: str = "contradiction", **facts: Any) -> PydanticCustomError:
    path = list(place) if isinstance(place, tuple) else [place]
    return PydanticCustomError(code, message, {**facts, "path": path})
