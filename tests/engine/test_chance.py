"""Dropout, shifts and noise: what they do to an update, and that chance too is a function of spec and steps."""

import itertools
import weakref
from typing import Any

import numpy as np
import pytest

from engine import ExperimentSpec, Trainer
from engine.losses import MeanSquaredError
from engine.network import BackwardPass, Dropout, Network
from engine.registry import components, find
from engine.spec import TrainingSpec
from engine.updates import Updates


def chancy(dropout: float = 0.3, **training: Any) -> ExperimentSpec:
    layers = [{"units": 4, "dropout": dropout}, {"units": 3, "dropout": dropout}]
    if training.get("optimizer") == "perceptron_rule":
        layers = []
    return ExperimentSpec.model_validate(
        {
            "data": {
                "dataset": {"name": "xor", "samples": 60, "noise": 0.1},
                "split": {"train": 0.5, "validation": 0.2, "test": 0.3},
            },
            "network": {"layers": layers},
            "training": {"batch_size": 7, **training},
        }
    )


def images(shift: int, batch_size: int = 30) -> ExperimentSpec:
    return ExperimentSpec.model_validate(
        {
            "data": {"dataset": {"name": "mnist", "samples": 100}},
            "network": {"layers": [{"units": 4}]},
            "training": {"input_shift": shift, "batch_size": batch_size},
        }
    )


def masked_pass(activation: str, shares: list[float], random: np.random.Generator) -> tuple[Network, BackwardPass]:
    kind = find("activation", activation)()
    network = Network([2, 4, 3, 1], [kind, kind, find("activation", "tanh")()], "float64")
    network.initialize(find("initializer", "glorot_uniform")(), np.random.default_rng(1))
    dropouts = [
        Dropout(share, layer.units, 5, "float64", random) if share else None
        for share, layer in zip(shares, network.layers, strict=False)
    ]
    return network, BackwardPass(network, 5, MeanSquaredError(), np.zeros_like(network.parameters), dropouts)


@pytest.mark.parametrize("activation", components("activation"))
@pytest.mark.parametrize("shares", [[0.5, 0.5], [0.0, 0.4], [0.4, 0.0]], ids=str)
def test_the_gradient_under_dropout_is_that_of_the_network_that_is_left(activation: str, shares: list[float]) -> None:
    random = np.random.default_rng(2)
    network, backward = masked_pass(activation, shares, random)
    network.parameters += np.random.default_rng(3).normal(0, 0.3, network.parameters.size)
    x = np.vstack([np.random.default_rng(4).normal(0, 1, (2, 5)), np.ones(5)])
    t = np.random.default_rng(5).normal(0, 1, (1, 5))
    chance = random.bit_generator.state

    def loss() -> float:
        random.bit_generator.state = chance  # The same units are silent every time.
        return MeanSquaredError().total(backward(x, t), t) / 5

    loss()
    gradient = backward.gradient.copy()
    differences = np.empty_like(gradient)
    for index, value in enumerate(network.parameters.copy()):
        network.parameters[index] = value + 1e-6
        above = loss()
        network.parameters[index] = value - 1e-6
        differences[index] = (above - loss()) / 2e-6
        network.parameters[index] = value

    np.testing.assert_allclose(gradient, differences, rtol=1e-5, atol=1e-8)


def test_dropout_silences_its_share_and_keeps_the_mean() -> None:
    dropout = Dropout(0.3, 200, 200, "float32", np.random.default_rng(6))
    a = np.ones((200, 200), np.float32)

    dropout(a)

    left = dropout.extended[:-1]
    assert set(np.unique(left)) == {np.float32(0), np.float32(1 / 0.7)}
    assert np.mean(left == 0) == pytest.approx(0.3, abs=0.01)
    assert np.mean(left) == pytest.approx(1, abs=0.02)
    assert np.all(dropout.extended[-1] == 1)
    assert np.all(a == 1)


