"""Losses: how wrong an output is. Values are means over the batch (and over several outputs).

Arrays have the shape (outputs, batch). `gradient` gives dL/da of the mean; a loss that `fuses_with` the output's
activation gives dL/dz instead, where the two derivatives cancel to a stable difference.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.activations import Activation
from engine.registry import Component, text

Array = NDArray[Any]

# Keras's epsilon: a probability is kept this far from 0 and 1 before its logarithm is taken.
EPSILON = 1e-7


class Loss(Component):
    """A loss L(a, t) of outputs a and targets t.

    `fuses_with` names the output activation with which dL/dz is computed in one step.
    """

    kind = "loss"
    tasks: ClassVar[tuple[str, ...]] = ()
    fuses_with: ClassVar[str | None] = None

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
        return {"tasks": list(cls.tasks)}


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
    label = text("Mean squared error", "Errore quadratico medio")
    help = text(
        "The square of the distance from the target: large mistakes count most.",
        "Il quadrato della distanza dal valore atteso: contano di più gli errori grandi.",
    )
    formula = "L = mean((a - t)^2)"
    tasks = ("binary", "multiclass", "regression")

    def total(self, a: Array, t: Array) -> float:
        error = a - t
        return float(np.vdot(error, error) / len(a))

    def factor(self, outputs: int, batch: int) -> float:
        return 2 / (outputs * batch)


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
