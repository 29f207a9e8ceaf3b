"""Every preset shows what its sentence says: it is trained, with its own seeds, and looked at."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from engine import ExperimentSpec, Trainer
from engine.presets import GROUPS, PRESETS

REDUCED_EPOCHS = 3


def run(name: str, epochs: int | None = None, **changes: Any) -> Trainer:
    """Return a preset's trainer after its epochs, perhaps with other members of its sections."""
    document = PRESETS[name].spec.full()
    for section, members in changes.items():
        document[section].update(members)
    trainer = Trainer(ExperimentSpec.model_validate(document))
    trainer.advance((PRESETS[name].epochs if epochs is None else epochs) * trainer.batches_per_epoch)
    return trainer


@cache
def trained(name: str) -> Trainer:
    return run(name)


def figures(trainer: Trainer) -> dict[str, float]:
    return trainer.metrics()


def solves(name: str, accuracy: float) -> bool:
    return figures(trained(name))["test_accuracy"] >= accuracy


def layer(trainer: Trainer, index: int) -> Any:
    """Return a layer's weights, shape (inputs + 1, units), biases last."""
    return trainer.network.layers[index].matrix(trainer.parameters)


def is_straight(trainer: Trainer) -> bool:
    """Whether the border of two classes is a straight line: the sum behind the output is a plane."""
    plane = np.linspace(-6, 6, 7)
    grid = np.stack(np.meshgrid(plane, plane), axis=-1).reshape(-1, 2)
    outputs = np.clip(trainer.predict(grid)[:, 0].astype(float), 1e-6, 1 - 1e-6)
    sums = np.log(outputs / (1 - outputs))
    rows = np.column_stack([grid, np.ones(len(grid))])
    found = np.linalg.lstsq(rows, sums, rcond=None)[0]
    return bool(np.abs(rows @ found - sums).max() < 1e-2)


def second_differences(trainer: Trainer) -> Any:
    """Return how much the sum behind the output bends along a line through the plane."""
    line = np.column_stack([np.linspace(-6, 6, 241), np.full(241, 0.7)])
    outputs = trainer.predict(line)[:, 0].astype(float)
    sums = np.log(np.clip(outputs, 1e-9, 1) / np.clip(1 - outputs, 1e-9, 1))
    inner = np.abs(sums) < 12  # Beyond, float32 outputs are 0 or 1.
    return np.abs(np.diff(sums, 2))[inner[1:-1]]


def losses(name: str, **changes: Any) -> Any:
    """Return the training loss after each of the last 20 epochs."""
    trainer = run(name, PRESETS[name].epochs - 20, **changes)
    values = []
    for _ in range(20):
        trainer.advance(trainer.batches_per_epoch)
        values.append(figures(trainer)["loss"])
    return np.array(values)


def digits_are_learned() -> bool:
    document = PRESETS["keras-mnist"].spec.full()
    document["data"]["dataset"]["samples"] = 6000
    trainer = Trainer(ExperimentSpec.model_validate(document))
    trainer.advance(2 * trainer.batches_per_epoch)
    return trainer.metrics()["test_accuracy"] > 0.9


def moving_digits_are_learned() -> bool:
    document = PRESETS["mnist-best"].spec.full()
    document["training"]["schedule"]["epochs"] = REDUCED_EPOCHS - 1
    trainer = Trainer(ExperimentSpec.model_validate(document))

    trainer.advance(REDUCED_EPOCHS * trainer.batches_per_epoch)

    # `bench --only mnist_best` trains to the end, with three seeds.
    return trainer.metrics()["test_accuracy"] >= 0.98


def two_unit_starts() -> list[float]:
    return [figures(run("xor-2-2-1", network={"seed": seed}))["accuracy"] for seed in range(1, 13)]


def gap(name: str) -> float:
    found = figures(trained(name))
    return found["test_loss"] - found["loss"]


def first_layer_moves(name: str) -> float:
    """Return how far the first layer's weights are from where they began, relative to their size."""
    start, end = run(name, 0), trained(name)
    return float(np.linalg.norm(layer(end, 0) - layer(start, 0)) / np.linalg.norm(layer(start, 0)))


