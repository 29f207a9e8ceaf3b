"""The workers of a server: as many as there should be, another in place of each one that dies."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from app.cores import usable_cores
from app.errors import Problem
from app.sessions.link import WorkerLink
from app.sessions.wire import Header
from app.settings import Settings

logger = logging.getLogger("nn_playground")

_RESTART_PAUSE_S = 1.0


class WorkerPool:
    """Starts workers and replaces those that end unexpectedly.

    `tables` is the file in which they find the tables of users. `on_output` is called with what comes out of any of
    them; `on_lost` at once with a worker that has ended, and what it returns is called with the one that takes its
    place.
    """

    def __init__(
        self,
        settings: Settings,
        tables: Path,
        on_output: Callable[[Header, bytes], None],
        on_lost: Callable[[WorkerLink], Callable[[WorkerLink], Awaitable[None]]],
    ) -> None:
        self._settings = settings
        self._tables = tables
        self._on_output = on_output
        self._on_lost = on_lost
        self._workers: list[WorkerLink] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_closing = False
        self.restarts = 0

    async def start(self) -> None:
        """Start all workers. Raises Problem or OSError."""
        count = self._settings.workers or max(1, usable_cores() - 1)
        if self._settings.placement == "thread":
            count = 1
        self._workers = list(await asyncio.gather(*(self._started() for _ in range(count))))

    async def close(self) -> None:
        """End all workers."""
        self._is_closing = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*(worker.close() for worker in self._workers))

    @property
    def is_complete(self) -> bool:
        """Whether all workers are alive."""
        return bool(self._workers) and not self._tasks and all(worker.is_alive for worker in self._workers)

    def least_busy(self) -> WorkerLink:
        """Return the worker with the fewest sessions. Raises Problem if none is alive."""
        alive = [worker for worker in self._workers if worker.is_alive]
        if not alive:
            raise Problem(503, "no_worker", "No worker is ready", "Try again in a moment.")
        return min(alive, key=lambda worker: worker.sessions)

    def load(self) -> list[dict[str, Any]]:
        """Return what each worker has to do."""
        return [worker.load() for worker in self._workers]

    async def _started(self) -> WorkerLink:
        worker = WorkerLink(
            self._settings.placement,
            self._settings.limits(),
            self._on_output,
            lambda: self._replace(worker),
            self._tables,
        )
        await worker.start()
        return worker

    def _replace(self, worker: WorkerLink) -> None:
        if self._is_closing or worker not in self._workers:
            return  # It has died while it started: who started it knows.
        self._workers.remove(worker)
        self.restarts += 1
        task: asyncio.Task[None] = asyncio.create_task(self._start_another(self._on_lost(worker)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _start_another(self, take_over: Callable[[WorkerLink], Awaitable[None]]) -> None:
        """Start a worker, again and again if need be: a server without one is of no use."""
        while True:
            try:
                worker = await self._started()
                break
            except (Problem, OSError) as error:
                logger.error("A worker could not be started: %s", error)
                await asyncio.sleep(_RESTART_PAUSE_S)
        self._workers.append(worker)
        await take_over(worker)
