"""Stochastic gradient descent, plain and with momentum."""

from __future__ import annotations

import numpy as np

from engine.optimizers.base import Array, Optimizer, learning_rate
from engine.registry import setting, text


class SGD(Optimizer):
    """Robbins and Monro, A stochastic approximation method, 1951."""

    name = "sgd"
    label = text("SGD", "SGD")
    help = text(
        "Steps straight down the gradient of each batch.",
        "Scende lungo il gradiente di ogni batch di esempi.",
    )
    formula = "w = w - η g"
    learning_rate: float = learning_rate(0.01)

    def update(self, parameters: Array, gradient: Array, slots: Array, scratch: Array, rate: Array) -> None:
        np.multiply(gradient, rate, scratch)
        np.subtract(parameters, scratch, parameters)


class Momentum(Optimizer):
    """Polyak, Some methods of speeding up the convergence of iteration methods, 1964; as Keras's SGD(momentum)."""

    name = "momentum"
    label = text("Momentum", "Momento")
    help = text(
        "Rolls like a ball: it keeps part of its last step, so it crosses flat stretches and damps zigzags.",
        "Rotola come una palla: conserva parte del passo precedente, supera i tratti piatti e smorza gli zigzag.",
    )
    formula = "v = μ v - η g;  w = w + v"
    slots = 1
    learning_rate: float = learning_rate(0.01)
    momentum: float = setting(
        0.9,
        ge=0,
        lt=1,
        step=0.01,
        label=text("Momentum", "Momento"),
        help=text("The part of the last step that is kept.", "La parte del passo precedente che si conserva."),
    )

    def update(self, parameters: Array, gradient: Array, slots: Array, scratch: Array, rate: Array) -> None:
        velocity = slots[0]
        np.multiply(velocity, self.momentum, velocity)
        np.multiply(gradient, rate, scratch)
        np.subtract(velocity, scratch, velocity)
        np.add(parameters, velocity, parameters)


class Nesterov(Momentum):
    """Sutskever et al., On the importance of initialization and momentum in deep learning, 2013, after Nesterov, 1983.

    As Keras's SGD(momentum, nesterov=True): the weights kept are those looked ahead to, where the next gradient is.
    """

    name = "nesterov"
    label = text("Nesterov", "Nesterov")
    help = text(
        "Momentum that looks ahead: it takes the gradient where its speed is about to carry it, and so brakes in time.",
        "Momento che guarda avanti: misura il gradiente dove la velocità sta per portarlo, così frena in tempo.",
    )
    formula = "v = μ v - η g;  w = w + μ v - η g"

    def update(self, parameters: Array, gradient: Array, slots: Array, scratch: Array, rate: Array) -> None:
        velocity = slots[0]
        np.multiply(gradient, rate, scratch)
        np.multiply(velocity, self.momentum, velocity)
        np.subtract(velocity, scratch, velocity)
        np.subtract(parameters, scratch, parameters)
        np.multiply(velocity, self.momentum, scratch)
        np.add(parameters, scratch, parameters)
