"""Keras on JAX, as the course writes it: `fit` for one epoch of MNIST, without evaluation."""

from __future__ import annotations

import os
from collections.abc import Callable

os.environ["KERAS_BACKEND"] = "jax"

from . import jax_peer  # noqa: F401 - it tells JAX to keep to one thread.

# isort: split
import keras

from engine import ExperimentSpec
from engine.data import Data


def mnist_epoch(spec: ExperimentSpec) -> Callable[[int], None]:
    """Return a function that makes so many updates, in whole epochs, of the course's network."""
    part = Data(spec, "float32").parts["train"]
    x, t = part.rows.between(0, len(part))[:, :-1].copy(), part.targets
    batch = spec.training.batch_size
    model = keras.Sequential([keras.Input((spec.shape[0],))])
    for units, activation in zip(spec.shape[1:], spec.activations, strict=True):
        model.add(keras.layers.Dense(units, activation=activation.name))
    model.compile(optimizer=spec.training.optimizer.name, loss=spec.loss.name, metrics=["accuracy"])

    def run(updates: int) -> None:
        model.fit(x, t, epochs=updates // -(-len(x) // batch), batch_size=batch, verbose=0)

    return run
