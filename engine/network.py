"""Forward and backward on arrays, over one flat vector of parameters.

The vector holds layer after layer, each its weights (inputs, units) row by row and then its biases: read as a matrix of
shape (inputs + 1, units) whose last row are the biases, a layer is one product with its inputs followed by a one.
Activations are stored as (units, batch), all layers in one buffer with a row of ones between them, so that nothing is
copied and layers of the same kind share one call for their slopes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike, NDArray

from engine.activations import Activation
from engine.initializers import Initializer
from engine.losses import Loss

Array = NDArray[Any]


class Layer(NamedTuple):
    """A layer's place in the flat vector: `stop - start` = (inputs + 1) · units numbers."""

    inputs: int
    units: int
    activation: Activation
    start: int
    stop: int

    def matrix(self, vector: Array) -> Array:
        """Return this layer's part of a flat vector as a view of shape (inputs + 1, units), biases last."""
        return vector[self.start : self.stop].reshape(self.inputs + 1, self.units)


class Network:
    """Layers and their parameters: `parameters` is the flat vector, everything else a view of it."""

    def __init__(self, shape: Sequence[int], activations: Sequence[Activation], dtype: DTypeLike) -> None:
        self.layers: list[Layer] = []
        start = 0
        for (inputs, units), activation in zip(pairwise(shape), activations, strict=True):
            stop = start + (inputs + 1) * units
            self.layers.append(Layer(inputs, units, activation, start, stop))
            start = stop
        self.parameters: Array = np.zeros(start, dtype)

    @cached_property
    def is_weight(self) -> Array:
        """A flat vector that is 1 where `parameters` holds a weight and 0 where it holds a bias."""
        flags: Array = np.ones_like(self.parameters)
        for layer in self.layers:
            layer.matrix(flags)[-1] = 0
        return flags

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.parameters.dtype

    def initialize(self, initializer: Initializer, random: Generator) -> None:
        """Draw new weights, layer by layer, and set the biases to zero."""
        for layer in self.layers:
            matrix = layer.matrix(self.parameters)
            matrix[:-1] = initializer.weights(layer.inputs, layer.units, random)
            matrix[-1] = 0

    def predict(self, rows: Array) -> Array:
        """Return outputs, shape (n, outputs), for inputs of shape (n, inputs + 1) whose last column is one."""
        return ForwardPass(self, len(rows))(rows.T).T.copy()


class ForwardPass:
    """The activations of every layer for batches of one size, in buffers made once.

    With `keeps_sums`, layers whose slope is computed from their sums z leave them in `sums`, which is laid out as
    `buffer` is; it is `buffer` itself where no layer needs that, and sums become activations where they are.
    """

    def __init__(
        self,
        network: Network,
        batch: int,
        keeps_sums: bool = False,
        dropouts: Sequence[Dropout | None] = (),
    ) -> None:
        self.network = network
        # Each layer's units, and a row of ones behind all but the last, which the next layer's biases multiply.
        self.rows = sum(layer.units + 1 for layer in network.layers) - 1
        self.buffer: Array = np.ones((self.rows, batch), network.dtype)
        keeps = [keeps_sums and layer.activation.needs_sum for layer in network.layers]
        self.sums: Array = np.ones_like(self.buffer) if any(keeps) else self.buffer
        self.spans: list[slice] = []
        start = 0
        for layer in network.layers:
            self.spans.append(slice(start, start + layer.units))
            start += layer.units + 1
        self.activations: list[Array] = [self.buffer[span] for span in self.spans]
        self.extended: list[Array] = [self.buffer[span.start : span.stop + 1] for span in self.spans[:-1]]
        self.outputs = self.activations[-1]
        # Bound methods and views, looked up once: an update of a small network is all overhead.
        products = [layer.matrix(network.parameters).T.dot for layer in network.layers]
        functions = [_forward(layer.activation) for layer in network.layers]
        for index, dropout in enumerate(dropouts):
            if dropout is not None:  # The next layer is given what is left of these activations.
                functions[index] = dropout.after(functions[index])
                self.extended[index] = dropout.extended
        # Where none are kept, z is the very object a: NumPy takes its shortest way only if both are one.
        places = zip(keeps, self.spans, self.activations, strict=True)
        sums = [self.sums[span] if kept else a for kept, span, a in places]
        self._first = (products[0], sums[0], self.activations[0], functions[0])
        self._later = list(zip(products[1:], self.extended, sums[1:], self.activations[1:], functions[1:], strict=True))

    def __call__(self, x: Array) -> Array:
        """Return outputs, shape (outputs, batch), for inputs of shape (inputs + 1, batch) whose last row is one.

        The result is a buffer that the next call writes over.
        """
        product, z, a, function = self._first
        product(x, z)  # z = Wᵀ x + b
        if function is not None:
            function(z, a)  # a = f(z), where z and a are one array unless z is kept.
        for product, inputs, z, a, function in self._later:
            product(inputs, z)
            if function is not None:
                function(z, a)
        return self.outputs


