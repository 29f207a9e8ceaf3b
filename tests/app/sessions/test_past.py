"""The past of a session: every step of it can be gone back to, bit for bit, and gone on from."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import Problem
from app.sessions.changes import replay
from app.sessions.checkpoint import Checkpoint
from app.sessions.divergence import last_good
from app.sessions.hosted import HostedSession
from engine import ExperimentSpec, Trainer
from tests.app.sessions.conftest import SMALL, Desk

STEPS_AN_EPOCH = 3


def session_of(desk: Desk) -> HostedSession:
    return desk.host._sessions["s"]


def state(trainer: Trainer) -> tuple[Any, ...]:
    """Return all that tells one trainer from another."""
    moment = trainer.moment()
    arrays = (moment.parameters, moment.slots, moment.order, moment.best)
    return (
        moment.spec.full(),
        *(None if array is None else array.tobytes() for array in arrays),
        *(getattr(moment, name) for name in ("step", "epoch", "cursor", "generators", "slots_since", "judged_step")),
        moment.memories,
        moment.running,
    )


def assert_same(one: Trainer, other: Trainer) -> None:
    assert state(one) == state(other)


def run(desk: Desk, epochs: int) -> dict[str, Any]:
    desk.command(type="run", epochs=epochs)
    return desk.rest()


def seek(desk: Desk, step: int) -> dict[str, Any]:
    """Go to a step and return where the session then stands."""
    answer = desk.command(type="seek", step=step)
    standing = desk.rest()
    assert answer["step"] == standing["step"]
    return standing


def test_every_step_of_a_run_can_be_gone_back_to_bit_for_bit(desk: Desk) -> None:
    desk.create(training={"optimizer": "adam", "input_noise": 0.1})
    run(desk, 6)
    spec = session_of(desk).spec

    for step in [*range(18, -1, -1), 3, 17, 9, 10]:
        standing = seek(desk, step)

        fresh = Trainer(spec)
        fresh.advance(step)
        assert_same(session_of(desk).trainer, fresh)
        assert standing["metrics"] == fresh.metrics()
        assert (standing["step"], standing["epoch"]) == (step, step // STEPS_AN_EPOCH)


def test_the_newest_state_comes_back_as_it_was(desk: Desk) -> None:
    desk.create()
    standing = run(desk, 6)
    before = state(session_of(desk).trainer)

    past = seek(desk, 4)
    present = seek(desk, 18)

    assert (past["state"], past["timeline"]["is_past"], past["timeline"]["newest"]) == ("paused", True, 18)
    assert present == standing
    assert state(session_of(desk).trainer) == before


def test_a_step_that_never_was_is_refused_with_what_there_is(desk: Desk) -> None:
    desk.create()
    run(desk, 2)

    with pytest.raises(Problem) as caught:
        seek(desk, 7)

    assert caught.value.errors[0]["code"] == "too_large"
    assert caught.value.errors[0]["limit"] == 6
    assert desk.rest()["state"] == "done"


def test_going_back_pauses_a_run_and_tells_where_it_stands(desk: Desk) -> None:
    desk.create()
    desk.attach()
    desk.command(type="run")
    desk.poll_until(lambda: len(desk.points()) > 5)

    desk.command(type="seek", step=5)

    told = [event for event in desk.events if event["type"] == "state"]
    assert (told[-1]["state"], told[-1]["step"], told[-1]["timeline"]["is_past"]) == ("paused", 5, True)
    assert told[-1]["timeline"]["newest"] >= 18


def test_going_on_from_a_past_step_begins_a_run_whose_line_goes_through_it(desk: Desk) -> None:
    desk.create()
    desk.attach()
    run(desk, 6)
    seek(desk, 9)

    standing = run(desk, 2)

    assert (standing["run"], standing["step"], standing["epoch"]) == (2, 15, 5)
    assert standing["timeline"]["line"] == [{"run": 1, "step": 9}]
    assert standing["timeline"]["newest"] == 15
    numbers = [(point["n"], point["run"], point["epoch"]) for point in desk.history()]
    assert numbers == [(1, 1, 1), (2, 1, 2), (3, 1, 3), (4, 1, 4), (5, 1, 5), (6, 1, 6), (7, 2, 4), (8, 2, 5)]
    assert [point["n"] for point in desk.points()] == [1, 2, 3, 4, 5, 6, 7, 8]
    # The same network and the same order of examples: the same run once more.
    assert desk.history()[6]["loss"] == desk.history()[3]["loss"]


def test_what_was_done_later_than_the_step_gone_on_from_is_no_longer_in_the_log(desk: Desk) -> None:
    desk.create()
    run(desk, 2)
    desk.command(type="configure", patch={"training": {"optimizer": {"learning_rate": 0.5}}})
    run(desk, 2)
    desk.command(type="edit", layer=0, bias=0, value=1.0)
    run(desk, 2)

    seek(desk, 12)
    assert len(json.loads(desk.ask("log"))["log"]) == 2
    seek(desk, 11)
    assert len(json.loads(desk.ask("log"))["log"]) == 1
    standing = seek(desk, 5)
    assert standing["learning_rate"] == 0.03
    assert json.loads(desk.ask("log"))["log"] == []
    run(desk, 1)

    assert json.loads(desk.ask("log"))["log"] == []
    assert desk.ask("describe")["spec"]["training"]["optimizer"]["learning_rate"] == 0.03
    assert_same(session_of(desk).trainer, replay(session_of(desk).spec, [], session_of(desk).trainer.step))


def test_steps_within_examples_can_be_gone_back_to(desk: Desk) -> None:
    desk.create()
    run(desk, 1)
    desk.command(type="step", unit="example", count=50)
    desk.rest()
    run(desk, 1)

    standing = seek(desk, 3 + 20)

    trainer = Trainer(ExperimentSpec.model_validate(SMALL))
    trainer.advance(3)
    trainer.advance_examples(20)
    assert_same(session_of(desk).trainer, trainer)
    assert standing["step"] == 23


def test_a_past_network_of_another_shape_is_announced_as_rebuilt(desk: Desk) -> None:
    desk.create()
    desk.attach()
    run(desk, 2)
    desk.command(type="configure", patch={"network": {"layers": [{"units": 5}]}}, keep=True)
    run(desk, 2)
    version = desk.ask("describe")["data_version"]

    seek(desk, 4)

    event = desk.events[-1]
    assert (event["type"], event["parameters"], event["step"], event["data_version"]) == ("rebuilt", 13, 4, version + 1)
    seek(desk, 12)
    assert (desk.events[-1]["type"], desk.events[-1]["parameters"]) == ("rebuilt", 21)


def test_a_diverged_run_can_be_gone_back_from(desk: Desk) -> None:
    desk.create(
        network={"layers": [{"units": 4, "activation": "relu"}] * 3, "output_activation": "linear"},
        training={"optimizer": {"name": "sgd", "learning_rate": 100.0}, "loss": "mean_squared_error"},
    )
    diverged = run(desk, 50)

    assert diverged["state"] == "diverged"
    assert seek(desk, 0)["state"] == "paused"
    assert seek(desk, diverged["step"]) == diverged


def test_a_reset_forgets_the_past(desk: Desk) -> None:
    desk.create()
    run(desk, 4)

    desk.command(type="reset")
    standing = desk.rest()

    assert (standing["timeline"]["first"], standing["timeline"]["newest"], standing["timeline"]["line"]) == (0, 0, [])


def test_the_newer_of_two_wishes_is_carried_out(desk: Desk) -> None:
    desk.create()
    run(desk, 30)
    session_of(desk).past.timeline.clear()
    desk.host.request(1001, "command", "s", {"command": {"type": "seek", "step": 80}})
    desk.host.request(1002, "command", "s", {"command": {"type": "seek", "step": 40}})

    desk.poll_until(lambda: 1001 in desk._replies and 1002 in desk._replies)

    assert (desk._replies[1001]["step"], desk._replies[1002]["step"]) == (90, 40)


def test_a_run_that_is_asked_for_meanwhile_wins_over_going_back(desk: Desk) -> None:
    desk.create()
    run(desk, 30)
    desk.host.request(1001, "command", "s", {"command": {"type": "seek", "step": 80}})
    desk.host.request(1002, "command", "s", {"command": {"type": "run", "epochs": 2}})

    standing = desk.rest()

    assert (standing["step"], standing["timeline"]["is_past"]) == (96, False)


def test_a_step_is_refused_that_would_take_too_long_to_make_again() -> None:
    desk = Desk(timeline_bytes=0, replay_s=1)
    desk.create()
    desk.command(type="run", steps=5)
    desk.rest()
    session = session_of(desk)
    session.trainer.step = 10**6  # As if it had trained for long.

    with pytest.raises(Problem) as caught:
        desk.command(type="seek", step=700_000)

    assert caught.value.errors[0]["code"] == "too_far"
    assert caught.value.errors[0]["limit"] == 10**6


def test_moments_before_a_log_that_was_full_can_still_be_gone_back_to_and_do_not_lie() -> None:
    desk = Desk(log=3)
    desk.create()
    states = {}
    for epoch in range(1, 10):
        run(desk, 1)
        if epoch % 2 == 0:
            desk.command(type="edit", layer=0, bias=0, value=epoch / 10)
        states[3 * epoch] = session_of(desk).trainer.parameters.copy()
    reached = []

    for step in range(27):
        try:
            seek(desk, step)
        except Problem as problem:
            assert problem.errors[0]["code"] == "too_far"
            continue
        reached.append(step)
        if step in states:
            np.testing.assert_array_equal(session_of(desk).trainer.parameters, states[step])

    # The log begins anew before the edit at step 24, from where nothing leads back over the edits that are forgotten;
    # but the ends of the epochs after which there was none are still there.
    assert reached == [0, 3, 9, 15, 21, 22, 23, 24, 25, 26]
    assert seek(desk, 0)["step"] == 0
    assert_same(session_of(desk).trainer, Trainer(session_of(desk).spec))


def test_a_network_that_stood_for_less_than_an_epoch_has_a_past_to_look_at(desk: Desk) -> None:
    desk.create()
    run(desk, 2)
    desk.command(type="configure", patch={"network": {"layers": [{"units": 5}]}}, keep=True)
    desk.command(type="step", unit="batch")
    desk.rest()
    desk.command(type="configure", patch={"network": {"layers": [{"units": 6}]}}, keep=True)
    run(desk, 2)
    seek(desk, 2 * STEPS_AN_EPOCH)

    told = desk.ask("timeline_parameters", places=None, form="json")

    assert json.loads(told)["steps"] == [2 * STEPS_AN_EPOCH]


def test_a_checkpoint_made_while_looking_back_is_of_the_newest_state() -> None:
    desk = Desk(checkpoint_period_s=1.0)
    desk.create()
    standing = run(desk, 6)
    newest = state(session_of(desk).trainer)
    seek(desk, 4)
    desk.command(type="pause")
    desk.ask("checkpoint")
    desk.poll_until(lambda: bool(desk.saved))
    kept = desk.saved[0]
    for checkpoint in desk.saved[1:]:
        kept = kept.then(checkpoint)

    header, payload = kept.to_message()
    other = Desk()
    other.ask("resume", "s", payload, **header, rests=False)

    assert state(session_of(other).trainer) == newest
    assert {**other.rest(), "speed": None} == {**standing, "speed": None}
    assert seek(other, 4)["step"] == 4
    fresh = Trainer(session_of(other).spec)
    fresh.advance(4)
    assert_same(session_of(other).trainer, fresh)


@pytest.mark.parametrize("step", [0, 4, 9, 18])
def test_a_branch_goes_on_as_the_session_did_and_has_its_past(desk: Desk, step: int) -> None:
    desk.create()
    run(desk, 3)
    desk.command(type="configure", patch={"training": {"batch_size": 7}})
    run(desk, 3)
    before = desk.rest()

    checkpoint = Checkpoint.from_bytes(desk.ask("branch", step=step))
    assert desk.rest() == before
    other = Desk()
    header, payload = checkpoint.to_message()
    other.ask("resume", "s", payload, **header, rests=False)

    seek(desk, step)
    assert_same(session_of(other).trainer, session_of(desk).trainer)
    assert other.rest()["metrics"] == desk.rest()["metrics"]
    assert [point["epoch"] for point in other.history()] == [
        point["epoch"] for point in desk.history() if point["step"] <= step
    ]
    assert seek(other, 0)["step"] == 0
    seek(other, step)
    run(desk, 2)
    run(other, 2)
    assert session_of(other).trainer.parameters.tobytes() == session_of(desk).trainer.parameters.tobytes()


COMMANDS = st.lists(
    st.one_of(
        st.builds(lambda n: {"type": "run", "steps": n}, st.integers(1, 9)),
        st.builds(lambda n: {"type": "run", "epochs": n}, st.integers(1, 4)),
        st.builds(lambda n: {"type": "step", "unit": "example", "count": n}, st.integers(1, 80)),
        st.builds(lambda v: {"type": "edit", "layer": 0, "bias": 0, "value": v}, st.sampled_from([0.5, -1.0])),
        st.sampled_from([{"type": "reset"}, {"type": "reset", "weights": "new"}, {"type": "undo"}, {"type": "redo"}]),
        st.builds(
            lambda patch, keep: {"type": "configure", "patch": patch, "keep": keep},
            st.sampled_from(
                [
                    {"training": {"optimizer": {"learning_rate": 0.2}}},
                    {"training": {"optimizer": "adam", "batch_size": 4}},
                    {"training": {"regularizer": "l2"}},
                    {"network": {"layers": [{"units": 4}, {"units": 2, "dropout": 0.2}]}},
                    {"network": {"layers": [{"units": 2, "activation": "relu"}]}},
                    {"data": {"features": ["x", "sin_y"]}},
                    {"data": {"dataset": {"name": "circle", "samples": 40}}},
                ]
            ),
            st.booleans(),
        ),
        st.builds(lambda share: {"type": "seek", "share": share}, st.floats(0, 1)),
        st.builds(lambda what: {"type": what, "moment": "A"}, st.sampled_from(["remember", "recall", "forget"])),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(COMMANDS)
def test_whatever_was_done_every_step_is_that_of_a_fresh_replay(commands: list[dict[str, Any]]) -> None:
    desk = Desk()
    desk.create(training={"optimizer": "momentum", "stop": [{"name": "steps", "steps": 50}]})
    session = session_of(desk)
    numbers: list[int] = []
    for command in commands:
        if command["type"] == "seek":
            desk.command(type="seek", step=round(command["share"] * session.past.newest_step))
        else:
            try:
                desk.command(**command)
            except Problem as problem:
                assert problem.status == 409
        desk.rest()
        assert [point["n"] for point in desk.history()] == list(range(1, session.history.last_n + 1))
        log = json.loads(desk.ask("log"))
        assert_same(
            session.trainer, replay(ExperimentSpec.model_validate(log["spec"]), log["log"], session.trainer.step)
        )
        numbers.append(session.history.last_n)
    assert numbers == sorted(numbers)

    origin, newest = session.log.origin, session.past.newest_step
    entries = json.loads(json.dumps(session.log.entries))
    for step in range(0, newest + 1, max(1, newest // 12)):
        seek(desk, step)
        assert_same(session.trainer, replay(origin, entries, step))


def test_a_divergence_is_told_with_its_evidence(desk: Desk) -> None:
    desk.create(
        network={"layers": [{"units": 4, "activation": "relu"}] * 3, "output_activation": "linear"},
        training={"optimizer": {"name": "sgd", "learning_rate": 0.01}, "loss": "mean_squared_error"},
    )
    desk.attach()
    run(desk, 5)
    desk.command(type="configure", patch={"training": {"optimizer": {"learning_rate": 10.0}}})

    standing = run(desk, 50)

    event = next(event for event in desk.events if event["type"] == "diverged")
    evidence = standing["divergence"]
    assert standing["state"] == "diverged"
    assert event["divergence"] == evidence == desk.ask("describe")["divergence"]
    assert (evidence["learning_rate"], evidence["good_step"], evidence["good_epoch"]) == (10.0, 15, 5)
    assert 15 < evidence["step"] <= standing["step"]
    assert evidence["losses"][-1] == {"step": evidence["step"], "loss": None}
    assert [entry["step"] for entry in evidence["losses"]] == list(range(15, evidence["step"] + 1))
    assert evidence["losses"][0]["loss"] == pytest.approx(evidence["good_loss"]) == desk.history()[4]["loss"]
    assert evidence["losses"][-2]["loss"] > 10 * evidence["good_loss"]
    assert evidence["largest_weight"] > 10

    seek(desk, evidence["good_step"])
    desk.command(type="configure", patch={"training": {"optimizer": {"learning_rate": 0.01}}})
    assert run(desk, 5)["state"] == "done"
    assert desk.ask("describe")["divergence"] is None


def test_the_last_good_step_is_the_last_one_before_the_loss_grew() -> None:
    assert last_good([(0, 1.0), (5, 0.5), (10, 0.6), (11, 30.0), (12, 1e9)]) == (10, 0.6)
    assert last_good([(0, 0.7), (1, 90.0)]) == (0, 0.7)
    assert last_good([]) is None


def undo(desk: Desk) -> dict[str, Any]:
    desk.command(type="undo")
    return desk.rest()


def redo(desk: Desk) -> dict[str, Any]:
    desk.command(type="redo")
    return desk.rest()


def rate_of(desk: Desk) -> float:
    return float(desk.ask("describe")["spec"]["training"]["optimizer"]["learning_rate"])


def later(desk: Desk) -> None:
    """Let so much time pass that what follows is a gesture of its own."""
    desk.clock.now_s += 5


def test_a_setting_is_undone_and_made_again_while_the_weights_go_on(desk: Desk) -> None:
    desk.create()
    run(desk, 2)
    desk.command(type="configure", patch={"training": {"optimizer": {"learning_rate": 0.5}}})
    run(desk, 2)

    standing = undo(desk)
    assert (rate_of(desk), standing["step"], standing["changes"]) == (0.03, 12, {"undo": 0, "redo": 1})
    standing = redo(desk)
    assert (rate_of(desk), standing["changes"]) == (0.5, {"undo": 1, "redo": 0})


def test_dragging_a_slider_is_one_step_back(desk: Desk) -> None:
    desk.create()
    for rate in (0.1, 0.2, 0.3, 0.4):
        desk.command(type="configure", patch={"training": {"optimizer": {"learning_rate": rate}}})
    desk.command(type="configure", patch={"training": {"batch_size": 5}})
    later(desk)
    desk.command(type="configure", patch={"training": {"batch_size": 6}})

    assert undo(desk)["changes"]["undo"] == 2
    assert desk.ask("describe")["spec"]["training"]["batch_size"] == 5
    undo(desk)
    undo(desk)
    assert rate_of(desk) == 0.03


def test_a_stroke_that_begins_a_set_of_points_is_one_step_back(desk: Desk) -> None:
    desk.create()
    points: list[list[float]] = []
    for place in (-1.0, 0.0, 1.0):
        points.append([place, place, 0])
        given = {"name": "points", "points": points, "noise": None, "samples": None}
        split = {"train": 1, "validation": 0, "test": 0}
        desk.command(type="configure", patch={"data": {"dataset": given, "split": split}}, keep=True)
    later(desk)
    points.append([2.0, 2.0, 0])
    desk.command(type="configure", patch={"data": {"dataset": {"points": points}}}, keep=True)

    assert undo(desk)["changes"] == {"undo": 1, "redo": 1}
    assert len(desk.ask("describe")["spec"]["data"]["dataset"]["points"]) == 3
    assert undo(desk)["changes"] == {"undo": 0, "redo": 2}
    assert desk.ask("describe")["spec"]["data"]["dataset"]["name"] == "xor"
    redo(desk)
    assert len(desk.ask("describe")["spec"]["data"]["dataset"]["points"]) == 3


@pytest.mark.parametrize("keep", [False, True])
def test_undoing_what_built_the_network_anew_brings_the_weights_back(desk: Desk, keep: bool) -> None:
    desk.create()
    desk.attach()
    standing = run(desk, 4)
    before = state(session_of(desk).trainer)
    desk.command(type="configure", patch={"network": {"layers": [{"units": 5}]}}, keep=keep)
    run(desk, 2)
    after = session_of(desk).trainer.parameters.copy()

    undone = undo(desk)

    assert state(session_of(desk).trainer) == before
    assert undone["metrics"] == standing["metrics"]
    assert desk.events[-1]["type"] in ("rebuilt", "state")
    assert (undone["epoch"], undone["timeline"]["line"]) == (4, [{"run": 1, "step": 12}])
    run(desk, 1)
    redo(desk)
    np.testing.assert_array_equal(session_of(desk).trainer.parameters, after)
    undo(desk)
    assert desk.rest()["epoch"] == 5
    seek(desk, 3)


def test_a_reset_can_be_undone_and_the_past_before_it_is_there_again(desk: Desk) -> None:
    desk.create()
    run(desk, 4)
    before = state(session_of(desk).trainer)
    desk.command(type="reset", weights="new")
    desk.rest()

    undo(desk)

    assert state(session_of(desk).trainer) == before
    assert desk.ask("describe")["spec"]["network"]["seed"] == 7
    standing = seek(desk, 5)
    fresh = Trainer(session_of(desk).spec)
    fresh.advance(5)
    assert standing["step"] == 5
    assert_same(session_of(desk).trainer, fresh)


def test_going_on_from_the_past_can_be_undone_and_what_came_later_is_there_again(desk: Desk) -> None:
    desk.create()
    standing = run(desk, 6)
    seek(desk, 6)
    run(desk, 1)

    undone = undo(desk)

    assert (undone["step"], undone["metrics"]) == (18, standing["metrics"])
    assert undone["timeline"]["line"] == [{"run": 1, "step": 18}]


def test_an_edited_weight_gets_its_former_value_back(desk: Desk) -> None:
    desk.create()
    before = session_of(desk).trainer.parameters.copy()
    desk.command(type="edit", layer=0, bias=1, value=2.0)

    undo(desk)

    np.testing.assert_array_equal(session_of(desk).trainer.parameters, before)


def test_a_remembered_network_comes_back_whatever_has_taken_its_place(desk: Desk) -> None:
    desk.create(training={"optimizer": "adam"})
    desk.attach()
    run(desk, 4)
    desk.command(type="edit", layer=0, bias=0, value=1.0)
    before, spec = state(session_of(desk).trainer), session_of(desk).spec
    told = desk.command(type="remember", moment="A")
    desk.command(type="configure", patch={"network": {"layers": [{"units": 5}, {"units": 2}]}})
    run(desk, 3)
    after = state(session_of(desk).trainer)

    answer = desk.command(type="recall", moment="A")

    standing = desk.rest()
    assert told == {"moments": ["A"]} and standing["timeline"]["moments"] == ["A"]
    assert (answer["spec"], answer["rebuilt"]) == (spec.full(), True)
    assert state(session_of(desk).trainer) == before
    assert (standing["state"], standing["step"], standing["run"]) == ("done", 12, 3)
    assert standing["timeline"]["line"] == [{"run": 1, "step": 12}]
    assert [event["type"] for event in desk.events if event["type"] in ("rebuilt", "state")][-1] == "rebuilt"
    # It trains on as it would have then, and again after another recall; and what it replaced can be had back.
    losses = [[point["loss"] for point in desk.history()][-1] for _ in range(2) if recall_and_run(desk, "A", 2)]
    assert losses[0] == losses[1]
    desk.command(type="undo")
    assert state(session_of(desk).trainer) == after
    assert desk.command(type="forget", moment="A") == {"moments": []}
    with pytest.raises(Problem) as caught:
        desk.command(type="recall", moment="A")
    assert caught.value.code == "no_moment"


def recall_and_run(desk: Desk, moment: str, epochs: int) -> dict[str, Any]:
    desk.command(type="recall", moment=moment)
    return run(desk, epochs)


@pytest.mark.parametrize("has_log", [True, False], ids=["from the log", "from before the log"])
def test_what_is_remembered_while_looking_back_is_that_step_with_its_own_past(has_log: bool) -> None:
    desk = Desk(log=100 if has_log else 3)
    desk.create()
    run(desk, 2)
    for place in range(4):
        desk.command(type="edit", layer=0, bias=0, value=float(place))
        run(desk, 1)
    seek(desk, 7 if has_log else 3)
    before = state(session_of(desk).trainer)
    desk.command(type="remember", moment="then")
    desk.command(type="reset")

    desk.command(type="recall", moment="then")

    trainer, log = session_of(desk).trainer, session_of(desk).log
    assert state(trainer) == before
    assert_same(replay(log.origin, log.entries, trainer.step), trainer)
    assert seek(desk, log.origin_step)["step"] == log.origin_step


def test_no_more_is_remembered_than_there_is_room_for() -> None:
    desk = Desk(moments=2)
    desk.create()
    for name in ("A", "B", "A", "C"):
        told = desk.command(type="remember", moment=name)
    small = Desk(timeline_bytes=1000)
    small.create()

    assert told == {"moments": ["A", "C"]}
    assert small.command(type="remember", moment="A") == {"moments": []}


def test_with_nothing_to_undo_it_says_so(desk: Desk) -> None:
    desk.create()
    for command in ("undo", "redo"):
        with pytest.raises(Problem) as caught:
            desk.command(type=command)
        assert (caught.value.status, caught.value.code) == (409, f"nothing_to_{command}")


def test_a_new_change_takes_the_place_of_what_was_undone(desk: Desk) -> None:
    desk.create()
    desk.command(type="configure", patch={"training": {"batch_size": 5}})
    undo(desk)
    desk.command(type="configure", patch={"training": {"batch_size": 7}})

    with pytest.raises(Problem):
        redo(desk)


def test_what_is_remembered_stays_within_its_memory() -> None:
    desk = Desk(timeline_bytes=60_000, undo=5)
    desk.create()
    past = session_of(desk).past
    for units in range(1, 30):
        later(desk)
        desk.command(type="configure", patch={"network": {"layers": [{"units": units}]}})
        run(desk, 10)
        assert past.timeline.nbytes + past.changes.nbytes <= 60_000
    assert 1 <= len(past.changes.done) <= 5
    assert len(past.timeline) > 0
