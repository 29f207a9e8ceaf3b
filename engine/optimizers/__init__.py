"""Optimizers, one file each; importing this package registers them all, in the order in which choices list them."""

# ruff: noqa: I001 - the order of these imports is the order of the catalogue.
from engine.optimizers.base import Optimizer
from engine.optimizers.sgd import SGD, Momentum
from engine.optimizers.rmsprop import RMSprop

__all__ = ["SGD", "Momentum", "Optimizer", "RMSprop"]