class Dropout:
    """Silences units of a hidden layer at random, for batches of one size, in buffers made once.

    a' = a · m / (1 - p), where m is 0 with probability p and else 1, drawn anew for every unit and example: Srivastava
    et al., Dropout: a simple way to prevent neural networks from overfitting, 2014. Divided by 1 - p here, a network
    that is only evaluated needs nothing done to it. The layer's own activations stay, since its slope follows from
    them; `extended` holds a' and a row of ones, and `mask` m / (1 - p).
    """

    def __init__(self, share: float, units: int, batch: int, dtype: DTypeLike, random: Generator) -> None:
        self.mask: Array = np.ones((units, batch), dtype)
        self.extended: Array = np.ones((units + 1, batch), dtype)
        self._left = self.extended[:-1]
        self._share, self._scale = np.array(share, dtype), np.array(1.0 / (1.0 - share), dtype)
        self._random = random

    def __call__(self, a: Array) -> None:
        """Draw which units are silent, and write what is left of the activations into `extended`."""
        mask = self.mask
        self._random.random(out=mask, dtype=mask.dtype)
        np.greater_equal(mask, self._share, mask)
        np.multiply(mask, self._scale, mask)
        np.multiply(a, mask, self._left)

    def after(self, function: Callable[[Array, Array], object] | None) -> Callable[[Array, Array], None]:
        """Return an activation function that is followed by dropout."""

        def activate_and_drop(z: Array, a: Array) -> None:
            if function is not None:
                function(z, a)
            self(a)

        return activate_and_drop

    def multiply(self, known: Array, out: Array) -> None:
        """Multiply slopes by the mask; `known` is not needed for that."""
        np.multiply(out, self.mask, out)

    def before(self, jacobian: Callable[[Array, Array], None]) -> Callable[[Array, Array], None]:
        """Return the way back through a layerwise activation that is followed by dropout."""

        def drop_and_return(a: Array, delta: Array) -> None:
            np.multiply(delta, self.mask, delta)
            jacobian(a, delta)

        return drop_and_return


class BackwardPass:
    """The gradient of the loss for batches of one size, in buffers made once.

    `dropouts` holds each hidden layer's, or None where it has none.
    """

    def __init__(
        self,
        network: Network,
        batch: int,
        loss: Loss,
        gradient: Array,
        dropouts: Sequence[Dropout | None] = (),
    ) -> None:
        self.forward = forward = ForwardPass(network, batch, keeps_sums=True, dropouts=dropouts)
        self.gradient = gradient
        self._loss_gradient = loss.gradient
        self._factor: Array = np.array(loss.factor(network.layers[-1].units, batch), network.dtype)
        self._deltas: Array = np.empty_like(forward.buffer)
        slopes: Array = np.empty_like(forward.buffer)
        deltas = [self._deltas[span] for span in forward.spans]
        is_fused = [False] * (len(network.layers) - 1) + [loss.fuses(network.layers[-1].activation)]

        self._slopes: list[tuple[Callable[[Array, Array], None], Array, Array]] = []
        for activation, span in _runs(network.layers, forward.spans, is_fused):
            known = forward.sums if activation.needs_sum else forward.buffer
            self._slopes.append((activation.slope, known[span], slopes[span]))
        for dropout, layer, span in zip(dropouts, network.layers, forward.spans, strict=False):
            if dropout is not None and _has_slope(layer.activation):  # da'/dz = f'(z) · m / (1 - p)
                self._slopes.append((dropout.multiply, slopes[span], slopes[span]))

        self._delta = deltas[-1]
        self._steps: list[tuple[Any, ...]] = []
        for index, layer in reversed(list(enumerate(network.layers))):
            delta, a, span = deltas[index], forward.activations[index], forward.spans[index]
            slope = slopes[span] if not is_fused[index] and _has_slope(layer.activation) else None
            jacobian: Callable[[Array, Array], None] | None = None
            if layer.activation.is_layerwise and not is_fused[index]:
                jacobian = layer.activation.backward
            dropout = dropouts[index] if index < len(dropouts) else None
            if dropout is not None and jacobian is not None:
                jacobian = dropout.before(jacobian)
            elif dropout is not None and slope is None:
                slope = dropout.mask
            self._steps.append(
                (
                    slope,
                    jacobian,
                    a,
                    delta,
                    delta.T,
                    layer.matrix(gradient),
                    forward.extended[index - 1].dot if index else None,
                    layer.matrix(network.parameters)[:-1].dot if index else None,
                    deltas[index - 1] if index else None,
                )
            )

    def __call__(self, x: Array, t: Array) -> Array:
        """Write dL/dw of the batch's mean loss into `gradient` and return the outputs, shape (outputs, batch).

        `x` has the shape (inputs + 1, batch) with a last row of ones, `t` the shape (outputs, batch).
        """
        outputs = self.forward(x)
        self._loss_gradient(outputs, t, self._delta, self._factor)
        for slope, known, out in self._slopes:
            slope(known, out)
        for slopes, jacobian, a, delta, delta_t, gradient, inputs_dot, weights_dot, previous in self._steps:
            if slopes is not None:
                np.multiply(delta, slopes, delta)  # δ = dL/da · f'(z)
            elif jacobian is not None:
                jacobian(a, delta)
            if inputs_dot is None:
                x.dot(delta_t, gradient)  # dL/dW = x δᵀ
            else:
                inputs_dot(delta_t, gradient)
                weights_dot(delta, previous)  # dL/da of the layer before = W δ
        return outputs


def _forward(activation: Activation) -> Callable[[Array, Array], object] | None:
    return None if activation.is_identity else activation.ufunc or activation.forward


def _has_slope(activation: Activation) -> bool:
    return not activation.is_identity and not activation.is_layerwise


def _runs(layers: Sequence[Layer], spans: Sequence[slice], is_fused: Sequence[bool]) -> list[tuple[Activation, slice]]:
    """Return stretches of the buffer whose layers share an activation and need its slope."""
    runs: list[tuple[Activation, slice]] = []
    last = -1
    for index, (layer, span) in enumerate(zip(layers, spans, strict=True)):
        if is_fused[index] or not _has_slope(layer.activation):
            continue
        if last == index - 1 and runs and runs[-1][0] == layer.activation:
            runs[-1] = (layer.activation, slice(runs[-1][1].start, span.stop))
        else:
            runs.append((layer.activation, span))
        last = index
    return runs
