"""A host's sessions: commands, states, points, frames on credit, and a state that follows from spec and log."""

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.errors import Problem
from app.messages import decode_frame
from app.sessions.changes import replay
from app.sessions.host import Reply, slice_s
from engine import ExperimentSpec, Trainer
from engine.registry import components
from tests.app.sessions.conftest import SMALL, Desk


def kinds(desk: Desk) -> list[str]:
    return [event["type"] for event in desk.events]


def test_a_new_session_is_idle_and_knows_how_well_it_starts(desk: Desk) -> None:
    created = desk.create()

    assert (created["state"], created["step"], created["epoch"], created["run"]) == ("idle", 0, 0, 1)
    assert created["parameters"] == 13
    figures = ["loss", *(name for name, metric in components("metric").items() if "binary" in metric.tasks)]
    assert set(created["metrics"]) == {f"{part}{name}" for part in ("", "test_") for name in figures}
    assert [(layer["units"], layer["activation"]) for layer in created["layers"]] == [(3, "tanh"), (1, "sigmoid")]


def test_a_run_for_some_epochs_ends_done_with_a_point_for_each(desk: Desk) -> None:
    desk.create()
    desk.attach()

    desk.command(type="run", epochs=5)
    assert desk.ask("describe")["until_epoch"] == 5
    standing = desk.rest()

    assert (standing["state"], standing["epoch"], standing["step"]) == ("done", 5, 15)
    assert [(point["n"], point["epoch"]) for point in desk.points()] == [(n, n) for n in range(1, 6)]
    assert kinds(desk)[-2:] == ["done", "state"]
    last = desk.points()[-1]
    assert {name: last[name] for name in standing["metrics"]} == standing["metrics"]


def test_a_run_for_some_steps_stops_there(desk: Desk) -> None:
    desk.create()

    desk.command(type="run", steps=4)

    assert (desk.rest()["step"], desk.rest()["state"]) == (4, "done")


@pytest.mark.parametrize(("unit", "step", "epoch"), [("epoch", 6, 2), ("batch", 2, 0), ("example", 2, 0)])
def test_a_step_does_so_much_and_pauses(desk: Desk, unit: str, step: int, epoch: int) -> None:
    desk.create()

    desk.command(type="step", unit=unit, count=2)
    standing = desk.rest()

    assert (standing["state"], standing["step"], standing["epoch"]) == ("paused", step, epoch)


def test_stepping_by_examples_through_an_epoch_makes_its_point(desk: Desk) -> None:
    desk.create()
    desk.attach()

    desk.command(type="step", unit="example", count=70)
    desk.rest()

    assert [point["epoch"] for point in desk.points()] == [1, 2]


def test_a_run_begun_while_examples_are_stepped_through_is_not_paused_by_them(desk: Desk) -> None:
    desk.create()

    desk.command(type="step", unit="example", count=5000)
    desk.command(type="run")

    assert desk.ask("describe")["state"] == "running"
    for _ in range(2000):
        desk.poll()
    assert desk.ask("describe")["state"] == "running"


def test_pausing_twice_is_harmless(desk: Desk) -> None:
    desk.create()
    desk.command(type="run")

    desk.command(type="pause")
    first = desk.rest()
    desk.command(type="pause")

    assert first["state"] == "paused"
    assert desk.rest() == first


def test_a_pause_is_followed_by_the_figures_of_just_that_step(desk: Desk) -> None:
    desk.create()
    desk.command(type="run", steps=4)
    standing = desk.rest()

    trainer = Trainer(ExperimentSpec.model_validate(SMALL))
    trainer.advance(4)

    assert standing["metrics"] == trainer.metrics()


def test_the_learning_rate_changes_while_it_trains_and_the_weights_stay(desk: Desk) -> None:
    desk.create()
    desk.command(type="run")

    answer = desk.command(type="configure", patch={"training": {"optimizer": {"learning_rate": 0.2}}})

    assert answer["rebuilt"] is False
    assert answer["spec"]["training"]["optimizer"] == {"name": "sgd", "learning_rate": 0.2}
    desk.poll_until(lambda: any(event.get("spec") for event in desk.events))
    desk.command(type="pause")
    assert desk.rest()["run"] == 1


