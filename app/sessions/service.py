"""The sessions of a server: their ids, owners and streams, and the workers that they live in."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import time
from dataclasses import dataclass
from typing import Any

from app.cores import usable_cores
from app.errors import Problem
from app.sessions.access import Role
from app.sessions.link import WorkerLink
from app.sessions.previews import previews
from app.sessions.session import Session
from app.sessions.stream import GOING_AWAY, SESSION_GONE
from app.sessions.wire import Header
from app.settings import Settings
from engine import ExperimentSpec
from engine.datasets import mnist

logger = logging.getLogger("nn_playground")

# A full server lets go of the session that has been without a stream or a request for longest, if it was so long.
_LEFT_AFTER_S = 600.0
_RESTART_PAUSE_S = 1.0


@dataclass(frozen=True)
class Created:
    """A new session, the tokens that its maker is given once, and its description."""

    session: Session
    token: str
    viewer_token: str
    description: dict[str, Any]


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
        if header["kind"] == "saved":
            session.keep(header, payload)
        elif header["kind"] == "broadcast" and header["type"] == "closed":
            self._drop(session)
        else:
            session.deliver(header, payload)

    def _on_worker_end(self, worker: WorkerLink) -> None:
        """Start another worker in place of one that has died, and let its sessions go on there."""
        if self._is_closing or worker not in self._workers:
            return  # It has died while it started: who started it knows.
        self._workers.remove(worker)
        orphans = [session for session in self._sessions.values() if session.worker is worker]
        logger.error("A worker has ended unexpectedly; %d session(s) go on in another", len(orphans))
        for session in orphans:
            session.lose_worker()
        self._in_background(self._replace_worker(orphans))

    async def _replace_worker(self, orphans: list[Session]) -> None:
        worker = await self._worker_at_last()
        self._workers.append(worker)
        for session in orphans:
            if session.id not in self._sessions:
                continue  # Deleted meanwhile.
            session.worker = worker
            worker.sessions += 1
            try:
                await session.resume()
            except Problem as problem:
                logger.error("Session %s could not be resumed: %s", session.id, problem)
                self._drop(session)

    async def _worker_at_last(self) -> WorkerLink:
        """Start a worker, again and again if need be: a server without one is of no use."""
        while True:
            try:
                return await self._started_worker()
            except (Problem, OSError) as error:
                logger.error("A worker could not be started: %s", error)
                await asyncio.sleep(_RESTART_PAUSE_S)

    async def _prepare(self) -> None:
        try:
            await asyncio.to_thread(mnist.prepare)
        except (OSError, ValueError) as error:
            logger.warning("MNIST is not ready: %s", error)

    def _in_background(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
