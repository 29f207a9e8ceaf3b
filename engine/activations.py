"""Activations: what a unit makes of its weighted sum z.

Every function works on arrays of shape (units, batch), one column an example, and writes into the buffer it is handed.
Derivatives are computed from the output a, which forward has left behind, so that z need not be kept.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.registry import Component, text

Array = NDArray[Any]

# A number in an array of its own spares a conversion at each call; its precision follows the other operand's.
_ZERO, _HALF, _ONE = (np.array(number, np.float32) for number in (0.0, 0.5, 1.0))


class Activation(Component):
    """A function a = f(z) applied to a layer.

    `bounds` are the values that f can take at all, or None where they are open: a picture needs them.
    `is_layerwise` marks a function that mixes the units of a layer, whose derivative is a matrix; `is_identity` one
    whose slope is 1, so that nothing need be computed. `ufunc` is the NumPy function that does what `forward` does,
    where there is one: a network calls it without a Python call around it, which counts in a layer of microseconds.
    `needs_sum` marks a function whose slope does not follow from its value, so that a network keeps the sum for it.
    """

    kind = "activation"
    bounds: ClassVar[tuple[float, float] | None] = None
    is_layerwise: ClassVar[bool] = False
    is_identity: ClassVar[bool] = False
    ufunc: ClassVar[np.ufunc | None] = None
    needs_sum: ClassVar[bool] = False

    def forward(self, z: Array, out: Array) -> None:
        """Write f(z) into `out`, which may be z itself."""
        raise NotImplementedError

    def slope(self, known: Array, out: Array) -> None:
        """Write f'(z) into `out`, given a = f(z), or given z itself where the activation `needs_sum`."""
        raise NotImplementedError

    def backward(self, a: Array, delta: Array) -> None:
        """Turn dL/da into dL/dz in place, for a layerwise function; elsewhere dL/dz is dL/da times the slope."""
        raise NotImplementedError

    @classmethod
    def facts(cls) -> dict[str, Any]:
        return {"range": list(cls.bounds) if cls.bounds else None, "layerwise": cls.is_layerwise}


class Linear(Activation):
    name = "linear"
    label = text("Linear", "Lineare")
    help = text(
        "Passes the sum on unchanged; layers of it alone can only draw straight lines.",
        "Lascia passare la somma così com'è; da sola traccia soltanto rette.",
    )
    formula = "f(z) = z"
    is_identity = True

    def forward(self, z: Array, out: Array) -> None:
        if out is not z:
            np.copyto(out, z)


class Sigmoid(Activation):
    name = "sigmoid"
    label = text("Sigmoid", "Sigmoide")
    help = text(
        "Squeezes the sum into 0 to 1, so that it can be read as a probability.",
        "Comprime la somma tra 0 e 1, così che si legga come una probabilità.",
    )
    formula = "f(z) = 1 / (1 + e^(-z))"
    bounds = (0.0, 1.0)

    def forward(self, z: Array, out: Array) -> None:
        # 1 / (1 + e^-z) = (1 + tanh(z / 2)) / 2, which cannot overflow.
        np.multiply(z, _HALF, out)
        np.tanh(out, out)
        np.add(out, _ONE, out)
        np.multiply(out, _HALF, out)

    def slope(self, a: Array, out: Array) -> None:
        np.multiply(a, a, out)  # f' = a - a²
        np.subtract(a, out, out)


class Tanh(Activation):
    name = "tanh"
    label = text("Tanh", "Tanh")
    help = text(
        "Squeezes the sum into -1 to 1; smooth and centred on zero.",
        "Comprime la somma tra -1 e 1; liscia e centrata sullo zero.",
    )
    formula = "f(z) = tanh(z)"
    bounds = (-1.0, 1.0)
    ufunc = np.tanh

    def forward(self, z: Array, out: Array) -> None:
        np.tanh(z, out)

    def slope(self, a: Array, out: Array) -> None:
        np.multiply(a, a, out)  # f' = 1 - a²
        np.subtract(_ONE, out, out)


class ReLU(Activation):
    name = "relu"
    label = text("ReLU", "ReLU")
    help = text(
        "Passes positive sums on and silences negative ones; quick to learn with.",
        "Lascia passare le somme positive e azzera le negative; impara in fretta.",
    )
    formula = "f(z) = max(0, z)"

    def forward(self, z: Array, out: Array) -> None:
        np.maximum(z, _ZERO, out=out)

    def slope(self, a: Array, out: Array) -> None:
        np.greater(a, _ZERO, out)  # 1 where the unit is active, 0 where it is not.


class Softmax(Activation):
    name = "softmax"
    label = text("Softmax", "Softmax")
    help = text(
        "Turns a layer's sums into probabilities that add up to one.",
        "Trasforma le somme di uno strato in probabilità che danno uno in totale.",
    )
    formula = "f(z)_i = e^(z_i) / sum_j e^(z_j)"
    bounds = (0.0, 1.0)
    is_layerwise = True

    def forward(self, z: Array, out: Array) -> None:
        # Subtract each example's maximum so that exp cannot overflow; the ratio is unchanged.
        np.subtract(z, z.max(axis=0), out)
        np.exp(out, out)
        np.divide(out, out.sum(axis=0), out)

    def backward(self, a: Array, delta: Array) -> None:
        # da_i/dz_j = a_i (1[i = j] - a_j), so dL/dz = a (dL/da - sum_i a_i dL/da_i).
        np.subtract(delta, np.einsum("ub,ub->b", a, delta), delta)
        np.multiply(delta, a, delta)