# What each preset claims, and what it must have done to be believed.
CLAIMS: dict[str, Callable[[], bool]] = {
    "perceptron-linear": lambda: figures(trained("perceptron-linear"))["accuracy"] == 1,
    "perceptron-xor": lambda: figures(trained("perceptron-xor"))["accuracy"] < 0.8,
    "xor-2-2-1": lambda: max(two_unit_starts()) > 0.87 > 0.7 > min(two_unit_starts()),
    "xor-2-2-4-1": lambda: solves("xor-2-2-4-1", 0.6),
    "xor-2-4-8-8-1": lambda: solves("xor-2-4-8-8-1", 0.97),
    "circle-two-units": lambda: 0.7 < figures(trained("circle-two-units"))["accuracy"] < 0.93,
    "circle-three-units": lambda: solves("circle-three-units", 0.95),
    "linear-layers": lambda: is_straight(trained("linear-layers")) and not solves("linear-layers", 0.7),
    "relu-edges": lambda: solves("relu-edges", 0.97) and np.median(second_differences(trained("relu-edges"))) < 1e-3,
    "tanh-curves": lambda: (
        solves("tanh-curves", 0.97)
        and np.median(second_differences(trained("tanh-curves")))
        > 5 * np.median(second_differences(trained("relu-edges")))
    ),
    "spiral-deep": lambda: solves("spiral-deep", 0.93),
    "checkerboard": lambda: solves("checkerboard", 0.85),
    "xor-by-hand": lambda: (
        solves("xor-by-hand", 0.95)
        and abs(layer(trained("xor-by-hand"), 0)[2, 0]) > 3 * np.abs(layer(trained("xor-by-hand"), 0)[:2, 0]).max()
    ),
    "circle-by-squares": lambda: (
        solves("circle-by-squares", 0.97)
        and layer(trained("circle-by-squares"), 0)[0, 0]
        == pytest.approx(layer(trained("circle-by-squares"), 0)[1, 0], rel=0.15)
    ),
    "features-by-l1": lambda: (
        sorted(np.argsort(-np.abs(layer(trained("features-by-l1"), 0)[:7, 0]))[:2]) == [2, 3]
        and np.sort(np.abs(layer(trained("features-by-l1"), 0)[:7, 0]))[4] < 0.05
    ),
    "spiral-by-hand": lambda: solves("spiral-by-hand", 0.9),
    "rate-too-low": lambda: figures(trained("rate-too-low"))["loss"] > 0.95 * figures(run("rate-too-low", 0))["loss"],
    "rate-too-high": lambda: (
        bool(losses("rate-too-high").min() > 0.3 and losses("rate-too-high").std() > 0.05)
        and figures(run("rate-too-high", training={"optimizer": {"name": "sgd", "learning_rate": 0.1}}))["accuracy"]
        > 0.97
    ),
    "all-zero": lambda: not layer(trained("all-zero"), 0).any() and not solves("all-zero", 0.6),
    "all-alike": lambda: (
        bool(np.ptp(layer(trained("all-alike"), 0), axis=1).max() < 1e-5) and not solves("all-alike", 0.9)
    ),
    "vanishing-gradients": lambda: (
        figures(trained("vanishing-gradients"))["loss"] == pytest.approx(np.log(2), abs=2e-3)
        and first_layer_moves("vanishing-gradients") < 0.01
    ),
    "deep-relu": lambda: solves("deep-relu", 0.97) and first_layer_moves("deep-relu") > 0.1,
    "one-at-a-time": lambda: bool(
        np.abs(np.diff(losses("one-at-a-time"))).mean()
        > 5 * np.abs(np.diff(losses("one-at-a-time", training={"batch_size": 250}))).mean()
    ),
    "overfitting": lambda: figures(trained("overfitting"))["accuracy"] > 0.95 and gap("overfitting") > 0.4,
    "regularised": lambda: (
        abs(gap("regularised")) < 0.15
        and figures(trained("regularised"))["test_accuracy"] > figures(trained("overfitting"))["test_accuracy"]
    ),
    "few-examples": lambda: figures(trained("few-examples"))["accuracy"] == 1 and not solves("few-examples", 0.85),
    "three-classes": lambda: solves("three-classes", 0.97),
    "three-arms": lambda: solves("three-arms", 0.93),
    "plane-by-one-unit": lambda: layer(trained("plane-by-one-unit"), 0)[:, 0] == pytest.approx([0.1, 0.1, 0], abs=0.01),
    "hills": lambda: figures(trained("hills"))["test_loss"] < 0.02,
    "noisy-sine": lambda: 0.03 < figures(trained("noisy-sine"))["test_loss"] < 0.1,
    "keras-mnist": digits_are_learned,
    "mnist-best": moving_digits_are_learned,
}


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_does_what_its_sentence_claims(name: str) -> None:
    assert CLAIMS[name]()


def test_presets_come_by_group_in_the_order_of_the_gallery() -> None:
    groups = [preset.group for preset in PRESETS.values()]

    assert list(dict.fromkeys(groups)) == list(GROUPS)
    assert groups == sorted(groups, key=list(GROUPS).index)


def test_a_falling_learning_rate_reaches_the_bottom_when_the_preset_ends() -> None:
    best = PRESETS["mnist-best"]
    trainer = Trainer(best.spec)
    steps = best.epochs * trainer.batches_per_epoch
    rates = [
        best.spec.training.learning_rate_after(step / trainer.batches_per_epoch)
        for step in (steps - 1, steps, steps + 9)
    ]

    assert 0 < rates[0] < 1e-4 * best.spec.training.optimizer.learning_rate
    assert rates[1:] == [0, 0]