def test_another_layer_rebuilds_the_network_and_a_running_session_goes_on(desk: Desk) -> None:
    desk.create()
    desk.attach()
    desk.command(type="run")

    answer = desk.command(type="configure", patch={"network": {"layers": [{"units": 3}, {"units": 2}]}})

    assert answer["rebuilt"] is True
    desk.poll_until(lambda: "rebuilt" in kinds(desk))
    rebuilt = next(event for event in desk.events if event["type"] == "rebuilt")
    assert (rebuilt["state"], rebuilt["run"], rebuilt["data_version"], rebuilt["parameters"]) == ("running", 2, 2, 20)
    desk.poll_until(lambda: any(point["run"] == 2 for point in desk.points()))


def test_a_patch_that_is_refused_changes_nothing(desk: Desk) -> None:
    desk.create()
    desk.command(type="run", epochs=2)
    desk.rest()
    before = desk.ask("describe")

    with pytest.raises(Problem) as caught:
        desk.command(
            type="configure",
            patch={"training": {"optimizer": {"learning_rate": 0.5}}, "network": {"layers": [{"units": 0}]}},
        )

    assert caught.value.errors[0]["field"] == "network.layers[0].units"
    assert desk.ask("describe") == before


def test_a_reset_gives_the_same_weights_again_or_new_ones(desk: Desk) -> None:
    desk.create()
    at_first = desk.ask("parameters", form="npy")
    desk.command(type="run", epochs=3)
    desk.rest()

    desk.command(type="reset")
    standing = desk.rest()
    assert (standing["state"], standing["step"], standing["run"]) == ("idle", 0, 2)
    assert desk.ask("parameters", form="npy") == at_first

    desk.command(type="reset", weights="new")
    desk.rest()
    assert desk.ask("parameters", form="npy") != at_first
    assert desk.ask("describe")["spec"]["network"]["seed"] == 8


def test_numbers_of_points_survive_a_reset(desk: Desk) -> None:
    desk.create()
    desk.attach()
    desk.command(type="run", epochs=2)
    desk.rest()
    desk.command(type="reset")
    desk.command(type="run", epochs=2)
    desk.rest()

    assert [(point["n"], point["run"], point["epoch"]) for point in desk.points()] == [
        (1, 1, 1), (2, 1, 2), (3, 2, 1), (4, 2, 2),
    ]  # fmt: skip


def test_an_edit_sets_one_weight_or_bias(desk: Desk) -> None:
    desk.create()

    weight: dict[str, Any] = {"layer": 0, "from": 1, "to": 2}
    desk.command(type="edit", value=1.5, **weight)
    desk.command(type="edit", layer=1, bias=0, value=-0.25)

    layers = json.loads(desk.ask("parameters", form="json"))["layers"]
    assert layers[0]["weights"][1][2] == 1.5
    assert layers[1]["biases"][0] == -0.25


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        ({"layer": 2, "bias": 0}, "layer"),
        ({"layer": 0, "bias": 3}, "bias"),
        ({"layer": 0, "from": 2, "to": 0}, "from"),
        ({"layer": 0, "from": 0, "to": 3}, "to"),
    ],
    ids=str,
)
def test_an_edit_of_what_is_not_there_names_the_index(desk: Desk, edit: dict[str, Any], field: str) -> None:
    desk.create()

    with pytest.raises(Problem) as caught:
        desk.command(type="edit", value=0.5, **edit)

    assert caught.value.errors[0]["field"] == field
    assert json.loads(desk.ask("log"))["log"] == []


def diverge(desk: Desk) -> None:
    desk.create(
        network={"layers": [{"units": 4, "activation": "relu"}] * 3, "output_activation": "linear"},
        training={"optimizer": {"name": "sgd", "learning_rate": 100.0}, "loss": "mean_squared_error"},
    )
    desk.attach()
    desk.command(type="run")
    desk.poll_until(lambda: "diverged" in kinds(desk))


