"""Activations: what a unit makes of its weighted sum z.

Every function works on arrays of shape (units, batch), one column an example, and writes into the buffer it is handed.
Derivatives are computed from the output a, which forward has left behind, wherever z follows from it. Functions of
several terms make arrays of their own on the way: buffers handed through each call would cost the simple ones a little.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.gaussian import tail_and_density
from engine.registry import Component, setting, text

Array = NDArray[Any]

# A number in an array of its own spares a conversion at each call; its precision follows the other operand's.
_ZERO, _HALF, _ONE = (np.array(number, np.float32) for number in (0.0, 0.5, 1.0))

# e to this power is still a float32, and so large beside 1 that nothing more would change.
_LARGEST_EXPONENT = 80.0


class Activation(Component):
    """A function a = f(z) applied to a layer.

    `bounds` are the values that f can take at all, or None where they are open: a picture needs them.
    `is_layerwise` marks a function that mixes the units of a layer, whose derivative is a matrix; `is_identity` one
    whose slope is 1, so that nothing need be computed. `ufunc` is the NumPy function that does what `forward` does,
    where there is one: a network calls it without a Python call around it, which counts in a layer of microseconds.
    `needs_sum` marks a function whose slope does not follow from its value, so that a network keeps the sum for it.
    `is_signed` marks one that gives answers of both signs: as the output of a task with two classes its targets are
    -1 and 1, those of all others 0 and 1.
    """

    kind = "activation"
    bounds: ClassVar[tuple[float, float] | None] = None
    is_layerwise: ClassVar[bool] = False
    is_identity: ClassVar[bool] = False
    ufunc: ClassVar[np.ufunc | None] = None
    needs_sum: ClassVar[bool] = False
    is_signed: ClassVar[bool] = False

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
        return {
            "range": list(cls.bounds) if cls.bounds else None,
            "layerwise": cls.is_layerwise,
            "signed": cls.is_signed,
        }


class Linear(Activation):
    name = "linear"
    label = text("Linear", "Lineare")
    help = text(
        "Passes the sum on unchanged; layers of it alone can only draw straight lines.",
        "Lascia passare la somma così com'è; da sola traccia soltanto rette.",
    )
    formula = "f(z) = z"
    is_identity = True
    is_signed = True

    def forward(self, z: Array, out: Array) -> None:
        if out is not z:
            np.copyto(out, z)


class Step(Activation):
    """Rosenblatt's unit, which fires or not: The perceptron, 1958."""

    name = "step"
    label = text("Step", "Gradino")
    help = text(
        "Fires or stays silent. It is flat, so no gradient passes through it: layers before it do not learn.",
        "Si attiva o tace. È piatto, quindi nessun gradiente lo attraversa: gli strati prima non imparano.",
    )
    formula = "f(z) = 1 if z > 0, else 0"
    bounds = (0.0, 1.0)

    def forward(self, z: Array, out: Array) -> None:
        np.greater(z, _ZERO, out)

    def slope(self, a: Array, out: Array) -> None:
        out.fill(0)  # f' = 0 wherever there is one.


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
    is_signed = True
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


class LeakyReLU(Activation):
    """Maas, Hannun and Ng, Rectifier nonlinearities improve neural network acoustic models, 2013."""

    name = "leaky_relu"
    label = text("Leaky ReLU", "Leaky ReLU")
    help = text(
        "Like ReLU, but lets a little of a negative sum through, so that no unit falls silent for good.",
        "Come la ReLU, ma lascia passare un poco delle somme negative: nessuna unità tace per sempre.",
    )
    formula = "f(z) = z if z > 0, else α z"
    is_signed = True
    negative_slope: float = setting(
        0.2,
        ge=0,
        le=1,
        step=0.01,
        label=text("Negative slope α", "Pendenza negativa α"),
        help=text("The part of a negative sum that passes.", "La parte di una somma negativa che passa."),
    )

    def forward(self, z: Array, out: Array) -> None:
        np.maximum(z, z * self.negative_slope, out=out)  # Since α ≤ 1, the larger of the two is the right one.

    def slope(self, a: Array, out: Array) -> None:
        np.greater(a, _ZERO, out)  # a > 0 where z > 0, so f' = α + (1 - α) [a > 0].
        np.multiply(out, 1.0 - self.negative_slope, out)
        np.add(out, self.negative_slope, out)


