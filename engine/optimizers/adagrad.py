"""Adagrad: the more a weight has moved, the smaller its steps."""

from __future__ import annotations

import numpy as np

from engine.optimizers.base import Array, Optimizer, epsilon, learning_rate
from engine.registry import setting, text


class Adagrad(Optimizer):
    """Duchi, Hazan and Singer, Adaptive subgradient methods, 2011; the formula and the defaults are Keras's."""

    name = "adagrad"
    label = text("Adagrad", "Adagrad")
    help = text(
        "Divides each weight's step by the size of all its gradients so far: steps only ever get smaller.",
        "Divide il passo di ogni peso per la grandezza di tutti i suoi gradienti: i passi possono solo accorciarsi.",
    )
    formula = "s = s + g²;  w = w - η g / sqrt(s + ε)"
    slots = 1
    learning_rate: float = learning_rate(0.001)
    initial_accumulator_value: float = setting(
        0.1,
        ge=0,
        le=10,
        step=0.1,
        label=text("Initial sum", "Somma iniziale"),
        help=text(
            "Where the sum of squares starts: larger means smaller first steps.",
            "Da dove parte la somma dei quadrati: più è grande, più i primi passi sono piccoli.",
        ),
    )
    epsilon: float = epsilon()

    def update(self, parameters: Array, gradient: Array, slots: Array, scratch: Array, rate: Array) -> None:
        # The slot holds the sum without its initial value, which comes in with ε.
        squares = slots[0]
        np.multiply(gradient, gradient, scratch)
        np.add(squares, scratch, squares)
        np.add(squares, self.initial_accumulator_value + self.epsilon, scratch)
        np.sqrt(scratch, scratch)
        np.divide(gradient, scratch, scratch)
        np.multiply(scratch, rate, scratch)
        np.subtract(parameters, scratch, parameters)
