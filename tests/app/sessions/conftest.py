"""A host with a clock that the tests move."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.errors import Problem
from app.sessions.checkpoint import Checkpoint
from app.sessions.host import Delivery, EngineHost, Reply, Saved
from app.settings import Settings

SMALL = {
    "data": {"dataset": {"name": "xor", "samples": 60, "noise": 0.1}},
    "network": {"layers": [{"units": 3}]},
}


class Clock:
    """A clock that goes on by a little whenever it is read, and by more when a test says so."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.tick_s = 1e-5

    def __call__(self) -> float:
        self.now_s += self.tick_s
        return self.now_s


class Desk:
    """An EngineHost as a test uses it: asks, polls until answered, and keeps what came out."""

    def __init__(
        self, checkpoint_period_s: float | None = None, effort: Callable[[], float] | None = None, **limits: int
    ) -> None:
        self.clock = Clock()
        self.host = EngineHost({**Settings().limits(), **limits}, self.clock, checkpoint_period_s, effort)
        self.saved: list[Checkpoint] = []
        self.events: list[dict[str, Any]] = []
        self.deliveries: list[Delivery] = []
        self.closed: list[str] = []
        self._replies: dict[int, Any] = {}
        self._number = 0

    def ask(self, what: str, session: str = "s", payload: bytes = b"", **arguments: Any) -> Any:
        """Return the answer to a request; raise the Problem that it met."""
        self._number += 1
        self.host.request(self._number, what, session, arguments, payload)
        for _ in range(100_000):
            self.poll()
            if self._number in self._replies:
                answer = self._replies.pop(self._number)
                if isinstance(answer, Problem):
                    raise answer
                return answer
        raise AssertionError(f"{what} was never answered")

    def create(self, session: str = "s", **spec: Any) -> Any:
        return self.ask("create", session, spec={**SMALL, **spec})

    def command(self, session: str = "s", stream: str | None = None, **command: Any) -> Any:
        return self.ask("command", session, command=command, stream=stream)

    def attach(self, stream: str = "t", session: str = "s", last_point: int = 0) -> dict[str, Any]:
        """Attach a stream and return its welcome."""
        self.ask("attach", session, stream=stream, last_point=last_point)
        welcome: dict[str, Any] = json.loads(next(d.content for d in self.deliveries if d.stream == stream))
        return welcome

    def poll(self) -> None:
        for output in self.host.poll():
            if isinstance(output, Reply):
                self._replies[output.request] = output.body
            elif isinstance(output, Delivery):
                self.deliveries.append(output)
            elif isinstance(output, Saved):
                self.saved.append(output.checkpoint)
            elif output.text:
                self.events.append(json.loads(output.text))
            else:
                self.closed.append(output.session)

    def poll_until(self, is_reached: Callable[[], bool], polls: int = 100_000) -> None:
        for _ in range(polls):
            if is_reached():
                return
            self.poll()
        raise AssertionError("this was never reached")

    def rest(self, session: str = "s") -> dict[str, Any]:
        """Poll until the session no longer runs and return its standing."""
        while True:
            standing: dict[str, Any] = json.loads(self.ask("standing", session))
            if standing["state"] != "running":
                return standing

    def history(self, session: str = "s") -> list[dict[str, Any]]:
        points: list[dict[str, Any]] = json.loads(self.ask("history", session))["points"]
        return points

    def points(self) -> list[dict[str, Any]]:
        return [point for event in self.events if event["type"] == "points" for point in event["points"]]

    def frames(self, stream: str = "t") -> list[bytes]:
        return [d.content for d in self.deliveries if d.stream == stream and isinstance(d.content, bytes)]


@pytest.fixture
def desk() -> Desk:
    return Desk()