def test_a_run_that_diverges_stops_and_says_so(desk: Desk) -> None:
    diverge(desk)

    assert desk.rest()["state"] == "diverged"
    assert desk.rest()["metrics"] == {"loss": None, "test_loss": None}
    with pytest.raises(Problem, match="Reset"):
        desk.command(type="run")
    assert json.loads(desk.ask("boundary", resolution=3, form="json"))["values"]


def test_a_diverged_run_begins_again_after_a_reset(desk: Desk) -> None:
    diverge(desk)

    desk.command(type="configure", patch={"training": {"optimizer": {"learning_rate": 0.001}}})
    desk.command(type="reset")
    desk.command(type="run", epochs=2)

    assert desk.rest()["state"] == "done"


def test_spec_and_log_give_the_state_bit_for_bit(desk: Desk) -> None:
    desk.create()
    desk.command(type="run", steps=7)
    desk.rest()
    desk.command(type="configure", patch={"training": {"optimizer": {"name": "momentum", "learning_rate": 0.1}}})
    desk.command(type="run", steps=5)
    desk.rest()
    desk.command(type="edit", layer=0, bias=1, value=0.75)
    desk.command(type="step", unit="example", count=17)
    desk.rest()
    desk.command(type="configure", patch={"training": {"batch_size": 4, "regularizer": "l2"}})
    desk.command(type="run", steps=9)
    desk.rest()

    log = json.loads(desk.ask("log"))
    again = replay(ExperimentSpec.model_validate(log["spec"]), log["log"], log["step"])

    snapshot = Trainer.restore(desk.ask("snapshot"))
    assert again.snapshot() == snapshot.snapshot()
    assert [entry["step"] for entry in log["log"]] == sorted(entry["step"] for entry in log["log"])


def test_a_full_log_begins_again_from_a_snapshot() -> None:
    desk = Desk(log=3)
    desk.create()
    for count in range(5):
        desk.command(type="edit", layer=0, bias=0, value=count / 10)

    log = json.loads(desk.ask("log"))

    assert log["spec"] is None
    assert len(log["log"]) == 2


def test_a_session_restored_from_its_snapshot_goes_on_with_numbers_and_bits(desk: Desk) -> None:
    desk.create()
    desk.command(type="run", epochs=3)
    desk.rest()
    snapshot = desk.ask("snapshot")

    restored = desk.ask("restore", "other", payload=snapshot)
    for session in ("s", "other"):
        desk.command(session, type="run", epochs=2)
        desk.rest(session)

    assert (restored["state"], restored["epoch"]) == ("done", 3)
    assert desk.ask("parameters", "other", form="npy") == desk.ask("parameters", form="npy")
    assert desk.ask("history", "other") == desk.ask("history")
    assert Trainer.restore(snapshot).epoch == 3


def test_a_stream_is_welcomed_with_what_it_has_missed(desk: Desk) -> None:
    desk.create()
    desk.command(type="run", epochs=4)
    desk.rest()

    welcome = desk.attach(last_point=2)

    assert welcome["type"] == "welcome"
    assert [point["n"] for point in welcome["points"]] == [3, 4]
    assert welcome["view"] == {
        "resolution": 100, "unit_resolution": 32, "first_layer_units": 64, "fps": 20.0,
        "arrays": ["boundary", "units", "parameters"],
    }  # fmt: skip


def test_points_come_once_to_a_stream_whenever_it_comes(desk: Desk) -> None:
    desk.create()
    desk.command(type="run", epochs=200)
    for _ in range(20):
        desk.poll()

    desk.events.clear()
    welcome = desk.attach()
    desk.rest()

    numbers = [point["n"] for point in welcome["points"]] + [point["n"] for point in desk.points()]
    assert numbers == list(range(1, 201))


def test_frames_stop_at_two_unseen_and_go_on_with_credit(desk: Desk) -> None:
    desk.create()
    desk.attach()
    desk.command(type="run", speed=1000.0)

    for _ in range(50):
        desk.clock.now_s += 0.1
        for _ in range(20):
            desk.poll()
    assert len(desk.frames()) == 2

    desk.command(stream="t", type="seen", seq=1)
    desk.clock.now_s += 0.1
    desk.poll_until(lambda: len(desk.frames()) == 3)


