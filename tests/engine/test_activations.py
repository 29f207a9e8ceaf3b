"""Activations: their formulas, worked out one number at a time, and what becomes of them far out in float32."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from engine.activations import ELU, Activation, LeakyReLU
from engine.gaussian import tail_and_density
from engine.registry import components

ELEMENTWISE = [name for name, kind in components("activation").items() if not kind.is_layerwise]


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def softplus(z: float) -> float:
    return max(z, 0) + math.log1p(math.exp(-abs(z)))


# What each function is by its definition, with Keras's default values.
FORMULAS: dict[str, Callable[[float], float]] = {
    "linear": lambda z: z,
    "step": lambda z: float(z > 0),
    "sigmoid": sigmoid,
    "tanh": math.tanh,
    "relu": lambda z: max(0, z),
    "leaky_relu": lambda z: z if z > 0 else 0.2 * z,
    "elu": lambda z: z if z > 0 else math.expm1(z),
    "gelu": lambda z: z * math.erfc(-z / math.sqrt(2)) / 2,
    "softplus": softplus,
    "swish": lambda z: z * sigmoid(z),
    "mish": lambda z: z * math.tanh(softplus(z)),
    "sine": math.sin,
}


def values(name: str, z: np.ndarray) -> np.ndarray:
    out = np.empty_like(z)
    components("activation")[name]().forward(z, out)
    return out


def slopes(activation: Activation, z: np.ndarray) -> np.ndarray:
    if activation.is_identity:
        return np.ones_like(z)
    known, out = z.copy(), np.empty_like(z)
    if not activation.needs_sum:
        activation.forward(z, known)
    activation.slope(known, out)
    return out


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_a_value_is_that_of_the_formula(name: str) -> None:
    z = np.linspace(-30, 30, 1201)

    expected = np.array([FORMULAS[name](number) for number in z.tolist()])

    np.testing.assert_allclose(values(name, z[None])[0], expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_a_sum_may_become_its_value_where_it_is(name: str) -> None:
    z = np.linspace(-5, 5, 11, dtype=np.float32)[None]

    expected = values(name, z)
    components("activation")[name]().forward(z, z)

    np.testing.assert_array_equal(z, expected)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_far_out_in_float32_values_and_slopes_are_still_right(name: str) -> None:
    z = np.concatenate([np.linspace(-1e4, 1e4, 4001), np.linspace(-100, 100, 4001), [-1e4, -88.8, 88.8, 1e4]])[None]
    activation = components("activation")[name]()

    with np.errstate(all="raise", under="ignore"):
        near, slope = values(name, z.astype(np.float32)), slopes(activation, z.astype(np.float32))

    assert near.dtype == slope.dtype == np.float32
    rounded = z.astype(np.float32).astype(np.float64)  # What the float32 really is; a sine has turned in between.
    np.testing.assert_allclose(near, values(name, rounded), rtol=2e-6, atol=2e-7)
    np.testing.assert_allclose(slope, slopes(activation, rounded), rtol=2e-6, atol=5e-7)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_a_slope_is_the_limit_of_differences(name: str) -> None:
    z = np.linspace(-6, 6, 60)[None]  # None of them lies near 0, where some have a corner.
    step = 1e-5

    differences = (values(name, z + step) - values(name, z - step)) / (2 * step)

    np.testing.assert_allclose(slopes(components("activation")[name](), z), differences, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("activation", [LeakyReLU(negative_slope=0.5), ELU(alpha=2.0), ELU(alpha=0.0)], ids=str)
def test_a_slope_is_right_for_other_settings_too(activation: Activation) -> None:
    z = np.array([[-2.0, -0.5, 0.5, 2.0]])
    above, below = np.empty_like(z), np.empty_like(z)

    activation.forward(z + 1e-6, above)
    activation.forward(z - 1e-6, below)

    np.testing.assert_allclose(slopes(activation, z), (above - below) / 2e-6, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", components("activation"))
def test_a_value_keeps_to_the_bounds_that_the_catalogue_names(name: str) -> None:
    kind = components("activation")[name]
    z = np.random.default_rng(1).normal(scale=20, size=(5, 400)).astype(np.float32)

    out = values(name, z)

    if kind.bounds is not None:
        assert kind.bounds[0] <= out.min() and out.max() <= kind.bounds[1]


def test_softmax_gives_probabilities_however_large_the_sums() -> None:
    z = np.array([[1e4, 0.0], [1e4, -1e4], [-1e4, 0.0]], np.float32)

    with np.errstate(all="raise", under="ignore"):
        out = values("softmax", z)

    np.testing.assert_allclose(out, [[0.5, 0.5], [0.5, 0.0], [0.0, 0.5]])


def test_the_normal_tail_agrees_with_erfc_to_the_last_digits() -> None:
    distance = np.linspace(0, 12, 1201)

    tail, density = tail_and_density(distance)

    expected = [math.erfc(number / math.sqrt(2)) / 2 for number in distance.tolist()]
    np.testing.assert_allclose(tail, expected, rtol=1e-12)
    np.testing.assert_allclose(density, np.exp(-distance * distance / 2), rtol=1e-13)
