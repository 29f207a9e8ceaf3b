"""Optimizers, one file each; importing this package registers them all, in the order in which choices list them."""

# ruff: noqa: I001 - the order of these imports is the order of the catalogue.
from engine.optimizers.base import Optimizer
from engine.optimizers.sgd import SGD, Momentum, Nesterov
from engine.optimizers.adagrad import Adagrad
from engine.optimizers.adadelta import Adadelta
from engine.optimizers.rmsprop import RMSprop
from engine.optimizers.adam import Adam, AdamW, Nadam
from engine.optimizers.perceptron_rule import PerceptronRule

__all__ = [
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Momentum",
    "Nadam",
    "Nesterov",
    "Optimizer",
    "PerceptronRule",
    "RMSprop",
]
