"""Rosenblatt's perceptron rule: only a mistake moves the weights."""

from __future__ import annotations

import numpy as np

from engine.losses import PerceptronCriterion
from engine.optimizers.base import Array, Optimizer, learning_rate
from engine.registry import text


class Mistakes(PerceptronCriterion):
    """What the perceptron rule goes by: the share of mistakes, and a - t, which is 0 unless a mistake was made.

    For a unit that fires or not, a - t with targets of 0 and 1 is the slope of the perceptron criterion to the unit's
    sum: -1 where it should have fired, 1 where it should not have. It stands in no spec: the rule brings it along.
    """

    fuses_with = "step"
    needs_signs = False

    def total(self, a: Array, t: Array) -> float:
        return float(np.abs(a - t).sum() / len(a))

    def factor(self, outputs: int, batch: int) -> float:
        return 1 / (outputs * batch)

    def gradient(self, a: Array, t: Array, out: Array, factor: Array) -> None:
        np.subtract(a, t, out)
        np.multiply(out, factor, out)


# It has nothing that could be validated, and no name of its own to be looked up by.
MISTAKES = Mistakes.model_construct()


class PerceptronRule(Optimizer):
    """Rosenblatt, The perceptron, 1958: w ← w + η (t - a) x, for a single unit that fires or not.

    It needs a network without hidden layers and a step output, and brings `Mistakes` as its loss; the gradient that
    `update` gets is then (a - t) x, the mean over the batch. With batches of one it is the rule word for word.
    """

    name = "perceptron_rule"
    label = text("Perceptron rule", "Regola del perceptrone")
    help = text(
        "Rosenblatt's own: after a mistake, and only then, the example is added to the weights or taken from them.",
        "Quella di Rosenblatt: dopo un errore, e solo allora, l'esempio si aggiunge ai pesi o se ne toglie.",
    )
    formula = "w = w + η (t - a) x"
    learning_rate: float = learning_rate(1.0)

    def update(self, parameters: Array, gradient: Array, slots: Array, scratch: Array, rate: Array) -> None:
        np.multiply(gradient, rate, scratch)
        np.subtract(parameters, scratch, parameters)
