"""Every limit of a server at one less, exactly, and one more; a new limit without a case here fails."""

import contextlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from app.errors import Problem
from app.limits import check_limits
from app.settings import Settings
from engine import ExperimentSpec
from engine.footprint import footprint_bytes
from tests.app.conftest import wait_until

JSON = {"Content-Type": "application/json"}
OCTETS = {"Content-Type": "application/octet-stream"}


def spec_of(*units, samples=40):
    layers = [{"units": count} for count in units]
    return {"data": {"dataset": {"name": "xor", "samples": samples}}, "network": {"layers": layers}}


# Attempts: each tries an amount on a server, and returns the status or the close code (200 for an ack) and what was
# said.


def answered(response):
    return response.status_code, response.text


def created(server, spec):
    return answered(server.http.post("/api/v1/sessions", json={"spec": spec}))


def viewed(server, **view):
    with server.create().open_stream() as stream:
        event = stream.command(type="view", **view)
    return (200, "") if event["type"] == "ack" else (event["status"], json.dumps(event))


def sent(server, size):
    """A message of so many bytes, on a stream."""
    with server.create().open_stream() as stream:
        text = json.dumps({"type": "view", "id": 1, "x": ""})
        stream.socket.send(text.replace('""', f'"{"x" * (size - len(text))}"'))
        try:
            stream.next_where(lambda event: event.get("id") == 1)
        except ConnectionClosed as closed:
            assert closed.rcvd is not None
            return closed.rcvd.code, closed.rcvd.reason
    return 200, ""


def posted(server, size):
    """A JSON body of so many bytes."""
    return answered(server.http.post("/api/v1/sessions", content=b"{}" + b" " * (size - 2), headers=JSON))


def uploaded(server, size):
    """A file of so many bytes, which is read, and found to be no snapshot."""
    status, said = answered(server.http.post("/api/v1/sessions", content=b"PK" + b"x" * (size - 2), headers=OCTETS))
    return (200, "") if "not_a_snapshot" in said else (status, said)


def predicted(server, rows):
    return answered(server.create().post("/predict", json={"inputs": [[0, 0]] * rows}))


def table(rows=3, columns=2):
    return {
        "columns": [f"c{number}" for number in range(columns)],
        "rows": [[row + column for column in range(columns)] for row in range(rows)],
    }


def table_sent(server, body):
    return answered(server.http.post("/api/v1/datasets", json=body))


@contextlib.contextmanager
def watched_sessions(server, count):
    """So many sessions that cannot be parked, since somebody watches each."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(server.create().open_stream()) for _ in range(count)]


def one_more_session(server, amount):
    with watched_sessions(server, amount - 1):
        return created(server, spec_of(2))


def one_more_stream(server, amount):
    session = server.create()
    with contextlib.ExitStack() as stack:
        for _ in range(amount - 1):
            stack.enter_context(session.open_stream())
        with session.stream() as last:
            last.send(type="hello", token=session.token)
            try:
                last.next("welcome")
            except ConnectionClosed as closed:
                assert closed.rcvd is not None
                return closed.rcvd.code, closed.rcvd.reason
    return 200, ""


def several_sessions(server, amount):
    """Make so many at once, and return how the last one went."""
    return [created(server, spec_of(2)) for _ in range(amount)][-1]


def one_more_in_the_queue(server, amount):
    return several_sessions(server, 1 + amount)


def several_tables(server, amount):
    return [table_sent(server, table(rows=3 + number)) for number in range(amount)][-1]


@dataclass(frozen=True)
class Case:
    """What is tried on a server: an amount on a server with the limit, or the same on servers with other limits."""

    limit: int
    attempt: Callable[[Any, int], tuple[int, str]]
    refusal: int = 422
    settings: dict[str, Any] = field(default_factory=dict)
    moves_limit: bool = False
    """The amount is what it is (`limit`), so that the server's limit goes from one more to one less."""
    adds_up: bool = False
    """What was tried before counts as well, so that each attempt needs a server of its own."""