def test_a_frame_holds_what_the_view_asks_for(desk: Desk) -> None:
    desk.create()
    desk.attach()
    count = len(desk.frames())
    desk.command(stream="t", type="view", resolution=50, unit_resolution=8, arrays=["parameters", "boundary"])
    desk.poll_until(lambda: len(desk.frames()) > count)

    header, arrays = decode_frame(desk.frames()[-1])

    assert [entry["name"] for entry in header["arrays"]] == ["parameters", "boundary"]
    assert arrays["boundary"].shape == (50, 50)
    npy = desk.ask("parameters", form="npy")
    np.testing.assert_array_equal(arrays["parameters"], np.frombuffer(npy[-13 * 4 :], np.float32))


def test_a_view_stilled_while_its_frame_is_made_breaks_nothing(desk: Desk) -> None:
    desk.create()
    desk.attach()
    desk.command(stream="t", type="view", resolution=256)
    desk.command(stream="t", type="seen", seq=9)

    for _ in range(3):  # A picture of this size comes in several pieces.
        desk.poll()
        desk.command(stream="t", type="view", fps=0)
        desk.command(stream="t", type="view", fps=20)

    assert desk.closed == []


def test_a_paused_session_sends_no_frame_twice(desk: Desk) -> None:
    desk.create()
    desk.attach()
    desk.poll_until(lambda: len(desk.frames()) == 1)
    desk.command(stream="t", type="seen", seq=1)

    desk.clock.now_s += 10
    for _ in range(100):
        desk.poll()

    assert len(desk.frames()) == 1
    assert desk.host.wait_s() is None


@pytest.mark.parametrize(
    ("view", "field"),
    [
        ({"resolution": 100_000}, "resolution"),
        ({"unit_resolution": 101}, "unit_resolution"),
        ({"fps": 1e9}, "fps"),
        ({"arrays": ["first_layer"]}, "arrays[0]"),
    ],
    ids=str,
)
def test_a_view_beyond_the_limits_is_refused_whole(desk: Desk, view: dict[str, Any], field: str) -> None:
    desk.create()
    desk.attach()

    with pytest.raises(Problem) as caught:
        desk.command(stream="t", type="view", **view)

    assert caught.value.errors[0]["field"] == field


def test_a_rebuilt_session_keeps_the_chosen_arrays_and_else_offers_what_suits_it(desk: Desk) -> None:
    desk.create()
    desk.attach("chose")
    desk.attach("took")
    desk.command(stream="chose", type="view", arrays=["boundary"])

    desk.command(type="configure", patch={"network": {"layers": [{"units": 200}, {"units": 200}]}})
    desk.poll_until(lambda: all(desk.frames(stream) for stream in ("chose", "took")))
    for stream in ("chose", "took"):
        desk.command(stream=stream, type="seen", seq=9)
    desk.command(type="step", unit="batch")
    desk.rest()
    desk.clock.now_s += 1
    desk.poll_until(lambda: all(len(desk.frames(stream)) > 1 for stream in ("chose", "took")))

    names = {
        stream: [entry["name"] for entry in decode_frame(desk.frames(stream)[-1])[0]["arrays"]]
        for stream in ("chose", "took")
    }
    assert names == {"chose": ["boundary"], "took": ["boundary", "units"]}


def test_a_detached_stream_costs_nothing(desk: Desk) -> None:
    desk.create()
    desk.attach()
    desk.ask("detach", stream="t")
    count = len(desk.frames())

    desk.command(type="run", epochs=50)
    desk.rest()

    assert len(desk.frames()) == count


def test_more_streams_than_allowed_are_refused() -> None:
    desk = Desk(streams_per_session=2)
    desk.create()
    desk.attach("a")
    desk.attach("b")

    with pytest.raises(Problem) as caught:
        desk.attach("c")

    assert caught.value.status == 429


