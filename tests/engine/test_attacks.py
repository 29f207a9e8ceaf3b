"""An attack stays within its bounds, raises the loss, and fools a network that has learnt its digits."""

from collections.abc import Generator
from typing import Any

import numpy as np
import pytest

from engine import ExperimentSpec, Trainer
from engine.attacks import data_range, fast_gradient_sign, iterated_gradient_sign

Array = np.ndarray[Any, Any]


def finished(work: Generator[None, None, Array]) -> Array:
    while True:
        try:
            next(work)
        except StopIteration as end:
            return np.asarray(end.value)


@pytest.fixture(scope="module")
def reader() -> Trainer:
    """A network that reads digits well: three epochs over 10,000 of them."""
    spec = {
        "data": {"dataset": {"name": "mnist", "samples": 10_000}},
        "network": {"layers": [{"units": 64, "activation": "relu"}]},
        "training": {"optimizer": "rmsprop", "batch_size": 128},
    }
    trainer = Trainer(ExperimentSpec.model_validate(spec))
    trainer.advance(3 * trainer.batches_per_epoch)
    return trainer


def digits(trainer: Trainer, count: int) -> tuple[Array, Array]:
    test = trainer.data.parts["test"]
    return test.inputs(0, count) / 255, test.labels(0, count)


def accuracy(trainer: Trainer, inputs: Array, labels: Array) -> float:
    return float((trainer.predict(inputs).argmax(axis=1) == labels).mean())


@pytest.mark.parametrize("steps", [1, 10])
@pytest.mark.parametrize("epsilon", [0.0, 0.05, 0.2, 2.0])
def test_an_attack_stays_within_epsilon_and_the_range_of_the_data(reader: Trainer, epsilon: float, steps: int) -> None:
    inputs, labels = digits(reader, 20)

    changed = finished(iterated_gradient_sign(reader, inputs, labels, epsilon, steps))

    assert np.abs(changed - inputs).max() <= epsilon + 1e-6
    assert changed.min() >= 0 and changed.max() <= 1
    assert (changed != inputs.astype(np.float32)).any() == (epsilon > 0)


def test_a_loss_rises_under_attack_and_rises_further_in_small_steps(reader: Trainer) -> None:
    inputs, labels = digits(reader, 50)

    at_once = finished(fast_gradient_sign(reader, inputs, labels, 0.1))
    step_by_step = finished(iterated_gradient_sign(reader, inputs, labels, 0.1, 10))

    losses = [reader.objective(attacked, labels) for attacked in (inputs, at_once, step_by_step)]
    assert losses == sorted(losses) and losses[1] > 2 * losses[0]


def test_a_targeted_attack_leads_to_its_target(reader: Trainer) -> None:
    inputs, labels = digits(reader, 50)
    aims = (labels.astype(int) + 1) % 10

    changed = finished(iterated_gradient_sign(reader, inputs, aims, 0.2, 10, targeted=True))

    assert reader.objective(changed, aims) < reader.objective(inputs, aims)
    assert accuracy(reader, changed, aims) > 0.8


def test_a_network_that_has_learnt_its_digits_is_fooled(reader: Trainer, count: Any) -> None:
    inputs, labels = digits(reader, 100)

    weak = finished(fast_gradient_sign(reader, inputs, labels, 0.1))
    strong = finished(fast_gradient_sign(reader, inputs, labels, 0.2))
    iterated = finished(iterated_gradient_sign(reader, inputs, labels, 0.1, 10))

    count("of 100 digits read rightly", round(100 * accuracy(reader, inputs, labels)))
    for name, attacked in (("in one step of 0.1", weak), ("of 0.2", strong), ("in ten of 0.1", iterated)):
        count(f"of 100 digits misread after an attack {name}", round(100 * (1 - accuracy(reader, attacked, labels))))
    assert accuracy(reader, inputs, labels) > 0.9
    assert accuracy(reader, weak, labels) < 0.5
    assert accuracy(reader, strong, labels) < 0.2
    assert accuracy(reader, iterated, labels) < 0.2


@pytest.mark.parametrize("data", [{}, {"features": ["x", "y", "x_squared", "x_times_y"]}, {"dataset": "saddle"}])
def test_points_of_the_plane_can_be_attacked_too(data: dict[str, Any]) -> None:
    trainer = Trainer(ExperimentSpec.model_validate({"data": data}), "float64")
    trainer.advance(200)
    test = trainer.data.parts["test"]
    points, labels = test.inputs(0, 50), test.labels(0, 50)

    changed = finished(iterated_gradient_sign(trainer, points, labels, 0.3, 5))

    assert trainer.objective(changed, labels) > trainer.objective(points, labels)
    assert np.abs(changed - points).max() <= 0.3 + 1e-12


def test_where_no_gradient_passes_nothing_changes() -> None:
    trainer = Trainer(ExperimentSpec.model_validate({"network": {"layers": [{"units": 3, "activation": "step"}]}}))
    points = np.array([[1.0, 2.0]])

    np.testing.assert_array_equal(finished(fast_gradient_sign(trainer, points, np.array([1]), 0.5)), points)


def test_an_original_out_of_range_is_not_pulled_into_it() -> None:
    trainer = Trainer(ExperimentSpec())
    trainer.advance(50)

    changed = finished(fast_gradient_sign(trainer, [[9.0, 0.0]], np.array([1]), 0.5))

    assert 8.5 <= changed[0, 0] <= 9
    low, high = data_range(trainer)
    assert (low.tolist(), high.tolist()) == ([-6, -6], [6, 6])
