"""Clocks that jump: what counts seconds here does not look at the wall."""

from __future__ import annotations

import asyncio
import email.utils
import os
import time
import urllib.request
from pathlib import Path

import pytest

from tests.faults.client import Client
from tests.faults.conftest import StartServer
from tests.faults.promises import Promises
from tests.faults.server import Server, no_traceback, wait_until
from tests.faults.test_restart import standing

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

TEN_YEARS_S = 10 * 365 * 86_400.0
EPOCHS_PER_S = 50.0


async def test_clocks_that_jump(start_server: StartServer, promise: Promises, tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text("0")
    path = [str(Path(__file__).parent / "clock"), *filter(None, [os.environ.get("PYTHONPATH")])]
    environ = {"PYTHONPATH": os.pathsep.join(path), "FAULTS_CLOCK_FILE": str(clock)}
    server = start_server("--workers", "1", environ={**environ, "PLAYGROUND_KEEP_DAYS": "1"})
    resting, running = [await asyncio.to_thread(server.create) for _ in range(2)]
    await asyncio.to_thread(server.command, resting, 20, type="run", epochs=3)
    before = await asyncio.to_thread(standing, server, resting)
    rates = []

    with no_traceback(server):
        async with Client(server.url, running).connected() as client:
            await client.command(type="run", speed=EPOCHS_PER_S)
            for offset_s in (TEN_YEARS_S, -TEN_YEARS_S):
                clock.write_text(str(offset_s))
                await asyncio.to_thread(wait_for_clock, server, offset_s)
                start_s, point = time.monotonic(), client.last_point
                await asyncio.sleep(1.0)
                rates.append((client.last_point - point) / (time.monotonic() - start_s))
                rates.append(client.frames_per_s(start_s) / 20 * EPOCHS_PER_S)
                # Who waits for a run does so for as long as the run takes.
                took = await asyncio.to_thread(server.command, resting, 20, type="run", epochs=2, speed=4.0)
                assert took["done"] and took["state"] == "done"
                await asyncio.to_thread(server.command, resting, 20, type="reset", weights="same")
            client.check_points()
            assert client.close_codes == []

        server.stop()
        clock.write_text(str(TEN_YEARS_S))
        server.start()
        await asyncio.sleep(1.0)  # What is out of date is looked for within a second.
        assert server.describe(running)["state"] == "running"
        assert server.describe(resting)["spec"] == before["spec"]

    promise.at_least(
        "rates stayed at", min(rates) / EPOCHS_PER_S * 100, 85, "% while it jumped ten years", patience=1.5
    )


def wait_for_clock(server: Server, offset_s: float) -> None:
    """Wait until the Date of the server's answers shows that its clock has jumped."""

    def has_jumped() -> bool:
        with urllib.request.urlopen(f"{server.url}/healthz", timeout=10) as response:
            shown = email.utils.parsedate_to_datetime(response.headers["Date"])
        return abs(shown.timestamp() - time.time() - offset_s) < 60

    wait_until(has_jumped, what="The jump")
