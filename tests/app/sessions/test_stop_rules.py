"""Runs that end by themselves: which rule ended them, with which weights, and how they go on."""

import json
from typing import Any

import pytest

from app.sessions.changes import replay
from engine import ExperimentSpec, Trainer
from tests.app.sessions.conftest import SMALL, Desk

SPLIT = {
    "dataset": {"name": "xor", "samples": 60, "noise": 0.3},
    "split": {"train": 0.4, "validation": 0.3, "test": 0.3},
}
# So large a rate overfits these few noisy points at once.
OVERFITTING = {"optimizer": {"name": "adam", "learning_rate": 0.1}, "batch_size": 6}


def run_under(desk: Desk, *rules: Any, **training: Any) -> dict[str, Any]:
    """Run a session with stop rules until it rests, and return its standing."""
    desk.create(data=SPLIT, training={**OVERFITTING, **training, "stop": rules})
    desk.attach()
    desk.command(type="run")
    return desk.rest()


def done(desk: Desk) -> dict[str, Any]:
    (event,) = [event for event in desk.events if event["type"] == "done"]
    return event


@pytest.mark.parametrize(
    ("rule", "step", "epoch"),
    [({"name": "epochs", "epochs": 3}, 12, 3), ({"name": "steps", "steps": 6}, 6, 1)],
    ids=lambda value: str(value)[:20],
)
def test_a_run_ends_after_so_many_epochs_or_steps(desk: Desk, rule: dict[str, Any], step: int, epoch: int) -> None:
    standing = run_under(desk, rule)

    assert (standing["state"], standing["done_by"]) == ("done", rule["name"])
    assert (standing["step"], standing["epoch"]) == (step, epoch)
    assert (done(desk)["by"], done(desk)["step"]) == (rule["name"], step)


def test_of_several_rules_the_first_that_is_met_ends_the_run(desk: Desk) -> None:
    target = {"name": "target", "metric": "accuracy", "value": 0.8}

    standing = run_under(desk, {"name": "epochs", "epochs": 500}, target, "plateau")

    assert done(desk)["by"] == standing["done_by"] == "target"
    assert standing["metrics"]["accuracy"] >= 0.8
    assert all(point["accuracy"] < 0.8 for point in desk.history()[:-1])


def test_a_command_of_its_own_ends_a_run_too(desk: Desk) -> None:
    desk.create(data=SPLIT, training={"stop": [{"name": "epochs", "epochs": 500}]})
    desk.attach()

    desk.command(type="run", epochs=2)
    assert desk.ask("describe")["until_epoch"] == 2

    assert (desk.rest()["done_by"], done(desk)["by"]) == ("run", "run")
    assert desk.rest()["until_epoch"] == 2


def test_early_stopping_ends_with_the_best_weights(desk: Desk) -> None:
    standing = run_under(desk, {"name": "early_stopping", "patience": 6})

    losses = [point["validation_loss"] for point in desk.history()]
    assert done(desk)["by"] == "early_stopping"
    assert standing["epoch"] == losses.index(min(losses)) + 1 + 6
    assert standing["metrics"]["validation_loss"] == pytest.approx(min(losses), rel=1e-6)
    assert losses[-1] > min(losses)


def test_a_rule_that_has_ended_a_run_does_not_end_the_next(desk: Desk) -> None:
    run_under(desk, {"name": "epochs", "epochs": 3})

    desk.command(type="run", epochs=4)

    assert (desk.rest()["epoch"], desk.rest()["done_by"]) == (7, "run")


def test_after_a_reset_a_rule_counts_from_the_start_again(desk: Desk) -> None:
    run_under(desk, {"name": "epochs", "epochs": 3})

    desk.command(type="reset")
    desk.command(type="run")

    assert (desk.rest()["epoch"], desk.rest()["done_by"]) == (3, "epochs")


def test_a_rule_added_while_a_session_rests_is_asked_before_it_goes_on(desk: Desk) -> None:
    desk.create()
    desk.command(type="run", epochs=4)
    desk.rest()

    desk.command(type="configure", patch={"training": {"stop": [{"name": "epochs", "epochs": 2}]}})
    desk.command(type="run")

    assert (desk.rest()["epoch"], desk.rest()["done_by"]) == (4, "epochs")


def test_rules_are_asked_after_every_epoch_though_points_lie_further_apart() -> None:
    desk = Desk(points=4)

    standing = run_under(desk, {"name": "early_stopping", "patience": 6})
    exact = Desk()

    assert standing["epoch"] == run_under(exact, {"name": "early_stopping", "patience": 6})["epoch"]
    assert len(desk.history()) <= 4


def test_steps_by_epoch_and_by_example_meet_the_rules_as_well(desk: Desk) -> None:
    desk.create(data=SPLIT, training={**OVERFITTING, "stop": [{"name": "epochs", "epochs": 2}]})

    desk.command(type="step", unit="example", count=24)
    assert (desk.rest()["state"], desk.rest()["epoch"]) == ("paused", 1)
    desk.command(type="step", unit="epoch", count=5)

    assert (desk.rest()["state"], desk.rest()["done_by"], desk.rest()["epoch"]) == ("done", "epochs", 2)


def test_a_run_that_diverges_is_told_as_such_whatever_the_rules(desk: Desk) -> None:
    desk.create(
        network={"layers": [{"units": 4, "activation": "relu"}] * 3, "output_activation": "linear"},
        training={
            "optimizer": {"name": "sgd", "learning_rate": 100.0},
            "loss": "mean_squared_error",
            "stop": ["plateau", {"name": "epochs", "epochs": 1000}],
        },
    )
    desk.attach()
    desk.command(type="run")

    assert desk.rest()["state"] == "diverged"
    assert desk.rest()["done_by"] is None


