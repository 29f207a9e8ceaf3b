"""What a data set is: a component that gives examples, from a seed or from files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from numpy.random import Generator
from numpy.typing import NDArray

from engine.registry import Component, setting, text

Array = NDArray[Any]
Task = Literal["binary", "multiclass", "regression"]

PLANE = (-6.0, 6.0)
"""The ends of both axes of the plane on which two-dimensional data lies and pictures are drawn."""


class DatasetUnavailable(OSError):
    """A data set's files can neither be read nor made; the text says what is in the way."""


@dataclass(frozen=True)
class Examples:
    """Raw inputs, shape (n, inputs), and targets, shape (n,): classes as integers, or numbers.

    A network sees `inputs * scale`; images stay uint8 until a batch needs them.
    """

    inputs: Array
    targets: Array
    scale: float = 1.0

    def __len__(self) -> int:
        return len(self.targets)

    def first(self, count: int) -> Examples:
        """Return the first `count` examples."""
        return Examples(self.inputs[:count], self.targets[:count], self.scale)


class Dataset(Component):
    """Examples of a task with `inputs` numbers each; `classes` is 0 for regression."""

    kind = "dataset"
    task: ClassVar[Task] = "binary"
    inputs: ClassVar[int] = 2
    classes: ClassVar[int] = 2
    has_own_test: ClassVar[bool] = False

    samples: int

    def examples(self, random: Generator) -> Examples:
        """Return `samples` examples in a random order."""
        raise NotImplementedError

    def test_examples(self) -> Examples:
        """Return the data set's own test examples, where it has them."""
        raise NotImplementedError

    @classmethod
    def facts(cls) -> dict[str, Any]:
        return {
            "task": cls.task,
            "inputs": cls.inputs,
            "classes": cls.classes or None,
            "own_test": cls.has_own_test,
        }


class PlaneDataset(Dataset):
    """Points of the plane, made from a seed."""

    samples: int = setting(
        500,
        ge=10,
        le=100_000,
        scale="log",
        step=10,
        label=text("Points", "Punti"),
        help=text("How many points there are, in all splits together.", "Quanti punti ci sono, in tutte le parti."),
    )
    noise: float = setting(
        0.0,
        ge=0,
        le=0.8,
        step=0.05,
        label=text("Noise", "Rumore"),
        help=text(
            "How far points stray across the border between the classes.",
            "Quanto i punti si spingono oltre il confine tra le classi.",
        ),
    )

    def jitter(self, random: Generator, count: int) -> Array:
        """Return displacements of shape (count, 2), uniform in ±5 · noise, as in TensorFlow Playground."""
        return random.uniform(-5.0, 5.0, (count, 2)) * self.noise
