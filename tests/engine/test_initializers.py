"""Initializers: the spread that each promises, and truncation where Keras truncates."""

import numpy as np
import pytest

from engine.initializers import VarianceScaling
from engine.registry import components

INPUTS, OUTPUTS = 300, 200

# The variance of a weight, by the formulas of Glorot, He and LeCun, and by the defaults of the others.
VARIANCES = {
    "zeros": 0.0,
    "constant": 0.0,
    "uniform": 0.5**2 / 3,
    "normal": 0.05**2,
    "glorot_uniform": 2 / (INPUTS + OUTPUTS),
    "glorot_normal": 2 / (INPUTS + OUTPUTS),
    "he_uniform": 2 / INPUTS,
    "he_normal": 2 / INPUTS,
    "lecun_uniform": 1 / INPUTS,
    "lecun_normal": 1 / INPUTS,
}


@pytest.mark.parametrize("name", components("initializer"))
def test_weights_spread_as_their_formula_says(name: str) -> None:
    initializer = components("initializer")[name]()

    weights, same = (initializer.weights(INPUTS, OUTPUTS, np.random.default_rng(1)) for _ in range(2))

    assert weights.shape == (INPUTS, OUTPUTS)
    np.testing.assert_array_equal(weights, same)
    assert weights.var() == pytest.approx(VARIANCES[name], rel=0.03)
    assert weights.mean() == pytest.approx(0, abs=4 * np.sqrt(VARIANCES[name] / weights.size))


@pytest.mark.parametrize(
    "name",
    [name for name, kind in components("initializer").items() if issubclass(kind, VarianceScaling) and kind.is_normal],
)
def test_a_truncated_bell_curve_ends_at_two_of_its_own_deviations(name: str) -> None:
    weights = components("initializer")[name]().weights(INPUTS, OUTPUTS, np.random.default_rng(1))

    # The curve that is cut is wider than what is left of it.
    end = 2 * np.sqrt(VARIANCES[name]) / 0.87962566103423978
    assert 0.99 * end < np.abs(weights).max() <= end


def test_a_normal_curve_is_not_truncated() -> None:
    weights = components("initializer")["normal"](stddev=1.0).weights(INPUTS, OUTPUTS, np.random.default_rng(1))

    assert np.abs(weights).max() > 3.5


def test_a_constant_is_the_same_everywhere() -> None:
    weights = components("initializer")["constant"](value=-0.25).weights(3, 2, np.random.default_rng(1))

    assert weights.tolist() == [[-0.25, -0.25]] * 3
