"""How large weights are, and their gradients: layer by layer, counted in bins of equal width."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.network import BackwardPass
from engine.trainer import Trainer

Array = NDArray[Any]

# Gradients are means over the first training examples, up to so many.
_MOST_EXAMPLES = 1_024
# Three products a weight and example, in pieces of about a millisecond; numbers are counted in as long pieces.
_PIECE_PRODUCTS = 20_000_000
_PIECE_NUMBERS = 65_536


class Histogram(NamedTuple):
    """`counts`, shape (bins,), of the numbers between `low` and `high`; `not_finite` are those that are no numbers."""

    low: float
    high: float
    counts: Array
    mean: float
    deviation: float
    not_finite: int


class LayerHistograms(NamedTuple):
    """A layer's weights and biases, and the gradient of the training loss with respect to each."""

    weights: Histogram
    biases: Histogram
    weight_gradients: Histogram
    bias_gradients: Histogram


def histograms(trainer: Trainer, bins: int) -> Generator[None, None, list[LayerHistograms]]:
    """Return every layer's histograms, the output's last.

    The gradient is what training descends, regulariser included: its mean over the first 1,024 training examples.
    """
    gradient = yield from _mean_gradient(trainer)
    layers: list[LayerHistograms] = []
    for layer in trainer.network.layers:
        known, slopes = layer.matrix(trainer.parameters), layer.matrix(gradient)
        layers.append(
            LayerHistograms(
                weights=(yield from _histogram(known[:-1], bins)),
                biases=(yield from _histogram(known[-1], bins)),
                weight_gradients=(yield from _histogram(slopes[:-1], bins)),
                bias_gradients=(yield from _histogram(slopes[-1], bins)),
            )
        )
    return layers


def _mean_gradient(trainer: Trainer) -> Generator[None, None, Array]:
    train = trainer.data.parts["train"]
    count = min(len(train), _MOST_EXAMPLES)
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


def _histogram(numbers: Array, bins: int) -> Generator[None, None, Histogram]:
    numbers = numbers.reshape(-1)
    pieces = [numbers[start : start + _PIECE_NUMBERS] for start in range(0, len(numbers), _PIECE_NUMBERS)]
    low, high, count, total, squares = np.inf, -np.inf, 0, 0.0, 0.0
    for piece in pieces:
        finite = piece[np.isfinite(piece)].astype(np.float64)
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
            count, total, squares = count + finite.size, total + float(finite.sum()), squares + float(finite @ finite)
        yield
    counts: Array = np.zeros(bins, np.int64)
    if not count:
        return Histogram(0.0, 0.0, counts, 0.0, 0.0, len(numbers))
    scale = bins / ((high - low) or 1.0)
    for piece in pieces:
        finite = piece[np.isfinite(piece)].astype(np.float64)
        places = ((finite - low) * scale).astype(np.int64)
        counts += np.bincount(np.minimum(places, bins - 1), minlength=bins)  # The greatest belongs to the last bin.
        yield
    mean = total / count
    deviation = float(np.sqrt(max(0.0, squares / count - mean * mean)))
    return Histogram(low, high, counts, mean, deviation, len(numbers) - count)
