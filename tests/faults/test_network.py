"""Networks that are cut, stall, swallow or crawl: the same session afterwards, its points complete and unique."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable

import psutil
import pytest

from tests.faults.client import Client
from tests.faults.conftest import StartServer
from tests.faults.promises import IS_FULL, Promises
from tests.faults.relay import Relay
from tests.faults.server import Server, no_traceback, wait_until

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(240)]

LENGTHS_S = (5.0, 60.0) if IS_FULL else (2.0,)
EPOCHS_PER_S = 50.0

Fault = Callable[[Relay, float], Awaitable[None]]


async def cut(relay: Relay, length_s: float) -> None:
    relay.cut()
    await asyncio.sleep(length_s)


async def half_open(relay: Relay, length_s: float) -> None:
    relay.swallow()
    await asyncio.sleep(length_s)


async def stalled(relay: Relay, length_s: float) -> None:
    relay.stall()
    await asyncio.sleep(length_s)


async def crawling(relay: Relay, length_s: float) -> None:
    relay.bytes_per_s = 15_000.0
    await asyncio.sleep(length_s)


async def cut_again_and_again(relay: Relay, length_s: float) -> None:
    """Break in the middle of whatever is on its way, a hello or a welcome too."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(length_s):
            while True:
                relay.cut()
                relay.mend()
                await asyncio.sleep(random.uniform(0.02, 0.25))


FAULTS: list[Fault] = [cut, half_open, stalled, crawling, cut_again_and_again]
# Clients give up a connection on which they hear nothing for a second, but not one of these, which will do again.
PATIENCE_S: dict[Fault, float] = {stalled: 120.0, crawling: 120.0}


@pytest.mark.parametrize("length_s", LENGTHS_S)
async def test_networks_that_fail(length_s: float, start_server: StartServer, promise: Promises) -> None:
    # A cut is no reason to pause here; it would be one for a run without an end after 30 seconds.
    server = start_server("--workers", "2")

    with no_traceback(server):
        clients = await asyncio.gather(*(suffer(server, fault, length_s) for fault in FAULTS))
        if IS_FULL:  # Of the half-open ones the server has been told nothing; it finds out by itself.
            await asyncio.to_thread(wait_until, lambda: connections(server) == 0, 50, "Closing what is half-open")

    promise.say("each fault lasted", length_s, "s: " + ", ".join(fault.__name__ for fault in FAULTS))
    promise.say("points, complete and unique", sum(len(client.points) for client in clients), "in all")
    promise.say("connections were made", sum(len(client.welcomes) for client in clients), "times")


async def suffer(server: Server, fault: Fault, length_s: float) -> Client:
    """Let a session be watched through a wire with a fault, and hold that nothing of it was lost or came twice."""
    session = await asyncio.to_thread(server.create)
    epochs = int((length_s + 2) * EPOCHS_PER_S)
    relay = Relay(server.port)
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(relay.running())
        patient = Client(relay.url, session, patience_s=PATIENCE_S.get(fault, 1.0))
        async with patient.connected() as client:
            await client.command(type="run", epochs=epochs, speed=EPOCHS_PER_S)
            await client.until_points(20)

            await fault(relay, length_s)
            relay.mend()

            await client.until_state("done")
            client.check_points(least=epochs)
            kept = (await asyncio.to_thread(server.of, session, "/history")).json()["points"]
            assert client.points == kept, fault.__name__
            assert {welcome["id"] for welcome in client.welcomes} == {session["id"]}
            if length_s < 20:  # Later the server gives up who takes nothing.
                assert (len(client.welcomes) == 1) == (fault in PATIENCE_S), fault.__name__
    return client


def connections(server: Server) -> int:
    """Return how many clients are connected, as the web process sees it."""
    found = psutil.Process(server.pid).net_connections("tcp")
    return sum(one.laddr.port == server.port and one.status == psutil.CONN_ESTABLISHED for one in found)
