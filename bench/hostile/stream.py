"""Any commands in any order on any number of streams, beside REST and reconnects, against a model of what must hold."""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import logging
import socket
import time
import traceback
from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from .siege import SMALL_SPEC, Answer, Report, ask, besieged, create

_TIMEOUT_S = 20.0
_STEPS = 50
_MOST_STREAMS = 4
_CHANGING = {"run", "pause", "step", "reset", "configure", "edit", "seek", "branch", "undo", "redo"}
_ALWAYS_GOOD: list[dict[str, Any]] = [
    {"type": "pause"},
    {"type": "reset"},
    {"type": "reset", "weights": "same"},
    {"type": "reset", "weights": "new"},
    {"type": "configure", "patch": {}},
    {"type": "view"},
    {"type": "seek", "step": 0},
]
_GOOD_UNLESS_DIVERGED: list[dict[str, Any]] = [
    {"type": "run", "speed": 200},
    {"type": "run", "epochs": 3},
    {"type": "step"},
    {"type": "step", "unit": "example", "count": 5},
]
_READ = [
    *("/boundary?resolution=10", "/data", "/predictions?split=train", "/parameters", "/log"),
    *("/timeline", "/timeline/parameters?places=0"),
]
_STANDING = ("state", "step", "epoch", "run", "speed", "until_epoch", "metrics")

STATES = {
    "idle": {"idle", "running", "paused"},
    "running": {"idle", "running", "paused", "done", "diverged"},
    "paused": {"idle", "running", "paused", "diverged"},
    "done": {"idle", "running", "paused", "done", "diverged"},
    "diverged": {"idle", "diverged"},
}
"""What may follow a state, as long as nobody goes back or undoes; only a reset or a rebuild leads out of `diverged`."""


def attack(steps: int) -> Report:
    """Take about so many steps on sessions of a server of its own; the first that breaks a promise ends it."""
    report = Report()
    with besieged(report) as server:
        report.cases = play(server.address, steps, report)
    return report


def play(address: tuple[str, int], steps: int, report: Report, phases: tuple[Phase, ...] = (Phase.generate,)) -> int:
    """Take about so many steps against a server, note what breaks a promise, and return how many there were."""
    counter: Counter[str] = Counter()
    failures: list[Exception] = []

    class Machine(StreamMachine):
        def __init__(self) -> None:
            super().__init__(address, counter, failures)

    try:
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=max(1, steps // _STEPS),
                stateful_step_count=_STEPS,
                deadline=None,
                database=None,
                derandomize=True,
                phases=phases,
                suppress_health_check=list(HealthCheck),
                print_blob=False,
            ),
        )
    except Exception as error:
        cause = failures[0] if failures else error
        steps_taken = "\n".join(getattr(error, "__notes__", []))
        report.find(f"{type(cause).__name__}: {cause}", "".join(traceback.format_exception(cause)[-3:]) + steps_taken)
    report.detail |= {key: counter[key] for key in (*STATES, "points", "reconnects", "acks", "errors")}
    return counter["steps"]


anything: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([0, 1, 2, -1, 0.5, 5e-324, 1e-300, 1e300, 2**31, 2**53, 2**63, None, True, "", "x", [], {}]),
    st.integers(-5, 5),
    st.floats(allow_nan=False, allow_infinity=False),
)


def some(*usual: Any) -> st.SearchStrategy[Any]:
    """Return a value that makes sense more often than not."""
    return st.one_of(st.sampled_from(usual), st.sampled_from(usual), anything)