class ELU(Activation):
    """Clevert, Unterthiner and Hochreiter, Fast and accurate deep network learning by ELUs, 2015."""

    name = "elu"
    label = text("ELU", "ELU")
    help = text(
        "Like ReLU, but bends smoothly towards a negative value instead of stopping at zero.",
        "Come la ReLU, ma si piega dolcemente verso un valore negativo invece di fermarsi a zero.",
    )
    formula = "f(z) = z if z > 0, else α (e^z - 1)"
    alpha: float = setting(
        1.0,
        ge=0,
        le=10,
        step=0.1,
        label=text("Depth α", "Profondità α"),
        help=text("Negative sums approach -α.", "Le somme negative si avvicinano a -α."),
    )

    def forward(self, z: Array, out: Array) -> None:
        negative = np.minimum(z, _ZERO)
        np.expm1(negative, negative)
        np.multiply(negative, self.alpha, negative)
        np.maximum(z, _ZERO, out=out)
        np.add(out, negative, out)

    def slope(self, a: Array, out: Array) -> None:
        # a ≤ 0 where z ≤ 0, and there f' = α e^z = a + α; elsewhere f' = 1 = min(0, a) + α + (1 - α).
        np.minimum(a, _ZERO, out=out)
        np.add(out, self.alpha, out)
        if self.alpha != 1.0:
            np.add(out, np.multiply(a > 0, 1.0 - self.alpha, dtype=a.dtype), out)


class GELU(Activation):
    """Hendrycks and Gimpel, Gaussian error linear units, 2016; exact, as Keras's with `approximate=False`."""

    name = "gelu"
    label = text("GELU", "GELU")
    help = text(
        "Weighs each sum by how likely a normal random number lies below it: a smooth ReLU with a small dip.",
        "Pesa ogni somma con la probabilità che un numero normale le stia sotto: una ReLU liscia, con un avvallamento.",
    )
    formula = "f(z) = z Φ(z), Φ(z) = (1 + erf(z / sqrt(2))) / 2"
    needs_sum = True

    def forward(self, z: Array, out: Array) -> None:
        # Φ(z) is a tail for z < 0, and for z > 0 one less a tail: z Φ(z) = max(0, z) - |z| (1 - Φ(|z|)).
        distance = np.abs(z)
        tail, _ = tail_and_density(distance)
        np.multiply(tail, distance, tail)
        np.maximum(z, _ZERO, out=out)
        np.subtract(out, tail, out)

    def slope(self, z: Array, out: Array) -> None:
        # f' = Φ(z) + z φ(z), with φ(z) = e^(-z²/2) / sqrt(2 π) and Φ(z) = 1/2 ± (1/2 - (1 - Φ(|z|))).
        tail, density = tail_and_density(np.abs(z))
        np.subtract(_HALF, tail, tail)
        np.copysign(tail, z, tail)
        np.multiply(density, z, out)
        np.multiply(out, 1 / math.sqrt(2 * math.pi), out)
        np.add(out, tail, out)
        np.add(out, _HALF, out)


class Softplus(Activation):
    """Dugas et al., Incorporating second-order functional knowledge for better option pricing, 2000."""

    name = "softplus"
    label = text("Softplus", "Softplus")
    help = text(
        "ReLU with its corner rounded off; always a little above zero.",
        "Una ReLU con lo spigolo arrotondato; sempre un poco sopra lo zero.",
    )
    formula = "f(z) = log(1 + e^z)"

    def forward(self, z: Array, out: Array) -> None:
        # log(1 + e^z) = max(0, z) + log(1 + e^-|z|), which cannot overflow; np.logaddexp takes ten times as long.
        rest = np.abs(z)
        np.negative(rest, rest)
        np.exp(rest, rest)
        np.log1p(rest, rest)
        np.maximum(z, _ZERO, out=out)
        np.add(out, rest, out)

    def slope(self, a: Array, out: Array) -> None:
        np.negative(a, out)  # f' = 1 / (1 + e^-z) = 1 - e^-a
        np.expm1(out, out)
        np.negative(out, out)


