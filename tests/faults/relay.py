"""A wire between a client and the server that can stall, break, swallow everything, or be slow."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from typing import Any

_PIECE = 65_536


class Relay:
    """Passes bytes on between a port of its own and the server's, as its state tells."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._transports: set[asyncio.WriteTransport] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._open = asyncio.Event()
        self._open.set()
        self._is_cut = False
        self._live: set[int] = set()  # The numbers of the connections that pass things on.
        self._swallows = False
        self.bytes_per_s: float | None = None
        self.connections = 0
        self.url = ""

    def cut(self) -> None:
        """Break every connection and refuse new ones."""
        self._is_cut = True
        for transport in list(self._transports):
            transport.abort()

    def stall(self) -> None:
        """Pass nothing on; what is sent waits in buffers, and its sender waits when they are full."""
        self._open.clear()

    def swallow(self) -> None:
        """Take everything and pass nothing on, for ever: neither side is told that the other has gone."""
        self._live.clear()
        self._swallows = True

    def mend(self) -> None:
        """Be a good wire; connections that were half-open stay so."""
        self._is_cut = self._swallows = False
        self.bytes_per_s = None
        self._open.set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Relay]:
        """Relay for as long as the block lasts."""
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            self.cut()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        self.connections += 1
        number = self.connections
        if not self._swallows:
            self._live.add(number)
        try:
            upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:  # The server is down; so is this wire.
            writer.transport.abort()
            return
        self._transports |= {writer.transport, upstream_writer.transport}
        self._in_background(self._copy(reader, upstream_writer, number))
        self._in_background(self._copy(upstream_reader, writer, number))

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        try:
            while data := await reader.read(_PIECE if self.bytes_per_s is None else 1024):
                await self._open.wait()
                if self.bytes_per_s is not None:
                    await asyncio.sleep(len(data) / self.bytes_per_s)
                if number in self._live:
                    writer.write(data)
                    await writer.drain()
        except ConnectionError:
            writer.transport.abort()
        if number in self._live:
            writer.close()  # The end of a half-open connection is swallowed, too.
        self._transports.discard(writer.transport)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
