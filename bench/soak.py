"""What only time shows: whether memory and open files grow while people come and go, and while sessions run on."""

from __future__ import annotations

import asyncio
import itertools
import os
import statistics
import time
from typing import Any

from .client import Refused, Stream, create
from .load import CROWD, SPEC, running, watched
from .measure import Result, held
from .server import Server, serving

SOAK_VARIABLE = "NN_PLAYGROUND_SOAK_S"
"""Set in the environment, it says how many seconds `load_soak` lasts; 60 otherwise."""

_PARK_AFTER_S = 1.0
_AT_ONCE = 20
_SETTLE_S = 3.0
_STILL_BYTES = 250_000


def hour(connects: int = 5_000, left: int = 200, warm_up: int = 500) -> Result:
    """Measure by how much the server's memory has grown after a school's hour, without its pauses.

    `connects` sockets are opened, welcomed and closed again; `left` sessions are made, run, and left by their owners,
    upon which they go out of memory into the store.
    """
    with serving(CROWD | {"park_after_s": _PARK_AFTER_S}) as server:
        detail = asyncio.run(_hour(server, connects, left, warm_up))
    detail = held(detail, "grown_mb <= 5", "files_grown <= 0", "errors <= 0")
    return Result("load_hour", detail["grown_mb"], "MB grown", {}, detail)


def soak(sessions: int = 30, seconds: float | None = None) -> Result:
    """Measure the frames a second of sessions that run on and on, and what memory they take in the end.

    It grows while they collect points, up to as many as are kept.
    """
    seconds = seconds or float(os.environ.get(SOAK_VARIABLE, "60"))
    with serving() as server:
        detail = asyncio.run(_soak(server, sessions, seconds))
    detail = held(detail, "least_fps >= 19", "megabytes <= 250", "files_grown <= 0", "errors <= 0")
    return Result("load_soak", detail["least_fps"], "frames/s, the least of all sessions", {}, detail)


async def _hour(server: Server, connects: int, left: int, warm_up: int) -> dict[str, Any]:
    steady = [await create(server, {"spec": SPEC}) for _ in range(_AT_ONCE)]
    await _come_and_go(server, steady, warm_up, max(20, left // 5))
    allocated, files = await _settled(server), server.files()
    start_s = time.perf_counter()
    errors = await _come_and_go(server, steady, connects, left)
    elapsed_s = time.perf_counter() - start_s
    after = await _settled(server)
    return {
        "grown_mb": round((after - allocated) / 1e6, 2),
        "files_grown": server.files() - files,
        "errors": errors,
        "connects": connects,
        "sessions_left": left,
        "megabytes": round(server.memory_bytes() / 1e6, 1),
        "files": files,
        "seconds": round(elapsed_s, 1),
    }


async def _settled(server: Server) -> int:
    """Return what is allocated when that no longer changes by itself: left sessions are parked, MNIST is unpacked."""
    await asyncio.sleep(_SETTLE_S)
    allocated = server.allocated_bytes()
    for _ in range(20):
        await asyncio.sleep(1.0)
        before, allocated = allocated, server.allocated_bytes()
        if abs(allocated - before) < _STILL_BYTES:
            break
    return allocated


async def _come_and_go(server: Server, steady: list[dict[str, Any]], connects: int, left: int) -> int:
    """Open and close sockets, some at a time, and among them leave sessions behind; return how often that failed."""
    errors = 0
    numbers = itertools.count()
    every = max(1, connects // max(1, left))

    async def people(session: dict[str, Any]) -> None:
        nonlocal errors
        while (number := next(numbers)) < connects:
            try:
                if number % every == 0 and number // every < left:
                    await _leave(server)
                else:
                    await _look(server, session)
            except (OSError, Refused, TimeoutError):
                errors += 1

    await asyncio.gather(*(people(session) for session in steady))
    return errors


async def _look(server: Server, session: dict[str, Any]) -> None:
    stream = await Stream.open(server, session)
    try:
        await stream.first_frame_s
    finally:
        await stream.close()


async def _leave(server: Server) -> None:
    """Make a session, let it learn for a moment, and go."""
    stream = await Stream.open(server, await create(server, {"spec": SPEC}))
    try:
        await stream.command({"type": "run", "epochs": 20})
        await stream.first_frame_s
    finally:
        await stream.close()


async def _soak(server: Server, sessions: int, seconds: float) -> dict[str, Any]:
    period_s = min(10.0, seconds)
    periods: list[dict[str, Any]] = []
    async with running(server, sessions) as streams:
        await asyncio.sleep(2 * _SETTLE_S)
        allocated, files = server.allocated_bytes(), server.files()
        start_s = time.perf_counter()
        while time.perf_counter() - start_s < seconds:
            periods.append(await watched(server, streams, period_s))
        after, open_files = server.allocated_bytes(), server.files()
        megabytes = round(server.memory_bytes() / 1e6, 1)
    return {
        "least_fps": min(period["least_fps"] for period in periods),
        "median_fps": statistics.median(period["median_fps"] for period in periods),
        "pause_to_ack_p95_ms": max(period["pause_to_ack_p95_ms"] for period in periods),
        "rest_p95_ms": max(period["rest_p95_ms"] for period in periods),
        "errors": sum(period["errors"] for period in periods),
        "grown_mb": round((after - allocated) / 1e6, 2),
        "files_grown": open_files - files,
        "megabytes": megabytes,
        "seconds": round(time.perf_counter() - start_s, 1),
        "cores": periods[-1]["cores"],
    }