class Swish(Activation):
    """Ramachandran, Zoph and Le, Searching for activation functions, 2017; with β = 1, also known as SiLU."""

    name = "swish"
    aliases = ("silu",)
    label = text("Swish", "Swish")
    help = text(
        "The sum times its own sigmoid (SiLU): smooth, and slightly negative before it rises.",
        "La somma per la propria sigmoide (SiLU): liscia, e un poco negativa prima di salire.",
    )
    formula = "f(z) = z / (1 + e^(-z))"
    needs_sum = True

    def forward(self, z: Array, out: Array) -> None:
        e = _exp_of_minus(z)
        np.divide(z, np.add(e, _ONE, e), out)

    def slope(self, z: Array, out: Array) -> None:
        # With e = e^-z and s = 1 / (1 + e): f' = s + z s (1 - s) = s (1 + z e s)
        e = _exp_of_minus(z)
        s = np.add(e, _ONE)
        np.divide(_ONE, s, s)
        np.multiply(e, s, out)
        np.multiply(out, z, out)
        np.add(out, _ONE, out)
        np.multiply(out, s, out)


def _exp_of_minus(z: Array) -> Array:
    """Return e^-z, or where that could not be told from infinity, something smaller."""
    result = np.negative(z)
    np.minimum(result, _LARGEST_EXPONENT, out=result)
    return np.exp(result, result)


class Mish(Activation):
    """Misra, Mish: a self regularized non-monotonic activation function, 2019."""

    name = "mish"
    label = text("Mish", "Mish")
    help = text(
        "Much like swish, with a slightly deeper dip below zero.",
        "Molto simile a swish, con un avvallamento un poco più profondo sotto lo zero.",
    )
    formula = "f(z) = z tanh(log(1 + e^z))"
    needs_sum = True

    # With e = e^z and n = e (e + 2): tanh(log(1 + e)) = ((1 + e)² - 1) / ((1 + e)² + 1) = n / (n + 2).

    def forward(self, z: Array, out: Array) -> None:
        e, n = _mish_terms(z)
        np.add(n, 2.0, e)
        np.divide(n, e, e)
        np.multiply(e, z, out)

    def slope(self, z: Array, out: Array) -> None:
        # f' = n / (n + 2) + z · 4 e (1 + e) / (n + 2)² = (n + 4 z e (1 + e) / (n + 2)) / (n + 2)
        e, n = _mish_terms(z)
        np.add(e, _ONE, out)
        np.multiply(out, e, out)
        np.multiply(out, z, out)
        np.multiply(out, 4.0, out)
        np.add(n, 2.0, e)
        np.divide(out, e, out)
        np.add(out, n, out)
        np.divide(out, e, out)


def _mish_terms(z: Array) -> tuple[Array, Array]:
    """Return e = e^z and n = e (e + 2); beyond z = 20, where n / (n + 2) is 1 in any precision, those of 20."""
    e = np.minimum(z, 20.0)
    np.exp(e, e)
    n = e + 2.0
    return e, np.multiply(n, e, n)


class Sine(Activation):
    """Sitzmann et al., Implicit neural representations with periodic activation functions, 2020."""

    name = "sine"
    label = text("Sine", "Seno")
    help = text(
        "Goes up and down for ever: good at patterns that repeat, easily lost elsewhere.",
        "Sale e scende senza fine: adatta a schemi che si ripetono, altrove si perde facilmente.",
    )
    formula = "f(z) = sin(z)"
    bounds = (-1.0, 1.0)
    ufunc = np.sin
    needs_sum = True
    is_signed = True

    def forward(self, z: Array, out: Array) -> None:
        np.sin(z, out)

    def slope(self, z: Array, out: Array) -> None:
        np.cos(z, out)


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
        np.subtract(z, z.max(axis=-2, keepdims=True), out)
        np.exp(out, out)
        np.divide(out, out.sum(axis=-2, keepdims=True), out)

    def backward(self, a: Array, delta: Array) -> None:
        # da_i/dz_j = a_i (1[i = j] - a_j), so dL/dz = a (dL/da - sum_i a_i dL/da_i).
        np.subtract(delta, np.einsum("...ub,...ub->...b", a, delta)[..., None, :], delta)
        np.multiply(delta, a, delta)
