"""Saving without making anybody wait: the newest of every session goes to the store, in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, TypeVar

from app.sessions.checkpoint import Checkpoint
from app.sessions.store import Save, Store

logger = logging.getLogger("nn_playground")

Saving = Literal["ok", "disk_full", "locked", "failed", "off"]
"""How saving goes; `off`: this server keeps nothing beyond its own end."""

_RETRY_S = 1.0
_STOP_TIMEOUT_S = 3.0
Result = TypeVar("Result")


class Saver:
    """Takes what is to be saved, and writes it as fast as the disk takes it.

    What cannot be written now is kept, newer on top of older, and tried again: a full disk costs no more memory than
    the sessions themselves. `on_change` is called when `saving` has changed.
    """

    def __init__(self, store: Store, on_change: Callable[[], None], *, is_lasting: bool) -> None:
        """`is_lasting`: what is written outlives this server."""
        self._store = store
        self._on_change = on_change
        self._is_lasting = is_lasting
        self._thread = ThreadPoolExecutor(1, "store")
        self._saves: dict[str, Save] = {}
        self._deletions: set[str] = set()
        self._being_written: set[str] = set()
        self._has_work = asyncio.Event()
        self._attempted = asyncio.Event()  # Another one after every attempt, so that who waits sees the next.
        self._closing = asyncio.Event()
        self._failure: Saving | None = None
        self._writer = asyncio.create_task(self._write_until_closed(), name="store writer")

    @property
    def saving(self) -> Saving:
        """How saving goes."""
        return self._failure or ("ok" if self._is_lasting else "off")

    def put(self, save: Save) -> None:
        """Save this soon, on top of what is waiting of the same session."""
        waiting = self._saves.get(save.entry.id)
        self._saves[save.entry.id] = save if waiting is None else waiting.then(save)
        self._has_work.set()

    def delete(self, session_id: str) -> None:
        """Delete a session from the store soon."""
        self._saves.pop(session_id, None)
        self._deletions.add(session_id)
        self._has_work.set()

    async def is_saved(self, session_id: str) -> bool:
        """Wait until what has been put of a session is written, and return True; False once an attempt has failed."""
        while session_id in self._saves or session_id in self._being_written:
            await self._attempted.wait()
            if self._failure:
                return False
        return True

    async def load(self, session_id: str) -> Checkpoint:
        """Return what a session is made again from. Raises KeyError, or sqlite3.Error."""
        await self.is_saved(session_id)
        return await self._in_thread(lambda: self._store.load(session_id))

    async def size_bytes(self) -> int:
        """Return how large the store is."""
        return await self._in_thread(self._store.size_bytes)

    async def close(self) -> None:
        """Write what waits, if that can be done in time, and close the store."""
        self._closing.set()
        self._has_work.set()
        await asyncio.wait([self._writer], timeout=_STOP_TIMEOUT_S)
        if self._saves or self._deletions:
            logger.error("%d session(s) could not be saved: %s", len(self._saves), self._failure)
        self._thread.submit(self._store.close)
        self._thread.shutdown(wait=False)

    async def _write_until_closed(self) -> None:
        while True:
            await self._has_work.wait()
            self._has_work.clear()
            await self._write()
            if self._closing.is_set() and (self._failure or not self._has_work.is_set()):
                return
            if self._failure:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_RETRY_S):
                        await self._closing.wait()

    async def _write(self) -> None:
        """Try once to write all that waits."""
        saves, deletions = self._saves, self._deletions
        self._saves, self._deletions = {}, set()
        self._being_written = set(saves)
        try:
            await self._in_thread(lambda: self._store.write(saves.values(), deletions))
        except (sqlite3.Error, OSError) as error:
            newer, self._saves = self._saves, saves
            for save in newer.values():
                self.put(save)
            for session_id in self._deletions:
                self._saves.pop(session_id, None)
            self._deletions |= deletions
            self._has_work.set()
            self._tell(self._store.reason(error), error)
        else:
            self._tell(None)
        self._being_written = set()
        self._attempted.set()
        self._attempted = asyncio.Event()

    def _tell(self, failure: Saving | None, error: Exception | None = None) -> None:
        if failure == self._failure:
            return
        self._failure = failure
        if failure:
            logger.error(
                "Sessions cannot be saved (%s: %s); training goes on, and saving is tried again", failure, error
            )
        else:
            logger.warning("Sessions are saved again")
        self._on_change()

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
