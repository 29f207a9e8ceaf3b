"""A network that is built anew and keeps what it has learned: what has a place stays, and the log still tells all."""

import json
from typing import Any

import numpy as np
import pytest

from app.sessions.changes import replay
from app.sessions.hosted import HostedSession
from engine import Trainer
from tests.app.sessions.conftest import Desk


def trainer_of(desk: Desk) -> Trainer:
    session: HostedSession = desk.host._sessions["s"]
    return session.trainer


def matrices(trainer: Trainer) -> list[Any]:
    return [layer.matrix(trainer.parameters).copy() for layer in trainer.network.layers]


def train(desk: Desk, **spec: Any) -> Trainer:
    """Create a session, train it for two epochs and a batch, and return its trainer."""
    desk.create(**spec)
    desk.command(type="run", steps=7)
    desk.rest()
    return trainer_of(desk)


def keep(desk: Desk, patch: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = desk.command(type="configure", patch=patch, keep=True)
    return answer


def replayed(desk: Desk) -> Trainer:
    log = desk.host._sessions["s"].log
    return replay(log.origin, json.loads(json.dumps(log.entries)), trainer_of(desk).step)


def assert_same(one: Trainer, other: Trainer) -> None:
    assert one.spec == other.spec
    assert one.parameters.tobytes() == other.parameters.tobytes()
    assert (one.step, one.epoch, one.progress) == (other.step, other.epoch, other.progress)


def test_a_new_unit_starts_fresh_and_leaves_the_others_as_they_are(desk: Desk) -> None:
    old = matrices(train(desk))

    answer = keep(desk, {"network": {"layers": [{"units": 4}]}})
    new = matrices(trainer_of(desk))

    fresh = matrices(Trainer(trainer_of(desk).spec))
    assert (answer["rebuilt"], answer["kept"]) == (True, 13)
    np.testing.assert_array_equal(new[0][:, :3], old[0])
    np.testing.assert_array_equal(new[0][:, 3], fresh[0][:, 3])
    np.testing.assert_array_equal(new[1][[0, 1, 2, 4]], old[1])
    np.testing.assert_array_equal(new[1][3], fresh[1][3])


def test_a_new_layer_leaves_what_lies_before_it_and_the_biases_of_the_output(desk: Desk) -> None:
    old = matrices(train(desk))

    answer = keep(desk, {"network": {"layers": [{"units": 3}, {"units": 2}]}})
    new = matrices(trainer_of(desk))

    assert answer["kept"] == 10
    np.testing.assert_array_equal(new[0], old[0])
    np.testing.assert_array_equal(new[2][-1], old[1][-1])


def test_features_keep_their_weights_by_name(desk: Desk) -> None:
    old = matrices(train(desk))

    keep(desk, {"data": {"features": ["sin_x", "y", "x"]}})
    new = matrices(trainer_of(desk))

    features = trainer_of(desk).spec.data.features
    np.testing.assert_array_equal(new[0][features.index("x")], old[0][0])
    np.testing.assert_array_equal(new[0][features.index("y")], old[0][1])
    np.testing.assert_array_equal(new[1], old[1])


def test_another_activation_keeps_every_parameter_and_goes_on_in_the_same_run(desk: Desk) -> None:
    before = train(desk).parameters.copy()

    keep(desk, {"network": {"layers": [{"units": 3, "activation": "relu"}]}})
    standing = desk.rest()

    np.testing.assert_array_equal(trainer_of(desk).parameters, before)
    assert (standing["state"], standing["step"], standing["epoch"], standing["run"]) == ("paused", 7, 2, 1)


def test_a_run_goes_on_where_it_was_with_its_points_in_order(desk: Desk) -> None:
    desk.create()
    desk.attach()
    desk.command(type="run", epochs=20, speed=50)
    desk.poll_until(lambda: len(desk.points()) >= 5)

    keep(desk, {"network": {"layers": [{"units": 5}]}})
    desk.poll_until(lambda: any(event["type"] == "done" for event in desk.events))

    rebuilt = next(event for event in desk.events if event["type"] == "rebuilt")
    assert (rebuilt["state"], rebuilt["run"], rebuilt["kept"] > 0, rebuilt["parameters"]) == ("running", 1, True, 21)
    assert [(point["n"], point["epoch"], point["run"]) for point in desk.history()] == [(n, n, 1) for n in range(1, 21)]


def test_with_nothing_learned_yet_the_network_is_the_one_of_the_spec(desk: Desk) -> None:
    desk.create()

    answer = keep(desk, {"network": {"layers": [{"units": 4}]}})

    assert (answer["rebuilt"], answer["kept"]) == (True, 0)
    assert_same(trainer_of(desk), Trainer(trainer_of(desk).spec))
    assert json.loads(desk.ask("log"))["log"] == []


def test_weights_that_have_diverged_are_not_kept(desk: Desk) -> None:
    desk.create(
        network={"layers": [{"units": 4, "activation": "relu"}] * 3, "output_activation": "linear"},
        training={"optimizer": {"name": "sgd", "learning_rate": 100.0}, "loss": "mean_squared_error"},
    )
    desk.command(type="run", epochs=50)
    assert desk.rest()["state"] == "diverged"

    answer = keep(desk, {"network": {"layers": [{"units": 4}]}})

    assert answer["kept"] == 0
    assert desk.rest()["state"] == "idle"


CHANGES: list[dict[str, Any]] = [
    {"network": {"layers": [{"units": 5}]}},
    {"network": {"layers": [{"units": 2, "activation": "relu"}, {"units": 2, "dropout": 0.5}]}},
    {"network": {"layers": []}},
    {"network": {"output_activation": "tanh"}, "training": {"loss": "mean_squared_error"}},
    {"data": {"features": ["x_squared", "y"]}},
    {"data": {"dataset": "circle"}},
    {"data": {"split": {"train": 0.6, "validation": 0.2, "test": 0.2}}},
    {"training": {"seed": 9, "optimizer": "adam"}},
]


@pytest.mark.parametrize("patch", CHANGES, ids=str)
def test_spec_and_log_give_the_state_of_a_network_that_was_kept(desk: Desk, patch: dict[str, Any]) -> None:
    stop = [{"name": "early_stopping", "patience": 3}]
    data = {"dataset": {"name": "xor", "samples": 60}, "split": {"train": 0.5, "validation": 0.2, "test": 0.3}}
    train(desk, data=data, training={"optimizer": "momentum", "stop": stop, "input_noise": 0.1})

    keep(desk, patch)
    assert_same(trainer_of(desk), replayed(desk))
    desk.command(type="run", steps=8)
    desk.rest()

    assert_same(trainer_of(desk), replayed(desk))


def test_all_changes_one_after_the_other_are_in_the_log(desk: Desk) -> None:
    train(desk)

    for patch in CHANGES:
        keep(desk, patch)
        desk.command(type="step", unit="batch", count=4)
        desk.rest()

    assert len(json.loads(desk.ask("log"))["log"]) == len(CHANGES)
    assert_same(trainer_of(desk), replayed(desk))
