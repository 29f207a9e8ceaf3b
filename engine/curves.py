"""Curves of components: what one does with a number, sampled by the very code that trains."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import Activation
from engine.losses import EPSILON, Loss
from engine.regularizers import Regularizer
from engine.schedules import Schedule, warmed_up

Array = NDArray[Any]

SAMPLES = 121
# Sums and weights of ordinary size, and a little beyond; outputs and targets lie about ±1.
_SUMS = 5.0
_OUTPUTS = 3.0
_WEIGHTS = 3.0


class Line(NamedTuple):
    """One line of a picture; `target` is that of a loss, which has a line for each."""

    values: list[float]
    target: float | None = None


class Curve(NamedTuple):
    """Lines over the same `x`; no lines where a component is no function of one number."""

    x: list[float]
    lines: list[Line]


def activation_curve(activation: Activation) -> Curve:
    """Return a = f(z) over sums z; a function of a whole layer has no curve."""
    if activation.is_layerwise:
        return Curve([], [])
    z = np.linspace(-_SUMS, _SUMS, SAMPLES).reshape(1, -1)
    a = np.empty_like(z)
    activation.forward(z, a)
    return Curve(_listed(z), [Line(_listed(a))])


def loss_curve(loss: Loss) -> Curve:
    """Return L(a, t) over outputs a: of probabilities, of scores for both classes, or of distances from a target."""
    if not loss.tasks or type(loss).total is Loss.total:
        return Curve([], [])
    if loss.fuses_with is not None:
        p = np.linspace(0.005, 0.995, SAMPLES)
        if "binary" not in loss.tasks:  # The probability of the true class; the others share what is left.
            return Curve(_listed(p), [Line(_losses(loss, np.stack([p, 1.0 - p]), np.array([1.0, 0.0])), 1.0)])
        return Curve(_listed(p), [Line(_losses(loss, p[None], np.array([target])), target) for target in (0.0, 1.0)])
    a = np.linspace(-_OUTPUTS, _OUTPUTS, SAMPLES)
    targets = (-1.0, 1.0) if loss.needs_signs else (0.0,)
    return Curve(_listed(a), [Line(_losses(loss, a[None], np.array([target])), target) for target in targets])


def regularizer_curve(regularizer: Regularizer) -> Curve:
    """Return R(w) of a single weight."""
    w = np.linspace(-_WEIGHTS, _WEIGHTS, SAMPLES)
    one = np.ones(1)
    return Curve(_listed(w), [Line([regularizer.penalty(np.array([weight]), one) for weight in w])])


def schedule_curve(schedule: Schedule, warmup_epochs: float = 0.0) -> Curve:
    """Return what the learning rate is multiplied by over the epochs, warm-up included."""
    # A little longer than the warm-up, so that one sees where it ends.
    until = warmup_epochs * 1.25 if schedule.is_constant and warmup_epochs else warmup_epochs + schedule.horizon
    epochs = np.linspace(0.0, until, SAMPLES)
    return Curve(_listed(epochs), [Line([warmed_up(schedule, warmup_epochs, epoch) for epoch in epochs.tolist()])])


def _losses(loss: Loss, a: Array, t: Array) -> list[float]:
    """Return the loss of each column of `a`, shape (outputs, n), for the same target."""
    columns = (np.ascontiguousarray(a[:, [index]]) for index in range(a.shape[1]))
    values = [loss.total(column, t.reshape(-1, 1)) for column in columns]
    worst = -math.log(EPSILON)
    return [min(value, worst) if loss.fuses_with else value for value in values]


def _listed(numbers: Array) -> list[float]:
    listed: list[float] = np.round(numbers.reshape(-1).astype(np.float64), 6).tolist()
    return listed
