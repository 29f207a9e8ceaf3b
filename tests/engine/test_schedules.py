"""Schedules, warm-up and clipping: what they make of the learning rate and of the gradient."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import ExperimentSpec, Trainer
from engine.clipping import ClipNorm, ClipValue, NoClipping
from engine.registry import components, find
from engine.schedules import Schedule, warmed_up
from engine.spec import TrainingSpec

from .reference.descent import RATE, STEPS

# What the learning rate is multiplied by after 0, 1, 2.5 and 10 epochs.
BY_HAND: dict[str, tuple[dict[str, Any], list[float]]] = {
    "constant": ({}, [1, 1, 1, 1]),
    "step_decay": ({"factor": 0.5, "every": 2}, [1, 1, 0.5, 0.5**5]),
    "exponential_decay": ({"rate": 0.81}, [1, 0.81, 0.81 * 0.81 * 0.9, 0.81**10]),
    # Half a wave over 5 epochs: half way down at 2.5, at the floor from then on.
    "cosine_decay": ({"epochs": 5, "floor": 0.2}, [1, 0.2 + 0.8 * (1 + 0.8090169943749475) / 2, 0.6, 0.2]),
    "inverse_time_decay": ({"rate": 0.4}, [1, 1 / 1.4, 0.5, 0.2]),
}


@pytest.mark.parametrize("name", components("schedule"))
def test_a_schedule_is_as_worked_out_by_hand(name: str) -> None:
    assert name in BY_HAND, "work a few values out by hand"
    settings, expected = BY_HAND[name]
    schedule: Schedule = find("schedule", name)(**settings)

    assert [schedule.multiplier(epochs) for epochs in (0, 1, 2.5, 10)] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("exponential_decay", {"rate": 0.9}),
        ("cosine_decay", {"epochs": 7, "floor": 0.1}),
        ("inverse_time_decay", {"rate": 0.5}),
    ],
)
def test_a_schedule_is_that_of_keras_with_ten_steps_an_epoch(name: str, settings: dict[str, Any]) -> None:
    recorded = json.loads((Path(__file__).parent / "reference" / "keras.json").read_text())
    schedule: Schedule = find("schedule", name)(**settings)

    found = [RATE * schedule.multiplier(step / 10) for step in range(0, STEPS, 7)]

    assert found == pytest.approx(recorded["rates_every_7_steps"][name], rel=1e-6)


@pytest.mark.parametrize("name", components("schedule"))
def test_a_warm_up_rises_evenly_in_front_of_any_schedule(name: str) -> None:
    schedule: Schedule = find("schedule", name)()

    rising = [warmed_up(schedule, 2.0, step / 4, 1 / 4) for step in range(8)]

    assert rising == pytest.approx([(step + 1) / 8 for step in range(8)])
    assert warmed_up(schedule, 2.0, 7.5, 1 / 4) == schedule.multiplier(5.5)
    assert warmed_up(schedule, 0.0, 7.5, 1 / 4) == schedule.multiplier(7.5)


def sgd(**training: Any) -> ExperimentSpec:
    """Return an experiment with 30 training examples, 6 batches an epoch."""
    return ExperimentSpec.model_validate(
        {
            "data": {"dataset": {"name": "xor", "samples": 60}},
            "training": {"batch_size": 5, "optimizer": {"name": "sgd", "learning_rate": 0.2}, **training},
        }
    )


def test_every_update_moves_at_the_rate_of_its_own_moment() -> None:
    schedule = {"name": "inverse_time_decay", "rate": 1.0}
    trainer = Trainer(sgd(schedule=schedule, warmup_epochs=1), "float64")
    rates = []
    for _ in range(15):
        before, told = trainer.parameters.copy(), trainer.learning_rate
        trainer.advance()
        step = np.linalg.norm(trainer.parameters - before)
        rates.append(step / np.linalg.norm(trainer._updates.gradient))
        assert rates[-1] == pytest.approx(told, rel=1e-9)

    warm_up = [0.2 * (step + 1) / 6 for step in range(6)]
    assert rates == pytest.approx(warm_up + [0.2 / (1 + step / 6) for step in range(9)], rel=1e-9)


def test_the_rate_does_not_depend_on_how_steps_are_grouped() -> None:
    one, other = (Trainer(sgd(schedule="exponential_decay", optimizer="nadam")) for _ in range(2))

    one.advance(20)
    for steps in (1, 3, 7, 9):
        other.advance(steps)

    assert one.snapshot() == other.snapshot()


def test_a_learning_rate_changed_while_training_goes_on_under_the_same_schedule() -> None:
    trainer = Trainer(sgd(schedule={"name": "step_decay", "factor": 0.5, "every": 1}))
    trainer.advance(6)

    document = trainer.spec.training.model_dump(mode="json")
    document["optimizer"]["learning_rate"] = 0.8
    trainer.reconfigure(TrainingSpec.model_validate(document))

    assert trainer.learning_rate == pytest.approx(0.4)
    trainer.advance(6)
    assert trainer.learning_rate == pytest.approx(0.2)


def test_a_new_optimizer_counts_its_own_updates_from_one() -> None:
    trainer = Trainer(sgd(), "float64")
    trainer.advance(100)
    before = trainer.parameters.copy()
    document = {**trainer.spec.training.model_dump(mode="json"), "optimizer": {"name": "adam", "learning_rate": 0.01}}

    trainer.reconfigure(TrainingSpec.model_validate(document))
    trainer.advance()

    # Adam's first step has the size of the learning rate, whatever the gradient.
    np.testing.assert_allclose(np.abs(trainer.parameters - before), 0.01, rtol=0.02)


def test_clipping_by_length_shortens_what_is_too_long_and_nothing_else() -> None:
    long, short = np.array([3.0, -4.0]), np.array([0.3, -0.4])

    for gradient in (long, short):
        ClipNorm(norm=2.0).clip(gradient)

    np.testing.assert_allclose(long, [1.2, -1.6])
    np.testing.assert_array_equal(short, [0.3, -0.4])


def test_clipping_by_value_cuts_each_number() -> None:
    gradient = np.array([3.0, -4.0, 0.1])

    ClipValue(value=0.5).clip(gradient)

    np.testing.assert_array_equal(gradient, [0.5, -0.5, 0.1])


@pytest.mark.parametrize("name", components("clipping"))
def test_several_networks_are_clipped_each_by_itself(name: str) -> None:
    clipping = find("clipping", name)()
    together = np.random.default_rng(1).normal(0, 1, (3, 6)) * np.array([[0.01], [1.0], [50.0]])
    alone = [gradient.copy() for gradient in together]

    clipping.clip(together)
    for gradient in alone:
        clipping.clip(gradient)

    np.testing.assert_allclose(together, alone, rtol=1e-12)


def test_a_gradient_of_zero_stays_zero() -> None:
    for clipping in (NoClipping(), ClipNorm(), ClipValue()):
        gradient = np.zeros(3)
        with np.errstate(all="ignore"):  # As the trainer has it.
            clipping.clip(gradient)

        np.testing.assert_array_equal(gradient, 0.0)


def test_the_penalty_is_clipped_with_the_rest_of_the_gradient() -> None:
    trainer = Trainer(
        sgd(clipping={"name": "clip_norm", "norm": 0.01}, regularizer={"name": "l2", "rate": 5}), "float64"
    )
    before = trainer.parameters.copy()

    trainer.advance()

    assert np.linalg.norm(trainer.parameters - before) == pytest.approx(0.2 * 0.01, rel=1e-9)
