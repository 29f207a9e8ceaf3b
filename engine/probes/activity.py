"""What a unit gives for the training examples: how its activations are spread, and whether it can still learn."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.network import ForwardPass
from engine.probes.gradient import MOST_EXAMPLES
from engine.probes.histograms import Histogram, histogram
from engine.trainer import Trainer

Array = NDArray[Any]

# One product a weight and example, in pieces of about a millisecond.
_PIECE_PRODUCTS = 20_000_000
# A slope is flat below this size: of tanh from an activation of 0.975 on, of a sigmoid from 0.947.
_FLAT = 0.05


class Activity(NamedTuple):
    """`activations` of a unit over the first `examples` of the training set.

    `zeros` is the share of examples for which it gives exactly 0, `flat` the share at which |f'(z)| < 0.05, so that
    hardly any gradient passes; None where an activation mixes its units.
    """

    activations: Histogram
    examples: int
    zeros: float
    flat: float | None


def activity(trainer: Trainer, layer: int, unit: int, bins: int) -> Generator[None, None, Activity]:
    """Return what a unit gives for the first 1,024 training examples, counted over its bounds if it has some."""
    train = trainer.data.parts["train"]
    activation = trainer.network.layers[layer].activation
    count = min(len(train), MOST_EXAMPLES)
    size = max(1, min(count, _PIECE_PRODUCTS // trainer.parameters.size))
    given: Array = np.empty(count, trainer.dtype)
    slopes: Array = np.ones((1, count), trainer.dtype)
    for start in range(0, count, size):
        stop = min(start + size, count)
        forward = ForwardPass(trainer.network, stop - start, keeps_sums=True)
        with np.errstate(all="ignore"):
            forward(train.rows.between(start, stop).T)
            given[start:stop] = forward.activations[layer][unit]
            if not activation.is_layerwise and not activation.is_identity:
                known = forward.sums[forward.spans[layer]] if activation.needs_sum else forward.activations[layer]
                activation.slope(known[unit : unit + 1], slopes[:, start:stop])
        yield
    spread = yield from histogram(given, bins, activation.bounds)
    flat = None if activation.is_layerwise else float((np.abs(slopes) < _FLAT).mean())
    return Activity(spread, count, float((given == 0).mean()), flat)
