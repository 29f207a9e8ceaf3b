"""A wire between browser and server that a test can cut and mend."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Relay:
    """Passes bytes between a port of its own and the server; while it is cut, no connection lives or is made."""

    def __init__(self, server_url: str) -> None:
        self._target = urlsplit(server_url)
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._is_cut = False
        self.url = ""

    def cut(self) -> None:
        """Break every connection and refuse new ones."""
        self._call(self._cut)

    def mend(self) -> None:
        """Let connections through again."""
        self._call(self._mend)

    @contextmanager
    def running(self) -> Iterator[Relay]:
        """Relay in a thread for as long as the context lasts."""
        ready = threading.Event()
        thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        thread.start()
        ready.wait(10)
        try:
            yield self
        finally:
            self._call(self._cut)
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join(10)
            self._loop.close()

    def _run(self, ready: threading.Event) -> None:
        server = self._loop.run_until_complete(asyncio.start_server(self._pass_on, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}{self._target.path}"
        ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(_end_tasks())

    def _call(self, change: Callable[[], None]) -> None:
        done = threading.Event()

        def change_and_tell() -> None:
            change()
            done.set()

        self._loop.call_soon_threadsafe(change_and_tell)
        done.wait(10)

    def _cut(self) -> None:
        self._is_cut = True
        for writer in self._writers:
            writer.transport.abort()

    def _mend(self) -> None:
        self._is_cut = False

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        upstream_reader, upstream_writer = await asyncio.open_connection(self._target.hostname, self._target.port)
        self._writers |= {writer, upstream_writer}
        await asyncio.gather(_copy(reader, upstream_writer), _copy(upstream_reader, writer))
        self._writers -= {writer, upstream_writer}


async def _end_tasks() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    writer.close()
