"""Optimizers: first steps worked out by hand, and what every one of them must manage."""

import math
from typing import Any

import numpy as np
import pytest

from engine.optimizers import Optimizer
from engine.registry import components, find

# Minimising f(w) = w² / 2 from w = 1, so that the gradient is w itself: three steps by hand, at a rate of 0.1.
BY_HAND: dict[str, tuple[dict[str, Any], list[float]]] = {
    # w ← 0.9 w
    "sgd": ({}, [0.9, 0.81, 0.729]),
    # v = -0.1, w = 0.9; v = -0.05 - 0.09 = -0.14, w = 0.76; v = -0.07 - 0.076 = -0.146, w = 0.614
    "momentum": ({"momentum": 0.5}, [0.9, 0.76, 0.614]),
    # s = 0.5, w = 1 - 0.1/√0.5; then s = 0.25 + w²/2, and so on (ε is far below the precision asked for)
    "rmsprop": (
        {"rho": 0.5, "epsilon": 1e-12},
        [
            w1 := 1 - 0.1 / math.sqrt(0.5),
            w2 := w1 - 0.1 * w1 / math.sqrt(s2 := 0.25 + 0.5 * w1**2),
            w2 - 0.1 * w2 / math.sqrt(0.5 * s2 + 0.5 * w2**2),
        ],
    ),
}


def descend(optimizer: Optimizer, steps: int, start: float = 1.0) -> list[float]:
    """Return the weight after each step on f(w) = w² / 2."""
    parameters = np.array([start])
    slots = np.zeros((optimizer.slots, 1))
    scratch, rate = np.empty(1), np.array(optimizer.learning_rate)
    path = []
    for _ in range(steps):
        optimizer.update(parameters, parameters.copy(), slots, scratch, rate)
        path.append(float(parameters[0]))
    return path


@pytest.mark.parametrize("name", components("optimizer"))
def test_the_first_three_steps_are_those_worked_out_by_hand(name: str) -> None:
    assert name in BY_HAND, "work its first three steps out by hand"
    settings, expected = BY_HAND[name]
    optimizer = find("optimizer", name)(learning_rate=0.1, **settings)

    assert descend(optimizer, 3) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("name", components("optimizer"))
def test_every_optimizer_reaches_the_bottom_of_a_bowl(name: str) -> None:
    optimizer = find("optimizer", name)(learning_rate=0.01)

    path = descend(optimizer, 2000)

    assert abs(path[-1]) < 0.02


@pytest.mark.parametrize("name", components("optimizer"))
def test_an_update_of_the_whole_is_the_update_of_its_blocks(name: str) -> None:
    optimizer = find("optimizer", name)()
    random = np.random.default_rng(1)
    whole, gradient = random.random(100), random.random(100)
    blocks = whole.copy()
    slots = random.random((optimizer.slots, 100))
    slots_of_blocks = slots.copy()

    rate = np.array(optimizer.learning_rate)

    optimizer.update(whole, gradient.copy(), slots, np.empty(100), rate)
    for cut in (slice(0, 37), slice(37, 100)):
        size = cut.stop - cut.start
        optimizer.update(blocks[cut], gradient[cut].copy(), slots_of_blocks[:, cut], np.empty(size), rate)

    np.testing.assert_array_equal(whole, blocks)
    np.testing.assert_array_equal(slots, slots_of_blocks)
