"""Learning-rate schedules: what the learning rate is multiplied by as the epochs go by."""

from __future__ import annotations

import math
from typing import ClassVar

from engine.registry import Component, setting, text


class Schedule(Component):
    """A multiplier f(e) of the learning rate after e epochs, parts of an epoch counted, so that it changes smoothly."""

    kind = "schedule"
    is_constant: ClassVar[bool] = False

    def multiplier(self, epochs: float) -> float:
        """Return f(e), where `epochs` have passed since the warm-up."""
        raise NotImplementedError

    @property
    def horizon(self) -> float:
        """After how many epochs one has seen what it does: how far a picture of it should reach."""
        return 100.0


class Constant(Schedule):
    name = "constant"
    label = text("Constant", "Costante")
    help = text("The learning rate stays as it is.", "Il tasso di apprendimento resta com'è.")
    formula = "f(e) = 1"
    is_constant = True

    def multiplier(self, epochs: float) -> float:
        return 1.0


class StepDecay(Schedule):
    name = "step_decay"
    label = text("Steps", "A gradini")
    help = text(
        "Multiplies the learning rate by a factor every so many epochs.",
        "Moltiplica il tasso di apprendimento per un fattore a intervalli regolari di epoche.",
    )
    formula = "f(e) = factor^floor(e / every)"
    factor: float = setting(
        0.5,
        gt=0,
        le=1,
        step=0.05,
        label=text("Factor", "Fattore"),
        help=text("What the learning rate is multiplied by.", "Per quanto si moltiplica il tasso di apprendimento."),
    )
    every: int = setting(
        10,
        ge=1,
        le=100_000,
        scale="log",
        step=1,
        label=text("Every (epochs)", "Ogni (epoche)"),
        help=text("How many epochs a step lasts.", "Quante epoche dura un gradino."),
    )

    def multiplier(self, epochs: float) -> float:
        return float(self.factor ** (epochs // self.every))

    @property
    def horizon(self) -> float:
        return 5.0 * self.every


class ExponentialDecay(Schedule):
    """As Keras's ExponentialDecay, with an epoch for `decay_steps`."""

    name = "exponential_decay"
    label = text("Exponential", "Esponenziale")
    help = text(
        "The learning rate loses the same share in every epoch, at first much and later ever less.",
        "Il tasso di apprendimento perde la stessa quota a ogni epoca: prima molto, poi sempre meno.",
    )
    formula = "f(e) = rate^e"
    rate: float = setting(
        0.96,
        gt=0,
        le=1,
        step=0.01,
        label=text("Left after an epoch", "Resta dopo un'epoca"),
        help=text(
            "What is left of the learning rate after each epoch.",
            "Quanto resta del tasso di apprendimento dopo ogni epoca.",
        ),
    )

    def multiplier(self, epochs: float) -> float:
        return float(self.rate**epochs)

    @property
    def horizon(self) -> float:
        # Until a hundredth is left.
        return 100.0 if self.rate == 1.0 else max(1.0, math.log(0.01) / math.log(self.rate))


class CosineDecay(Schedule):
    """Loshchilov and Hutter, SGDR: stochastic gradient descent with warm restarts, 2017, without restarts; as Keras."""

    name = "cosine_decay"
    label = text("Cosine", "Coseno")
    help = text(
        "The learning rate glides down along half a wave, slowly at both ends, and then stays.",
        "Il tasso di apprendimento scende lungo mezza onda, piano ai due estremi, e poi resta fermo.",
    )
    formula = "f(e) = floor + (1 - floor) (1 + cos(π min(e, epochs) / epochs)) / 2"
    epochs: int = setting(
        100,
        ge=1,
        le=1_000_000,
        scale="log",
        step=1,
        label=text("Epochs", "Epoche"),
        help=text("After how many epochs it is at the bottom.", "Dopo quante epoche arriva in fondo."),
    )
    floor: float = setting(
        0.0,
        ge=0,
        le=1,
        step=0.01,
        label=text("Floor", "Minimo"),
        help=text(
            "The share of the learning rate that stays at the end.",
            "La quota del tasso di apprendimento che resta alla fine.",
        ),
    )

    def multiplier(self, epochs: float) -> float:
        wave = (1.0 + math.cos(math.pi * min(epochs, self.epochs) / self.epochs)) / 2.0
        return self.floor + (1.0 - self.floor) * wave

    @property
    def horizon(self) -> float:
        return 1.25 * self.epochs


class InverseTimeDecay(Schedule):
    """Robbins and Monro, A stochastic approximation method, 1951; as Keras's InverseTimeDecay with epochs for steps."""

    name = "inverse_time_decay"
    label = text("1/t", "1/t")
    help = text(
        "The learning rate falls in proportion to the time that has passed: the classic that surely converges.",
        "Il tasso di apprendimento cala in proporzione al tempo passato: il classico che converge di sicuro.",
    )
    formula = "f(e) = 1 / (1 + rate · e)"
    rate: float = setting(
        0.1,
        ge=0,
        le=100,
        scale="log",
        label=text("Rate", "Ritmo"),
        help=text(
            "How fast it falls: 1 halves it after one epoch.", "Quanto in fretta cala: 1 lo dimezza in un'epoca."
        ),
    )

    def multiplier(self, epochs: float) -> float:
        return 1.0 / (1.0 + self.rate * epochs)

    @property
    def horizon(self) -> float:
        # Until a twentieth is left.
        return 100.0 if self.rate == 0.0 else max(1.0, 19.0 / self.rate)


def warmed_up(schedule: Schedule, warmup_epochs: float, epochs: float, part: float = 0.0) -> float:
    """Return what the learning rate is multiplied by after `epochs`, with a linear warm-up in front of a schedule.

    `part` is what an update is of an epoch: during the warm-up the rate is that of the update's end, so that the first
    is not for nothing. Goyal et al., Accurate, large minibatch SGD, 2017.
    """
    if warmup_epochs == 0.0:
        return schedule.multiplier(epochs)
    return min(1.0, (epochs + part) / warmup_epochs) * schedule.multiplier(max(0.0, epochs - warmup_epochs))
