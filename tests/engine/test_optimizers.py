"""Optimizers: first steps worked out by hand, a hundred steps as others make them, and what every one must manage."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.optimizers import Optimizer
from engine.optimizers.adam import Nadam
from engine.registry import components, find

from .reference.descent import EVERY, RATE, START, STEPS, gradient

OPTIMIZERS = list(components("optimizer"))

# Minimising f(w) = w² / 2 from w = 1, so that the gradient is w itself: three steps by hand, at a rate of 0.1.
BY_HAND: dict[str, tuple[dict[str, Any], list[float]]] = {
    # w ← 0.9 w
    "sgd": ({}, [0.9, 0.81, 0.729]),
    "perceptron_rule": ({}, [0.9, 0.81, 0.729]),
    # v = -0.1, w = 0.9; v = -0.05 - 0.09 = -0.14, w = 0.76; v = -0.07 - 0.076 = -0.146, w = 0.614
    "momentum": ({"momentum": 0.5}, [0.9, 0.76, 0.614]),
    # v = -0.1, w = 1 - 0.05 - 0.1 = 0.85; v = -0.05 - 0.085 = -0.135, w = 0.85 - 0.0675 - 0.085 = 0.6975;
    # v = -0.0675 - 0.06975 = -0.13725, w = 0.6975 - 0.068625 - 0.06975 = 0.559125
    "nesterov": ({"momentum": 0.5}, [0.85, 0.6975, 0.559125]),
    # s = 3 + 1 = 4, w = 1 - 0.1 / 2 = 0.95; s = 4.9025; s = 4.9025 + w² (ε is far below the precision asked for)
    "adagrad": (
        {"initial_accumulator_value": 3.0, "epsilon": 1e-12},
        [0.95, w2 := 0.95 - 0.1 * 0.95 / math.sqrt(4.9025), w2 - 0.1 * w2 / math.sqrt(4.9025 + w2**2)],
    ),
    # s = 0.5, d = √(0.25 / 0.75) = 1/√3, w = 1 - 0.1/√3, r = d²/2 = 1/6; and so on, with ε = 0.25
    "adadelta": (
        {"rho": 0.5, "epsilon": 0.25},
        [
            w1 := 1 - 0.1 / math.sqrt(3),
            w2 := w1 - 0.1 * (d2 := w1 * math.sqrt((1 / 6 + 0.25) / ((s2 := 0.25 + w1**2 / 2) + 0.25))),
            w2 - 0.1 * w2 * math.sqrt((1 / 12 + d2**2 / 2 + 0.25) / (s2 / 2 + w2**2 / 2 + 0.25)),
        ],
    ),
    # s = 0.5, w = 1 - 0.1/√0.5; then s = 0.25 + w²/2, and so on (ε is far below the precision asked for)
    "rmsprop": (
        {"rho": 0.5, "epsilon": 1e-12},
        [
            w1 := 1 - 0.1 / math.sqrt(0.5),
            w2 := w1 - 0.1 * w1 / math.sqrt(s2 := 0.25 + 0.5 * w1**2),
            w2 - 0.1 * w2 / math.sqrt(0.5 * s2 + 0.5 * w2**2),
        ],
    ),
    # With both β = 0.5, m and v are corrected by the same 1 - 2⁻ᵗ. First m = v = 0.5, both through 0.5: w = 0.9. Then
    # m = 0.25 + 0.45 = 0.7, v = 0.25 + 0.405 = 0.655, both through 0.75; then m = 0.35 + w/2,
    # v = 0.3275 + w²/2, both through 0.875.
    "adam": (
        {"beta_1": 0.5, "beta_2": 0.5, "epsilon": 1e-12},
        [
            0.9,
            w2 := 0.9 - 0.1 * (0.7 / 0.75) / math.sqrt(0.655 / 0.75),
            w2 - 0.1 * ((0.35 + w2 / 2) / 0.875) / math.sqrt((0.3275 + w2**2 / 2) / 0.875),
        ],
    ),
    # Each step begins with w ← (1 - 0.1 · 0.5) w, from which the gradient, taken before, knows nothing.
    "adamw": (
        {"beta_1": 0.5, "beta_2": 0.5, "epsilon": 1e-12, "weight_decay": 0.5},
        [
            w1 := 0.95 - 0.1,
            w2 := 0.95 * w1 - 0.1 * ((0.25 + w1 / 2) / 0.75) / math.sqrt((v2 := 0.25 + w1**2 / 2) / 0.75),
            0.95 * w2 - 0.1 * ((0.125 + w1 / 4 + w2 / 2) / 0.875) / math.sqrt((v2 / 2 + w2**2 / 2) / 0.875),
        ],
    ),
    # β₁ = 0.5: u₁ = 0.26, u₂ = 0.2696, u₃ = 0.278816, u₄ = 0.28766336; the look ahead takes u of the next step.
    "nadam": (
        {"beta_1": 0.5, "beta_2": 0.5, "epsilon": 1e-12},
        [
            w1 := 1 - 0.1 * (0.2696 * 0.5 / (1 - 0.26 * 0.2696) + (1 - 0.26) / (1 - 0.26)),
            w2 := w1
            - 0.1
            * (
                0.278816 * (m2 := 0.25 + w1 / 2) / (1 - 0.26 * 0.2696 * 0.278816)
                + (1 - 0.2696) * w1 / (1 - 0.26 * 0.2696)
            )
            / math.sqrt((v2 := 0.25 + w1**2 / 2) / 0.75),
            w2
            - 0.1
            * (
                0.28766336 * (m2 / 2 + w2 / 2) / (1 - 0.26 * 0.2696 * 0.278816 * 0.28766336)
                + (1 - 0.278816) * w2 / (1 - 0.26 * 0.2696 * 0.278816)
            )
            / math.sqrt((v2 / 2 + w2**2 / 2) / 0.875),
        ],
    ),
}


class Descent:
    """Weights that an optimizer moves, one network's of shape (n,) or several networks' of shape (members, n)."""

    def __init__(self, optimizer: Optimizer, start: Any, rate: Any = None) -> None:
        self.weights = np.array(start, np.float64)
        self.slots = np.zeros((optimizer.slots, *self.weights.shape))
        self._optimizer = optimizer
        self._rate = optimizer.learning_rate if rate is None else rate
        self._scratch = np.empty_like(self.weights)
        self._updates = 0

    def step(self, slope: Any) -> None:
        self._updates += 1
        rate = np.array(self._optimizer.factors(self._rate, self._updates))
        self._optimizer.update(self.weights, np.array(slope), self.slots, self._scratch, rate)


def path(optimizer: Optimizer, steps: int) -> list[float]:
    """Return the weight after each step on f(w) = w² / 2 from w = 1."""
    descent = Descent(optimizer, [1.0])
    found = []
    for _ in range(steps):
        descent.step(descent.weights)
        found.append(float(descent.weights[0]))
    return found


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_first_three_steps_are_those_worked_out_by_hand(name: str) -> None:
    assert name in BY_HAND, "work its first three steps out by hand"
    settings, expected = BY_HAND[name]
    optimizer = find("optimizer", name)(learning_rate=0.1, **settings)

    assert path(optimizer, 3) == pytest.approx(expected, rel=1e-9)


# The recorded definitions are ours, but for where PyTorch has ε: beside the root in Adagrad and RMSprop, and without
# Keras's factor in Adam and its kin. With gradients of this size that is less than 1e-5. PyTorch's Nadam was given
# momentum_decay=1 and AdamW the weight decay of Keras.
@pytest.mark.parametrize("package", ["keras", "torch"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_hundred_steps_are_those_of_other_implementations(name: str, package: str) -> None:
    recorded = json.loads((Path(__file__).parent / "reference" / f"{package}.json").read_text())
    # Given a gradient, the perceptron rule moves as SGD does.
    expected = recorded["paths"]["sgd" if name == "perceptron_rule" else name]
    descent = Descent(find("optimizer", name)(learning_rate=RATE), START)
    found = []

    for step in range(STEPS):
        descent.step(gradient(descent.weights.tolist(), step))
        if (step + 1) % EVERY == 0:
            found.append(descent.weights.tolist())

    assert recorded[package]
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
    if package == "keras":
        np.testing.assert_allclose(found, expected, rtol=1e-10)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_reaches_the_bottom_of_a_bowl(name: str) -> None:
    optimizer = find("optimizer", name)(learning_rate=1.0 if name == "adadelta" else 0.03)

    assert abs(path(optimizer, 5000)[-1]) < 0.02


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_update_of_the_whole_is_the_update_of_its_blocks(name: str) -> None:
    optimizer = find("optimizer", name)()
    random = np.random.default_rng(1)
    whole, slope = random.random(100), random.random(100)
    blocks = whole.copy()
    slots = random.random((optimizer.slots, 100))
    slots_of_blocks = slots.copy()
    rate = np.array(optimizer.factors(optimizer.learning_rate, 3))

    optimizer.update(whole, slope.copy(), slots, np.empty(100), rate)
    for cut in (slice(0, 37), slice(37, 100)):
        size = cut.stop - cut.start
        optimizer.update(blocks[cut], slope[cut].copy(), slots_of_blocks[:, cut], np.empty(size), rate)

    np.testing.assert_array_equal(whole, blocks)
    np.testing.assert_array_equal(slots, slots_of_blocks)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_several_networks_move_at_once_each_at_its_own_rate(name: str) -> None:
    optimizer = find("optimizer", name)()
    random = np.random.default_rng(2)
    starts, slopes, rates = random.random((3, 8)), random.random((4, 3, 8)), np.array([[0.01], [0.1], [0.3]])
    together = Descent(optimizer, starts, rates)
    alone = [Descent(optimizer, start, float(rate)) for start, (rate,) in zip(starts, rates, strict=True)]

    for slope in slopes:
        together.step(slope)
        for descent, own in zip(alone, slope, strict=True):
            descent.step(own)

    np.testing.assert_allclose(together.weights, [descent.weights for descent in alone], rtol=1e-12)


def test_nadams_brackets_are_multiplied_up_to_where_they_are_one() -> None:
    optimizer = Nadam(beta_1=0.999999)
    product = 1.0
    for step in range(1, 1500):
        product *= optimizer.beta_1 * (1 - 0.5 * 0.96**step)

    assert optimizer._product(1499) == pytest.approx(product, rel=1e-9)
