"""The gradient that training descends, as a mean over many examples instead of a batch."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.network import BackwardPass
from engine.trainer import Trainer

Array = NDArray[Any]

MOST_EXAMPLES = 1_024
"""What is said of the training examples as a whole is said of the first ones, up to so many."""

# Three products a weight and example, in pieces of about a millisecond.
_PIECE_PRODUCTS = 20_000_000


def mean_gradient(trainer: Trainer) -> Generator[None, None, Array]:
    """Return the gradient of the training loss, regulariser included, in the layout of the parameters.

    It is a mean over the first 1,024 training examples; dropout and noise are left out.
    """
    train = trainer.data.parts["train"]
    count = min(len(train), MOST_EXAMPLES)
    size = max(1, min(count, _PIECE_PRODUCTS // (3 * trainer.parameters.size)))
    mean, gradient = np.zeros_like(trainer.parameters), np.empty_like(trainer.parameters)
    ways: dict[int, BackwardPass] = {}
    for start in range(0, count, size):
        stop = min(start + size, count)
        if stop - start not in ways:
            ways[stop - start] = BackwardPass(trainer.network, stop - start, trainer.spec.loss, gradient)
        with np.errstate(all="ignore"):
            ways[stop - start](train.rows.between(start, stop).T, train.targets[start:stop].T)
            gradient *= (stop - start) / count  # Each piece is a mean, and weighs what it holds.
            mean += gradient
        yield
    with np.errstate(all="ignore"):
        add_gradient = trainer.spec.training.regularizer.add_gradient
        add_gradient(trainer.parameters, trainer.network.is_weight, mean, gradient)
    return mean