BIG = spec_of(200, 200)
BIG_BYTES = footprint_bytes(ExperimentSpec.model_validate(BIG))
CASES = {
    "layers": [Case(2, lambda server, count: created(server, spec_of(*[1] * count)))],
    "units": [
        Case(5, lambda server, count: created(server, spec_of(1, count))),
        Case(5, lambda server, count: answered(server.create().request("PATCH", "/spec", json=spec_of(count)))),
    ],
    "parameters": [Case(105, lambda server, _: created(server, spec_of(8, 8)), moves_limit=True)],
    "samples": [Case(50, lambda server, count: created(server, spec_of(1, samples=count)))],
    "session_bytes": [
        Case(
            footprint_bytes(ExperimentSpec.model_validate(BIG)),
            lambda server, _: created(server, BIG),
            moves_limit=True,
        )
    ],
    "resolution": [
        Case(20, lambda server, count: answered(server.create().get(f"/boundary?resolution={count}"))),
        Case(20, lambda server, count: viewed(server, resolution=count)),
    ],
    "unit_resolution": [Case(20, lambda server, count: viewed(server, unit_resolution=count))],
    "fps": [Case(10, lambda server, count: viewed(server, fps=count))],
    "frame_bytes": [Case(2500, lambda server, _: viewed(server, resolution=50, arrays=["boundary"]), moves_limit=True)],
    "predict_rows": [Case(5, predicted)],
    "trace_weights": [Case(6, lambda server, _: answered(server.create().get("/trace")), moves_limit=True)],
    "landscape_resolution": [
        Case(5, lambda server, count: answered(server.create().get(f"/landscape?resolution={count}"))),
        Case(5, lambda server, count: answered(server.create().post("/landscape", json={"resolution": count}))),
    ],
    "message_bytes": [Case(2000, posted, refusal=413), Case(2000, sent, refusal=1009)],
    "upload_bytes": [Case(20_000, uploaded, refusal=413)],
    "streams_per_session": [Case(3, one_more_stream, refusal=1013)],
    "sessions_per_client": [Case(3, one_more_session, refusal=429)],
    # Both of these mean that the server is full, whoever asks.
    "queue": [
        Case(2, lambda server, count: several_sessions(server, 1 + count), 503, {"max_sessions": 1}, adds_up=True)
    ],
    "stored_sessions": [Case(3, several_sessions, refusal=503, adds_up=True)],
    "creations_at_once": [Case(3, several_sessions, 429, {"max_creations_per_minute": 1}, adds_up=True)],
    "table_rows": [Case(5, lambda server, count: table_sent(server, table(rows=count)))],
    "table_columns": [Case(4, lambda server, count: table_sent(server, table(columns=count)))],
    "datasets_per_client": [Case(2, several_tables, refusal=429, adds_up=True)],
}


def what_is_waited_for_in_the_queue(start):
    server = start(max_sessions=2)

    states = [server.create().created["state"] for _ in range(3)]

    assert states == ["idle", "idle", "queued"]


def what_is_read_later(start):
    server = start(max_messages_per_second=20)
    with server.create().open_stream() as stream:
        durations = []
        for count in (19, 50):
            time.sleep(1)
            started_s = time.monotonic()
            for number in range(count):
                stream.send(type="view", fps=0, id=f"{count} {number}")
            stream.next_where(lambda event, last=f"{count} {count - 1}": event.get("id") == last)
            durations.append(time.monotonic() - started_s)

    assert durations[1] > (50 - 20 - 2) / 20 > durations[0]


def what_may_be_made_a_little_later(start):
    server = start(max_creations_at_once=1, max_creations_per_minute=30)

    assert created(server, spec_of(2))[0] == 201
    refused = server.http.post("/api/v1/sessions")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_creations")
    assert "30" in refused.json()["detail"]
    time.sleep(float(refused.headers["Retry-After"]))
    assert created(server, spec_of(2))[0] == 201


def what_pauses_by_itself(start):
    session = start(max_unwatched_run_s=1).create()
    session.command(type="run", wait=0)

    time.sleep(0.5)
    assert session.get().json()["state"] == "running"
    wait_until(lambda: session.get().json()["state"] == "paused")


def what_begins_again_at_a_snapshot(start):
    session = start(max_log=3).create()

    lengths = []
    for value in range(4):
        session.command(type="edit", layer=0, bias=0, value=value)
        lengths.append(len(session.get("/log").json()["log"]))

    assert lengths == [1, 2, 3, 1]
    assert session.get("/log").json()["spec"] is None


def what_is_kept_of_a_run_is_thinned(start):
    session = start(max_timeline_snapshots=6).create()

    session.command(type="run", epochs=40)

    epochs = [entry["epoch"] for entry in session.get("/timeline").json()["snapshots"]]
    assert epochs == [0, 8, 16, 24, 32, 40]


def what_has_no_room_is_made_again(start):
    session = start(max_timeline_bytes=0).create()

    session.command(type="run", epochs=40)

    assert [entry["epoch"] for entry in session.get("/timeline").json()["snapshots"]] == [0]
    assert session.command(type="seek", step=41)["step"] == 41


def what_would_take_too_long_is_not_made_again(start):
    spec = spec_of(100, 100, samples=1000) | {"training": {"batch_size": 1000}}
    session = start(max_replay_s=1, max_timeline_bytes=0).create(spec)
    session.command(type="run", epochs=1000, wait=0)
    wait_until(lambda: session.get().json()["state"] == "done", timeout_s=120)
    reached = session.get("/timeline").json()["snapshots"][0]["until"]

    assert 100 < reached < 999
    refused = session.post("/commands", json={"type": "seek", "step": reached + 1})
    assert refused.status_code == 422
    assert refused.json()["errors"][0] | {"message": ""} == {
        "field": "step", "code": "too_far", "value": reached + 1, "limit": reached, "message": "",
    }  # fmt: skip
    # Of what can be reached, the beginning is there soonest.
    assert session.command(type="seek", step=20)["step"] == 20


