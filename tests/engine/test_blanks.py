"""Inputs that are blank throughout a batch are left out of the products, and the numbers are those of all inputs."""

import numpy as np
import pytest

from engine.blanks import UsedInputs

INPUTS, UNITS, BATCH = 400, 200, 32


@pytest.mark.parametrize("blank", [0, 10, 150, 399])
def test_leaving_blank_inputs_out_gives_the_products_of_all_inputs(blank: int) -> None:
    random = np.random.default_rng(5)
    weights = random.standard_normal((INPUTS + 1, UNITS))
    delta = random.standard_normal((UNITS, BATCH))
    sums, gradient = np.empty((UNITS, BATCH)), np.full_like(weights, np.nan)
    used = UsedInputs(weights, BATCH)

    for _ in range(2):  # Which inputs are blank is another matter in the next batch.
        x = random.standard_normal((BATCH, INPUTS + 1)).T
        x[-1] = 1
        x[random.permutation(INPUTS)[:blank]] = 0
        used.sums(x, sums)
        used.gradient(x, delta.T, gradient)

        assert np.allclose(sums, weights.T @ x, rtol=1e-12, atol=1e-12)
        assert np.allclose(gradient, x @ delta.T, rtol=1e-12, atol=1e-12)


def test_an_input_counts_as_used_if_its_values_cancel_out_or_are_no_numbers() -> None:
    weights = np.ones((INPUTS + 1, UNITS))
    x = np.zeros((BATCH, INPUTS + 1)).T
    x[-1] = 1
    x[3, :2] = 1, -1
    x[7, 5] = np.nan
    used = UsedInputs(weights, BATCH)
    sums = np.empty((UNITS, BATCH))

    used.sums(x, sums)

    assert list(sums[0, :3]) == [2, 0, 1]
    assert np.isnan(sums[:, 5]).all()


def test_small_layers_keep_to_the_plain_products() -> None:
    assert not UsedInputs.pays(2, 8)
    assert UsedInputs.pays(784, 512)


def test_two_networks_whose_updates_interleave_do_not_mix() -> None:
    random = np.random.default_rng(6)
    weights = [random.standard_normal((INPUTS + 1, UNITS)) for _ in range(2)]
    delta = random.standard_normal((UNITS, BATCH))
    xs = [random.standard_normal((BATCH, INPUTS + 1)).T for _ in range(2)]
    for x, blank in zip(xs, (200, 250), strict=True):
        x[:blank] = 0
    useds = [UsedInputs(matrix, BATCH) for matrix in weights]
    gradients = [np.empty_like(matrix) for matrix in weights]

    for used, x in zip(useds, xs, strict=True):
        used.sums(x, np.empty((UNITS, BATCH)))
    for used, x, gradient in zip(useds, xs, gradients, strict=True):
        used.gradient(x, delta.T, gradient)

    for x, gradient in zip(xs, gradients, strict=True):
        assert np.allclose(gradient, x @ delta.T, rtol=1e-12, atol=1e-12)
