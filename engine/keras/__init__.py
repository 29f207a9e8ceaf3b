"""Keras's names for a multilayer perceptron, over this engine: a program for Keras runs with its imports changed.

    from engine.keras.datasets import mnist
    from engine.keras import layers, models

Names, arguments, defaults and numbers are those of Keras 3. What a multilayer perceptron does not need is not there,
and says so by name when it is asked for.
"""

from engine.keras import (
    activations,
    backend,
    callbacks,
    datasets,
    initializers,
    layers,
    losses,
    metrics,
    models,
    optimizers,
    regularizers,
    utils,
)
from engine.keras.absent import missing_from
from engine.keras.layers import Input
from engine.keras.models import Sequential

__version__ = "3.15.1"
"""The Keras whose numbers these are."""

__all__ = [
    "Input",
    "Sequential",
    "activations",
    "backend",
    "callbacks",
    "datasets",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "regularizers",
    "utils",
]
__getattr__ = missing_from(
    __name__, __all__, {"Model": "the functional interface and subclasses are not there; take Sequential"}
)
