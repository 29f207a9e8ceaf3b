"""The sessions of a server: their ids, owners and streams, and the workers that they live in."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import time
from dataclasses import dataclass
from typing import Any

from app.cores import usable_cores
from app.errors import Problem
from app.messages import Command
from app.sessions.access import Keys, Role
from app.sessions.link import WorkerLink
from app.sessions.previews import previews
from app.sessions.stream import GOING_AWAY, SESSION_GONE, Stream
from app.sessions.wire import Header
from app.settings import Settings
from engine import ExperimentSpec
from engine.datasets import mnist

logger = logging.getLogger("nn_playground")

# A full server lets go of the session that has been without a stream or a request for longest, if it was so long.
_LEFT_AFTER_S = 600.0


@dataclass(frozen=True)
class Created:
    """A new session, the tokens that its maker is given once, and its description."""

    session: Session
    token: str
    viewer_token: str
    description: dict[str, Any]


class Session:
    """A session as the web process knows it; its network lives in a worker."""

    def __init__(self, worker: WorkerLink) -> None:
        self.id = secrets.token_hex(8)
        self.keys = Keys()
        self.streams: dict[str, Stream] = {}
        self.worker = worker
        self.used_s = time.monotonic()
        self._changed = asyncio.Event()

    async def describe(self) -> dict[str, Any]:
        """Return spec, state, step, epoch, metrics and what else there is in a few figures."""
        described: dict[str, Any] = await self._ask("describe")
        return {"id": self.id, **described}

    async def command(self, command: Command, stream: str | None = None) -> dict[str, Any]:
        """Carry out a command and return what its acknowledgement says. Raises Problem."""
        members = command.model_dump(mode="json", by_alias=True)
        # In a patch null takes a member away, so there it says something; elsewhere it is what was not given.
        given = {key: value for key, value in members.items() if value is not None}
        answer: dict[str, Any] = await self._ask("command", command=given, stream=stream)
        return answer

    async def wait(self, timeout_s: float) -> dict[str, Any]:
        """Return when the session does not run, or after a time: done or not, state, step, epoch and metrics."""
        deadline_s = time.monotonic() + timeout_s
        while True:
            self._changed.clear()
            # The answer comes after all work that the session still has to do, its figures included.
            standing = json.loads(await self.ask("standing"))
            is_done = standing["state"] != "running"
            remaining_s = deadline_s - time.monotonic()
            if is_done or remaining_s <= 0:
                return {"done": is_done, **{key: standing[key] for key in ("state", "step", "epoch", "metrics")}}
            try:
                await asyncio.wait_for(self._changed.wait(), remaining_s)
            except TimeoutError:
                continue

    async def ask(self, what: str, **arguments: Any) -> bytes:
        """Return the bytes that answer a question. Raises Problem."""
        answer: bytes = await self._ask(what, **arguments)
        return answer

    async def attach(self, role: Role, last_point: int = 0) -> Stream:
        """Return a new stream, whose first message is its welcome. Raises Problem."""
        stream = Stream(secrets.token_hex(4), self, role)
        self.streams[stream.name] = stream
        try:
            await self._ask("attach", stream=stream.name, last_point=last_point)
        except BaseException:
            self.detach(stream)
            raise
        return stream

    def detach(self, stream: Stream) -> None:
        """Let a stream go."""
        if self.streams.pop(stream.name, None) is not None:
            self.worker.tell("detach", self.id, stream=stream.name)
        self.used_s = time.monotonic()

    def deliver(self, header: Header, payload: bytes) -> None:
        """Hand on what the worker has for the streams."""
        if header["kind"] == "delivery":
            if stream := self.streams.get(header["stream"]):
                if header["text"]:
                    stream.welcomed = True
                stream.put(_named(payload.decode(), self.id, stream.role) if header["text"] else payload)
            return
        if header["type"] in ("state", "rebuilt"):
            self._changed.set()
        text = payload.decode()
        for stream in self.streams.values():
            if stream.welcomed:
                stream.put(_named(text, self.id, stream.role) if header["type"] == "rebuilt" else text)

    def end(self, code: int) -> None:
        """Close all streams."""
        for stream in self.streams.values():
            stream.close(code)
        self.streams.clear()
        self._changed.set()

    async def _ask(self, what: str, payload: bytes = b"", **arguments: Any) -> Any:
        self.used_s = time.monotonic()
        return await self.worker.ask(what, self.id, payload, **arguments)


class Sessions:
    """All sessions of this server. Every method belongs to the event loop that called `start`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sessions: dict[str, Session] = {}
        self._workers: list[WorkerLink] = []
        self._previews: bytes | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_closing = False

    async def start(self) -> None:
        """Start the workers, and see to it that MNIST lies unpacked."""
        os.environ.setdefault("PLAYGROUND_CACHE_DIR", str(self._settings.data_dir / "cache"))
        count = self._settings.workers or max(1, usable_cores() - 1)
        if self._settings.placement == "thread":
            count = 1
        self._workers = list(await asyncio.gather(*(self._started_worker() for _ in range(count))))
        self._in_background(self._prepare())

    async def close(self) -> None:
        """Close all streams and end the workers."""
        self._is_closing = True
        for session in self._sessions.values():
            session.end(GOING_AWAY)
        self._sessions.clear()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*(worker.close() for worker in self._workers))

    @property
    def ready(self) -> bool:
        """Whether all workers are alive."""
        return bool(self._workers) and all(worker.is_alive for worker in self._workers)

    def __len__(self) -> int:
        return len(self._sessions)

    async def create(self, spec: ExperimentSpec) -> Created:
        """Make a session. Raises Problem."""
        return await self._admit("create", b"", spec=spec.full())

    async def restore(self, snapshot: bytes) -> Created:
        """Make a session that goes on where a snapshot was taken. Raises Problem."""
        return await self._admit("restore", snapshot)

    def authorize(self, session_id: str, token: str | None) -> tuple[Session, Role]:
        """Return a session and what the token is good for in it. Raises Problem 401 or 404."""
        if not token:
            raise Problem(401, "no_token", "A token is needed", "Send the session's token as Authorization: Bearer …")
        session = self._sessions.get(session_id)
        role = session.keys.role(token) if session else None
        if session is None or role is None:
            raise Problem(404, "no_session", "There is no such session", "It has ended, or the token is another's.")
        return session, role

    def knows(self, session_id: str) -> bool:
        """Return whether there is a session of this id."""
        return session_id in self._sessions

    async def delete(self, session: Session) -> None:
        """End a session."""
        self._drop(session)
        await session.worker.ask("close", session.id)

    async def previews(self) -> bytes:
        """Return samples of the data sets and maps of the features, as JSON."""
        if self._previews is None:
            self._previews = await asyncio.to_thread(lambda: json.dumps(previews(), separators=(",", ":")).encode())
        return self._previews

    async def _admit(self, what: str, payload: bytes, **arguments: Any) -> Created:
        self._make_room()
        workers = [worker for worker in self._workers if worker.is_alive]
        if not workers:
            raise Problem(503, "no_worker", "No worker is ready", "Try again in a moment.")
        session = Session(min(workers, key=lambda worker: worker.sessions))
        self._sessions[session.id] = session
        session.worker.sessions += 1
        try:
            described = await session.worker.ask(what, session.id, payload, **arguments)
        except BaseException:
            self._drop(session)
            raise
        token, viewer_token = session.keys.issue(Role.OWNER), session.keys.issue(Role.VIEWER)
        return Created(session, token, viewer_token, {"id": session.id, **described})

    def _make_room(self) -> None:
        most = self._settings.max_sessions
        if len(self._sessions) < most:
            return
        left = [session for session in self._sessions.values() if not session.streams]
        oldest = min(left, key=lambda session: session.used_s, default=None)
        if oldest is None or time.monotonic() - oldest.used_s < _LEFT_AFTER_S:
            detail = f"It holds {most} sessions, as many as it may. Try again later, or delete one."
            raise Problem(503, "server_full", "The server is full", detail)
        self._drop(oldest)
        oldest.worker.tell("close", oldest.id)

    def _drop(self, session: Session) -> None:
        if self._sessions.pop(session.id, None) is not None:
            session.worker.sessions -= 1
        session.end(SESSION_GONE)

    async def _started_worker(self) -> WorkerLink:
        worker = WorkerLink(
            self._settings.placement, self._settings.limits(), self._on_output, lambda: self._on_worker_end(worker)
        )
        await worker.start()
        return worker

    def _on_output(self, header: Header, payload: bytes) -> None:
        session = self._sessions.get(header["session"])
        if session is None:
            return
        if header["kind"] == "broadcast" and header["type"] == "closed":
            self._drop(session)
        else:
            session.deliver(header, payload)

    def _on_worker_end(self, worker: WorkerLink) -> None:
        """Let go of the sessions that a worker took with it, and start another."""
        logger.error("A worker has ended unexpectedly; its sessions are lost")
        for session in [session for session in self._sessions.values() if session.worker is worker]:
            self._drop(session)
        self._workers.remove(worker)
        if not self._is_closing:
            self._in_background(self._replace())

    async def _replace(self) -> None:
        self._workers.append(await self._started_worker())

    async def _prepare(self) -> None:
        try:
            await asyncio.to_thread(mnist.prepare)
        except (OSError, ValueError) as error:
            logger.warning("MNIST is not ready: %s", error)

    def _in_background(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _named(description: str, session_id: str, role: Role) -> str:
    """Return a description with what the worker does not know: the session's id and the client's role."""
    return f'{{"id":"{session_id}","role":"{role.value}",{description[1:]}'
