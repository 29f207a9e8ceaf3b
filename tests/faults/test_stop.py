"""SIGTERM, to the process or to its whole group: everybody is told, everything is kept, nobody is left behind."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator

import pytest

from tests.faults.client import Client
from tests.faults.conftest import StartServer
from tests.faults.promises import Promises
from tests.faults.server import Server, no_traceback, wait_until
from tests.faults.test_slow_readers import deaf_client

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

SOCKETS = 30
SESSIONS = 10


@pytest.mark.parametrize("to_group", [False, True], ids=["to the process", "to its group"])
async def test_sigterm_with_30_sockets(to_group: bool, start_server: StartServer, promise: Promises) -> None:
    server = start_server("--workers", "2")
    sessions = [await asyncio.to_thread(server.create) for _ in range(SESSIONS)]

    with no_traceback(server):
        async with contextlib.AsyncExitStack() as stack:
            clients = [Client(server.url, session, comes_back=False) for session in sessions * (SOCKETS // SESSIONS)]
            for client in clients:
                await stack.enter_async_context(client.connected())
            for client in clients[:SESSIONS]:
                await client.command(type="run", speed=20.0)
            await clients[0].command(type="pause")
            if not to_group:
                await stack.enter_async_context(one_that_takes_nothing(server))
            for client in clients[1:SESSIONS]:
                await client.until_points(10)
            paused = await asyncio.to_thread(server.describe, sessions[0])
            assert len(server.workers()) == 2

            start_s = time.monotonic()
            server.signal(signal.SIGTERM, to_group=to_group)
            code = await asyncio.to_thread(server.wait)
            gone_s = time.monotonic() - start_s
            for client in clients:
                await client.until_closed()

        assert [client.close_codes for client in clients] == [[1012]] * SOCKETS
        assert code in (0, -signal.SIGTERM)
        await asyncio.to_thread(wait_until, lambda: server.members() == [], 2, "The end of all that it started")
        promise.say("sockets", SOCKETS, f"of {SESSIONS} sessions, all closed with 1012")
        promise.at_most("gone after", gone_s, 5, "s")

        server.start()
        for client, session in zip(clients[:SESSIONS], sessions, strict=True):
            described = await asyncio.to_thread(server.describe, session)
            assert described["step"] >= client.step, "It has lost what its clients were shown."
            assert described["state"] == ("paused" if client is clients[0] else "running")
            if client is clients[0]:
                assert described == paused
                continue
            if client not in clients[1:4]:
                continue
            async with client.anew().connected() as again:
                await again.until_points(client.last_point + 5)
                again.check_points()


@contextlib.asynccontextmanager
async def one_that_takes_nothing(server: Server) -> AsyncIterator[None]:
    """A client for whom all buffers on the way are full: it must not hold the stop."""
    async with deaf_client(server) as deaf:
        await deaf.read_on(0)
        for _ in range(100):
            await deaf.lie()
            await asyncio.sleep(0.02)
        yield
