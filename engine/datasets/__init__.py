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
    Surface,
    Task,
    TwoClasses,
)
from engine.datasets.xor import XOR
from engine.datasets.linear import Linear
from engine.datasets.circle import Circle
from engine.datasets.gauss import Gauss
from engine.datasets.spiral import Spiral
from engine.datasets.moons import Moons
from engine.datasets.rings import Rings
from engine.datasets.checkerboard import Checkerboard
from engine.datasets.sides import Sides
from engine.datasets.truth_table import TruthTable
from engine.datasets.blobs import Blobs
from engine.datasets.spiral_arms import SpiralArms
from engine.datasets.plane import Plane
from engine.datasets.multi_gauss import MultiGauss
from engine.datasets.saddle import Saddle
from engine.datasets.noisy_sine import NoisySine
from engine.datasets.mnist import MNIST
from engine.datasets.points import Points
from engine.datasets.table import Table

__all__ = [
    "MNIST",
    "PLANE",
    "XOR",
    "Blobs",
    "BuiltInDataset",
    "Checkerboard",
    "Circle",
    "Dataset",
    "DatasetUnavailable",
    "Examples",
    "Gauss",
    "GivenDataset",
    "Linear",
    "Moons",
    "MultiGauss",
    "NoisySine",
    "Plane",
    "PlaneDataset",
    "Points",
    "Rings",
    "Saddle",
    "Sides",
    "Spiral",
    "SpiralArms",
    "Surface",
    "Table",
    "Task",
    "TruthTable",
    "TwoClasses",
]