def test_a_run_at_a_speed_keeps_to_it(desk: Desk) -> None:
    desk.create()
    desk.command(type="run", speed=10.0)
    start_s = desk.clock.now_s

    while desk.clock.now_s < start_s + 3:
        desk.clock.now_s += desk.host.wait_s() or 0.0
        desk.poll()

    epochs = desk.ask("describe")["epoch"]
    assert 28 <= epochs <= 32


def test_predictions_of_a_part_add_up_to_its_accuracy(desk: Desk) -> None:
    desk.create()
    desk.command(type="run", steps=40)
    standing = desk.rest()

    answer = json.loads(desk.ask("predictions", split="test"))

    assert answer["step"] == 40
    right = sum(actual == said for actual, said in zip(answer["actual"], answer["predicted"], strict=True))
    assert right / len(answer["actual"]) == pytest.approx(standing["metrics"]["test_accuracy"])
    confusion = np.array(answer["confusion"])
    assert confusion.sum() == 30 and np.trace(confusion) == right
    with pytest.raises(Problem, match="train, test"):
        desk.ask("predictions", split="validation")


def test_an_endless_run_that_nobody_watches_pauses_and_others_go_on(desk: Desk) -> None:
    for session in ("left", "watched", "bounded"):
        desk.create(session)
    desk.attach("leaver", "left")
    desk.attach("viewer", "watched")
    for session in ("left", "watched"):
        desk.command(session, type="run", speed=5.0)
    desk.command("bounded", type="run", epochs=400, speed=5.0)

    def poll_for(seconds: float) -> None:
        end_s = desk.clock.now_s + seconds
        while desk.clock.now_s < end_s:
            desk.clock.now_s += min(desk.host.wait_s() or 0.0, 1.0)
            desk.poll()

    poll_for(40)
    assert desk.ask("describe", "left")["state"] == "running"
    desk.ask("detach", "left", stream="leaver")
    poll_for(20)
    assert desk.ask("describe", "left")["state"] == "running"
    poll_for(15)

    states = {session: desk.ask("describe", session)["state"] for session in ("left", "watched", "bounded")}
    assert states == {"left": "paused", "watched": "running", "bounded": "running"}


def test_sessions_share_the_time_whatever_their_size(desk: Desk) -> None:
    desk.create("small")
    desk.create("large", network={"layers": [{"units": 200}] * 3})
    for session in ("small", "large"):
        desk.command(session, type="run")

    for _ in range(100):
        desk.poll()

    assert desk.ask("describe", "small")["step"] > 0
    assert desk.ask("describe", "large")["step"] > 0


def test_a_session_does_not_pay_for_time_that_another_program_has_taken() -> None:
    stolen_s = 0.0

    def effort() -> float:
        nonlocal stolen_s
        desk.clock.now_s += stolen_s  # Read when a turn begins: the rest of the turn is later by so much.
        stolen_s = 0.0
        return next(used_s)

    used_s = itertools.count(0.0, 0.001)
    desk = Desk(effort=effort)
    for session in ("one", "two"):
        desk.create(session)
        desk.command(session, type="run")
    stolen_s = 10.0
    desk.poll()
    before = [desk.ask("describe", session)["step"] for session in ("one", "two")]

    for _ in range(40):
        desk.poll()

    after = [desk.ask("describe", session)["step"] for session in ("one", "two")]
    assert all(now > then for now, then in zip(after, before, strict=True))


def test_turns_are_shorter_in_a_crowd_though_never_too_short_to_be_worth_it() -> None:
    assert slice_s(1) == slice_s(30) == 0.001
    assert slice_s(70) * 70 == pytest.approx(0.05)
    assert slice_s(100) == slice_s(200) == 0.0005


def test_a_request_that_wants_no_answer_gets_none(desk: Desk) -> None:
    desk.create()

    for what, session in (("command", "s"), ("detach", "nobody's")):
        desk.host.request(0, what, session, {"command": {"type": "run", "steps": 1}, "stream": None})

    outputs = [output for _ in range(1000) for output in desk.host.poll()]
    assert desk.ask("describe")["step"] == 1
    assert not any(isinstance(output, Reply) for output in outputs)


