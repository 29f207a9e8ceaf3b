"""How large weights, gradients and activations are: layer by layer, counted in bins of equal width."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.probes.gradient import MOST_EXAMPLES, mean_gradient
from engine.trainer import Trainer

Array = NDArray[Any]

# Numbers are counted, and examples go through the network, in pieces of about a millisecond.
_PIECE_NUMBERS = 65_536
_PIECE_PRODUCTS = 20_000_000
# So many activations of a layer are counted at most: in a large one those of fewer examples.
_MOST_ACTIVATIONS = 1_000_000


class Histogram(NamedTuple):
    """`counts`, shape (bins,), of the numbers between `low` and `high`; `not_finite` are those that are no numbers."""

    low: float
    high: float
    counts: Array
    mean: float
    deviation: float
    not_finite: int


class LayerHistograms(NamedTuple):
    """A layer's weights and biases, the gradient of the training loss with respect to each, and what the units say."""

    weights: Histogram
    biases: Histogram
    weight_gradients: Histogram
    bias_gradients: Histogram
    activations: Histogram


def histograms(trainer: Trainer, bins: int) -> Generator[None, None, list[LayerHistograms]]:
    """Return every layer's histograms, the output's last.

    The gradient is what training descends, regulariser included: its mean over the first 1,024 training examples.
    """
    gradient = yield from mean_gradient(trainer)
    activations = yield from _activations(trainer)
    layers: list[LayerHistograms] = []
    for layer, said in zip(trainer.network.layers, activations, strict=True):
        known, slopes = layer.matrix(trainer.parameters), layer.matrix(gradient)
        layers.append(
            LayerHistograms(
                weights=(yield from histogram(known[:-1], bins)),
                biases=(yield from histogram(known[-1], bins)),
                weight_gradients=(yield from histogram(slopes[:-1], bins)),
                bias_gradients=(yield from histogram(slopes[-1], bins)),
                activations=(yield from histogram(said, bins, layer.activation.bounds)),
            )
        )
    return layers


def _activations(trainer: Trainer) -> Generator[None, None, list[Array]]:
    """Return each layer's activations for the first training examples, shape (units, examples)."""
    train = trainer.data.parts["train"]
    count = min(len(train), MOST_EXAMPLES)
    kept = [
        np.empty((layer.units, min(count, max(1, _MOST_ACTIVATIONS // layer.units))), trainer.dtype)
        for layer in trainer.network.layers
    ]
    size = max(1, min(count, _PIECE_PRODUCTS // trainer.parameters.size))
    for start in range(0, count, size):
        stop = min(start + size, count)
        forward = trainer.forward_pass(stop - start)
        with np.errstate(all="ignore"):
            forward(train.rows.between(start, stop).T)
        for numbers, said in zip(kept, forward.activations, strict=True):
            numbers[:, start:stop] = said[:, : max(0, numbers.shape[1] - start)]
        yield
    return kept


def histogram(numbers: Array, bins: int, span: tuple[float, float] | None = None) -> Generator[None, None, Histogram]:
    """Return how an array's numbers are spread over `span`, or from the least to the greatest of them."""
    numbers = numbers.reshape(-1)
    pieces = [numbers[start : start + _PIECE_NUMBERS] for start in range(0, len(numbers), _PIECE_NUMBERS)]
    low, high, count, total, squares = np.inf, -np.inf, 0, 0.0, 0.0
    for piece in pieces:
        finite = piece[np.isfinite(piece)].astype(np.float64)
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
            count, total, squares = count + finite.size, total + float(finite.sum()), squares + float(finite @ finite)
        yield
    if span is not None:
        low, high = min(low, span[0]), max(high, span[1])
    counts: Array = np.zeros(bins, np.int64)
    if not count:
        return Histogram(*(span or (0.0, 0.0)), counts, 0.0, 0.0, len(numbers))
    scale = bins / ((high - low) or 1.0)
    for piece in pieces:
        finite = piece[np.isfinite(piece)].astype(np.float64)
        places = ((finite - low) * scale).astype(np.int64)
        counts += np.bincount(np.minimum(places, bins - 1), minlength=bins)  # The greatest belongs to the last bin.
        yield
    mean = total / count
    deviation = float(np.sqrt(max(0.0, squares / count - mean * mean)))
    return Histogram(low, high, counts, mean, deviation, len(numbers) - count)
