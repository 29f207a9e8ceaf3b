"""Points that a user has painted."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.random import Generator
from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from engine.datasets.base import MOST_CLASSES, PLANE, TASK_WORDS, Examples, GivenDataset, Task
from engine.registry import setting, text

MOST_POINTS = 200
_LARGEST_TARGET = 100


def _rounded(value: float) -> float:
    return round(value, 2) + 0.0  # Never -0.0.


def _task(fields: dict[str, Any]) -> Task:
    """Return the task that the targets suggest."""
    targets = [target for _, _, target in fields["points"]]
    if not all(_is_class(target) for target in targets):
        return "regression"
    return "multiclass" if max(targets, default=0) > 1 else "binary"


def _is_class(target: float) -> bool:
    return target.is_integer() and 0 <= target < MOST_CLASSES


Coordinate = Annotated[float, Field(strict=True, ge=PLANE[0], le=PLANE[1]), AfterValidator(_rounded)]
Target = Annotated[float, Field(strict=True, ge=-_LARGEST_TARGET, le=_LARGEST_TARGET), AfterValidator(_rounded)]


class Points(GivenDataset):
    """Up to 200 points of the plane that stand in the spec itself: x, y, and a class or a number to predict.

    Without a task, whole numbers from 0 to 9 are classes: 0 and 1 make a binary task, more a multiclass one.
    """

    name = "points"
    label = text("Painted points", "Punti disegnati")
    help = text("Points of your own, painted on the plane.", "Punti tuoi, disegnati sul piano.")
    inputs: ClassVar[int] = 2
    has_own_test: ClassVar[bool] = False

    points: tuple[tuple[Coordinate, Coordinate, Target], ...] = setting(
        max_length=MOST_POINTS,
        label=text("Points", "Punti"),
        help=text(
            "Each point's x and y, and its class (0, 1, …) or the number to predict.",
            "La x e la y di ogni punto, e la sua classe (0, 1, …) o il numero da prevedere.",
        ),
    )
    task: Task = setting(default_factory=_task, **TASK_WORDS)

    @model_validator(mode="after")
    def _check(self) -> Points:
        if not self.points:  # Said here, since a bound on the field would also count points that are not valid.
            raise PydanticCustomError(
                "too_small", "there are no points; give at least one", {"value": 0, "limit": 1, "path": ["points"]}
            )
        most = {"binary": 1, "multiclass": MOST_CLASSES - 1}.get(self.task)
        for index, (_, _, target) in enumerate(self.points):
            if most is not None and not (_is_class(target) and target <= most):
                raise PydanticCustomError(
                    "contradiction",
                    "a {task} task has the classes 0 to {limit}, not {value}; change the class or the task",
                    {"task": self.task, "value": f"{target:g}", "limit": most, "path": ["points", index, 2]},
                )
        return self

    @property
    def classes(self) -> int:
        if self.task == "regression":
            return 0
        return max(2, 1 + int(max(target for _, _, target in self.points)))

    @property
    def samples(self) -> int:
        return len(self.points)

    def examples(self, random: Generator) -> Examples:
        numbers = np.array(self.points)
        targets = numbers[:, 2]
        return Examples(numbers[:, :2], targets.astype(np.int64) if self.classes else targets)

    @classmethod
    def facts(cls) -> dict[str, Any]:
        return {**super().facts(), "inputs": cls.inputs, "own_test": cls.has_own_test}
