"""A server that is killed: all that was saved comes back, bit for bit, and nothing of it is left running."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import random
import signal
import sqlite3
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import ExperimentSpec, Trainer
from tests.faults.client import Client
from tests.faults.conftest import StartServer
from tests.faults.promises import IS_FULL, Promises
from tests.faults.server import SMALL_SPEC, Server, no_traceback, wait_until

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(240)]

EPOCHS_PER_S = 50.0
STEPS_PER_EPOCH = 3
KILLS = 4 if IS_FULL else 1
# Running sessions are saved every ten seconds: in full, it is killed before and after such moments.
LONGEST_LIFE_S = 15.0 if IS_FULL else 1.5
RUN_EPOCHS = int((KILLS * (LONGEST_LIFE_S + 1) + 2) * EPOCHS_PER_S)

# RMSprop has slots, and a batch of seven leaves an epoch with an order and a place within it.
CIRCLE_SPEC: dict[str, Any] = {
    "data": {"dataset": {"name": "circle", "samples": 100}},
    "network": {"layers": [{"units": 5}]},
    "training": {"optimizer": {"name": "rmsprop"}, "batch_size": 7},
}


async def test_kill_9_of_the_server(start_server: StartServer, promise: Promises) -> None:
    server = start_server("--workers", "2")
    resting = [await asyncio.to_thread(session_at_rest, server, number) for number in range(4)]
    before = [await asyncio.to_thread(standing, server, session) for session in resting]
    running = await asyncio.to_thread(server.create)
    await asyncio.sleep(0.5)  # After a change, saving may take a moment.
    seconds, lost, orphans = [], [], []

    with no_traceback(server):
        async with Client(server.url, running).connected() as client:
            await client.command(type="run", epochs=RUN_EPOCHS, speed=EPOCHS_PER_S)
            for kill in range(KILLS):
                await asyncio.sleep(random.uniform(1.0, LONGEST_LIFE_S))
                epoch, welcomes = client.points[-1]["epoch"], len(client.welcomes)
                server.signal(signal.SIGKILL)
                await asyncio.to_thread(server.wait)
                assert is_whole(server.data_dir / "sessions.sqlite3")
                orphans.append(
                    await asyncio.to_thread(wait_until, lambda: not server.members(), 10, "The workers' end")
                )

                start_s = time.monotonic()
                await asyncio.to_thread(server.start)
                await client.until_welcomed(welcomes + 1)
                seconds.append(time.monotonic() - start_s)
                lost.append((epoch - client.welcomes[-1]["epoch"]) / EPOCHS_PER_S)
                if kill == 0 or IS_FULL:
                    after = [await asyncio.to_thread(standing, server, session) for session in resting]
                    assert after == before, "A session at rest is not what it was."

            await client.until_state("done", timeout_s=120)
            client.check_points(least=RUN_EPOCHS)
        history = (await asyncio.to_thread(server.of, running, "/history")).json()["points"]
        assert client.points == history[: len(client.points)]
        assert_trained_alone(await asyncio.to_thread(server.snapshot, running), SMALL_SPEC, RUN_EPOCHS)
        for session in resting:  # They do not merely look alike, they go on as they would have.
            await asyncio.to_thread(server.command, session, 20, type="run", epochs=3)

    promise.say("kills", KILLS, "of the server")
    promise.say("sessions at rest, restored bit for bit", len(resting), "")
    promise.at_most("the running one had lost", max(lost), 10, "s of training", patience=1.2)
    promise.at_most("its workers were gone after", max(orphans), 3, "s")
    promise.at_most("answering again, and streaming, after", max(seconds), 10, "s")


def session_at_rest(server: Server, number: int) -> dict[str, Any]:
    """Make a session that has been through something, and now rests in a state that is not easy to make again."""
    session = server.create(CIRCLE_SPEC)
    server.command(session, 20, type="run", epochs=5 + number)
    server.command(session, type="configure", patch={"training": {"optimizer": {"learning_rate": 0.02}}})
    server.command(session, type="edit", layer=0, bias=1, value=0.375)
    if number % 2:
        server.command(session, 20, type="step", unit="batch", count=3)
    if number == 2:
        server.command(session, type="reset", weights="new")
        server.command(session, 20, type="step", unit="example", count=10)
    return session


def standing(server: Server, session: dict[str, Any]) -> dict[str, Any]:
    """Return all that a session is, in a form in which equal means the same bits."""
    snapshot = np.load(io.BytesIO(server.snapshot(session)))
    return {
        **server.describe(session),
        "state of the snapshot": json.loads(bytes(snapshot["state"])),
        **{name: (snapshot[name].shape, snapshot[name].tobytes()) for name in ("parameters", "slots", "order")},
        "history": server.of(session, "/history").json(),
        "log": server.of(session, "/log").json(),
        "viewer": server.ask("GET", f"/api/v1/sessions/{session['id']}", token=session["viewer_token"]).json()["role"],
    }


def is_whole(file: Path) -> bool:
    """Return whether a database that a killed process left is whole."""
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))


def assert_trained_alone(snapshot: bytes, spec: dict[str, Any], epochs: int) -> None:
    """Hold that a session has the bits of a trainer that nothing ever happened to."""
    alone = Trainer(ExperimentSpec.model_validate(spec))
    alone.advance(epochs * STEPS_PER_EPOCH)
    restored = Trainer.restore(snapshot)
    assert restored.step == alone.step
    assert restored.parameters.tobytes() == alone.parameters.tobytes()
