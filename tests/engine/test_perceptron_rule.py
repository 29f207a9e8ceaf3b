"""Rosenblatt's rule itself: what one mistake does, Novikoff's bound on how many there are, and what has no end."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import ExperimentSpec, Trainer
from engine.presets import PRESETS


def unit(dataset: Any, **training: Any) -> Trainer:
    """Return a single unit that fires or not, starting from zero, with all examples to learn from."""
    return Trainer(
        ExperimentSpec.model_validate(
            {
                "data": {"dataset": dataset, "split": {"train": 1.0, "test": 0.0}},
                "network": {"layers": [], "initializer": "zeros"},
                "training": {"optimizer": "perceptron_rule", "batch_size": 1, **training},
            }
        ),
        "float64",
    )


def examples(trainer: Trainer) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs with a last column of ones, and classes as -1 and 1."""
    part = trainer.data.parts["train"]
    inputs = part.inputs(0, len(part))
    return np.column_stack([inputs, np.ones(len(inputs))]), np.where(part.labels(0, len(part)) == 1, 1, -1)


def mistakes_until_silent(trainer: Trainer, most: float) -> int:
    """Train until an epoch passes without a mistake, and return how many updates have moved the weights."""
    mistakes = 0
    while True:
        before_epoch = mistakes
        for _ in range(trainer.batches_per_epoch):
            before = trainer.parameters.copy()
            trainer.advance()
            mistakes += bool(np.any(trainer.parameters != before))
        if mistakes == before_epoch:
            return mistakes
        assert mistakes <= most, "more mistakes than Novikoff allows"


def bound(trainer: Trainer, separator: np.ndarray) -> float:
    """Return (R / γ)²: Novikoff, On convergence proofs on perceptrons, 1962."""
    inputs, signs = examples(trainer)
    radius = np.linalg.norm(inputs, axis=1).max()
    margin = (signs * (inputs @ separator)).min() / np.linalg.norm(separator)
    assert margin > 0, "this line does not separate them"
    return float((radius / margin) ** 2)


def test_only_a_mistake_moves_the_weights_and_by_its_example() -> None:
    trainer = unit({"name": "xor", "samples": 40}, optimizer={"name": "perceptron_rule", "learning_rate": 0.5})
    inputs, signs = examples(trainer)
    moved = 0
    for _ in range(3):
        for example in range(len(inputs)):
            before = trainer.parameters.copy()
            trainer.advance()
            x = inputs[trainer._feed.order[example]]
            sign = signs[trainer._feed.order[example]]

            is_mistake = (before @ x > 0) != (sign > 0)
            moved += is_mistake

            np.testing.assert_allclose(trainer.parameters, before + 0.5 * sign * x * is_mistake, rtol=1e-12)
    assert 0 < moved < 3 * len(inputs)


@pytest.mark.parametrize("seed", range(1, 6))
def test_linear_data_are_told_apart_within_novikoffs_bound(seed: int) -> None:
    trainer = Trainer(
        ExperimentSpec.model_validate(
            {
                "data": {"dataset": "linear", "seed": seed},
                "network": {"layers": [], "initializer": "zeros"},
                "training": {"optimizer": "perceptron_rule", "batch_size": 1},
            }
        )
    )
    most = bound(trainer, np.array([1.0, 1.0, 0.0]))

    assert 0 < mistakes_until_silent(trainer, most) <= most
    assert trainer.metrics()["accuracy"] == 1.0


@pytest.mark.parametrize(("gate", "separator"), [("and", [1.0, 1.0, -3.0]), ("or", [1.0, 1.0, 3.0])])
def test_and_and_or_are_learnt_within_the_bound(gate: str, separator: list[float]) -> None:
    trainer = unit({"name": "truth_table", "gate": gate})
    most = bound(trainer, np.array(separator))

    assert 0 < mistakes_until_silent(trainer, most) <= most


@given(
    angle=st.floats(0, 6.28),
    offset=st.floats(-3, 3),
    margin=st.floats(0.05, 1),
    count=st.integers(4, 60),
    rate=st.sampled_from([0.01, 1.0, 7.0]),
    seed=st.integers(0, 1000),
)
@settings(max_examples=60, deadline=None)
def test_every_separable_set_is_told_apart_within_the_bound(
    angle: float, offset: float, margin: float, count: int, rate: float, seed: int
) -> None:
    separator = np.array([np.cos(angle), np.sin(angle), offset])
    points = np.round(np.random.default_rng(seed).uniform(-6, 6, (count, 2)), 2)
    heights = points @ separator[:2] + offset
    kept = np.abs(heights) > margin
    if not kept.any() or np.all(heights[kept] > 0) or np.all(heights[kept] < 0):
        return
    rows = [[*map(float, point), float(height > 0)] for point, height in zip(points[kept], heights[kept], strict=True)]
    trainer = unit(
        {"name": "points", "points": rows}, optimizer={"name": "perceptron_rule", "learning_rate": rate}, seed=seed
    )
    most = bound(trainer, separator)

    assert mistakes_until_silent(trainer, most) <= most

    before = trainer.parameters.copy()
    trainer.advance(5 * trainer.batches_per_epoch)
    np.testing.assert_array_equal(trainer.parameters, before)


@pytest.mark.parametrize("dataset", ["xor", {"name": "truth_table", "gate": "xor"}], ids=["points", "gate"])
def test_on_xor_no_epoch_is_ever_without_a_mistake(dataset: Any) -> None:
    trainer = unit(dataset)

    for _ in range(100):
        moved = 0
        for _ in range(trainer.batches_per_epoch):
            before = trainer.parameters.copy()
            trainer.advance()
            moved += bool(np.any(trainer.parameters != before))
        assert moved
        assert trainer.metrics()["accuracy"] < 1.0


@pytest.mark.parametrize("name", ["perceptron-linear", "perceptron-xor"])
def test_the_presets_follow_the_rule_one_example_at_a_time(name: str) -> None:
    spec = PRESETS[name].spec

    assert spec.training.optimizer.name == "perceptron_rule"
    assert spec.output_activation.name == "step"
    assert spec.training.batch_size == 1


def test_what_is_shown_as_the_loss_is_the_share_of_mistakes() -> None:
    trainer = unit({"name": "xor", "samples": 40})
    trainer.advance(30)

    metrics = trainer.metrics()

    assert metrics["loss"] == pytest.approx(1 - metrics["accuracy"])
