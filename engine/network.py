"""Forward and backward on arrays, over one flat vector of parameters, or over those of several networks at once.

The vector holds layer after layer, each its weights (inputs, units) row by row and then its biases: read as a matrix of
shape (inputs + 1, units) whose last row are the biases, a layer is one product with its inputs followed by a one.
Activations are stored as (units, batch), all layers in one buffer with a row of ones between them, so that nothing is
copied and layers of the same kind share one call for their slopes.

Several networks of one shape are a `Network` whose parameters are rows of a matrix (members, count): all that is said
here of shapes then has the members in front. A layer's products are one call for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from itertools import pairwise
from math import prod
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike, NDArray

from engine.activations import Activation
from engine.blanks import UsedInputs
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
        return vector[..., self.start : self.stop].reshape(*vector.shape[:-1], self.inputs + 1, self.units)


class Network:
    """Layers and their parameters: `parameters` is the flat vector, everything else a view of it.

    With `members`, there are so many networks of this shape, and each has a row of `parameters`.
    """

    def __init__(
        self, shape: Sequence[int], activations: Sequence[Activation], dtype: DTypeLike, members: int | None = None
    ) -> None:
        self.layers: list[Layer] = []
        start = 0
        for (inputs, units), activation in zip(pairwise(shape), activations, strict=True):
            stop = start + (inputs + 1) * units
            self.layers.append(Layer(inputs, units, activation, start, stop))
            start = stop
        self.parameters: Array = np.zeros(start if members is None else (members, start), dtype)

    @cached_property
    def is_weight(self) -> Array:
        """A flat vector that is 1 where `parameters` holds a weight and 0 where it holds a bias."""
        flags: Array = np.ones(self.parameters.shape[-1], self.dtype)
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

    `buffer`, shape (rows, batch), holds layer after layer, `spans` where each lies; of several networks, a layer's rows
    are those of all members, one member after the other, so that what is computed for a layer is computed at a stretch.
    `first_product`, where one is given, multiplies the inputs by the first layer's matrix.
    With `keeps_sums`, layers whose slope is computed from their sums z leave them in `sums`, which is laid out as
    `buffer` is; it is `buffer` itself where no layer needs that, and sums become activations where they are.
    """

    def __init__(
        self,
        network: Network,
        batch: int,
        keeps_sums: bool = False,
        dropouts: Sequence[Dropout | None] = (),
        first_product: Callable[[Array, Array], object] | None = None,
    ) -> None:
        self.network = network
        self.members = network.parameters.shape[:-1]
        # Each layer's units, and a row of ones behind all but the last, which the next layer's biases multiply.
        self.rows = sum(layer.units + 1 for layer in network.layers) - 1
        self.buffer: Array = np.ones((prod(self.members) * self.rows, batch), network.dtype)
        keeps = [keeps_sums and layer.activation.needs_sum for layer in network.layers]
        self.sums: Array = np.ones_like(self.buffer) if any(keeps) else self.buffer
        self.spans: list[slice] = []
        start = 0
        for layer in network.layers:
            self.spans.append(slice(start, start + layer.units))
            start += layer.units + 1
        self.activations: list[Array] = [self.part(self.buffer, span) for span in self.spans]
        self.extended: list[Array] = [self.block(self.buffer, span) for span in self.spans[:-1]]
        self.outputs = self.activations[-1]
        # Bound methods and views, looked up once: an update of a small network is all overhead.
        products = [_product(layer.matrix(network.parameters).mT) for layer in network.layers]
        if first_product is not None:
            products[0] = first_product
        functions = [_forward(layer.activation) for layer in network.layers]
        if self.members:
            for index, extended in enumerate(self.extended):
                z = self.block(self.sums, self.spans[index]) if keeps[index] else extended
                functions[index] = _at_a_stretch(network.layers[index].activation, functions[index], z, extended)
        for index, dropout in enumerate(dropouts):
            if dropout is not None:  # The next layer is given what is left of these activations.
                functions[index] = dropout.after(functions[index])
                self.extended[index] = dropout.extended
        # Where none are kept, z is the very object a: NumPy takes its shortest way only if both are one.
        places = zip(keeps, self.spans, self.activations, strict=True)
        sums = [self.part(self.sums, span) if kept else a for kept, span, a in places]
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

    def stretch(self, span: slice) -> slice:
        """Return which rows of a buffer belong to a span of layers and to the row of ones that may lie behind it."""
        members = prod(self.members)
        return slice(members * span.start, members * min(span.stop + 1, self.rows))

    def block(self, buffer: Array, span: slice) -> Array:
        """Return a layer's part of a buffer with the row of ones behind it: (units + 1, batch) in all but the last."""
        rows = buffer[self.stretch(span)]
        return rows.reshape(*self.members, -1, rows.shape[1])

    def part(self, buffer: Array, span: slice) -> Array:
        """Return a layer's part of a buffer, shape (units, batch)."""
        return self.block(buffer, span)[..., : span.stop - span.start, :]


class Random(Protocol):
    """The part of a `numpy.random.Generator` that dropout needs."""

    def random(self, *, out: Array, dtype: Any) -> Any:
        """Fill `out` with numbers from 0 to below 1."""