def test_points_and_standing_tell_the_learning_rate_of_a_schedule(desk: Desk) -> None:
    schedule = {"name": "step_decay", "factor": 0.5, "every": 2}
    desk.create(training={"optimizer": {"name": "sgd", "learning_rate": 0.8}, "schedule": schedule})
    desk.command(type="run", epochs=3)
    desk.rest()
    desk.command(type="configure", patch={"training": {"optimizer": {"learning_rate": 0.4}}})
    desk.command(type="run", epochs=2)

    assert desk.rest()["learning_rate"] == pytest.approx(0.1)
    assert [point["learning_rate"] for point in desk.history()] == pytest.approx([0.8, 0.4, 0.4, 0.1, 0.1])


def test_a_steady_learning_rate_stands_in_no_point(desk: Desk) -> None:
    desk.create()
    desk.command(type="run", epochs=2)

    assert desk.rest()["learning_rate"] == pytest.approx(0.03)
    assert all("learning_rate" not in point for point in desk.history())


BUSY = {
    **OVERFITTING,
    "schedule": {"name": "cosine_decay", "epochs": 9},
    "warmup_epochs": 1.5,
    "clipping": "clip_norm",
    "input_noise": 0.1,
    "stop": [{"name": "early_stopping", "patience": 4}, {"name": "steps", "steps": 150}],
}


def test_spec_and_log_give_the_state_with_rules_and_chance_as_well(desk: Desk) -> None:
    desk.create(data=SPLIT, network={"layers": [{"units": 6, "dropout": 0.3}]}, training=BUSY)
    desk.command(type="run", epochs=3)
    desk.rest()
    desk.command(type="edit", layer=0, bias=1, value=0.75)
    desk.command(type="step", unit="example", count=31)
    desk.rest()
    desk.command(type="run")
    desk.rest()
    desk.command(type="configure", patch={"training": {"optimizer": {"learning_rate": 0.2}, "clipping": "none"}})
    desk.command(type="run")
    assert desk.rest()["state"] == "done"
    desk.command(type="run", epochs=3)
    desk.rest()

    log = json.loads(desk.ask("log"))
    again = replay(ExperimentSpec.model_validate(log["spec"]), log["log"], log["step"])

    assert again.snapshot() == Trainer.restore(desk.ask("snapshot")).snapshot()


def test_a_command_in_the_middle_of_a_judgement_waits_for_it(desk: Desk) -> None:
    desk.create(data=SPLIT, network={"layers": [{"units": 6}]}, training=BUSY)
    desk.command(type="run")
    for value in range(40):
        desk.poll()
        desk.command(type="edit", layer=0, bias=0, value=value / 40)
    desk.rest()

    log = json.loads(desk.ask("log"))
    again = replay(ExperimentSpec.model_validate(log["spec"]), log["log"], log["step"])

    assert again.snapshot() == Trainer.restore(desk.ask("snapshot")).snapshot()


def test_a_snapshot_of_a_session_remembers_what_its_rules_have_seen() -> None:
    uncut, other = Desk(), Desk()
    uncut.create(data=SPLIT, training=BUSY)
    uncut.command(type="run", epochs=4)
    uncut.rest()

    other.ask("restore", payload=uncut.ask("snapshot"))
    ends = []
    for desk in (uncut, other):
        desk.command(type="run")
        ends.append({key: desk.rest()[key] for key in ("state", "done_by", "step", "metrics")})

    assert ends[0] == ends[1]
    assert ends[0]["state"] == "done"


def test_the_smallest_spec_has_no_rules() -> None:
    assert ExperimentSpec.model_validate(SMALL).training.stop == ()


def test_a_rule_that_has_ended_a_run_says_why_and_the_words_have_no_holes(desk: Desk) -> None:
    standing = run_under(desk, {"name": "early_stopping", "patience": 6})

    losses = [point["validation_loss"] for point in desk.history()]
    because = standing["done_because"]
    assert because["values"]["best_epoch"] == losses.index(min(losses)) + 1
    assert because["values"]["patience"] == 6
    for sentence in because["words"].values():
        assert sentence.format(**because["values"])
    desk.command(type="run", epochs=1)
    assert desk.rest()["done_because"] is None


@pytest.mark.parametrize(
    "rule", [{"name": "epochs", "epochs": 2}, {"name": "steps", "steps": 2}, "plateau", "target"], ids=str
)
def test_every_rule_says_why(desk: Desk, rule: Any) -> None:
    standing = run_under(desk, rule)

    because = standing["done_because"]
    assert all(sentence.format(**because["values"]) for sentence in because["words"].values())


def test_two_rules_of_a_name_that_have_both_ended_runs_are_not_mistaken_for_each_other(desk: Desk) -> None:
    near, far = ({"name": "target", "metric": metric, "value": 0.6} for metric in ("loss", "accuracy"))
    run_under(desk, near, far)
    while desk.rest()["done_by"] == "target" and desk.rest()["done_because"] is not None:
        desk.command(type="run", epochs=60)

    assert desk.rest()["done_because"] is None


def test_a_session_tells_how_far_into_an_epoch_it_is_and_which_loss_trains(desk: Desk) -> None:
    desk.create(data=SPLIT, training={"batch_size": 6})
    desk.command(type="step", unit="batch", count=3)
    assert desk.rest()["epoch_progress"] == {"examples": 18, "of": 24}

    desk.command(type="step", unit="example", count=1)
    assert desk.rest()["epoch_progress"] == {"examples": 19, "of": 24}

    desk.command(type="step", unit="epoch", count=1)
    assert desk.rest()["epoch_progress"] == {"examples": 0, "of": 24}
    assert desk.ask("describe")["loss"] == "binary_crossentropy"
