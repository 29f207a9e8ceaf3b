"""A worker that dies, or no longer answers, is replaced; its sessions go on from memory a second old at most."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import time
from collections.abc import AsyncIterator

import pytest

from tests.faults.client import Client
from tests.faults.conftest import StartServer
from tests.faults.promises import IS_FULL, Promises
from tests.faults.server import Server, no_traceback, wait_until

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(240)]

EPOCHS_PER_S = 100.0
STEPS_PER_S = 3 * EPOCHS_PER_S  # 30 examples are trained on, 10 at a time.
# A session in whose company more than five workers die within a minute is ended.
KILLS = 5 if IS_FULL else 1
WINDOW_S = 2.5 if IS_FULL else 1.5
"""Frames are counted so long before and after."""


async def test_kill_9_of_a_worker_while_it_trains(start_server: StartServer, promise: Promises) -> None:
    server = start_server("--workers", "2")
    back_s, lost_s, kept = [], [], []

    with no_traceback(server):
        async with running_clients(server, 6) as clients:
            for _ in range(KILLS):
                await asyncio.sleep(WINDOW_S + random.random())  # Anywhere between two checkpoints.
                worker = random.choice(server.workers())
                killed_s = time.monotonic()
                worker.kill()
                hurt = await welcomed_after(killed_s, clients)
                others = [client for client in clients if client not in hurt]
                assert len(hurt) >= 1 and len(others) >= 1
                for client in hurt:
                    back_s.append(await client.until_it_goes_on() - killed_s)
                    lost_s.append(lost_steps(client, killed_s) / STEPS_PER_S)
                for client in others:
                    before = client.frames_per_s(killed_s - WINDOW_S, killed_s)
                    kept.append(client.frames_per_s(killed_s, killed_s + WINDOW_S) / before * 100)
            all_back_s = await kill_all_workers(server, clients)
            for client in clients:
                client.check_points(least=50)

    promise.say("kills", KILLS, "workers")
    promise.at_most("its sessions went on after", max(back_s), 2, "s")
    promise.at_most("they lost", max(lost_s), 1, "s of training")
    promise.at_least("the others kept", min(kept), 90, "% of their frames", patience=1.5)
    promise.at_most("when all workers were killed at once, all went on after", all_back_s, 5, "s")


async def test_sigstop_of_a_worker(start_server: StartServer, promise: Promises) -> None:
    server = start_server("--workers", "2")

    with no_traceback(server):
        async with running_clients(server, 4) as clients:
            worker = server.workers()[0]
            stopped_s = time.monotonic()
            worker.send_signal(signal.SIGSTOP)
            await clients[0].until(
                lambda: sum(len(client.welcomes) > 1 for client in clients) == 2, what="Two welcomes"
            )
            for client in clients:
                await client.until_it_goes_on()
            replaced_s = time.monotonic() - stopped_s
            for client in clients:
                client.check_points(least=20)

    assert worker.pid not in {other.pid for other in server.workers()}
    assert len(server.workers()) == 2
    promise.at_most("its sessions went on in another after", replaced_s, 5, "s")


async def welcomed_after(killed_s: float, clients: list[Client]) -> list[Client]:
    """Return, after a while, the clients whose sessions were taken up by another worker since that moment."""
    await clients[0].until(lambda: any(client.welcomed[-1][0] > killed_s for client in clients), what="A welcome")
    await asyncio.sleep(max(0.5, killed_s + WINDOW_S - time.monotonic()))
    return [client for client in clients if client.welcomed[-1][0] > killed_s]


async def kill_all_workers(server: Server, clients: list[Client]) -> float:
    """Leave the server without any worker, and return after how long everything goes on."""
    workers = server.workers()
    welcomes = {client: len(client.welcomes) for client in clients}
    for worker in workers:
        worker.kill()
    killed_s = time.monotonic()
    for client in clients:
        await client.until_welcomed(welcomes[client] + 1)
        await client.until_it_goes_on()
    back_s = time.monotonic() - killed_s
    await asyncio.to_thread(wait_until, lambda: server.ask("GET", "/readyz").status == 200)
    assert len(server.workers()) == 2
    return back_s


@contextlib.asynccontextmanager
async def running_clients(server: Server, count: int) -> AsyncIterator[list[Client]]:
    """As many sessions that train and are watched, frames flowing."""
    async with contextlib.AsyncExitStack() as stack:
        clients = [Client(server.url, await asyncio.to_thread(server.create)) for _ in range(count)]
        for client in clients:
            await stack.enter_async_context(client.connected())
            await client.command(type="run", speed=EPOCHS_PER_S)
        for client in clients:
            await client.until_frames(20)
        yield clients


def lost_steps(client: Client, killed_s: float) -> float:
    """Return how many steps had been made when the worker died and are not in what it was taken up from."""
    welcomed_s, step = client.welcomed[-1]
    moment_s, known = [frame for frame in client.frames if frame[0] < welcomed_s][-1]
    return known + max(0.0, killed_s - moment_s) * STEPS_PER_S - step