def test_a_command_for_a_dead_session_is_answered(desk: Desk) -> None:
    desk.create()
    desk.ask("close")

    with pytest.raises(Problem) as caught:
        desk.command(type="run")

    assert (caught.value.status, caught.value.code) == (404, "no_session")


def test_a_question_that_waits_when_its_session_ends_is_answered(desk: Desk) -> None:
    desk.create()
    desk.host.request(1001, "boundary", "s", {"resolution": 200, "form": "json"})
    desk.host.request(1002, "close", "s", {})
    desk.poll()

    assert desk._replies[1001].code == "no_session"


def test_where_mnist_finds_no_room_one_is_told_and_the_session_goes_on(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = tmp_path / "file"
    taken.touch()
    monkeypatch.setenv("PLAYGROUND_CACHE_DIR", str(taken))
    monkeypatch.setattr(Path, "home", lambda: taken)
    monkeypatch.setattr("tempfile.tempdir", str(taken))
    desk.create()

    with pytest.raises(Problem, match="no folder takes it") as caught:
        desk.command(type="configure", patch={"data": {"dataset": "mnist"}})

    assert (caught.value.status, caught.value.code) == (503, "dataset_unavailable")
    desk.command(type="step")
    desk.rest()
    assert desk.closed == []


def test_a_session_that_breaks_is_closed_and_the_others_go_on(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    desk.create()
    desk.create("other")
    desk.host._sessions["s"].trainer.advance = None  # type: ignore[assignment,method-assign]

    desk.command(type="run")
    desk.command("other", type="run", epochs=2)
    desk.rest("other")

    assert desk.closed == ["s"]
    assert [event["code"] for event in desk.events if event["type"] == "error"] == ["internal"]
    assert "TypeError" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"inputs": 3}, "inputs"),
        ({"inputs": [[1, 2], [1]]}, "inputs[1]"),
        ({"inputs": [[1, "2"]]}, "inputs[0][1]"),
        ({"inputs": [[1, True]]}, "inputs[0][1]"),
        ({"inputs": [[1, 1e300]]}, "inputs[0][1]"),
        ({"inputs": [[0, 0]] * 10_001}, "inputs"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_predicting_from_what_is_no_row_names_the_place(desk: Desk, arguments: dict[str, Any], field: str) -> None:
    desk.create()

    with pytest.raises(Problem) as caught:
        desk.ask("predict", **arguments)

    assert caught.value.errors[0]["field"] == field


def test_a_frame_larger_than_allowed_is_refused_and_the_view_stays(desk: Desk) -> None:
    desk = Desk(frame_bytes=30_000)
    desk.create()
    desk.ask("attach", stream="t", last_point=0)
    before = desk.command(stream="t", type="view", resolution=40)

    with pytest.raises(Problem) as caught:
        desk.command(stream="t", type="view", resolution=200)

    assert before == {}
    assert caught.value.errors[0]["field"] == "resolution"
    assert caught.value.errors[0]["limit"] == 30_000


def test_very_many_units_are_shown_in_smaller_pictures_unasked() -> None:
    desk = Desk(frame_bytes=40_000)
    desk.create(network={"layers": [{"units": 100}]})
    desk.ask("attach", stream="t", last_point=0)
    desk.poll()

    (frame,) = [entry.content for entry in desk.deliveries if isinstance(entry.content, bytes)][:1]

    _, arrays = decode_frame(frame)
    assert arrays["units"].shape == (101, 16, 16)
    assert len(frame) < 42_000


def test_all_who_watch_are_told_the_figures_that_an_edit_has_changed(desk: Desk) -> None:
    desk.create()
    before = desk.rest()["metrics"]
    desk.attach()

    desk.command(type="edit", layer=0, bias=0, value=5.0)

    standing = desk.rest()
    assert standing["metrics"] != before
    assert desk.events[-1]["type"] == "state"
    assert desk.events[-1]["metrics"] == standing["metrics"]
