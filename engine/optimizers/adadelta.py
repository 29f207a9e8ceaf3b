"""Adadelta: steps of the size that recent steps had."""

from __future__ import annotations

import numpy as np

from engine.optimizers.base import Array, Optimizer, decay, epsilon, learning_rate
from engine.registry import text


class Adadelta(Optimizer):
    """Zeiler, ADADELTA: an adaptive learning rate method, 2012; Keras's formula and defaults.

    Zeiler's method has no learning rate: with η = 1 it is his.
    """

    name = "adadelta"
    label = text("Adadelta", "Adadelta")
    help = text(
        "Sets each weight's step by the size of its recent steps and gradients; made for a learning rate of 1.",
        "Regola il passo di ogni peso sulla grandezza dei suoi passi e gradienti recenti; pensato per un tasso di 1.",
    )
    formula = "s = ρ s + (1 - ρ) g²;  d = g sqrt(r + ε) / sqrt(s + ε);  r = ρ r + (1 - ρ) d²;  w = w - η d"
    slots = 2
    learning_rate: float = learning_rate(0.001)
    rho: float = decay(
        0.95,
        "ρ",
        "How long the sizes of past gradients and steps are remembered.",
        "Per quanto tempo si ricordano le grandezze dei gradienti e dei passi passati.",
    )
    epsilon: float = epsilon()

    def update(self, parameters: Array, gradient: Array, slots: Array, scratch: Array, rate: Array) -> None:
        squares, steps = slots
        np.multiply(gradient, gradient, scratch)
        np.multiply(scratch, 1.0 - self.rho, scratch)
        np.multiply(squares, self.rho, squares)
        np.add(squares, scratch, squares)

        step = gradient  # The gradient is of no further use: its place becomes d.
        np.add(squares, self.epsilon, scratch)
        np.sqrt(scratch, scratch)
        np.divide(gradient, scratch, step)
        np.add(steps, self.epsilon, scratch)
        np.sqrt(scratch, scratch)
        np.multiply(step, scratch, step)

        np.multiply(step, step, scratch)
        np.multiply(scratch, 1.0 - self.rho, scratch)
        np.multiply(steps, self.rho, steps)
        np.add(steps, scratch, steps)
        np.multiply(step, rate, step)
        np.subtract(parameters, step, parameters)
