"""Losses: how wrong an output is. Values are means over the batch (and over several outputs).

Arrays have the shape (outputs, batch). `gradient` gives dL/da of the mean; a loss that `fuses_with` the output's
activation gives dL/dz instead, where the two derivatives cancel to a stable difference.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.activations import Activation
from engine.registry import Component, setting, text

Array = NDArray[Any]

# Keras's epsilon: a probability is kept this far from 0 and 1 before its logarithm is taken.
EPSILON = 1e-7


class Loss(Component):
    """A loss L(a, t) of outputs a and targets t.

    `fuses_with` names the output activation with which dL/dz is computed in one step. `needs_signs` marks a loss of
    targets -1 and 1, which only the outputs that `is_signed` marks have; unless told otherwise, its output is linear.
    """

    kind = "loss"
    tasks: ClassVar[tuple[str, ...]] = ()
    fuses_with: ClassVar[str | None] = None
    needs_signs: ClassVar[bool] = False

    def total(self, a: Array, t: Array) -> float:
        """Return the sum over the batch of each example's loss (a mean over its outputs where there are several)."""
        raise NotImplementedError

    def factor(self, outputs: int, batch: int) -> float:
        """Return the constant in the gradient of the mean, of which 1 / batch is a part."""
        raise NotImplementedError

    def gradient(self, a: Array, t: Array, out: Array, factor: Array) -> None:
        """Write the gradient of the mean over the batch into `out`: dL/dz if fused, else dL/da.

        `factor` is what `factor` returns, as an array without dimensions: made once, it spares every step a conversion.
        """
        raise NotImplementedError

    def fuses(self, activation: Activation) -> bool:
        """Return whether `gradient` already holds the derivative of this output activation."""
        return activation.name == self.fuses_with

    @classmethod
    def facts(cls) -> dict[str, Any]:
        return {"tasks": list(cls.tasks), "output": cls.fuses_with, "signed": cls.needs_signs}


class DifferenceLoss(Loss):
    """A loss whose gradient is the difference a - t but for a constant: squared error, and fused cross-entropy."""

    def gradient(self, a: Array, t: Array, out: Array, factor: Array) -> None:
        np.subtract(a, t, out)
        np.multiply(out, factor, out)


class Auto(Loss):
    """Stands in a spec for the loss that suits the data set's task; `resolve` gives that loss."""

    name = "auto"
    label = text("Automatic", "Automatica")
    help = text(
        "Takes the loss that suits the task: cross-entropy for classes, squared error for numbers.",
        "Prende la perdita adatta al compito: entropia incrociata per le classi, errore quadratico per i numeri.",
    )
    tasks = ("binary", "multiclass", "regression")


class MeanSquaredError(DifferenceLoss):
    name = "mean_squared_error"
    aliases = ("mse",)
    label = text("Mean squared error", "Errore quadratico medio")
    help = text(
        "The square of the distance from the target: large mistakes count most.",
        "Il quadrato della distanza dal valore atteso: contano di più gli errori grandi.",
    )
    formula = "L = c mean((a - t)^2)"
    tasks = ("binary", "multiclass", "regression")
    coefficient: float = setting(
        1.0,
        gt=0,
        le=10,
        step=0.1,
        label=text("Coefficient c", "Coefficiente c"),
        help=text(
            "What the square is multiplied by. With one half, as in TensorFlow Playground, the slope is just a - t.",
            "Per quanto si moltiplica il quadrato. Con un mezzo, come in TensorFlow Playground, la pendenza è a - t.",
        ),
    )

    def total(self, a: Array, t: Array) -> float:
        error = a - t
        return float(self.coefficient * np.vdot(error, error) / len(a))

    def factor(self, outputs: int, batch: int) -> float:
        return 2 * self.coefficient / (outputs * batch)


class MeanAbsoluteError(Loss):
    name = "mean_absolute_error"
    aliases = ("mae",)
    label = text("Mean absolute error", "Errore assoluto medio")
    help = text(
        "The distance from the target: a few wild examples pull no harder than others.",
        "La distanza dal valore atteso: pochi esempi anomali non tirano più degli altri.",
    )
    formula = "L = mean |a - t|"
    tasks = ("binary", "multiclass", "regression")

    def total(self, a: Array, t: Array) -> float:
        return float(np.abs(a - t).sum() / len(a))

    def factor(self, outputs: int, batch: int) -> float:
        return 1 / (outputs * batch)

    def gradient(self, a: Array, t: Array, out: Array, factor: Array) -> None:
        np.subtract(a, t, out)
        np.sign(out, out)
        np.multiply(out, factor, out)


