"""A slice of the loss surface: the loss along two directions from where the weights are.

Li, Xu, Taylor, Studer and Goldstein, Visualizing the loss landscape of neural nets, 2018.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.network import ForwardPass, Network
from engine.trainer import Trainer

Array = NDArray[Any]
Directions = tuple[Array, Array]

# The loss of a point is a mean over the first training examples, up to so many; over fewer where the whole surface
# would take more than so many multiplications, which is a few seconds.
_MOST_EXAMPLES = 500
_MOST_PRODUCTS = 20_000_000_000
# They go through the network, and directions are drawn, in pieces of about a millisecond.
_PIECE_PRODUCTS = 20_000_000
_PIECE_NUMBERS = 65_536


@dataclass(frozen=True)
class Landscape:
    """The loss at θ + α d₁ + β d₂: `losses`, shape (resolution, resolution), row 0 the largest β, column 0 the least α.

    `coordinates`, shape (resolution,), are the columns' α from left to right, and the rows' β from below.
    A loss that is no number is NaN. `examples` says over how many training examples it is the mean.
    """

    coordinates: Array
    losses: Array
    examples: int


def filter_normalized(trainer: Trainer, seed: int) -> Generator[None, None, Directions]:
    """Return two random directions in which every unit's weights are as long as its own: d ← d / ‖d‖ · ‖w‖.

    So that what is seen does not depend on how weights are scaled: with ReLU, doubling one layer's and halving the
    next's changes no output. A unit's weights are a filter of one point; biases do not move, as in the paper.
    """
    random = np.random.default_rng([seed, 4])
    first = yield from _filter_normalized(trainer, random)
    second = yield from _filter_normalized(trainer, random)
    return first, second


def _filter_normalized(trainer: Trainer, random: np.random.Generator) -> Generator[None, None, Array]:
    direction: Array = np.zeros_like(trainer.parameters)
    for layer in trainer.network.layers:
        stop = layer.stop - layer.units  # Biases come last.
        for start in range(layer.start, stop, _PIECE_NUMBERS):
            piece = direction[start : min(start + _PIECE_NUMBERS, stop)]
            piece[:] = random.standard_normal(piece.size, np.float32)  # The same numbers in either precision.
            yield
        drawn, weights = layer.matrix(direction)[:-1], layer.matrix(trainer.parameters)[:-1]
        with np.errstate(all="ignore"):
            drawn *= np.linalg.norm(weights, axis=0) / np.linalg.norm(drawn, axis=0)
        yield
    return direction


def weight_directions(trainer: Trainer, first: int, second: int) -> Directions:
    """Return the directions of two single parameters, by their places in the flat vector."""
    directions: Array = np.zeros((2, trainer.parameters.size), trainer.dtype)
    directions[0, first] = directions[1, second] = 1
    return directions[0], directions[1]


def landscape(
    trainer: Trainer, directions: Directions, resolution: int, span: float
) -> Generator[None, None, Landscape]:
    """Return the loss at `resolution`² points, α and β from -span to span. The trainer's own weights stay."""
    network = Network(trainer.spec.shape, trainer.spec.activations, trainer.dtype)
    train = trainer.data.parts["train"]
    count = max(1, min(len(train), _MOST_EXAMPLES, _MOST_PRODUCTS // (network.parameters.size * resolution**2)))
    size = max(1, min(count, _PIECE_PRODUCTS // network.parameters.size))
    pieces = [(start, min(start + size, count)) for start in range(0, count, size)]
    passes = {stop - start: ForwardPass(network, stop - start) for start, stop in pieces}
    batches = [(passes[b - a], train.rows.between(a, b).T, train.targets[a:b].T) for a, b in pieces]
    coordinates: Array = np.linspace(-span, span, resolution)
    losses: Array = np.empty((resolution, resolution))
    along, across = directions
    scratch: Array = np.empty_like(network.parameters)
    for row, beta in enumerate(coordinates[::-1]):
        for column, alpha in enumerate(coordinates):
            with np.errstate(all="ignore"):
                np.multiply(along, alpha, scratch)
                np.add(trainer.parameters, scratch, network.parameters)
                np.multiply(across, beta, scratch)
                np.add(network.parameters, scratch, network.parameters)
            total = 0.0
            for forward, x, t in batches:
                with np.errstate(all="ignore"):
                    total += trainer.spec.loss.total(forward(x), t)
                yield
            losses[row, column] = total / count
    losses[~np.isfinite(losses)] = np.nan
    return Landscape(coordinates, losses, count)


def projected(trainer: Trainer, directions: Directions, path: ArrayLike) -> tuple[Array, Array]:
    """Return where parameter vectors, shape (n, count), lie on the slice, and how much of their way is seen there.

    (α, β), shape (n, 2), is the point of the slice that is nearest: the solution of least squares. What is seen, shape
    (n,), is the share of the squared distance from here that lies within the slice, 1 where a vector is here.
    """
    plane = np.stack(directions, axis=1).astype(np.float64)
    away = np.asarray(path, np.float64) - trainer.parameters
    coordinates = np.linalg.lstsq(plane, away.T, rcond=None)[0].T
    squares = np.square(away).sum(axis=1)
    seen = np.square(coordinates @ plane.T).sum(axis=1)
    return coordinates, np.divide(seen, squares, out=np.ones_like(seen), where=squares > 0)
