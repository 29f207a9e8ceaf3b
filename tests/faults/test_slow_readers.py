"""A client that reads slowly, or never, costs the memory of two frames, and nobody else's time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.faults.client import Client
from tests.faults.conftest import StartServer
from tests.faults.promises import IS_FULL, Promises
from tests.faults.server import SMALL_SPEC, Server, no_traceback, wait_until

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(240)]

CLIENTS = 10
# Beyond 20 seconds the server gives such a client up.
SECONDS = 30.0 if IS_FULL else 4.0
MEBIBYTE = 2**20

# Trains so fast that its history is full, and thinned again and again, within seconds.
HASTY_SPEC: dict[str, Any] = {
    "data": {"dataset": {"name": "xor", "samples": 10}},
    "network": {"layers": [{"units": 2}]},
}
LARGEST_VIEW = {"resolution": 256, "unit_resolution": 100, "fps": 60}


async def test_ten_clients_that_never_read(start_server: StartServer, promise: Promises) -> None:
    # A history that is full at once, so that nothing but the deaf ones can make the server grow.
    server = start_server("--workers", "1", environ={"PLAYGROUND_MAX_POINTS": "300"})

    with no_traceback(server):
        async with contextlib.AsyncExitStack() as stack:
            others = [Client(server.url, await asyncio.to_thread(server.create, SMALL_SPEC)) for _ in range(3)]
            for client in others:
                await stack.enter_async_context(client.connected())
                await client.command(type="run", speed=20.0)
            deaf = [await stack.enter_async_context(deaf_client(server)) for _ in range(CLIENTS)]
            # While everybody still reads:
            await asyncio.gather(*(one.read_on(3.0) for one in deaf))
            before = [client.frames_per_s(time.monotonic() - 2) for client in others]
            memory = server.memory_bytes()

            start_s, most, blocked = time.monotonic(), 0, 0
            while time.monotonic() - start_s < SECONDS:
                # One half of them say that they have seen what they never read, and are sent ever more.
                for liar in deaf[: CLIENTS // 2]:
                    await liar.lie()
                await asyncio.sleep(0.02)
                most = max(most, server.memory_bytes())
                blocked = max(blocked, sum(waiting > MEBIBYTE for waiting in server.unsent_bytes()))
            during = [client.frames_per_s(start_s) for client in others]
            if IS_FULL:  # Who takes nothing for 20 seconds is cut off, and with him goes what waited for him.
                await asyncio.to_thread(wait_until, lambda: max(server.unsent_bytes()) < MEBIBYTE, 30, "Cutting off")

    assert blocked >= CLIENTS // 2, f"Only {blocked} clients have filled all buffers on the way."
    promise.say("clients that never read", CLIENTS, f"for {SECONDS:g} s")
    promise.at_most("the server grew by", (most - memory) / MEBIBYTE, 5, "MB", patience=1)
    kept = min(now / then for now, then in zip(during, before, strict=True))
    promise.at_least("the others kept", kept * 100, 90, "% of their frames", patience=1.5)


class Deaf:
    """A client that reads at first and then nothing any more; its system takes as little as it can for it."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def read_on(self, seconds: float) -> None:
        """Read all and draw it, and from then on nothing."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                async for message in self._socket:
                    if isinstance(message, bytes):
                        await self.lie()
        self._socket.transport.pause_reading()

    async def lie(self) -> None:
        """Say that all frames were drawn, whichever they were."""
        with contextlib.suppress(ConnectionClosed):
            await self._socket.send(json.dumps({"type": "seen", "seq": 2**31}))


@contextlib.asynccontextmanager
async def deaf_client(server: Server) -> AsyncIterator[Deaf]:
    session = await asyncio.to_thread(server.create, HASTY_SPEC)
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", server.port))
    raw.setblocking(False)
    url = f"ws://127.0.0.1:{server.port}/api/v1/sessions/{session['id']}/stream"
    connecting = connect(url, sock=raw, compression=None, max_size=None, ping_interval=None, close_timeout=0)
    async with connecting as connection:
        await connection.send(json.dumps({"type": "hello", "token": session["token"]}))
        await connection.send(json.dumps({"type": "view", **LARGEST_VIEW}))
        await connection.send(json.dumps({"type": "run"}))
        yield Deaf(connection)
        connection.transport.abort()