class Huber(Loss):
    """Huber, Robust estimation of a location parameter, 1964."""

    name = "huber"
    label = text("Huber", "Huber")
    help = text(
        "Squared error for small mistakes, absolute error for large ones.",
        "Errore quadratico per gli errori piccoli, assoluto per quelli grandi.",
    )
    formula = "L = mean(e^2 / 2 if |e| <= δ, else δ (|e| - δ / 2)), e = a - t"
    tasks = ("binary", "multiclass", "regression")
    delta: float = setting(
        1.0,
        gt=0,
        le=10,
        step=0.1,
        label=text("Threshold δ", "Soglia δ"),
        help=text("Beyond this, a mistake counts as large.", "Oltre questa soglia un errore conta come grande."),
    )

    def total(self, a: Array, t: Array) -> float:
        error = np.abs(a - t)
        bent = np.minimum(error, self.delta)
        return float((bent * (error - 0.5 * bent)).sum() / len(a))  # Both cases of the formula at once.

    def factor(self, outputs: int, batch: int) -> float:
        return 1 / (outputs * batch)

    def gradient(self, a: Array, t: Array, out: Array, factor: Array) -> None:
        np.subtract(a, t, out)
        np.clip(out, -self.delta, self.delta, out)
        np.multiply(out, factor, out)


class Hinge(Loss):
    """Cortes and Vapnik, Support-vector networks, 1995."""

    name = "hinge"
    label = text("Hinge", "Hinge")
    help = text(
        "Asks that each example lie on the right side, at some distance from the border; then it costs nothing.",
        "Chiede che ogni esempio stia dal lato giusto, a una certa distanza dal confine; allora non costa nulla.",
    )
    formula = "L = mean(max(0, 1 - t a)), t = ±1"
    tasks = ("binary",)
    needs_signs = True

    def total(self, a: Array, t: Array) -> float:
        return float(np.maximum(1.0 - t * a, 0.0).sum() / len(a))

    def factor(self, outputs: int, batch: int) -> float:
        return -1 / (outputs * batch)

    def gradient(self, a: Array, t: Array, out: Array, factor: Array) -> None:
        np.multiply(a, t, out)
        np.less(out, 1.0, out)
        np.multiply(out, t, out)
        np.multiply(out, factor, out)  # dL/da = -t where t a < 1


class PerceptronCriterion(Loss):
    """Rosenblatt, Principles of neurodynamics, 1962; the name is that of Duda, Hart and Stork.

    With a linear output, SGD and batches of one, descending it is Rosenblatt's rule.
    """

    name = "perceptron"
    label = text("Perceptron criterion", "Criterio del perceptrone")
    help = text(
        "How far on the wrong side an example lies; those on the right side cost nothing.",
        "Quanto un esempio sta dal lato sbagliato; quelli dal lato giusto non costano nulla.",
    )
    formula = "L = mean(max(0, -t a)), t = ±1"
    tasks = ("binary",)
    needs_signs = True

    def total(self, a: Array, t: Array) -> float:
        return float(np.maximum(-t * a, 0.0).sum() / len(a))

    def factor(self, outputs: int, batch: int) -> float:
        return -1 / (outputs * batch)

    def gradient(self, a: Array, t: Array, out: Array, factor: Array) -> None:
        np.multiply(a, t, out)
        # On the border counts as wrong, or weights of zero would stay what they are.
        np.less_equal(out, 0.0, out)
        np.multiply(out, t, out)
        np.multiply(out, factor, out)  # dL/da = -t where t a <= 0


class BinaryCrossentropy(DifferenceLoss):
    name = "binary_crossentropy"
    label = text("Binary cross-entropy", "Entropia incrociata binaria")
    help = text(
        "The surprise at the true class when the output is a probability: being sure and wrong costs most.",
        "La sorpresa davanti alla classe vera quando l'uscita è una probabilità: costa di più sbagliare con sicurezza.",
    )
    formula = "L = -mean(t log a + (1 - t) log(1 - a))"
    tasks = ("binary", "multiclass")
    fuses_with = "sigmoid"

    def total(self, a: Array, t: Array) -> float:
        # Targets are 0 or 1, so the probability given to the truth is |1 - t - a|, and one logarithm does.
        truth = np.abs(1.0 - t - a)
        np.clip(truth, EPSILON, 1.0, out=truth)
        return float(-np.log(truth).sum() / len(a))

    def factor(self, outputs: int, batch: int) -> float:
        return 1 / (outputs * batch)


class CategoricalCrossentropy(DifferenceLoss):
    name = "categorical_crossentropy"
    label = text("Categorical cross-entropy", "Entropia incrociata categorica")
    help = text(
        "The surprise at the true class when the outputs are the probabilities of several classes.",
        "La sorpresa davanti alla classe vera quando le uscite sono le probabilità di più classi.",
    )
    formula = "L = -mean(sum_k t_k log a_k)"
    tasks = ("multiclass",)
    fuses_with = "softmax"

    def total(self, a: Array, t: Array) -> float:
        truth = np.einsum("ub,ub->b", a, t)  # One-hot targets pick the probability given to the truth.
        np.clip(truth, EPSILON, 1.0, out=truth)
        return float(-np.log(truth).sum())

    def factor(self, outputs: int, batch: int) -> float:
        return 1 / batch
