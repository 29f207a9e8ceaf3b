"""Data sets, one file each; importing this package registers them all, in the order in which choices list them."""

# ruff: noqa: I001 - the order of these imports is the order of the catalogue.
from engine.datasets.base import PLANE, Dataset, DatasetUnavailable, Examples, PlaneDataset, Task
from engine.datasets.xor import XOR
from engine.datasets.linear import Linear
from engine.datasets.circle import Circle
from engine.datasets.mnist import MNIST

__all__ = [
    "MNIST",
    "PLANE",
    "XOR",
    "Circle",
    "Dataset",
    "DatasetUnavailable",
    "Examples",
    "Linear",
    "PlaneDataset",
    "Task",
]
