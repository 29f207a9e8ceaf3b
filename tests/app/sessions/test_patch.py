"""Merge patches on specs: what is kept, what is dropped, and what returns to its default."""

from typing import Any

import pytest

from app.errors import Problem
from app.sessions.patch import is_live, patched
from app.settings import Settings
from engine import ExperimentSpec
from engine.datasets import GivenDataset
from engine.presets import PRESETS
from engine.registry import components

LIMITS = Settings().limits()


def patch(document: dict[str, Any], change: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]], bool]:
    """Return the changed spec in full, the adjustments, and whether the change is live."""
    spec = ExperimentSpec.model_validate(document)
    changed, adjusted = patched(spec, change, LIMITS)
    return changed.full(), adjusted, is_live(spec, changed)


def test_a_new_optimizer_keeps_the_fields_that_it_shares_and_drops_the_others() -> None:
    before = {"training": {"optimizer": {"name": "rmsprop", "learning_rate": 0.2, "rho": 0.8}}}

    spec, adjusted, live = patch(before, {"training": {"optimizer": {"name": "momentum"}}})

    assert spec["training"]["optimizer"] == {"name": "momentum", "learning_rate": 0.2, "momentum": 0.9}
    assert {"field": "training.optimizer.rho", "from": 0.8, "to": None, "code": "dropped"} in adjusted
    assert live


def test_a_bare_name_in_a_patch_is_a_name() -> None:
    spec, _, _ = patch({"training": {"regularizer": {"name": "l2", "rate": 0.5}}}, {"training": {"regularizer": "l1"}})

    assert spec["training"]["regularizer"] == {"name": "l1", "rate": 0.5}


def test_null_takes_a_member_away_so_that_its_default_stands() -> None:
    spec, _, _ = patch({"training": {"batch_size": 30}}, {"training": {"batch_size": None}})

    assert spec["training"]["batch_size"] == 10


def test_fields_that_contradict_a_new_data_set_return_to_their_defaults() -> None:
    before = {"network": {"output_activation": "tanh"}, "training": {"loss": "mean_squared_error"}}

    spec, adjusted, live = patch(before, {"data": {"dataset": "mnist"}})

    assert spec["data"] == PRESETS["keras-mnist"].spec.full()["data"]
    assert spec["network"]["output_activation"] is None
    assert {entry["field"] for entry in adjusted} == {
        "data.dataset.samples", "data.dataset.noise", "data.split", "data.features", "network.output_activation",
    }  # fmt: skip
    assert not live


def test_stop_rules_that_look_at_what_a_new_data_set_has_not_are_left_out() -> None:
    epochs, target = {"name": "epochs", "epochs": 5}, {"name": "target", "metric": "test_accuracy", "value": 0.9}

    spec, adjusted, _ = patch({"training": {"stop": [epochs, target]}}, {"data": {"dataset": "plane"}})

    assert spec["training"]["stop"] == [epochs]
    assert {"field": "training.stop", "from": [epochs, target], "to": [epochs], "code": "default"} in adjusted


def test_the_perceptron_rule_gives_way_to_layers_and_to_tasks_that_it_cannot_train() -> None:
    before = PRESETS["perceptron-linear"].spec.full()

    for change in ({"network": {"layers": [{"units": 3}]}}, {"data": {"dataset": "plane"}}):
        spec, adjusted, live = patch(before, change)

        assert spec["training"]["optimizer"] == {"name": "sgd", "learning_rate": 0.03}
        assert "training.optimizer" in {entry["field"] for entry in adjusted}
        assert not live
    assert patch(before, {"data": {"dataset": "xor"}})[0]["training"]["optimizer"]["name"] == "perceptron_rule"
    with pytest.raises(Problem, match="hidden layers"):
        patch({}, {"training": {"optimizer": "perceptron_rule"}})


def test_a_schedule_and_a_clipping_of_another_name_keep_what_they_share() -> None:
    before = {"training": {"schedule": {"name": "exponential_decay", "rate": 0.5}, "clipping": "clip_norm"}}

    spec, adjusted, live = patch(before, {"training": {"schedule": "inverse_time_decay", "clipping": "clip_value"}})

    assert spec["training"]["schedule"] == {"name": "inverse_time_decay", "rate": 0.5}
    assert spec["training"]["clipping"] == {"name": "clip_value", "value": 0.5}
    assert [entry["field"] for entry in adjusted] == ["training.clipping.norm"]
    assert live


def test_what_is_no_image_is_not_shifted() -> None:
    before = {"data": {"dataset": "mnist"}, "training": {"input_shift": 2}}

    spec, adjusted, _ = patch(before, {"data": {"dataset": "circle"}})

    assert spec["training"]["input_shift"] == 0
    assert {"field": "training.input_shift", "from": 2, "to": 0, "code": "default"} in adjusted


def test_there_and_back_again_is_a_valid_spec() -> None:
    document = ExperimentSpec().full()
    built_in = [name for name, kind in components("dataset").items() if not issubclass(kind, GivenDataset)]
    for name in [*built_in, *reversed(built_in)]:
        document, _, _ = patch(document, {"data": {"dataset": name}})

        assert document["data"]["dataset"]["name"] == name


def test_noise_and_samples_are_kept_between_sets_of_the_plane() -> None:
    before = {"data": {"dataset": {"name": "xor", "samples": 300, "noise": 0.2}}}

    spec, adjusted, _ = patch(before, {"data": {"dataset": {"name": "circle"}}})

    assert spec["data"]["dataset"] == {"name": "circle", "samples": 300, "noise": 0.2}
    assert adjusted == []


@pytest.mark.parametrize(
    ("change", "live"),
    [
        ({"training": {"optimizer": {"learning_rate": 0.5}}}, True),
        ({"training": {"batch_size": 20}}, True),
        ({"training": {"regularizer": "l2"}}, True),
        ({"training": {"loss": "mean_squared_error"}}, True),
        ({"training": {"schedule": "cosine_decay", "warmup_epochs": 2}}, True),
        ({"training": {"clipping": "clip_norm", "input_noise": 0.1, "stop": ["plateau"]}}, True),
        ({"network": {"layers": [{"units": 4, "dropout": 0.2}]}}, False),
        ({"training": {"seed": 1}}, False),
        ({"network": {"seed": 1}}, False),
        ({"network": {"output_activation": "tanh"}}, False),
        ({"network": {"layers": []}}, False),
        ({"data": {"dataset": {"noise": 0.3}}}, False),
    ],
    ids=str,
)
def test_what_can_change_live_does(change: dict[str, Any], live: bool) -> None:
    assert patch({}, change)[2] is live


@pytest.mark.parametrize(
    "change",
    [
        {"data": 3},
        {"data": None, "network": 3},
        {"data": {"dataset": []}},
        {"data": {"dataset": {"name": 7}}},
        {"data": {"dataset": {"name": "nope"}}},
        {"data": {"split": 3}},
        {"network": {"layers": {"units": 3}}},
        {"training": {"optimizer": {"name": "sgd", "rho": 1}}},
        {"training": []},
        {"version": 7},
        {"something": {"else": {"deep": 1}}},
    ],
    ids=str,
)
def test_a_patch_that_makes_no_sense_is_a_problem_with_fields(change: dict[str, Any]) -> None:
    with pytest.raises(Problem) as caught:
        patch({}, change)

    assert caught.value.status == 422
    assert all(error["field"] for error in caught.value.errors)


def test_the_limits_of_the_server_hold_for_patches() -> None:
    with pytest.raises(Problem, match="at most 1024"):
        patch({}, {"network": {"layers": [{"units": 1025}]}})
