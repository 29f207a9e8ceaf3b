"""The EngineHost: many sessions in one place, each with its fair share of time. It does no I/O; shells do that.

Requests are answered through outputs, in the order in which `poll` gives them; a stream's welcome comes before the
events that it must not miss and after those that it already knows.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from app.errors import Problem
from app.limits import check_limits
from app.messages import Seek, parse_command
from app.sessions.answers import answer, branch
from app.sessions.checkpoint import Checkpoint
from app.sessions.hosted import Event, HostedSession, encode
from app.sessions.scheduler import Scheduler
from engine import ExperimentSpec, SnapshotError, Trainer
from engine.datasets import DatasetUnavailable
from engine.snapshot import Archive

# A session works for about so long before the next has its turn. In a crowd turns are shorter, so that everybody's
# comes round while a picture is still fresh; but not so short that changing over costs more than it gives.
_SLICE_S = 0.001
_SHORTEST_SLICE_S = 0.0005
_ROUND_S = 0.05

Body = dict[str, Any] | bytes


@dataclass(frozen=True)
class Reply:
    """The answer to a request: an object, bytes, or the problem that it met."""

    request: int
    body: Body | Problem


@dataclass(frozen=True)
class Broadcast:
    """An event for all streams of a session, as JSON; `type` and `state` are what a shell may want to know of it."""

    session: str
    type: str
    text: str
    state: str = ""
    points: tuple[int, int] | None = None
    """The first and the last number of the points that it holds."""


@dataclass(frozen=True)
class Delivery:
    """What one stream is sent: its welcome as text, or a frame as bytes."""

    session: str
    stream: str
    content: str | bytes


@dataclass(frozen=True)
class Saved:
    """A session's checkpoint, to be kept where its end would not be this host's."""

    session: str
    checkpoint: Checkpoint


Output = Reply | Broadcast | Delivery | Saved


class EngineHost:
    """Creates, commands, polls, snapshots, restores and closes sessions."""

    def __init__(
        self,
        limits: Mapping[str, int],
        clock: Callable[[], float] = time.monotonic,
        checkpoint_period_s: float | None = None,
        effort: Callable[[], float] | None = None,
    ) -> None:
        self._limits = limits
        self._checkpoint_period_s = checkpoint_period_s
        self._clock = clock
        # What turns are charged by: the processor time used, where it can be told. By the clock, a session would pay
        # for the time in which another program had the processor, and wait until all others have paid as much.
        self._effort = effort or clock
        self._sessions: dict[str, HostedSession] = {}
        self._scheduler: Scheduler[str] = Scheduler()
        self._outputs: list[Output] = []
        self._due_s: dict[str, float] = {}  # When each session's next turn is due.
        self._lateness_s = 0.0
        self.forgotten = 0
        """How many sessions have been let go so far."""

    def request(self, number: int, what: str, session: str, arguments: Mapping[str, Any], payload: bytes = b"") -> None:
        """Take a request; its Reply with this number comes out of `poll`, now or later. Number 0 wants none."""
        body: Body | Problem | None
        try:
            body = self._carry_out(number, what, session, arguments, payload)
        except Problem as problem:
            body = _told(problem)
        except Exception as error:  # The session and all others go on; the person is told that it was our fault.
            body = _internal(error)
        if body is not None and number:
            self._outputs.append(Reply(number, body))
        if session in self._scheduler:
            self._scheduler.wake(session)

    def poll(self) -> list[Output]:
        """Let a session work for a moment, if there is anything to do, and return what has come out since last time."""
        now_s, used_s = self._clock(), self._effort()
        name = self._scheduler.next(now_s)
        if name is not None:
            session = self._sessions[name]
            self._lateness_s = max(self._lateness_s, now_s - self._due_s.pop(name, now_s))
            try:
                session.turn(now_s + slice_s(len(self._sessions)))
                checkpoint = session.due_checkpoint()
            except Exception as error:
                self._close_broken(name, error)
            else:
                if checkpoint is not None:
                    self._outputs.append(Saved(name, checkpoint))
                end_s, due_s = self._clock(), session.due_s()
                self._scheduler.rest(name, self._effort() - used_s, due_s)
                if due_s is not None:
                    self._due_s[name] = max(end_s, due_s)
        outputs, self._outputs = self._outputs, []
        return outputs

    def wait_s(self) -> float | None:
        """Return how long `poll` would have nothing to do; None: until the next request."""
        return self._scheduler.wait_s(self._clock())

    def _carry_out(
        self, number: int, what: str, name: str, arguments: Mapping[str, Any], payload: bytes
    ) -> Body | None:
        """Return a request's answer, or None where it comes later."""
        if what == "ping":
            return self._load()
        if what == "create":
            self._create(number, name, ExperimentSpec.model_validate(arguments["spec"]))
            return None
        if what == "restore":
            self._restore(number, name, payload)
            return None
        if what == "resume":
            self._resume(name, Checkpoint.from_message(arguments, payload), rests=arguments["rests"])
            return {}
        if name not in self._sessions:
            raise _gone()
        session = self._sessions[name]
        if what == "command":
            command = parse_command(arguments["command"])
            if not isinstance(command, Seek):
                return session.command(command, arguments.get("stream"))
            self._travel(number, session, session.seek(command))
            return None
        if what == "branch":
            self._travel(number, session, branch(session, arguments["step"]))
            return None
        if what == "describe":
            return session.describe()
        if what == "attach":
            if len(session.views) >= self._limits["streams_per_session"]:
                limit = self._limits["streams_per_session"]
                raise Problem(429, "too_many_streams", "Too many streams", f"A session may have {limit} streams.")
            session.attach(arguments["stream"], arguments["last_point"])
            return {"last_point": session.history.last_n}
        if what == "detach":
            session.detach(arguments["stream"])
            return {}
        if what == "checkpoint":
            if (checkpoint := session.checkpoint()) is not None:
                self._outputs.append(Saved(name, checkpoint))
            return {}
        if what == "close":
            self._forget(name)
            return {}
        work = self._answering(number, answer(session, what, arguments, self._limits))
        next(work)  # From here on it gives a reply whatever happens, also when it is closed.
        session.ask(work)
        return None

    def _travel(self, number: int, session: HostedSession, way: Any) -> None:
        work = self._answering(number, way)
        next(work)
        session.travel(work)

    def _answering(self, number: int, work: Any) -> Any:
        """Do an answer's work piece by piece and let its result, or its problem, come out."""
        body: Body | Problem = _gone()  # Stands if the session is closed before the work is done.
        try:
            yield
            body = yield from work
        except Problem as problem:
            body = _told(problem)
        except Exception as error:
            body = _internal(error)
        finally:
            self._outputs.append(Reply(number, body))

    def _create(self, number: int, name: str, spec: ExperimentSpec) -> None:
        check_limits(spec, self._limits)
        self._admit(number, name, self._session(name, Trainer(spec)))

    def _restore(self, number: int, name: str, snapshot: bytes) -> None:
        try:
            archive = Archive(snapshot)
            check_limits(archive.spec, self._limits)
            trainer = Trainer.restore(snapshot)
        except ValidationError as error:
            raise Problem.from_validation(error, "spec") from None
        except SnapshotError as error:
            raise Problem(422, "not_a_snapshot", "This is not a snapshot", str(error)) from None
        session = self._session(name, trainer)
        if "session" in archive.state:
            try:
                session.take_over(archive.state["session"], snapshot)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                detail = f"what it says of the session is not valid: {str(error)[:200]}"
                raise Problem(422, "not_a_snapshot", "This is not a snapshot", detail) from None
        elif trainer.step:
            session.state = "paused"
        self._admit(number, name, session)

    def _resume(self, name: str, checkpoint: Checkpoint, *, rests: bool) -> None:
        """Let a session go on from what this program itself has kept of it."""
        session = self._session(name, Trainer.restore(checkpoint.archive))
        session.resume(Archive(checkpoint.archive).state["session"], checkpoint, rests=rests)
        self._sessions[name] = session
        self._scheduler.add(name)

    def _session(self, name: str, trainer: Trainer) -> HostedSession:
        def emit(event: Event) -> None:
            points = (event["points"][0]["n"], event["points"][-1]["n"]) if event["type"] == "points" else None
            self._outputs.append(Broadcast(name, event["type"], encode(event), event.get("state", ""), points))

        def send(stream: str, content: str | bytes) -> None:
            self._outputs.append(Delivery(name, stream, content))

        return HostedSession(trainer, self._limits, self._clock, emit, send, self._checkpoint_period_s)

    def _admit(self, number: int, name: str, session: HostedSession) -> None:
        """Take a session in; the reply follows when its first figures are there."""
        self._sessions[name] = session
        self._scheduler.add(name)
        session.settle(lambda: self._outputs.append(Reply(number, session.describe())))

    def _load(self) -> dict[str, Any]:
        """Return how many sessions run, and by how much a turn was late at most since this was last asked."""
        lateness_s, self._lateness_s = self._lateness_s, 0.0
        running = sum(session.state == "running" for session in self._sessions.values())
        return {"running": running, "lateness_s": lateness_s}

    def _forget(self, name: str) -> None:
        session = self._sessions.pop(name)
        self._due_s.pop(name, None)
        self._scheduler.remove(name)
        session.close()
        self.forgotten += 1

    def _close_broken(self, name: str, error: Exception) -> None:
        """Close a session in which the program itself has failed, and say so; the others go on."""
        problem = _internal(error)
        self._forget(name)
        event = {"type": "error", **problem.to_dict()}
        self._outputs.append(Broadcast(name, "error", encode(event)))
        self._outputs.append(Broadcast(name, "closed", ""))


def slice_s(sessions: int) -> float:
    """Return for how long one of so many sessions works at a time."""
    return max(_SHORTEST_SLICE_S, min(_SLICE_S, _ROUND_S / sessions))


def _told(problem: Problem) -> Problem:
    """Return a problem without the frames that it has passed: they hold what was asked, uploads of 64 MB included."""
    problem.__context__ = None
    return problem.with_traceback(None)


def _gone() -> Problem:
    return Problem(404, "no_session", "There is no such session", "It has ended, or never was.")


def _internal(error: Exception) -> Problem:
    if isinstance(error, DatasetUnavailable):
        return Problem(503, "dataset_unavailable", "The data set cannot be had here", str(error))
    if isinstance(error, ValidationError):  # What was a valid spec names a table that is gone.
        return Problem.from_validation(error, "spec")
    traceback.print_exception(error)  # To the server's log; a client is not shown it.
    return Problem(500, "internal", "Something went wrong here", "The server's log says more.")
