"""Curves: what a picture of a component shows is what the component computes."""

import numpy as np
import pytest

from engine.curves import SAMPLES, Curve, activation_curve, loss_curve, regularizer_curve, schedule_curve
from engine.registry import components, find


def at(curve: Curve, x: float, line: int = 0) -> float:
    return float(np.interp(x, curve.x, curve.lines[line].values))


@pytest.mark.parametrize("name", components("activation"))
def test_every_activation_has_a_curve_or_is_one_of_a_whole_layer(name: str) -> None:
    curve = activation_curve(find("activation", name)())

    assert [len(line.values) for line in curve.lines] == ([] if find("activation", name).is_layerwise else [SAMPLES])
    assert all(np.isfinite(line.values).all() for line in curve.lines)


@pytest.mark.parametrize("name", components("loss"))
def test_every_loss_but_the_automatic_one_has_a_line_for_each_target(name: str) -> None:
    lines = loss_curve(find("loss", name)()).lines

    assert (len(lines) > 0) == (name != "auto")
    for line in lines:
        assert np.isfinite(line.values).all()
        assert min(line.values) >= 0


@pytest.mark.parametrize("name", components("regularizer"))
def test_every_regulariser_costs_nothing_at_zero_and_the_same_on_both_sides(name: str) -> None:
    curve = regularizer_curve(find("regularizer", name)())

    assert at(curve, 0.0) == pytest.approx(0.0, abs=1e-9)
    assert curve.lines[0].values == pytest.approx(curve.lines[0].values[::-1])


@pytest.mark.parametrize("name", components("schedule"))
@pytest.mark.parametrize("warmup", [0.0, 4.0])
def test_every_schedule_begins_at_the_full_rate_or_rises_to_it(name: str, warmup: float) -> None:
    curve = schedule_curve(find("schedule", name)(), warmup)

    assert curve.x[0] == 0
    assert curve.lines[0].values[0] == (0.0 if warmup else 1.0)
    assert at(curve, warmup) == pytest.approx(1.0, abs=0.2)
    assert curve.x[-1] > warmup


def test_curves_are_as_worked_out_by_hand() -> None:
    assert at(activation_curve(find("activation", "relu")()), -2.0) == 0
    assert at(activation_curve(find("activation", "relu")()), 2.5) == pytest.approx(2.5)
    squared = loss_curve(find("loss", "mean_squared_error")())
    assert squared.lines[0].target == 0.0
    assert at(squared, 2.0) == pytest.approx(4.0)
    entropy = loss_curve(find("loss", "binary_crossentropy")())
    assert [line.target for line in entropy.lines] == [0.0, 1.0]
    assert at(entropy, 0.5, line=1) == pytest.approx(np.log(2), abs=1e-6)
    assert entropy.lines[1].values[0] > entropy.lines[1].values[-1]
    hinge = loss_curve(find("loss", "hinge")())
    assert [at(hinge, 1.0, line) for line in (0, 1)] == pytest.approx([2.0, 0.0])
    assert at(regularizer_curve(find("regularizer", "l2")(rate=0.1)), 2.0) == pytest.approx(0.4)
