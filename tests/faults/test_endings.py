"""Runs without viewers and sessions without visitors: what ends goes on to its end, what does not costs nothing."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.faults.client import Client
from tests.faults.conftest import StartServer
from tests.faults.promises import Promises
from tests.faults.server import Server, no_traceback, wait_until
from tests.faults.test_restart import standing

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

UNWATCHED_S = 2


async def test_runs_that_nobody_watches(start_server: StartServer, promise: Promises) -> None:
    server = start_server("--workers", "1", environ={"PLAYGROUND_MAX_UNWATCHED_RUN_S": str(UNWATCHED_S)})
    ending, endless = [await asyncio.to_thread(server.create) for _ in range(2)]

    with no_traceback(server):
        async with Client(server.url, ending).connected() as one, Client(server.url, endless).connected() as other:
            await one.command(type="run", epochs=180, speed=50.0)
            await other.command(type="run", speed=50.0)
            await other.until_points(20)
        left_s = time.monotonic()
        await asyncio.to_thread(wait_until, lambda: server.describe(endless)["state"] == "paused")
        paused_s = time.monotonic() - left_s
        await asyncio.to_thread(wait_until, lambda: server.describe(ending)["state"] == "done")
        async with one.anew().connected() as again, other.anew().connected() as other_again:
            again.check_points(least=180)
            other_again.check_points(least=20)
            assert len(again.points) == 180

    promise.at_least("an endless run went on for", paused_s, UNWATCHED_S - 0.5, "s without a viewer", patience=1)
    promise.at_most("an endless run paused after", paused_s, UNWATCHED_S + 1, "s without a viewer")


async def test_a_session_that_was_parked_comes_back_as_it_was(start_server: StartServer, promise: Promises) -> None:
    server = start_server("--workers", "1", environ={"PLAYGROUND_PARK_AFTER_S": "1"})
    sessions = [await asyncio.to_thread(server.create) for _ in range(20)]
    for session in sessions[:3]:
        await asyncio.to_thread(server.command, session, 20, type="run", epochs=5)
    before = [await asyncio.to_thread(standing, server, session) for session in sessions[:3]]

    with no_traceback(server):
        await asyncio.sleep(2.5)
        in_memory = await asyncio.to_thread(sessions_in_memory, server)
        start_s = time.monotonic()
        after = [await asyncio.to_thread(standing, server, session) for session in sessions[:3]]
        back_s = (time.monotonic() - start_s) / 3
        async with Client(server.url, sessions[4]).connected() as client:
            await client.command(type="run", epochs=5)
            await client.until_state("done")
            client.check_points(least=5)

    assert in_memory == 0
    assert after == before
    promise.at_most("brought back and looked at in", back_s, 1, "s")


def sessions_in_memory(server: Server) -> float:
    """Return how many sessions are in a worker, as the metrics tell."""
    metrics = server.ask("GET", "/metrics").body.decode()
    held = [line for line in metrics.splitlines() if line.startswith("nn_playground_worker_sessions{")]
    return sum(float(line.split()[-1]) for line in held)
