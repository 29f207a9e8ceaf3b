"""Updates: what happens to a network's parameters with every batch, whoever asks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.random import Generator
from numpy.typing import NDArray

from engine.clipping import Clipping
from engine.losses import Loss
from engine.network import BackwardPass, Dropout, Network
from engine.optimizers import Optimizer
from engine.regularizers import Regularizer

Array = NDArray[Any]

# An update works through the parameters in blocks of this many, which stay in the processor's cache.
_BLOCK = 65_536


class Updates:
    """Moves a network's parameters down the gradient of each batch that it is given.

    `slots`, shape (optimizer.slots, parameters), is the optimizer's running state, and `rate` what the optimizer's
    `factors` made of the learning rate: write into it before an update that needs another. `dropout` holds the share of
    units that each hidden layer silences, drawn from `random`.

    What else is done to a batch's inputs, shape (inputs + 1, batch), or to `gradient` before the optimizer sees it,
    stands in `changes_of_inputs` and `changes_of_gradient`, in order; what is off is not even asked.
    """

    def __init__(
        self,
        network: Network,
        loss: Loss,
        optimizer: Optimizer,
        slots: Array,
        dropout: Sequence[float],
        random: Generator,
    ) -> None:
        parameters = network.parameters
        self.network = network
        self.loss = loss
        self.gradient: Array = np.zeros_like(parameters)
        self.rate: Array = np.array(optimizer.factors(optimizer.learning_rate, 1), parameters.dtype)
        self.changes_of_inputs: list[Callable[[Array], object]] = []
        self.changes_of_gradient: list[Callable[[], object]] = []
        self._dropout = dropout
        self._random = random
        self._move = optimizer.update
        self._passes: dict[int, BackwardPass] = {}
        scratch: Array = np.empty(min(_BLOCK, parameters.size), parameters.dtype)
        cuts = [slice(start, start + _BLOCK) for start in range(0, parameters.size, _BLOCK)]
        self._blocks = [
            (parameters[cut], self.gradient[cut], slots[:, cut], scratch[: parameters[cut].size], self.rate)
            for cut in cuts
        ]

    def __call__(self, x: Array, t: Array) -> Array:
        """Make an update with a batch and return the outputs before it, shape (outputs, batch), in a buffer.

        `x` has the shape (inputs + 1, batch) with a last row of ones, `t` the shape (outputs, batch).
        """
        size = x.shape[1]
        for change in self.changes_of_inputs:
            change(x)
        outputs = (self._passes.get(size) or self._new_pass(size))(x, t)
        for change_gradient in self.changes_of_gradient:
            change_gradient()
        for block in self._blocks:
            self._move(*block)
        return outputs

    def shift(self, most: int, image: tuple[int, int], batch: int) -> None:
        """Move each image of batches of at most this size by up to `most` pixels either way, where they are.

        `image` are its rows and columns; what comes in at the edges is zero. Simard, Steinkraus and Platt, Best
        practices for convolutional neural networks applied to visual document analysis, 2003: the translations.
        """
        rows, columns = image
        padded: Array = np.zeros((batch, rows + 2 * most, columns + 2 * most), self.network.dtype)
        self.changes_of_inputs.append(partial(_shift_images, self._random, most, padded))

    def disturb(self, deviation: float, batch: int) -> None:
        """Add Gaussian noise of this standard deviation to the inputs of batches of at most this size, where they are.

        Bishop, Training with noise is equivalent to Tikhonov regularization, 1995.
        """
        inputs, dtype = self.network.layers[0].inputs, self.network.dtype
        self.changes_of_inputs.append(partial(_add_noise, self._random, deviation, np.empty((batch, inputs), dtype)))

    def penalise(self, regularizer: Regularizer) -> None:
        """Add the gradient of a regulariser's penalty."""
        is_weight = self.network.is_weight
        starts = range(0, is_weight.size, _BLOCK)
        blocks = [
            (parameters, is_weight[start : start + _BLOCK], gradient, scratch)
            for start, (parameters, gradient, _, scratch, _) in zip(starts, self._blocks, strict=True)
        ]
        self.changes_of_gradient.append(partial(_add_penalty_gradient, regularizer, blocks))

    def clip(self, clipping: Clipping) -> None:
        """Cut down the gradient, with what has been added to it so far."""
        self.changes_of_gradient.append(partial(clipping.clip, self.gradient))

    def _new_pass(self, size: int) -> BackwardPass:
        layers, dtype = self.network.layers, self.network.dtype
        dropouts = [
            Dropout(share, layer.units, size, dtype, self._random) if share else None
            for share, layer in zip(self._dropout, layers, strict=False)
        ]
        self._passes[size] = BackwardPass(self.network, size, self.loss, self.gradient, dropouts)
        return self._passes[size]


# Functions rather than methods: those would tie an object up in itself, and its memory would be given back late.


def _shift_images(random: Generator, most: int, padded: Array, x: Array) -> None:
    """Shift images in inputs of shape (inputs + 1, batch), by way of a buffer with `most` zeros around each."""
    batch = x.shape[1]
    inner = padded[:batch, most:-most, most:-most]
    inner[...] = x[:-1].T.reshape(inner.shape)
    down, across = random.integers(0, 2 * most + 1, (2, batch))
    # The view of shape (batch, 2 most + 1, 2 most + 1, rows, columns) holds every image in all of its places.
    places = sliding_window_view(padded, inner.shape[1:], axis=(1, 2))
    x[:-1] = places[np.arange(batch), down, across].reshape(batch, -1).T


def _add_noise(random: Generator, deviation: float, noise: Array, x: Array) -> None:
    """Add noise to inputs of shape (inputs + 1, batch), in a buffer of shape (most, inputs)."""
    noise = noise[: x.shape[1]]
    random.standard_normal(out=noise, dtype=noise.dtype)
    np.multiply(noise, deviation, noise)
    np.add(x[:-1], noise.T, x[:-1])  # The last row is the ones that biases multiply.


def _add_penalty_gradient(regularizer: Regularizer, blocks: Sequence[tuple[Array, Array, Array, Array]]) -> None:
    for block in blocks:
        regularizer.add_gradient(*block)