def test_an_evaluation_knows_nothing_of_dropout_and_noise() -> None:
    trainer = Trainer(chancy(input_noise=0.5))
    trainer.advance(9)
    before = trainer.snapshot()

    figures = [trainer.metrics() for _ in range(2)]
    outputs = [trainer.predict([[1.0, 2.0]]) for _ in range(2)]

    assert figures[0] == figures[1]
    np.testing.assert_array_equal(outputs[0], outputs[1])
    assert trainer.snapshot() == before


def test_input_noise_has_its_standard_deviation_and_spares_the_biases() -> None:
    spec = chancy(input_noise=0.5, batch_size=30)
    quiet, noisy = Trainer(chancy(batch_size=30)), Trainer(spec)
    ((x, _),) = quiet._feed.deal(1)
    seen = []
    for _ in range(200):
        noisy.advance()
        (rows,) = [noisy._feed._x]
        seen.append(rows[np.argsort(noisy._feed.order)] - x.T[np.argsort(quiet._feed.order)])
    moved = np.array(seen)

    assert moved[..., :2].std() == pytest.approx(0.5, rel=0.03)
    assert moved[..., :2].mean() == pytest.approx(0, abs=0.02)
    assert np.all(moved[..., 2] == 0)


def moved(image: Any, down: int, across: int) -> Any:
    """Return an image so shifted, with zeros at the edges that it leaves."""
    rows, columns = image.shape
    padded = np.zeros((rows + 2 * abs(down), columns + 2 * abs(across)), image.dtype)
    padded[abs(down) + down :, abs(across) + across :][:rows, :columns] = image
    return padded[abs(down) :, abs(across) :][:rows, :columns]


def test_an_input_shift_moves_every_image_as_a_whole_and_by_any_distance_as_often() -> None:
    random = np.random.default_rng(8)
    batch, rows, columns, most = 2000, 3, 5, 2
    network = Network([rows * columns, 1], [find("activation", "linear")()], "float32")
    updates = Updates(network, MeanSquaredError(), find("optimizer", "sgd")(), np.zeros((0, 16)), [], random)
    updates.shift(most, (rows, columns), batch)
    before = random.random((batch, rows, columns), np.float32) + 1  # Every pixel differs, and none is zero.
    x = np.vstack([before.reshape(batch, -1).T, np.ones(batch, np.float32)])
    distances = list(itertools.product(range(-most, most + 1), repeat=2))
    counts = dict.fromkeys(distances, 0)

    for change in updates.changes_of_inputs:
        change(x)

    for image, after in zip(before, x[:-1].T.reshape(before.shape), strict=True):
        (found,) = [distance for distance in distances if np.array_equal(moved(image, *distance), after)]
        counts[found] += 1
    assert np.all(x[-1] == 1)
    # Of 2,000 throws of 25 sides, each side's count is 80 with a standard deviation of 8.8.
    assert all(40 < count < 120 for count in counts.values())


def test_shifted_images_are_gathered_anew_for_every_epoch() -> None:
    still, shifted = Trainer(images(0, batch_size=100)), Trainer(images(3, batch_size=100))
    for _ in range(20):
        still.advance()
        shifted.advance()

    def pixels(trainer: Trainer) -> Any:
        return trainer._feed._x[np.argsort(trainer._feed.order), :-1].reshape(100, 28, 28)

    for image, after in zip(pixels(still), pixels(shifted), strict=True):
        assert any(
            np.array_equal(moved(image, *distance), after) for distance in itertools.product(range(-3, 4), repeat=2)
        )


def test_a_run_with_shifts_cut_at_any_step_goes_on_bit_for_bit() -> None:
    uncut = Trainer(images(2))
    snapshots = [uncut.snapshot()]
    for step in range(9):
        uncut.advance_examples() if step == 5 else uncut.advance()
        snapshots.append(uncut.snapshot())

    for step, snapshot in enumerate(snapshots[:-1]):
        restored = Trainer.restore(snapshot)
        restored.advance_examples() if step == 5 else restored.advance()
        assert restored.snapshot() == snapshots[step + 1]


