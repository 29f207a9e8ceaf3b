"""The sessions of a server: who has a place in memory, who waits for one, and what the store keeps of them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

from app.datasets.library import Library
from app.errors import Problem
from app.limits import check_limits
from app.sessions import store as store_file
from app.sessions.access import Keys, Role
from app.sessions.changes import encode_origin
from app.sessions.checkpoint import Checkpoint, beginning
from app.sessions.link import WorkerLink, WorkerLost
from app.sessions.pool import WorkerPool
from app.sessions.previews import previews
from app.sessions.saver import Saver, Saving
from app.sessions.session import Created, Session
from app.sessions.store import Entry, Save, Store, open_store
from app.sessions.stream import GOING_AWAY, TRY_LATER
from app.sessions.wire import Header
from app.settings import Settings
from engine import ExperimentSpec
from engine.datasets import mnist
from engine.datasets.content import sources

logger = logging.getLogger("nn_playground")

# What training alone has changed is saved so often; what a command has, at once. Then a session that goes on from what
# was saved comes by the very points that its clients have seen already.
_SAVE_PERIOD_S = 10.0
_HOUSEKEEPING_S = 0.5
_EXPIRY_PERIOD_S = 3600.0
_DAY_S = 86_400.0
# While others wait for its place, a session that nobody watches keeps it for so long only.
_LEFT_S = 10.0
# Who waits in the queue and shows no sign of life for so long gives up the turn.
_ABSENT_S = 60.0
_LAST_CHECKPOINTS_S = 2.0
_ZIP = b"PK"


class Sessions:
    """All sessions of this server. Every method belongs to the event loop that called `start`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._limits = settings.limits()
        self._sessions: dict[str, Session] = {}
        self._places: set[str] = set()  # The sessions in memory, or on their way there.
        self._queue: list[Session] = []
        self._used_s: dict[str, float] = {}  # When each was used last, by the store's clock, as far as it is saved.
        self._saved_s: dict[str, float] = {}
        self._library: Library | None = None
        self._previews: bytes | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_closing = False
        self.frames = 0
        self.events = 0

    async def start(self) -> None:
        """Open the store, start the workers, and let the sessions go on that ran when the server last stopped.

        Raises StoreRefused where sessions are kept that cannot be read; Problem or OSError if no worker starts.
        """
        os.environ.setdefault("PLAYGROUND_CACHE_DIR", str(self._settings.data_dir / "cache"))
        self._store, self._lock, reason = open_store(self._settings.data_dir, self._settings.max_store_bytes)
        if reason:
            logger.warning(
                "Sessions will not outlive this server: %s. Choose another data folder to keep them.", reason
            )
        self._saver = Saver(self._store, self._announce_saving, is_lasting=self._lock is not None)
        tables = self._open_library()
        self._pool = WorkerPool(self._settings, tables, self._on_output, self._on_worker_lost)
        await self._pool.start()
        running = []
        for entry in self._store.entries():
            session = Session(self, Keys.of(entry.owner, entry.viewer), session_id=entry.id)
            session.state = entry.state
            self._sessions[entry.id] = session
            self._used_s[entry.id] = entry.used_s
            if entry.state == "running":
                running.append(session)
        for session in running[-self._settings.max_sessions :]:
            session.leave()
            self.bring_back(session)
        self._in_background(self._prepare())
        self._in_background(self._keep_house())

    async def close(self) -> None:
        """Close all streams, save every session as it is now, and end the workers; a second time does nothing."""
        if self._is_closing:
            return
        self._is_closing = True
        for session in self._sessions.values():
            session.end(GOING_AWAY)
        for task in self._tasks:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LAST_CHECKPOINTS_S):
                awake = [session for session in self._sessions.values() if session.where == "awake"]
                await asyncio.gather(*(self._save_as_it_is(session) for session in awake), return_exceptions=True)
        for session in self._sessions.values():
            if session.unsaved is not None:  # Of what could not be asked any more, the newest that there is.
                self._save(session)
        await self._saver.close()
        await self._pool.close()
        if self._library:
            sources.remove(self._library.shelf)
            self._library.close()
        if self._lock:
            self._lock.release()

    @property
    def ready(self) -> bool:
        """Whether all workers are alive."""
        return self._pool.is_complete

    @property
    def saving(self) -> Saving:
        """How saving goes."""
        return self._saver.saving

    def __len__(self) -> int:
        """Return how many sessions are in memory, or on their way there."""
        return len(self._places)

    # What clients do

    async def create(self, spec: ExperimentSpec, client: str = "") -> Created:
        """Make a session for a client (an address, for its share). Raises Problem."""
        check_limits(spec, self._limits)
        return await self._admit(beginning(encode_origin(spec)), client, may_wait=True)

    async def restore(self, snapshot: bytes, client: str = "") -> Created:
        """Make a session that goes on where a snapshot was taken. Raises Problem."""
        if not snapshot.startswith(_ZIP):
            raise Problem(422, "not_a_snapshot", "This is not a snapshot", "It does not begin as a npz file does.")
        return await self._admit(beginning(snapshot), client, may_wait=False)

    async def branch(self, session: Session, step: int, client: str = "") -> Created:
        """Make a session that goes on from a step of another, with its past up to there. Raises Problem."""
        checkpoint = Checkpoint.from_bytes(await session.ask("branch", step=step))
        return await self._admit(checkpoint, client, may_wait=True)

    def authorize(self, session_id: str, token: str | None) -> tuple[Session, Role]:
        """Return a session and what the token is good for in it. Raises Problem 401 or 404."""
        if not token:
            raise Problem(401, "no_token", "A token is needed", "Send the session's token as Authorization: Bearer …")
        session = self._sessions.get(session_id)
        role = session.keys.role(token) if session else None
        if session is None or role is None:
            raise Problem(404, "no_session", "There is no such session", "It has ended, or the token is another's.")
        session.touch()
        return session, role

    def knows(self, session_id: str) -> bool:
        """Return whether there is a session of this id."""
        return session_id in self._sessions

    async def delete(self, session: Session) -> None:
        """End a session for good."""
        self._forget(session)

    async def previews(self) -> bytes:
        """Return samples of the data sets and maps of the features, as JSON."""
        if self._previews is None:
            self._previews = await asyncio.to_thread(lambda: json.dumps(previews(), separators=(",", ":")).encode())
        return self._previews

    def load(self) -> dict[str, Any]:
        """Return how much there is to do, in figures."""
        states = dict.fromkeys(("idle", "running", "paused", "done", "diverged", "queued", "parked"), 0)
        states |= Counter(
            session.where if session.where in ("queued", "parked") else session.state
            for session in self._sessions.values()
        )
        return {
            "sessions": states,
            "streams": sum(len(session.streams) for session in self._sessions.values()),
            "frames": self.frames,
            "events": self.events,
            "workers": self._pool.load(),
            "worker_restarts": self._pool.restarts,
            "saving": self.saving,
            "store": {"sessions": len(self._used_s), "bytes": self._store.size_bytes()},
        }

    # Who has a place in memory

    async def _admit(self, kept: Checkpoint, client: str, *, may_wait: bool) -> Created:
        await self._make_room_for_another(client)
        keys = Keys()
        token, viewer_token = keys.issue(Role.OWNER), keys.issue(Role.VIEWER)
        session = Session(self, keys, client)
        session.kept = session.unsaved = kept
        session.state = kept.state
        session.leave()
        self._sessions[session.id] = session
        try:
            if await self._takes_place(session):
                await session.arrive(self._pool.least_busy())
            elif may_wait:
                self._enqueue(session)
            else:
                raise _full("A snapshot cannot wait in the queue: try again later.")
            self._save(session)
            return Created(session, token, viewer_token, await session.describe())
        except BaseException:
            self._forget(session)
            raise

    def bring_back(self, session: Session) -> None:
        """Bring a parked session into a worker, or into the queue."""
        self._in_background(self._bring_back(session))

    async def _bring_back(self, session: Session) -> None:
        try:
            session.kept = await self._saver.load(session.id)
            if not await self._takes_place(session):
                self._enqueue(session)
                return
        except KeyError:
            self._forget(session)
        except sqlite3.Error as error:
            logger.error("A session could not be read from the store: %s", error)
            detail = "What was saved of it cannot be read now: try again in a moment."
            session.park(Problem(503, "store_unavailable", "The store cannot be read", detail))
        except Problem as problem:
            session.park(problem)
        else:
            await self._arrive(session)

    async def _arrive(self, session: Session) -> None:
        """Put a session that has a place into a worker."""
        try:
            await session.arrive(self._pool.least_busy())
        except WorkerLost:
            pass  # It is brought into that worker's replacement with all others.
        except Problem as problem:
            logger.error("A session could not be brought back: %s (%s)", problem.title, problem.detail)
            self._leave_place(session)
            session.end(TRY_LATER)
            session.park(problem)

    async def _takes_place(self, session: Session) -> bool:
        """Let a session have a place in memory, if need be that of one that nobody watches."""
        if not self._queue and len(self._places) >= self._settings.max_sessions:
            await self._park_one_of(list(self._sessions.values()), left_s=_LEFT_S)
        if self._queue or len(self._places) >= self._settings.max_sessions:
            return False
        self._places.add(session.id)
        return True

    def _leave_place(self, session: Session) -> None:
        self._places.discard(session.id)

    async def _make_room_for_another(self, client: str) -> None:
        """See to it that there may be one more session, and that it may be this client's. Raises Problem."""
        most = self._settings.max_sessions_per_client
        own = [session for session in self._sessions.values() if session.client == client and session.where != "parked"]
        if client and len(own) >= most and not await self._park_one_of(own, left_s=0.0):
            detail = f"From this address there are {most} sessions at work, as many as there may be: delete one."
            raise Problem(429, "too_many_sessions", "Too many sessions", detail)
        most = self._settings.max_stored_sessions
        if len(self._sessions) >= most:
            parked = [session for session in self._sessions.values() if session.where == "parked"]
            oldest = min(parked, key=lambda session: self._used_s.get(session.id, 0.0), default=None)
            if oldest is None:
                raise _full(f"It keeps {most} sessions, as many as it may: try again later, or delete one.")
            self._forget(oldest)

    async def _park_one_of(self, sessions: list[Session], left_s: float) -> bool:
        """Park the session that has been left for longest, and for so long at least."""
        now_s = time.monotonic()
        left = [session for session in sessions if session.is_left and now_s - session.used_s >= left_s]
        oldest = min(left, key=lambda session: session.used_s, default=None)
        return oldest is not None and await self._park(oldest)

    async def _park(self, session: Session) -> bool:
        """Save a session and take it out of its worker, unless it cannot be saved now."""
        worker = session.worker
        assert worker is not None
        if self.saving not in ("ok", "off"):
            return False
        session.leave()
        try:
            await self._save_as_it_is(session)
            is_saved = await self._saver.is_saved(session.id)
        except Problem:
            return False  # Its worker has died: the session is on the way to another.
        if session.worker is not worker or not worker.is_alive:
            return False
        if not is_saved:
            session.stay_awake()
            return False
        worker.tell("close", session.id)
        self._leave_place(session)
        session.park()
        return True

    # The queue

    def _enqueue(self, session: Session) -> None:
        most = self._settings.max_queue
        if len(self._queue) >= most:
            raise _full(f"{most} are waiting for a place already: try again later.")
        self._queue.append(session)
        length = len(self._queue)
        session.wait_in_queue({"position": length, "length": length})
        self._say_places()

    async def _move_queue(self) -> None:
        """Let those who wait longest have the places that are free, and those who are gone lose their turn."""
        now_s = time.monotonic()
        for session in list(self._queue):
            is_absent = not session.streams and now_s - session.used_s > _ABSENT_S
            if is_absent and await self._saver.is_saved(session.id):
                self._queue.remove(session)
                session.park()
        while self._queue and self._pool.is_complete:
            if len(self._places) >= self._settings.max_sessions:
                await self._park_one_of(list(self._sessions.values()), left_s=_LEFT_S)
            if not self._queue or len(self._places) >= self._settings.max_sessions:
                break
            session = self._queue.pop(0)
            self._places.add(session.id)
            session.leave()
            await self._arrive(session)
        self._say_places()

    def _say_places(self) -> None:
        for position, session in enumerate(self._queue, 1):
            session.move_up({"position": position, "length": len(self._queue)})

    # What is kept

    def _save(self, session: Session) -> None:
        """Let what is new of a session be written, or at least that it was used."""
        self._used_s[session.id] = self._store.now_s
        self._saved_s[session.id] = time.monotonic()
        owner, viewer = session.keys.hashes
        entry = Entry(session.id, owner, viewer, self._used_s[session.id], session.state)
        self._saver.put(Save(entry, session.unsaved))
        session.unsaved = None

    async def _save_as_it_is(self, session: Session) -> None:
        """Ask the worker for a checkpoint of a session as it is now, and let it be written. Raises Problem."""
        assert session.worker is not None
        await session.worker.ask("checkpoint", session.id)
        self._save(session)

    def _forget(self, session: Session) -> None:
        """Let nothing be left of a session."""
        if self._sessions.pop(session.id, None) is None:
            return
        self._leave_place(session)
        self._used_s.pop(session.id, None)
        self._saved_s.pop(session.id, None)
        if session in self._queue:
            self._queue.remove(session)
        if session.worker is not None:
            session.worker.tell("close", session.id)
        session.vanish()
        self._saver.delete(session.id)

    def _set_aside(self, session: Session) -> None:
        """Park a session with which something is wrong as it was a moment ago, not to run on by itself."""
        session.rests = True
        if session.unsaved is not None:
            self._save(session)
        self._leave_place(session)
        session.end(TRY_LATER)
        session.park(WorkerLost())

    def _announce_saving(self) -> None:
        for session in self._sessions.values():
            session.tell(type="saving", saving=self.saving)

    # What comes from the workers

    def _on_output(self, header: Header, payload: bytes) -> None:
        session = self._sessions.get(header["session"])
        if session is None:
            return
        if header["kind"] == "saved":
            checkpoint = Checkpoint.from_message(header, payload)
            session.keep(checkpoint)
            since_s = time.monotonic() - self._saved_s.get(session.id, 0.0)
            if checkpoint.is_urgent or since_s >= _SAVE_PERIOD_S:
                self._save(session)
        elif header["kind"] == "broadcast" and header["type"] == "closed":
            self._set_aside(session)
        else:
            session.deliver(header, payload)

    def _on_worker_lost(self, worker: WorkerLink) -> Callable[[WorkerLink], Awaitable[None]]:
        orphans = [session for session in self._sessions.values() if session.worker is worker]
        logger.error("A worker has ended unexpectedly; %d session(s) go on in another", len(orphans))
        for session in orphans:
            session.lose_worker()
        return lambda replacement: self._adopt(orphans, replacement)

    async def _adopt(self, orphans: list[Session], worker: WorkerLink) -> None:
        for session in orphans:
            if self._sessions.get(session.id) is not session:
                continue  # Deleted meanwhile.
            if session.is_deadly:
                logger.error("A session is set aside: too many workers have died in its company")
                self._set_aside(session)
                continue
            try:
                await session.arrive(worker)
            except WorkerLost:
                return  # The next one takes care of all of them.
            except Problem as problem:
                logger.error("A session could not be resumed: %s", problem)
                self._set_aside(session)

    @property
    def library(self) -> Library:
        """The tables that users have given. Raises Problem where there is no room for any."""
        if self._library is None:
            detail = "The server has found no folder in which data can be kept: free some space, and start it again."
            raise Problem(503, "store_unavailable", "Nothing can be kept here", detail)
        return self._library

    def _open_library(self) -> Path:
        """Open the tables that users have given, for the engine too; return the file in which they are."""
        settings, folder = self._settings, self._settings.data_dir
        try:
            if self._lock is None:
                # Workers read from files: where nothing is to outlive this server, from one that does not either.
                self._passing = tempfile.TemporaryDirectory(prefix="nn-playground-", ignore_cleanup_errors=True)
                folder = Path(self._passing.name)
                Store(folder / store_file.FILE_NAME, settings.max_store_bytes).close()
            self._library = self._library_in(folder / store_file.FILE_NAME)
        except (OSError, sqlite3.Error) as error:
            logger.warning("Data of users cannot be kept, and are refused: %s", error)
        else:
            sources.append(self._library.shelf)
        return folder / store_file.FILE_NAME

    def _library_in(self, path: Path) -> Library:
        settings = self._settings
        return Library(
            path,
            lambda: self._store.now_s,
            max_store_bytes=settings.max_store_bytes,
            max_bytes=settings.max_datasets_bytes,
            max_tables_per_client=settings.max_datasets_per_client,
            keep_days=settings.keep_days,
        )

    # In the background

    async def _keep_house(self) -> None:
        expiry_due_s = 0.0
        while True:
            await asyncio.sleep(_HOUSEKEEPING_S)
            await self._move_queue()
            while await self._park_one_of(list(self._sessions.values()), left_s=self._settings.park_after_s):
                pass
            if time.monotonic() >= expiry_due_s:
                self._expire()
                self._in_background(self._tidy_library())
                expiry_due_s = time.monotonic() + _EXPIRY_PERIOD_S

    def _expire(self) -> None:
        """Forget the sessions that nobody has used for as long as they are kept."""
        limit_s = self._store.now_s - self._settings.keep_days * _DAY_S
        for session in [session for session in self._sessions.values() if session.where == "parked"]:
            if self._used_s.get(session.id, limit_s) < limit_s:
                self._forget(session)

    async def _tidy_library(self) -> None:
        if self._library is None:
            return
        try:
            await asyncio.to_thread(self._library.tidy)
        except Problem as problem:
            logger.warning("Data sets that nobody needs could not be deleted: %s", problem)

    async def _prepare(self) -> None:
        try:
            await asyncio.to_thread(mnist.prepare)
        except (OSError, ValueError) as error:
            logger.warning("MNIST is not ready: %s", error)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _full(detail: str) -> Problem:
    return Problem(503, "server_full", "The server is full", detail)