class Dropout:
    """Silences units of a hidden layer at random, for batches of one size, in buffers made once.

    a' = a · m / (1 - p), where m is 0 with probability p and else 1, drawn anew for every unit and example: Srivastava
    et al., Dropout: a simple way to prevent neural networks from overfitting, 2014. Divided by 1 - p here, a network
    that is only evaluated needs nothing done to it. The layer's own activations stay, since its slope follows from
    them; `extended` holds a' and a row of ones, and `mask` m / (1 - p).
    """

    def __init__(
        self,
        share: float,
        units: int,
        batch: int,
        dtype: DTypeLike,
        random: Random,
        members: tuple[int, ...] = (),
    ) -> None:
        self.mask: Array = np.ones((*members, units, batch), dtype)
        self.extended: Array = np.ones((*members, units + 1, batch), dtype)
        self._left = self.extended[..., :-1, :]
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
        first = network.layers[0]
        is_single = network.parameters.ndim == 1
        used = None
        if is_single and UsedInputs.pays(first.inputs, first.units):
            used = UsedInputs(first.matrix(network.parameters), batch)
        self.forward = forward = ForwardPass(network, batch, True, dropouts, used.sums if used else None)
        self.gradient = gradient
        self._loss_gradient = loss.gradient
        self._factor: Array = np.array(loss.factor(network.layers[-1].units, batch), network.dtype)
        self._deltas: Array = np.zeros_like(forward.buffer)
        slopes: Array = np.empty_like(forward.buffer)
        deltas = [forward.part(self._deltas, span) for span in forward.spans]
        is_fused = [False] * (len(network.layers) - 1) + [loss.fuses(network.layers[-1].activation)]

        self._slopes: list[tuple[Callable[[Array, Array], None], Array, Array]] = []
        for activation, span in _runs(network.layers, forward.spans, is_fused):
            known = forward.sums if activation.needs_sum else forward.buffer
            rows = forward.stretch(span)
            self._slopes.append((activation.slope, known[rows], slopes[rows]))
        for dropout, layer, span in zip(dropouts, network.layers, forward.spans, strict=False):
            if dropout is not None and _has_slope(layer.activation):  # da'/dz = f'(z) · m / (1 - p)
                slope_of_layer = forward.part(slopes, span)
                self._slopes.append((dropout.multiply, slope_of_layer, slope_of_layer))

        self._delta = deltas[-1]
        self._product: Callable[..., object] = np.ndarray.dot if is_single else np.matmul
        if used:
            self._product = used.gradient
        self._steps: list[tuple[Any, ...]] = []
        for index, layer in reversed(list(enumerate(network.layers))):
            delta, a, span = deltas[index], forward.activations[index], forward.spans[index]
            has_slope = not is_fused[index] and _has_slope(layer.activation)
            slope = forward.block(slopes, span) if has_slope else None
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
                    # All of the layer's block at a stretch, with what lies behind it: of no use there, and no harm.
                    forward.block(self._deltas, span) if has_slope else delta,
                    jacobian,
                    a,
                    delta,
                    delta.mT,
                    layer.matrix(gradient),
                    _product_with_transposed(forward.extended[index - 1], delta.mT) if index else None,
                    _product(layer.matrix(network.parameters)[..., :-1, :]) if index else None,
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
        for slopes, block, jacobian, a, delta, delta_t, gradient, inputs_dot, weights_dot, previous in self._steps:
            if slopes is not None:
                np.multiply(block, slopes, block)  # δ = dL/da · f'(z)
            elif jacobian is not None:
                jacobian(a, delta)
            if inputs_dot is None:
                self._product(x, delta_t, gradient)  # dL/dW = x δᵀ
            else:
                inputs_dot(delta_t, gradient)
                weights_dot(delta, previous)  # dL/da of the layer before = W δ
        return outputs


def _at_a_stretch(
    activation: Activation, function: Callable[[Array, Array], object] | None, sums: Array, extended: Array
) -> Callable[[Array, Array], object] | None:
    """Return the function of a hidden layer of several networks, which works on all of the layer's block.

    It goes over the rows of ones as well and puts them right, which is twice as fast as a few numbers for each member.
    """
    if function is None or activation.is_layerwise:
        return function
    ones = extended[..., -1, :]

    def activate(z: Array, a: Array) -> None:
        function(sums, extended)
        ones.fill(1)

    return activate


def _forward(activation: Activation) -> Callable[[Array, Array], object] | None:
    return None if activation.is_identity else activation.ufunc or activation.forward


def _product(matrix: Array) -> Callable[[Array, Array], object]:
    """Return what multiplies by this matrix from the left: f(other, out); of several networks, each by its own."""
    return matrix.dot if matrix.ndim == 2 else partial(np.matmul, matrix)


def _product_with_transposed(matrix: Array, transposed: Array) -> Callable[[Array, Array], object]:
    """Return what multiplies by this matrix from the left the one that is handed over, a transposed view."""
    if matrix.ndim == 2:
        return matrix.dot
    # OpenBLAS has no kernel for small matrices of which the second is transposed: a copy takes less time than that.
    copy: Array = np.empty(transposed.shape, transposed.dtype)

    def multiply(other: Array, out: Array) -> None:
        np.copyto(copy, other)
        np.matmul(matrix, copy, out)

    return multiply


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