def test_shifts_can_be_turned_on_and_off_while_training() -> None:
    trainer = Trainer(images(0))
    training = trainer.spec.training.model_dump(mode="json")
    trainer.advance(2)
    trainer.reconfigure(TrainingSpec.model_validate({**training, "input_shift": 1, "batch_size": 45}))
    trainer.advance(3)
    drawn = trainer._random.bit_generator.state
    trainer.reconfigure(TrainingSpec.model_validate(training))
    trainer.advance(3)

    assert trainer._random.bit_generator.state == drawn
    assert Trainer.restore(trainer.snapshot()).snapshot() == trainer.snapshot()


def test_what_is_off_draws_no_random_number() -> None:
    trainer = Trainer(chancy(dropout=0.0))
    before = trainer._random.bit_generator.state

    trainer.advance(20)

    assert trainer._random.bit_generator.state == before
    assert not trainer._updates.changes_of_inputs
    assert not trainer._updates.changes_of_gradient


@pytest.mark.parametrize(
    ("optimizer", "schedule"), list(itertools.product(components("optimizer"), components("schedule")))
)
@pytest.mark.parametrize(("dropout", "noise"), [(0.0, 0.0), (0.4, 0.2)], ids=str)
def test_a_run_cut_at_any_step_goes_on_bit_for_bit(optimizer: str, schedule: str, dropout: float, noise: float) -> None:
    spec = chancy(
        dropout,
        optimizer=optimizer,
        schedule=schedule,
        warmup_epochs=0.7,
        clipping="clip_norm",
        regularizer="none" if optimizer == "perceptron_rule" else "l2",
        input_noise=noise,
        stop=[{"name": "early_stopping", "patience": 1}, {"name": "steps", "steps": 7}],
    )
    uncut, again = Trainer(spec), Trainer(spec)
    snapshots = [uncut.snapshot()]
    for _ in range(11):
        uncut.run(1)
        snapshots.append(uncut.snapshot())

    for step, snapshot in enumerate(snapshots[:-1]):
        restored = Trainer.restore(snapshot)
        assert restored.snapshot() == snapshot
        restored.run(1)
        assert restored.snapshot() == snapshots[step + 1]
    while again.step < 11:
        again.run(11 - again.step)
    assert again.snapshot() == snapshots[-1]


def test_another_seed_of_the_order_draws_other_units_and_other_noise() -> None:
    trainers = [Trainer(chancy(seed=seed, batch_size=30, input_noise=0.1)) for seed in (1, 2)]
    for trainer in trainers:
        trainer.advance()

    assert np.any(trainers[0].parameters != trainers[1].parameters)


def test_noise_can_be_turned_on_and_off_while_training() -> None:
    trainer = Trainer(chancy(dropout=0.0))
    training = trainer.spec.training.model_dump(mode="json")
    trainer.advance(3)
    trainer.reconfigure(TrainingSpec.model_validate({**training, "input_noise": 0.3, "batch_size": 12}))
    trainer.advance(6)
    drawn = trainer._random.bit_generator.state
    trainer.reconfigure(TrainingSpec.model_validate(training))
    trainer.advance(6)

    assert trainer._random.bit_generator.state == drawn
    assert Trainer.restore(trainer.snapshot()).snapshot() == trainer.snapshot()


@pytest.mark.parametrize("optimizer", components("optimizer"))
def test_a_trainer_that_is_let_go_of_is_gone_at_once(optimizer: str) -> None:
    trainer = Trainer(chancy(optimizer=optimizer, input_noise=0.1, clipping="clip_value", stop=["early_stopping"]))
    trainer.run(12)
    is_alive = weakref.ref(trainer)

    del trainer

    assert is_alive() is None
