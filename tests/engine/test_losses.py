"""Losses: totals and gradients of a small batch, worked out by hand."""

import numpy as np
import pytest

from engine.registry import components

# Two outputs, three examples.
A = np.array([[0.5, 2.0, -1.0], [0.0, 1.0, 3.0]])
T = np.array([[1.0, 0.0, -1.0], [0.0, 1.5, 0.0]])
# One output, five examples of both signs: well right, right but near, on the border, wrong, right.
SIGNED = np.array([[2.0, -0.25, 0.0, 1.5, -3.0]])
SIGNS = np.array([[1.0, -1.0, 1.0, -1.0, -1.0]])


def gradient(name: str, a: np.ndarray, t: np.ndarray) -> np.ndarray:
    loss, out = components("loss")[name](), np.empty_like(a)
    loss.gradient(a, t, out, np.array(loss.factor(*a.shape), a.dtype))
    return out


@pytest.mark.parametrize(
    ("name", "total", "numerators"),
    [
        # Differences: -0.5, 2, 0 and 0, -0.5, 3; a total is halved since it is a mean over two outputs.
        ("mean_squared_error", (0.25 + 4 + 0.25 + 9) / 2, [[-1, 4, 0], [0, -1, 6]]),
        ("mean_absolute_error", (0.5 + 2 + 0.5 + 3) / 2, [[-1, 1, 0], [0, -1, 1]]),
        ("huber", (0.125 + 1.5 + 0.125 + 2.5) / 2, [[-0.5, 1, 0], [0, -0.5, 1]]),
    ],
)
def test_a_loss_of_numbers_is_what_it_is_by_hand(name: str, total: float, numerators: list[list[float]]) -> None:
    assert components("loss")[name]().total(A, T) == pytest.approx(total)
    np.testing.assert_allclose(gradient(name, A, T), np.array(numerators) / 6, rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "total", "numerators"),
    [
        # t a is 2, 0.25, 0, -1.5 and 3.
        ("hinge", 0 + 0.75 + 1 + 2.5 + 0, [0, 1, -1, 1, 0]),
        ("perceptron", 1.5, [0, 0, -1, 1, 0]),
    ],
)
def test_a_loss_of_signs_is_what_it_is_by_hand(name: str, total: float, numerators: list[float]) -> None:
    assert components("loss")[name]().total(SIGNED, SIGNS) == pytest.approx(total)
    np.testing.assert_allclose(gradient(name, SIGNED, SIGNS), np.array([numerators]) / 5, rtol=1e-12)


def test_squared_error_is_multiplied_by_its_coefficient() -> None:
    half, out = components("loss")["mean_squared_error"](coefficient=0.5), np.empty_like(SIGNED)
    half.gradient(SIGNED, SIGNS, out, np.array(half.factor(*SIGNED.shape)))

    assert half.total(SIGNED, SIGNS) == pytest.approx((1 + 0.5625 + 1 + 6.25 + 4) / 2)
    np.testing.assert_allclose(out, (SIGNED - SIGNS) / 5, rtol=1e-12)


def test_cross_entropies_are_what_they_are_by_hand() -> None:
    binary, categorical = components("loss")["binary_crossentropy"](), components("loss")["categorical_crossentropy"]()
    probabilities = np.array([[0.5, 0.1], [0.25, 0.7], [0.25, 0.2]])
    one_hot = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])

    assert binary.total(np.array([[0.8, 0.3]]), np.array([[1.0, 0.0]])) == pytest.approx(-np.log(0.8) - np.log(0.7))
    assert categorical.total(probabilities, one_hot) == pytest.approx(-np.log(0.5) - np.log(0.7))


@pytest.mark.parametrize("name", [name for name, kind in components("loss").items() if name != "auto"])
def test_a_loss_stays_a_number_for_outputs_that_are_sure_and_wrong(name: str) -> None:
    outputs = 1 if components("loss")[name].needs_signs else 2
    a, t = np.eye(outputs, 2, dtype=np.float32), 1 - np.eye(outputs, 2, dtype=np.float32)

    with np.errstate(all="raise"):
        total = components("loss")[name]().total(a, t)
        slope = gradient(name, a, t)

    assert np.isfinite(total) and np.isfinite(slope).all() and slope.dtype == np.float32
