"""Data sets, one file each; importing this package registers them all, in the order in which choices list them."""

# ruff: noqa: I001 - the order of these imports is the order of the catalogue.
from engine.datasets.base import (
    PLANE,
    BuiltInDataset,
    Dataset,
    DatasetUnavailable,
    Examples,
    GivenDataset,
    PlaneDataset,
    Task,
)
from engine.datasets.xor import XOR
from engine.datasets.linear import Linear
from engine.datasets.circle import Circle
from engine.datasets.mnist import MNIST
from engine.datasets.points import Points
from engine.datasets.table import Table

__all__ = [
    "MNIST",
    "PLANE",
    "XOR",
    "BuiltInDataset",
    "Circle",
    "Dataset",
    "DatasetUnavailable",
    "Examples",
    "GivenDataset",
    "Linear",
    "PlaneDataset",
    "Points",
    "Table",
    "Task",
]