def what_can_be_undone(start):
    session = start(max_undo=3).create()

    for units in range(3, 9):
        session.request("PATCH", "/spec", json={"network": {"layers": [{"units": units}], "seed": units}})
        session.command(type="run", epochs=1)
        session.command(type="reset")

    assert session.get("/timeline").json()["undoable"] == {"undo": 3, "redo": 0}


def what_is_thinned(start):
    session = start(max_points=6).create()

    lengths = []
    for _ in range(7):
        session.command(type="run", epochs=1)
        lengths.append(len(session.get("/history").json()["points"]))

    assert max(lengths) == 5
    assert session.get().json()["stride"] == 2


def what_is_remembered_by_name(start):
    session = start(max_moments=2).create()

    told = [session.command(type="remember", moment=name)["moments"] for name in ("first", "second", "third")]

    assert told == [["first"], ["first", "second"], ["second", "third"]]


def what_is_not_saved_any_more(start):
    server = start(max_store_bytes=1024**2)
    sessions: list[Any] = []
    while not sessions or sessions[-1].get().json()["saving"] == "ok":
        assert len(sessions) < 60, "the store takes more than it may"
        sessions.append(server.create(spec_of(100, 100)))

    assert sessions[-1].get().json()["saving"] == "disk_full"
    assert sessions[0].command(type="run", epochs=1)["state"] == "done"


def what_makes_no_room_for_another_table(start):
    server = start(max_datasets_bytes=40_000)
    answers: list[tuple[int, str]] = []
    while not answers or answers[-1][0] == 201:
        assert len(answers) < 60, "the data sets take more than they may"
        answers.append(table_sent(server, table(rows=100 + len(answers), columns=20)))

    assert len(answers) > 1
    assert answers[-1][0] == 503
    assert names(answers[-1][1], 40_000)


# What no single request can exceed, or what is not refused but put off.
OTHERWISE = {
    "sessions": what_is_waited_for_in_the_queue,
    "messages_per_second": what_is_read_later,
    "creations_per_minute": what_may_be_made_a_little_later,
    "unwatched_run_s": what_pauses_by_itself,
    "log": what_begins_again_at_a_snapshot,
    "points": what_is_thinned,
    "timeline_snapshots": what_is_kept_of_a_run_is_thinned,
    "timeline_bytes": what_has_no_room_is_made_again,
    "replay_s": what_would_take_too_long_is_not_made_again,
    "undo": what_can_be_undone,
    "moments": what_is_remembered_by_name,
    "store_bytes": what_is_not_saved_any_more,
    "datasets_bytes": what_makes_no_room_for_another_table,
}


def names(said, limit):
    """Return whether an answer names a limit, however it groups the digits."""
    return str(limit) in said or f"{limit:,}" in said


def test_every_limit_has_a_case():
    assert set(CASES) | set(OTHERWISE) == set(Settings().limits())


@pytest.mark.parametrize(
    ("name", "case"),
    [(name, case) for name, cases in CASES.items() for case in cases],
    ids=lambda value: str(value)[:20],
)
def test_a_limit_is_kept_at_one_less_and_exactly_and_one_more_is_refused_with_the_limit(start_anew, name, case):
    outcomes: list[tuple[int, str]] = []
    for step in (-1, 0, 1):
        limit, amount = (case.limit - step, case.limit) if case.moves_limit else (case.limit, case.limit + step)
        if not outcomes or case.moves_limit or case.adds_up:
            server = start_anew(**{**case.settings, f"max_{name}": limit})
        outcomes.append(case.attempt(server, amount))

    assert [status < 300 for status, _ in outcomes] == [True, True, False], outcomes
    status, said = outcomes[-1]
    assert status == case.refusal
    assert names(said, limit), said


@pytest.mark.parametrize("name", OTHERWISE)
def test_a_limit_that_refuses_nothing_holds_all_the_same(start, name):
    OTHERWISE[name](start)


@pytest.fixture
def start_anew(tmp_path_factory):
    """A function that starts a server on a folder of its own."""
    from tests.app.conftest import serving, settings_for_tests

    with contextlib.ExitStack() as stack:
        yield lambda **changes: stack.enter_context(
            serving(settings_for_tests(tmp_path_factory.mktemp("limits"), **changes))
        )


def test_the_message_reads_as_the_style_guide_wants_it():
    with pytest.raises(Problem) as refused:
        check_limits(ExperimentSpec.model_validate(spec_of(1, 1, 9)), {**Settings().limits(), "units": 8})

    assert refused.value.errors[0]["message"] == "network.layers[2].units is 9; at most 8 on this server."


def test_all_excesses_are_told_at_once():
    limits = {**Settings().limits(), "layers": 3, "units": 8, "parameters": 100, "samples": 200}

    with pytest.raises(Problem) as refused:
        check_limits(ExperimentSpec.model_validate(spec_of(9, 9, 9, 9, samples=201)), limits)

    assert len(refused.value.errors) == 7
