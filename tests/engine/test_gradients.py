"""The gradient that training follows, against central differences in float64, for everything that is registered."""

import functools
import itertools
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from engine import ExperimentSpec, Trainer
from engine.losses import Auto
from engine.registry import components

STEP = 1e-5
DIRECTIONS = 12
EXAMPLES = 5
# A data set of each task.
DATASETS = {"binary": "xor", "multiclass": "blobs", "regression": "plane"}
LOSSES = [name for name, kind in components("loss").items() if kind is not Auto]


def task_of(loss: str) -> str:
    return str(components("loss")[loss].tasks[0])


def experiment(task: str, hidden: str, **choices: Any) -> ExperimentSpec:
    """Return a small experiment; choices are the loss, the regularizer, the initializer and the output_activation."""
    return ExperimentSpec.model_validate(
        {
            "data": {"dataset": {"name": DATASETS[task], "samples": 40}},
            "network": {
                "layers": [{"units": 3, "activation": hidden}] * 2,
                "initializer": choices.get("initializer", "glorot_uniform"),
                "output_activation": choices.get("output_activation"),
            },
            "training": {"loss": choices["loss"], "regularizer": choices.get("regularizer", "none")},
        }
    )


def relative_error(trainer: Trainer) -> float:
    """Return how far the gradient is from central differences along random directions, at a random place.

    Where a corner or a jump of the objective lies between two of the points, the differences on both sides are not
    alike; then there is no gradient to compare with, and another place is tried.
    """
    part = trainer.data.parts["train"]
    inputs, targets = part.inputs(0, EXAMPLES), part.labels(0, EXAMPLES)
    start = trainer.parameters.copy()

    def objective(offset: np.ndarray) -> float:
        trainer.parameters[:] = place + offset
        return trainer.objective(inputs, targets)

    for seed in range(20):
        random = np.random.default_rng(seed)
        # Away from weights of zero, where L1 has its corner.
        place = start + random.choice([-1, 1], start.size) * random.uniform(0.01, 0.1, start.size)
        directions = random.standard_normal((DIRECTIONS, start.size))
        above = np.array([objective(STEP * direction) for direction in directions])
        below = np.array([objective(-STEP * direction) for direction in directions])
        here = objective(np.zeros_like(start))
        if np.abs(above - 2 * here + below).max() > 1e-3 * STEP:  # Where it is smooth, a second difference is ~STEP².
            continue
        slopes = directions @ trainer.gradient(inputs, targets)
        differences = (above - below) / (2 * STEP)
        norm = float(np.linalg.norm(slopes) + np.linalg.norm(differences))
        return float(np.linalg.norm(slopes - differences)) / norm if norm else 0.0
    raise AssertionError("no place without a corner nearby")


@pytest.mark.parametrize(("hidden", "loss"), list(itertools.product(components("activation"), LOSSES)))
def test_the_gradient_is_that_of_the_objective(hidden: str, loss: str) -> None:
    for initializer, regularizer in itertools.product(components("initializer"), components("regularizer")):
        spec = experiment(task_of(loss), hidden, loss=loss, initializer=initializer, regularizer=regularizer)

        assert relative_error(Trainer(spec, "float64")) <= 1e-6, (initializer, regularizer)


@functools.cache
def outputs() -> list[tuple[str, str, str]]:
    """Return every task, output activation and loss that fit together."""
    found = []
    for task, output, loss in itertools.product(DATASETS, components("activation"), LOSSES):
        try:
            experiment(task, "tanh", loss=loss, output_activation=output)
        except ValidationError:
            continue
        found.append((task, output, loss))
    return found


@pytest.mark.parametrize(("task", "output", "loss"), outputs())
def test_the_gradient_holds_for_every_output_that_a_loss_admits(task: str, output: str, loss: str) -> None:
    trainer = Trainer(experiment(task, "tanh", loss=loss, output_activation=output), "float64")

    assert relative_error(trainer) <= 1e-6


def test_every_component_fits_somewhere() -> None:
    assert {loss for _, _, loss in outputs()} == set(LOSSES)
    assert {output for _, output, _ in outputs()} == set(components("activation"))
    assert {task for task, _, _ in outputs()} == set(DATASETS)


def test_the_gradient_has_the_layout_of_the_parameters() -> None:
    trainer = Trainer(ExperimentSpec.model_validate({"network": {"layers": []}}), "float64")
    x, y = 1.5, -0.5

    gradient = trainer.gradient([[x, y]], [1])

    slope = trainer.predict([[x, y]])[0, 0] - 1.0  # Cross-entropy with a sigmoid: dL/dz = a - t.
    np.testing.assert_allclose(gradient, [slope * x, slope * y, slope], rtol=1e-12)
