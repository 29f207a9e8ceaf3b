"""RMSprop: each weight has a step of its own size."""

from __future__ import annotations

import math

import numpy as np

from engine.optimizers.base import Array, Optimizer, epsilon, learning_rate
from engine.registry import setting, text


class RMSprop(Optimizer):
    """Tieleman and Hinton, Lecture 6.5, 2012; the formula and the defaults are Keras's."""

    name = "rmsprop"
    label = text("RMSprop", "RMSprop")
    help = text(
        "Divides each weight's step by the recent size of its gradient, so that all move at a similar pace.",
        "Divide il passo di ogni peso per la grandezza recente del suo gradiente: tutti avanzano a un ritmo simile.",
    )
    formula = "s = ρ s + (1 - ρ) g²;  w = w - η g / sqrt(s + ε)"
    slots = 1
    learning_rate: float = learning_rate(0.001)
    rho: float = setting(
        0.9,
        ge=0,
        lt=1,
        step=0.01,
        label=text("Decay ρ", "Decadimento ρ"),
        help=text(
            "How long the size of past gradients is remembered.",
            "Per quanto tempo si ricorda la grandezza dei gradienti passati.",
        ),
    )
    epsilon: float = epsilon()

    @property
    def slot_scales(self) -> tuple[float, ...]:
        return (1.0 - self.rho,)

    def update(self, parameters: Array, gradient: Array, slots: Array, scratch: Array, rate: Array) -> None:
        # The slot holds q = s / (1 - ρ), which saves a pass: q = ρ q + g², and
        # η g / sqrt(s + ε) = η / sqrt(1 - ρ) · g / sqrt(q + ε / (1 - ρ)).
        squares = slots[0]
        rest = 1.0 - self.rho
        np.multiply(squares, self.rho, squares)
        np.multiply(gradient, gradient, scratch)
        np.add(squares, scratch, squares)
        np.add(squares, self.epsilon / rest, scratch)
        np.sqrt(scratch, scratch)
        np.divide(gradient, scratch, scratch)
        np.multiply(scratch, rate / math.sqrt(rest), scratch)
        np.subtract(parameters, scratch, parameters)
