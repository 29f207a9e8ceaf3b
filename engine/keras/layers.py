"""The layers of a multilayer perceptron under Keras's names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from engine import activations as engine_activations
from engine.keras import activations, initializers, regularizers
from engine.keras.absent import made, missing_from, only_known
from engine.keras.state import unique_name

Array = NDArray[Any]
Shape = tuple[int, ...]


def check_count(what: str, given: Any) -> None:
    """Raise ValueError for what is no integer of at least 1."""
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or given < 1:
        raise ValueError(f"{what} is {given!r:.40}; an integer of at least 1 is due")


class Layer:
    """A layer of a Sequential model. `input_shape` is that of an example, known once it is built or if it is given.

    A layer belongs to one model, whose parameters it shows.
    """

    def __init__(self, name: str | None = None, input_shape: Sequence[int] | None = None) -> None:
        self.name = name or unique_name(type(self))
        self.given_shape: Shape | None = None if input_shape is None else tuple(int(size) for size in input_shape)
        self.input_shape: Shape | None = None
        self.model: Any = None

    def build(self, input_shape: Shape) -> None:
        """Learn the shape of an example, and draw what must be drawn."""
        self.input_shape = input_shape

    @property
    def output_shape(self) -> Shape | None:
        """The shape of what comes out for one example, None as long as it is not built."""
        return self.input_shape

    def count_params(self) -> int:
        """Return how many weights and biases the layer has."""
        return 0

    def get_weights(self) -> list[Array]:
        """Return copies of the weights, shape (inputs, units), and the biases, shape (units,)."""
        return []

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Set what `get_weights` returns. Raises ValueError for other shapes."""
        if len(weights):
            raise ValueError(f"{self.name} has no weights, and {len(weights)} arrays were given")

    def __call__(self, *arguments: Any, **named: Any) -> NoReturn:
        raise TypeError(
            f"{self.name} cannot be called: models are made by Sequential([...]) or add(), not by calling layers; "
            "the functional interface is not there"
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


class InputLayer(Layer):
    """Says what shape an example has."""

    @only_known
    def __init__(self, shape: Sequence[int] | None = None, name: str | None = None) -> None:
        if shape is None:
            raise ValueError("Input: say the shape of an example, as in Input(shape=(784,))")
        super().__init__(name, shape)


Input = InputLayer


class Dense(Layer):
    """a = f(x W + b)"""

    @only_known
    def __init__(
        self,
        units: int,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        name: str | None = None,
        input_shape: Sequence[int] | None = None,
        input_dim: int | None = None,
    ) -> None:
        check_count("Dense: units", units)
        super().__init__(name, input_shape if input_dim is None else (input_dim,))
        self.units = int(units)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        # Biases last, as the engine has them; a view of the model's parameters once they are together.
        self.matrix: Array | None = None

    def build(self, input_shape: Shape) -> None:
        if len(input_shape) != 1:
            raise ValueError(
                f"{self.name} takes examples of one dimension, and these have {input_shape}; put layers.Flatten() first"
            )
        super().build(input_shape)
        if self.matrix is None:
            self.matrix = np.zeros((input_shape[0] + 1, self.units), np.float32)
            self.matrix[:-1] = self.kernel_initializer.weights(input_shape[0], self.units)
            if self.use_bias:
                self.matrix[-1] = self.bias_initializer.biases(self.units)

    @property
    def output_shape(self) -> Shape | None:
        return (self.units,)

    @property
    def kernel(self) -> Array:
        """The weights, shape (inputs, units). Raises ValueError before there are any."""
        return self._built[:-1]

    @property
    def bias(self) -> Array | None:
        """The biases, shape (units,), or None without them."""
        return self._built[-1] if self.use_bias else None

    @property
    def _built(self) -> Array:
        if self.matrix is None:
            raise ValueError(f"{self.name} has no weights yet: say the input_shape of the first layer, or call build()")
        return self.matrix

    def count_params(self) -> int:
        return self._built.size if self.use_bias else self.kernel.size

    def get_weights(self) -> list[Array]:
        if self.matrix is None:
            return []
        return [self.kernel.copy(), *([] if self.bias is None else [self.bias.copy()])]

    def set_weights(self, weights: Sequence[Any]) -> None:
        views = [self.kernel] if self.bias is None else [self.kernel, self.bias]
        arrays = [np.asarray(array) for array in weights]
        if [array.shape for array in arrays] != [view.shape for view in views]:
            due, given = (", ".join(str(array.shape) for array in all) for all in (views, arrays))
            raise ValueError(f"{self.name} takes arrays of the shapes {due}, and was given {given or 'none'}")
        for view, array in zip(views, arrays, strict=True):
            view[...] = array


class Flatten(Layer):
    """Turns an image into one row of numbers."""

    @only_known
    def __init__(self, name: str | None = None, input_shape: Sequence[int] | None = None) -> None:
        super().__init__(name, input_shape)

    @property
    def output_shape(self) -> Shape | None:
        return None if self.input_shape is None else (math.prod(self.input_shape),)


class Activation(Layer):
    """Gives the Dense before it an activation."""

    @only_known
    def __init__(self, activation: Any, name: str | None = None) -> None:
        super().__init__(name)
        self.activation = activations.get(activation)


class _OwnActivation(Activation):
    def __init__(self, component: engine_activations.Activation, name: str | None) -> None:
        Layer.__init__(self, name)
        self.activation = activations.Function(component)


class ReLU(_OwnActivation):
    @only_known
    def __init__(self, name: str | None = None) -> None:
        super().__init__(engine_activations.ReLU(), name)


class LeakyReLU(_OwnActivation):
    @only_known
    def __init__(self, negative_slope: float = 0.3, name: str | None = None) -> None:
        super().__init__(made("LeakyReLU", engine_activations.LeakyReLU, negative_slope=float(negative_slope)), name)


class ELU(_OwnActivation):
    @only_known
    def __init__(self, alpha: float = 1.0, name: str | None = None) -> None:
        super().__init__(made("ELU", engine_activations.ELU, alpha=float(alpha)), name)


class Softmax(_OwnActivation):
    @only_known
    def __init__(self, name: str | None = None) -> None:
        super().__init__(engine_activations.Softmax(), name)


class Dropout(Layer):
    """Silences units of the layer before it, or inputs, at random, while the network trains."""

    @only_known
    def __init__(self, rate: float, seed: int | None = None, name: str | None = None) -> None:
        if not 0 <= rate < 1:
            raise ValueError(f"Dropout: rate is {rate}; a share from 0 to below 1 is due")
        super().__init__(name)
        self.rate = float(rate)
        self.seed = seed


class GaussianNoise(Layer):
    """Adds noise to the network's inputs while it trains."""

    @only_known
    def __init__(self, stddev: float, seed: int | None = None, name: str | None = None) -> None:
        if stddev < 0:
            raise ValueError(f"GaussianNoise: stddev is {stddev}; it cannot be negative")
        super().__init__(name)
        self.stddev = float(stddev)
        self.seed = seed


__all__ = [
    "ELU",
    "Activation",
    "Dense",
    "Dropout",
    "Flatten",
    "GaussianNoise",
    "Input",
    "InputLayer",
    "Layer",
    "LeakyReLU",
    "ReLU",
    "Softmax",
]

_NOT_FLAT = "take Flatten and then Dense"

__getattr__ = missing_from(
    __name__,
    __all__,
    {
        **dict.fromkeys(("Conv1D", "Conv2D", "Conv3D", "MaxPooling2D", "MaxPool2D", "AveragePooling2D"), _NOT_FLAT),
        **dict.fromkeys(("LSTM", "GRU", "SimpleRNN", "Embedding"), "take Dense"),
        "BatchNormalization": "HeNormal weights, Dropout and a lower learning rate come nearest",
        "Rescaling": "divide the inputs before they are given, as in x.astype('float32') / 255",
        "Normalization": "scale the inputs before they are given, as in (x - x.mean(0)) / x.std(0)",
    },
    owner="A multilayer perceptron",
)
