"""Regularisers: a penalty on large weights, added to the loss that training descends. Biases are spared, as in Keras.

The losses that are shown leave the penalty out, so that training and test stay comparable.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.registry import Component, setting, text

Array = NDArray[Any]


class Regularizer(Component):
    """A penalty R(w) on the flat parameter vector; `is_weight` is 1 where it holds a weight and 0 where a bias."""

    kind = "regularizer"
    is_active: ClassVar[bool] = True

    def penalty(self, parameters: Array, is_weight: Array) -> float:
        """Return R(w)."""
        raise NotImplementedError

    def add_gradient(self, parameters: Array, is_weight: Array, gradient: Array, scratch: Array) -> None:
        """Add dR/dw to `gradient`; `scratch` has the same shape."""
        raise NotImplementedError


class NoRegularizer(Regularizer):
    name = "none"
    label = text("None", "Nessuna")
    help = text("Weights may grow as they like.", "I pesi possono crescere liberamente.")
    formula = "R = 0"
    is_active = False

    def penalty(self, parameters: Array, is_weight: Array) -> float:
        return 0.0

    def add_gradient(self, parameters: Array, is_weight: Array, gradient: Array, scratch: Array) -> None:
        """Add nothing."""


def _rate(default: float, of: str = "") -> Any:
    return setting(
        default,
        ge=0,
        le=10,
        scale="log",
        label=text(f"Rate {of}".strip(), f"Intensità {of}".strip()),
        help=text("How much the penalty weighs.", "Quanto pesa la penalità."),
    )


class L1(Regularizer):
    name = "l1"
    label = text("L1", "L1")
    help = text(
        "Pulls every weight towards zero by the same amount: unneeded ones vanish.",
        "Spinge ogni peso verso zero con la stessa forza: quelli inutili svaniscono.",
    )
    formula = "R = rate * sum |w|"
    rate: float = _rate(0.001)

    def penalty(self, parameters: Array, is_weight: Array) -> float:
        return self.rate * float(np.abs(parameters).dot(is_weight))

    def add_gradient(self, parameters: Array, is_weight: Array, gradient: Array, scratch: Array) -> None:
        np.sign(parameters, scratch)
        np.multiply(scratch, is_weight, scratch)
        np.multiply(scratch, self.rate, scratch)
        np.add(gradient, scratch, gradient)


class L2(Regularizer):
    name = "l2"
    label = text("L2", "L2")
    help = text(
        "Pulls large weights towards zero most: the boundary becomes smoother.",
        "Spinge verso zero soprattutto i pesi grandi: il confine diventa più liscio.",
    )
    formula = "R = rate * sum w^2"
    rate: float = _rate(0.001)

    def penalty(self, parameters: Array, is_weight: Array) -> float:
        return self.rate * float((parameters * parameters).dot(is_weight))

    def add_gradient(self, parameters: Array, is_weight: Array, gradient: Array, scratch: Array) -> None:
        np.multiply(parameters, is_weight, scratch)
        np.multiply(scratch, 2.0 * self.rate, scratch)
        np.add(gradient, scratch, gradient)


class L1L2(Regularizer):
    """Zou and Hastie, Regularization and variable selection via the elastic net, 2005."""

    name = "l1_l2"
    label = text("L1 and L2", "L1 e L2")
    help = text(
        "Both at once: unneeded weights vanish, and those that stay remain small.",
        "Entrambe insieme: i pesi inutili svaniscono e quelli che restano sono piccoli.",
    )
    formula = "R = l1 * sum |w| + l2 * sum w^2"
    l1: float = _rate(0.001, "L1")
    l2: float = _rate(0.001, "L2")

    def penalty(self, parameters: Array, is_weight: Array) -> float:
        return sum(part.penalty(parameters, is_weight) for part in self._parts)

    def add_gradient(self, parameters: Array, is_weight: Array, gradient: Array, scratch: Array) -> None:
        for part in self._parts:
            part.add_gradient(parameters, is_weight, gradient, scratch)

    @cached_property
    def _parts(self) -> tuple[Regularizer, ...]:
        return L1(rate=self.l1), L2(rate=self.l2)