def members(**optional: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return an object with some of these members."""
    return st.fixed_dictionaries({}, optional=optional)


layers = st.lists(
    members(units=some(1, 2, 3), activation=some("tanh", "relu", "softmax", {"name": "sigmoid"})), max_size=4
)
patches = st.one_of(
    members(
        network=members(layers=layers, output_activation=some("tanh", None, "softmax"), seed=some(1, 2)),
        training=members(
            optimizer=some("sgd", "momentum", "rmsprop", {"name": "sgd", "learning_rate": 100.0}),
            loss=some("auto", "mean_squared_error", "binary_crossentropy", "categorical_crossentropy"),
            regularizer=some("none", "l1", {"name": "l2", "rate": 0.1}),
            batch_size=some(1, 10, 1000),
        ),
    ),
    members(
        data=members(
            dataset=some({"name": "circle", "samples": 20}, {"name": "xor", "samples": 30, "noise": 0.5}),
            features=some(["x"], ["x", "y", "sin_x"], ["x", "x"]),
            split=some({"train": 0.8, "test": 0.2}, {"train": 0.5, "validation": 0.2, "test": 0.3}),
            seed=some(1, 2),
        )
    ),
    anything,
)


def command(name: str, **optional: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a command with some of these members."""
    return st.fixed_dictionaries({"type": st.just(name)}, optional=optional)


changing = st.one_of(
    st.fixed_dictionaries({"type": st.just("run"), "epochs": some(1, 3, 20)}, optional={"speed": some(None, 50, 500)}),
    command("run", steps=some(1, 3, 500), epochs=anything),
    st.just({"type": "run", "speed": 200}),
    command("pause"),
    command("step", unit=some("epoch", "batch", "example"), count=some(1, 2, 5)),
    command("reset", weights=some("same", "new")),
    command("configure", patch=patches),
    command("edit", layer=some(0, 1), bias=some(0, 1), value=some(0.5, -2.0)),
    command("edit", layer=some(0, 1), to=some(0, 1), value=some(1e6), **{"from": some(0, 1)}),
    st.fixed_dictionaries({"type": st.sampled_from(["seek", "seek", "branch"]), "step": some(0, 1, 7, 30)}),
    command("undo"),
    command("redo"),
    st.fixed_dictionaries({"type": anything}),
)
_DIVERGING = {
    "network": {"layers": [{"units": 2, "activation": "relu"}], "output_activation": "linear"},
    "training": {"loss": "mean_squared_error", "optimizer": {"name": "sgd", "learning_rate": 10.0}},
}
# What makes sense, so that a session also gets somewhere.
good = st.sampled_from(
    [
        *_ALWAYS_GOOD[:4],
        *_GOOD_UNLESS_DIVERGED,
        {"type": "run", "epochs": 20},
        {"type": "run", "epochs": 200, "speed": 400},
        {"type": "run", "steps": 77},
        {"type": "step", "unit": "batch", "count": 3},
        {"type": "edit", "layer": 0, "bias": 0, "value": 0.5},
        {"type": "configure", "patch": {"training": {"optimizer": {"learning_rate": 0.1}}}},
        {"type": "configure", "patch": {"training": {"batch_size": 3, "regularizer": "l2"}}},
        {"type": "configure", "patch": {"network": {"layers": [{"units": 3}]}}},
        {"type": "configure", "patch": {"data": {"dataset": {"name": "circle", "samples": 30}}}},
        {"type": "configure", "patch": _DIVERGING},
        {"type": "configure", "patch": {"network": {"layers": [{"units": 4}]}}, "keep": True},
        {"type": "seek", "step": 0},
        {"type": "seek", "step": 5},
        {"type": "seek", "step": 33},
        {"type": "branch", "step": 3},
        {"type": "undo"},
        {"type": "redo"},
    ]
)
viewing = st.one_of(
    command(
        "view", resolution=some(2, 10), unit_resolution=some(2, 10), fps=some(0, 20, 60), arrays=some([], ["units"])
    ),
    command("seen", seq=some(0, 1, 100)),
)
commands = st.one_of(good, good, good, changing, viewing)
ids = st.one_of(st.none(), st.text(max_size=100), st.integers(-(2**60), 2**60))


# The library calls it an internal error when we cut a connection under its hands.
_SILENCE = logging.getLogger("nn_playground_bench.cut_connections")
_SILENCE.addHandler(logging.NullHandler())
_SILENCE.propagate = False


class Watcher:
    """One client's stream, which checks what it is told, in the order in which it is told."""

    def __init__(self, address: tuple[str, int], session: dict[str, Any], role: str, last_point: int = 0) -> None:
        self.role = role
        self.points: list[dict[str, Any]] = []
        self.last_point = last_point
        self.answers: list[dict[str, Any]] = []
        self.is_thinned = False
        self._newest = self._unseen = 0
        self._before: dict[str, Any] = {}
        self._timeline: dict[str, Any] = {}
        self._redoable = 0
        token = session["token" if role == "owner" else "viewer_token"]
        url = f"ws://{address[0]}:{address[1]}/api/v1/sessions/{session['id']}/stream"
        self._open = contextlib.ExitStack()
        self.socket: ClientConnection = self._open.enter_context(
            connect(url, compression=None, max_size=None, logger=_SILENCE)
        )
        self.send({"type": "hello", "token": token, "last_point": last_point})
        while not self._before:
            self.take(_TIMEOUT_S)

    def close(self, by_cutting: bool = False) -> None:
        """Leave with a word, or without."""
        with contextlib.suppress(ConnectionClosed, OSError):
            if by_cutting:
                self.socket.socket.shutdown(socket.SHUT_RDWR)
            self._open.close()

    def send(self, message: dict[str, Any]) -> None:
        self.socket.send(json.dumps(message))
        if message["type"] == "seen":
            self._unseen = 0

    def take(self, timeout_s: float) -> bool:
        """Take one message, and return whether there was one."""
        try:
            message = self.socket.recv(timeout=timeout_s)
        except TimeoutError:
            return False
        if isinstance(message, bytes):
            self._take_frame(message)
        else:
            self._take_event(json.loads(message, parse_constant=_refuse_constant))
        return True

    def catch_up(self) -> None:
        """Take whatever has come."""
        while self.take(0):
            pass

    def answer(self) -> dict[str, Any]:
        """Return the next answer to a command, in order."""
        deadline_s = time.monotonic() + _TIMEOUT_S
        while not self.answers:
            assert time.monotonic() < deadline_s, "A command was not answered."
            self.take(1)
        return self.answers.pop(0)

    @property
    def standing(self) -> dict[str, Any]:
        """What the last events said."""
        return self._before

    def see(self) -> None:
        """Say that the newest frame was drawn."""
        self.send({"type": "seen", "seq": self._newest})

    def _take_frame(self, frame: bytes) -> None:
        length = int.from_bytes(frame[:4], "little")
        header = json.loads(frame[4 : 4 + length], parse_constant=_refuse_constant)
        assert header["seq"] > self._newest, f"frame {header['seq']} after {self._newest}"
        self._newest = header["seq"]
        self._unseen += 1
        # Two that were on their way when the last `seen` was sent, and two since.
        assert self._unseen <= 4, "frames come that nobody draws"

    def _take_event(self, event: dict[str, Any]) -> None:
        kind = event["type"]
        if kind in ("ack", "error"):
            self.answers.append(event)
        elif kind == "points":
            self._take_points(event["points"])
        elif kind == "thinned":
            self.is_thinned = True
        elif kind in ("state", "rebuilt", "welcome"):
            if kind == "welcome":
                assert event["role"] == self.role
                self.is_thinned |= event["stride"] > 1
                self._take_points(event["points"], may_lack=event["stride"] > 1)
            self._follow(event)
        else:
            assert kind in ("done", "diverged"), f"an event of type {kind}"
            assert event["run"] == self._before["run"]

    def _follow(self, event: dict[str, Any]) -> None:
        if self._before:
            before, after = self._before["state"], event["state"]
            looks_back = event["timeline"]["is_past"] or self._timeline["is_past"]
            if not looks_back and event["changes"]["redo"] == self._redoable:
                assert after in STATES[before], f"{after} after {before}"
            assert event["run"] >= self._before["run"], "the runs go back"
            if event["run"] == self._before["run"] and not looks_back:
                assert event["step"] >= self._before["step"], "the steps go back within a run"
        spec = event.get("spec") or self._before.get("spec")
        self._timeline, self._redoable = event["timeline"], event["changes"]["redo"]
        assert self._timeline["first"] <= event["step"] <= self._timeline["newest"]
        self._before = {**{key: event[key] for key in _STANDING}, "spec": spec}

    def _take_points(self, points: list[dict[str, Any]], may_lack: bool = False) -> None:
        for point in points:
            if may_lack:
                assert point["n"] > self.last_point, f"point {point['n']} after {self.last_point}"
            else:
                assert point["n"] == self.last_point + 1, f"point {point['n']} after {self.last_point}"
            if self.points and self.points[-1]["run"] == point["run"]:
                assert point["step"] >= self.points[-1]["step"], "the points go back within a run"
            self.last_point = point["n"]
            self.points.append(point)


def _refuse_constant(name: str) -> None:
    raise AssertionError(f"The server sent {name}, which is not JSON.")


def _noted(step: Callable[..., None]) -> Callable[..., None]:
    """Keep what went wrong in a step: hypothesis tries once more, and tells only that the second time was different."""

    @functools.wraps(step)
    def noted(machine: StreamMachine, **arguments: Any) -> None:
        try:
            step(machine, **arguments)
        except Exception as error:
            machine.failures.append(error)
            raise

    return noted


class StreamMachine(RuleBasedStateMachine):
    """A session, its streams, and what the model knows of them."""

    def __init__(self, address: tuple[str, int], counter: Counter[str], failures: list[Exception]) -> None:
        super().__init__()
        self.failures = failures
        self._address = address
        self._counter = counter
        self._numbers = itertools.count(1)
        self.watchers: list[Watcher] = []

    @initialize()
    @_noted
    def begin(self) -> None:
        self.session = create(self._address, SMALL_SPEC)
        self.spec = self.session["spec"]
        self.watchers = [Watcher(self._address, self.session, "owner")]

    # What is done

    @precondition(lambda self: len(self.watchers) < _MOST_STREAMS)
    @rule(role=st.sampled_from(["owner", "viewer"]))
    @_noted
    def another_stream(self, role: str) -> None:
        self.watchers.append(Watcher(self._address, self.session, role))

    @rule(data=st.data(), how=st.sampled_from(["close", "cut"]))
    @_noted
    def reconnect(self, data: st.DataObject, how: str) -> None:
        old = self._watcher(data)
        old.close(by_cutting=how == "cut")
        new = Watcher(self._address, self.session, old.role, old.last_point)
        self._counter["reconnects"] += 1
        self.watchers[self.watchers.index(old)] = new

    @precondition(lambda self: len(self.watchers) > 1)
    @rule(data=st.data())
    @_noted
    def leave(self, data: st.DataObject) -> None:
        watcher = self._watcher(data)
        watcher.close()
        self.watchers.remove(watcher)

    @rule(data=st.data(), messages=st.lists(st.tuples(commands, ids), min_size=1, max_size=5))
    @_noted
    def several_commands_at_once(self, data: st.DataObject, messages: list[tuple[dict[str, Any], Any]]) -> None:
        watcher = self._watcher(data)
        watcher.catch_up()
        expected = []
        for message, name in messages:
            named = {**message, "id": name} if name is not None else {**message, "id": next(self._numbers)}
            watcher.send(named)
            expected.append(named["id"])
        answers = [watcher.answer() for _ in messages]
        assert [answer.get("id") for answer in answers] == expected, f"{answers} to {expected}"
        for (message, _), answer in zip(messages, answers, strict=True):
            self._judge(message, answer, watcher.role)

    @rule(message=st.one_of(good, changing))
    @_noted
    def a_command_by_rest(self, message: dict[str, Any]) -> None:
        answer = self._ask("POST", "/commands", message)
        self._judge(message, {"type": "ack" if answer.status == 200 else "error", **answer.json()}, "owner")

    @rule(message=changing)
    @_noted
    def a_viewers_command_by_rest(self, message: dict[str, Any]) -> None:
        answer = self._ask("POST", "/commands", message, token=self.session["viewer_token"])
        assert (answer.status, answer.json()["code"]) == (403, "read_only")

    @rule(patch=patches)
    @_noted
    def a_patch_by_rest(self, patch: Any) -> None:
        answer = self._ask("PATCH", "/spec", patch)
        message = {"type": "configure", "patch": patch}
        self._judge(message, {"type": "ack" if answer.status == 200 else "error", **answer.json()}, "owner")

    @rule(
        path=st.sampled_from(
            [
                "/boundary?resolution=10",
                "/data",
                "/predictions?split=train",
                "/parameters",
                "/log",
                "/timeline",
                "/timeline/parameters?places=0",
            ]
        )
    )
    @_noted
    def read(self, path: str) -> None:
        assert self._ask("GET", path).status == 200

    @rule(data=st.data())
    @_noted
    def see(self, data: st.DataObject) -> None:
        watcher = self._watcher(data)
        watcher.catch_up()
        watcher.see()

    @rule(garbage=st.one_of(st.text(max_size=50), st.binary(max_size=50)), data=st.data())
    @_noted
    def garbage(self, garbage: str | bytes, data: st.DataObject) -> None:
        watcher = self._watcher(data)
        watcher.socket.send(garbage)
        answer = watcher.answer()
        assert answer["type"] == "error" and "id" not in answer and 400 <= answer["status"] < 500, answer

    @rule()
    @_noted
    def diverge(self) -> None:
        """Take steps so large that no number stays finite, and see that only a reset helps."""
        assert self._ask("PATCH", "/spec", _DIVERGING).status == 200
        self.spec = self._ask("GET", "").json()["spec"]
        if self._ask("GET", "").json()["state"] != "diverged":
            self._ask("POST", "/commands?wait=20", {"type": "run", "epochs": 300})
        self._compare()
        for message in _GOOD_UNLESS_DIVERGED:
            answer = self._ask("POST", "/commands", message)
            assert (answer.status, answer.json()["code"]) == (409, "diverged"), answer.body
        assert self._ask("POST", "/commands", {"type": "reset"}).status == 200
        patched = self._ask("PATCH", "/spec", {"training": {"optimizer": {"learning_rate": 0.03}}})
        self.spec = patched.json()["spec"]
        assert self._ask("GET", "").json()["state"] == "idle"

    @rule(command=good, epochs=st.integers(1, 40))
    @_noted
    def train(self, command: dict[str, Any], epochs: int) -> None:
        """Train a few epochs after a command, and again, without waiting for anybody."""
        for message in (command, {"type": "run", "epochs": epochs}, command):
            answer = self._ask("POST", "/commands", message)
            self._judge(message, {"type": "ack" if answer.status == 200 else "error", **answer.json()}, "owner")

    @rule()
    @_noted
    def rest(self) -> None:
        """Pause, and compare what everybody was told with how things are."""
        paused = self._ask("POST", "/commands?wait=20", {"type": "pause"})
        assert paused.status == 200 and paused.json()["done"], paused.body
        self._compare()

    # What must hold

    def _judge(self, message: dict[str, Any], answer: dict[str, Any], role: str) -> None:
        """Look whether an answer is one that a command may have, and learn from it."""
        self._counter["acks" if answer["type"] == "ack" else "errors"] += 1
        if answer["type"] == "error":
            assert 400 <= answer["status"] < 500, (message, answer)
            assert answer["code"] and answer["title"], answer
            if role == "viewer" and message["type"] in _CHANGING:
                # What could not even be read as a command is told first.
                assert answer["code"] in ("read_only", "invalid", "not_an_object"), (message, answer)
            elif message in _ALWAYS_GOOD:
                raise AssertionError((message, answer))
            elif message in _GOOD_UNLESS_DIVERGED:
                assert (answer["status"], answer["code"]) == (409, "diverged"), (message, answer)
            return
        assert role == "owner" or message["type"] in ("view", "seen"), (message, answer)
        if message["type"] in ("configure", "seek", "undo", "redo"):
            self.spec = answer["spec"]
        elif message["type"] == "branch":
            branch = f"/api/v1/sessions/{answer['session']}"
            assert ask(self._address, "DELETE", branch, None, answer["token"]).status == 204
        elif message["type"] == "reset" and message.get("weights") == "new":
            self.spec = {**self.spec, "network": {**self.spec["network"], "seed": self.spec["network"]["seed"] + 1}}

    def _compare(self) -> None:
        now = self._ask("GET", "").json()
        assert now["state"] in STATES and now["state"] != "running", now["state"]
        assert now["spec"] == self.spec, f"the spec is {now['spec']}, not {self.spec}"
        expected = {
            key: now[key] for key in ("state", "step", "epoch", "run", "speed", "until_epoch", "metrics", "spec")
        }
        history = self._ask("GET", "/history").json()["points"]
        log = self._ask("GET", "/log").json()
        assert all(entry["step"] <= log["step"] for entry in log["log"])
        last_n = history[-1]["n"] if history else 0
        self._counter["points"] += last_n
        self._counter[now["state"]] += 1
        kept = {point["n"]: point for point in history}
        for watcher in self.watchers:
            deadline_s = time.monotonic() + _TIMEOUT_S
            while watcher.standing != expected or watcher.last_point < last_n:
                assert time.monotonic() < deadline_s, f"told {watcher.standing}, but it is {expected}"
                watcher.take(0.05)
            assert all(kept.get(point["n"], point) == point for point in watcher.points), "a point has changed"

    @invariant()
    @_noted
    def nothing_unheard_of_is_told(self) -> None:
        self._counter["steps"] += 1
        for watcher in self.watchers:
            watcher.catch_up()
            assert watcher.answers == [], "an answer that nobody asked for"

    def teardown(self) -> None:
        """Compare once more, and leave."""
        try:
            if self.watchers and not self.failures:
                self.rest()
        finally:
            for watcher in self.watchers:
                with contextlib.suppress(ConnectionClosed, OSError):
                    watcher.close()
            if self.watchers:
                self._ask("DELETE", "")

    def _watcher(self, data: st.DataObject) -> Watcher:
        index = data.draw(st.integers(0, len(self.watchers) - 1))
        return self.watchers[index]

    def _ask(self, method: str, path: str, body: Any = None, token: str = "") -> Answer:
        where = f"/api/v1/sessions/{self.session['id']}{path}"
        return ask(self._address, method, where, body, token or self.session["token"])
