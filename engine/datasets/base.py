"""What a data set is: a component that gives examples, from a seed or from files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from numpy.random import Generator
from numpy.typing import NDArray

from engine.registry import Component, setting, text

Array = NDArray[Any]
Task = Literal["binary", "multiclass", "regression"]

PLANE = (-6.0, 6.0)
"""The ends of both axes of the plane on which two-dimensional data lies and pictures are drawn."""

MOST_CLASSES = 10
"""As many classes as data given by a user may have."""

TASK_WORDS: dict[str, Any] = {
    "label": text("Task", "Compito"),
    "help": text(
        "What is to be learnt: one of two classes, one of several, or a number.",
        "Che cosa imparare: una di due classi, una fra più classi, o un numero.",
    ),
}


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
    """Examples of a task with `inputs` numbers each.

    What kind of examples they are (`task`, `inputs`, `classes`, `has_own_test`) belongs to the class of a built-in data
    set, and follows from the fields of one that a user gives.
    """

    kind = "dataset"
    image_shape: ClassVar[tuple[int, int] | None] = None
    """Rows and columns, where an example is an image."""
    is_whole: ClassVar[bool] = False
    """Whether the examples are all there are, so that the network learns from every one and none are split off."""

    # Constants, fields or properties of the classes below; declared at run time, these would stand in their way.
    if TYPE_CHECKING:

        @property
        def task(self) -> Task: ...

        @property
        def inputs(self) -> int: ...

        @property
        def classes(self) -> int:
            """How many classes there are; 0 for regression."""

        @property
        def samples(self) -> int:
            """How many examples there are, own validation and test examples left out."""

        @property
        def has_own_test(self) -> bool:
            """Whether test examples are given apart from the others, so that none are split off."""

    def examples(self, random: Generator) -> Examples:
        """Return `samples` examples in a random order."""
        raise NotImplementedError

    def validation_examples(self) -> Examples | None:
        """Return the data set's own validation examples, where it has them."""
        return None

    def test_examples(self) -> Examples:
        """Return the data set's own test examples, where it has them."""
        raise NotImplementedError

    def unknown_examples(self) -> Examples | None:
        """Return examples of quite another kind but of the same size, where there are any: what does a network say?"""
        return None

    def placed(self, inputs: Array) -> Array:
        """Return inputs as their owner knows them, shape (n, inputs), the way examples have them."""
        return inputs

    def unplaced(self, inputs: Array) -> Array:
        """Return inputs the way examples have them, shape (n, inputs), as their owner knows them."""
        return inputs

    def unplaced_targets(self, targets: Array) -> Array:
        """Return numbers to predict, of any shape, as their owner knows them; anything else is left as it is."""
        return targets

    def described(self) -> dict[str, Any]:
        """Return what there is to know of the examples, ready for JSON: names and scales only where a user gave any."""
        return {
            "task": self.task,
            "inputs": self.inputs,
            "classes": self.classes or None,
            "own_test": self.has_own_test,
            "class_names": None,
            "columns": None,
            "target": None,
            "left_out": 0,
        }


class BuiltInDataset(Dataset):
    """A data set that comes with the engine."""

    task: ClassVar[Task] = "binary"
    inputs: ClassVar[int] = 2
    has_own_test: ClassVar[bool] = False

    @classmethod
    def facts(cls) -> dict[str, Any]:
        return {
            "task": cls.task,
            "inputs": cls.inputs,
            "classes": getattr(cls, "classes", None) or None,  # None too where a field says how many.
            "own_test": cls.has_own_test,
            "whole": cls.is_whole,
            "image": cls.image_shape,
            "given": False,
        }


class GivenDataset(Dataset):
    """Examples that a user gives: the name alone says nothing, and what kind they are is told by `described`."""

    @classmethod
    def facts(cls) -> dict[str, Any]:
        return {"given": True}


class PlaneDataset(BuiltInDataset):
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

    def jitter(self, random: Generator, count: int, reach: float = 5.0) -> Array:
        """Return displacements of shape (count, 2), uniform in ±reach · noise, as in TensorFlow Playground."""
        return random.uniform(-reach, reach, (count, 2)) * self.noise


class TwoClasses(PlaneDataset):
    """Points of the plane, each of class 0 or of class 1."""

    classes: ClassVar[int] = 2


class Surface(PlaneDataset):
    """Points of the plane with a number each, about from -1 to 1: its height above the plane."""

    task = "regression"
    classes: ClassVar[int] = 0

    noise: float = setting(
        0.0,
        ge=0,
        le=0.8,
        step=0.05,
        label=text("Noise", "Rumore"),
        help=text(
            "How far from its point each number was measured.",
            "Quanto lontano dal suo punto è stato misurato ogni numero.",
        ),
    )

    def height(self, x: Array, y: Array) -> Array:
        """Return the height above each point, for coordinates of any equal shape."""
        raise NotImplementedError

    def examples(self, random: Generator) -> Examples:
        points = random.uniform(*PLANE, (self.samples, 2))
        # As in TensorFlow Playground, noise displaces the point whose height is taken.
        x, y = (points + self.jitter(random, self.samples, PLANE[1])).T
        return Examples(points, self.height(x, y))
