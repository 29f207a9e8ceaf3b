"""The web process's end of a worker: starts it, asks it, and hands on what comes out of it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import multiprocessing
import os
import signal
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any, Literal, Protocol

from app.errors import Problem
from app.process import resident_bytes
from app.sessions import worker
from app.sessions.wire import Header, Unpacker, pack

_READ_BYTES = 1 << 18
_NO_ANSWER = 0  # The number of a request to which no reply is made.
_SLICE_BYTES = 1 << 18
_STOP_TIMEOUT_S = 3.0
# A worker answers between two pieces of work; one that is silent for so long will not answer any more.
_PING_PERIOD_S = 0.5
_PING_TIMEOUT_S = 2.5


class _Running(Protocol):
    """What a process and a thread have in common."""

    def start(self) -> None: ...
    def join(self, timeout: float | None = None) -> None: ...
    def is_alive(self) -> bool: ...


class WorkerLink:
    """A worker, in a process or thread of its own, at the other end of a pair of sockets.

    `on_output` is called with every broadcast and delivery in the order of their making, `on_end` once when the worker
    is gone though nobody closed it. `tables` is the file in which a process finds the tables of users; a thread shares
    what this process has found.
    """

    def __init__(
        self,
        placement: Literal["process", "thread"],
        limits: Mapping[str, int],
        on_output: Callable[[Header, bytes], None],
        on_end: Callable[[], None],
        tables: Path,
    ) -> None:
        self._placement = placement
        self._limits = dict(limits)
        self._on_output = on_output
        self._on_end = on_end
        self._tables = tables
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._is_closing = False
        self._unsent: deque[memoryview] = deque()  # What is too large to be handed over at once, and what came after.
        self._sender: asyncio.Task[None] | None = None
        self._handed_over = 0
        self._load: dict[str, Any] = {"running": 0, "lateness_s": 0.0}
        self.sessions = 0

    async def start(self) -> None:
        """Start the worker, begin to listen to it, and return when it answers. Raises Problem if it does not live."""
        ours, theirs = socket.socketpair()
        if self._placement == "thread":
            self._worker: _Running = threading.Thread(target=worker.serve, args=(theirs, self._limits), daemon=True)
            self._worker.start()
        else:
            context = multiprocessing.get_context("spawn")
            self._worker = context.Process(
                target=worker.main, args=(theirs, self._limits, self._tables), name=worker.TITLE, daemon=True
            )
            await asyncio.to_thread(_start, self._worker)
            theirs.close()
        self._reader, self._writer = await asyncio.open_connection(sock=ours)
        self._listener = asyncio.create_task(self._listen(), name="worker listener")
        await self.ask("ping", "")
        self._watchdog = asyncio.create_task(self._watch(), name="worker watchdog")

    @property
    def is_alive(self) -> bool:
        return self._worker.is_alive() and not self._listener.done()

    @property
    def pid(self) -> int | None:
        """The worker process's id; None for a thread."""
        return getattr(self._worker, "pid", None)

    def load(self) -> dict[str, Any]:
        """Return what the worker has to do, as it last said."""
        memory_bytes = resident_bytes(self.pid or os.getpid())
        return {"pid": self.pid, "sessions": self.sessions, **self._load, "memory_bytes": memory_bytes}

    async def ask(self, what: str, session: str, payload: bytes = b"", **arguments: Any) -> Any:
        """Return the worker's answer, an object or bytes. Raises Problem, also when the worker is lost."""
        if self._listener.done():
            raise WorkerLost
        number = next(self._numbers)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        try:
            self._send(number, what, session, payload, arguments)
            return await future
        finally:
            self._waiting.pop(number, None)

    def tell(self, what: str, session: str, **arguments: Any) -> None:
        """Ask for something that needs no answer."""
        if not self._listener.done():
            self._send(_NO_ANSWER, what, session, b"", arguments)

    async def close(self) -> None:
        """End the worker by closing its socket, and wait for it."""
        self._is_closing = True
        self._watchdog.cancel()
        if self._sender:
            self._sender.cancel()
        self._writer.close()
        self._listener.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._listener
        await asyncio.to_thread(self._worker.join, _STOP_TIMEOUT_S)
        if isinstance(self._worker, multiprocessing.process.BaseProcess) and self._worker.is_alive():
            self._worker.kill()
            await asyncio.to_thread(self._worker.join, _STOP_TIMEOUT_S)

    async def _watch(self) -> None:
        """End a worker that no longer answers; what ends it tells those who wait, as when it dies by itself."""
        while True:
            await asyncio.sleep(_PING_PERIOD_S)
            handed_over = self._handed_over
            try:
                async with asyncio.timeout(_PING_TIMEOUT_S):
                    self._load = await self.ask("ping", "")
            except TimeoutError:
                # A worker that takes what is before the ping, such as a large file, is alive.
                is_stuck = self._handed_over == handed_over
                if is_stuck and isinstance(self._worker, multiprocessing.process.BaseProcess):
                    self._worker.kill()
            except WorkerLost:
                return

    def _send(self, number: int, what: str, session: str, payload: bytes, arguments: Header) -> None:
        header = {"request": number, "what": what, "session": session, "arguments": arguments}
        message = pack(header, payload)
        if not self._unsent and len(message) <= _SLICE_BYTES:
            self._writer.write(message)
            return
        self._unsent.append(memoryview(message))
        if self._sender is None or self._sender.done():
            self._sender = asyncio.create_task(self._send_in_slices(), name="worker sender")

    async def _send_in_slices(self) -> None:
        """Hand over what is large slice by slice: asyncio would move all that is left of it after every piece."""
        with contextlib.suppress(ConnectionError):  # The listener tells of it.
            while self._unsent:
                message = self._unsent[0]
                self._writer.write(message[:_SLICE_BYTES])
                if len(message) > _SLICE_BYTES:
                    self._unsent[0] = message[_SLICE_BYTES:]
                else:
                    self._unsent.popleft()
                await self._writer.drain()
                self._handed_over += 1

    async def _listen(self) -> None:
        unpacker = Unpacker()
        try:
            while data := await self._reader.read(_READ_BYTES):
                for header, payload in unpacker.feed(data):
                    if header["kind"] == "reply":
                        self._settle(header, payload)
                    else:
                        self._on_output(header, payload)
        except ConnectionError:
            pass  # As good as the end of the stream: the worker is gone.
        finally:
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(WorkerLost())
            if not self._is_closing:
                self._on_end()

    def _settle(self, header: Header, payload: bytes) -> None:
        future = self._waiting.get(header["request"])
        if future is None or future.done():
            return
        if "problem" in header:
            future.set_exception(Problem.from_dict(header["problem"]))
        else:
            future.set_result(payload if "bytes" in header else header["body"])


class WorkerLost(Problem):
    """The worker has ended before it answered."""

    def __init__(self) -> None:
        detail = "It is being replaced, and goes on from a second ago. Look how things stand, and try again."
        super().__init__(503, "worker_lost", "The worker of this session has ended", detail)


def _start(process: _Running) -> None:
    """Start a process with one thread for BLAS, deaf to signals for the whole group until it ignores them itself.

    Runs in a thread of its own, since a child inherits the signals that its starting thread blocks.
    """
    with _one_start_at_a_time, _one_blas_thread(), _blocked_signals():
        process.start()


_one_start_at_a_time = threading.Lock()


@contextlib.contextmanager
def _blocked_signals() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # It would lift the block, were it started on the way.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _one_blas_thread() -> Iterator[None]:
    """Let a process that is started meanwhile compute with one thread: workers share the machine by processes."""
    names = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value
