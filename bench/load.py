"""Load over real sockets: a server in a process of its own, and its clients here, on the same machine.

The client takes its share of the processors too: `cores` in each detail says who used how many, `elsewhere` being all
that is neither the server nor this benchmark. Where that is much, the other figures say little.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

from .client import Stream, create, request
from .measure import Result, held
from .server import Server, machine_busy_s, serving

SPEC = {"network": {"layers": [{"units": 8}, {"units": 5}]}}
"""XOR by 2-8-5-1: with the usual pictures a frame of 25 KB."""

# A whole class in a minute is let in; more at once than that is made for the measurement, from one address.
CROWD = {
    "max_creations_at_once": 10_000,
    "max_creations_per_minute": 10_000,
    "max_sessions_per_client": 1_000,
}

_PAUSE_PERIOD_S = 0.25
_REST_PERIOD_S = 0.2
_WARM_UP_S = 2.0

_PROMISES = {
    "load_30": ("least_fps >= 19", "jain >= 0.98", "pause_to_ack_p95_ms <= 25", "rest_p95_ms <= 30", "errors <= 0"),
    "load_27_mnist_3": ("least_fps >= 18", "errors <= 0"),
    "load_100": ("least_fps >= 8", "errors <= 0"),
    "load_200": ("least_fps >= 4", "errors <= 0"),
}


def load(sessions: int, mnist: int = 0, seconds: float = 10.0) -> Result:
    """Measure the frames a second that each of `sessions` small networks gets, beside `mnist` networks on MNIST."""
    name = f"load_{sessions}" + (f"_mnist_{mnist}" if mnist else "")
    settings = CROWD if sessions + mnist > 60 else {}
    with serving(settings) as server:
        detail = asyncio.run(_watched(server, sessions, mnist, seconds))
    about = {"frames_wanted": 20, **({"settings": settings} if settings else {})}
    detail = held(detail, *_PROMISES.get(name, ())) | about
    return Result(name, detail["least_fps"], "frames/s, the least of all sessions", {}, detail)


def memory(sessions: int = 30, seconds: float = 5.0) -> Result:
    """Measure the memory of web process and workers while so many sessions run and are watched."""

    async def measure(server: Server) -> dict[str, Any]:
        empty = server.memory_bytes()
        async with running(server, sessions):
            await asyncio.sleep(seconds)
            return {"megabytes": _megabytes(server.memory_bytes()), "without_sessions": _megabytes(empty)}

    with serving() as server:
        detail = asyncio.run(measure(server)) | {"counted": "PSS of all processes of the server"}
    detail = held(detail, "megabytes <= 250")
    return Result(f"load_memory_{sessions}", detail["megabytes"], "MB", {}, detail)


def connect(count: int = 40, *, are_new: bool = False) -> Result:
    """Measure how long the last of `count` sockets opened at once waits for its first frame.

    Those who `are_new` have no session either: they make one, open its stream and press run, as the page does.
    """

    async def newcomer(server: Server) -> tuple[Stream, float]:
        started_s = time.perf_counter()
        stream = await Stream.open(server, await create(server, {"spec": SPEC}))
        await stream.command({"type": "run", "speed": 20})
        return stream, await stream.first_frame_s - started_s

    async def visitor(server: Server, session: dict[str, Any]) -> tuple[Stream, float]:
        started_s = time.perf_counter()
        stream = await Stream.open(server, session)
        return stream, await stream.first_frame_s - started_s

    async def measure(server: Server) -> dict[str, Any]:
        if are_new:
            comers = [newcomer(server) for _ in range(count)]
        else:
            comers = [visitor(server, await create(server, {"spec": SPEC})) for _ in range(count)]
        came = await asyncio.gather(*comers)
        for stream, _ in came:
            await stream.close()
        waits = [wait_s for _, wait_s in came]
        return {"last_s": round(max(waits), 3), "median_s": round(statistics.median(waits), 3)}

    with serving() as server:
        detail = held(asyncio.run(measure(server)), "last_s <= 1")
    name = "load_newcomers" if are_new else "load_connect"
    return Result(f"{name}_{count}", detail["last_s"], "s until the last has a frame", {}, detail)


@contextlib.asynccontextmanager
async def running(server: Server, sessions: int, body: dict[str, Any] | None = None) -> AsyncIterator[list[Stream]]:
    """Make sessions that run without end, each watched by a stream of its own, and leave them at the end."""
    streams: list[Stream] = []
    try:
        for _ in range(sessions):
            streams.append(await Stream.open(server, await create(server, body or {"spec": SPEC})))
            await streams[-1].command({"type": "run"})
        yield streams
    finally:
        for stream in streams:
            await stream.close()


async def watched(server: Server, streams: Sequence[Stream], seconds: float) -> dict[str, Any]:
    """Return what streams get within some seconds, during which one after the other is paused and set going again."""
    before = [(stream.frames, stream.frame_bytes) for stream in streams]
    busy = _busy_s(server)
    start_s = time.perf_counter()
    rest = asyncio.create_task(_rest_latencies(server, streams))
    pauses: list[float] = []
    while time.perf_counter() - start_s < seconds:
        await asyncio.sleep(_PAUSE_PERIOD_S)
        stream = streams[len(pauses) % len(streams)]
        pauses.append(await stream.command({"type": "pause"}))
        await stream.command({"type": "run"})
    elapsed_s = time.perf_counter() - start_s
    frames = [stream.frames - count for stream, (count, _) in zip(streams, before, strict=True)]
    size = sum(stream.frame_bytes - length for stream, (_, length) in zip(streams, before, strict=True))
    rest.cancel()
    latencies = await rest
    return {
        "least_fps": round(min(frames) / elapsed_s, 2),
        "median_fps": round(statistics.median(frames) / elapsed_s, 2),
        "jain": round(sum(frames) ** 2 / (len(frames) * sum(count * count for count in frames) or 1), 4),
        "pause_to_ack_p95_ms": round(_p95(pauses) * 1e3, 2),
        "rest_p95_ms": round(_p95(latencies) * 1e3, 2),
        "errors": sum(stream.errors + (stream.close_code is not None) for stream in streams),
        "frame_bytes": round(size / max(1, sum(frames))),
        "cores": {name: round((now - busy[name]) / elapsed_s, 2) for name, now in _busy_s(server).items()},
        "load_average": round(os.getloadavg()[0], 2),
    }


async def _watched(server: Server, sessions: int, mnist: int, seconds: float) -> dict[str, Any]:
    async with running(server, mnist, {"preset": "keras-mnist"}) as large, running(server, sessions) as small:
        await asyncio.sleep(_WARM_UP_S)
        before = [await _step(server, stream) for stream in large]
        start_s = time.perf_counter()
        detail = await watched(server, small, seconds)
        elapsed_s = time.perf_counter() - start_s
        after = [await _step(server, stream) for stream in large]
        if large:
            pairs = zip(before, after, strict=True)
            detail["mnist_updates_per_s"] = [round((end - begin) / elapsed_s, 1) for begin, end in pairs]
        detail["errors"] += sum(stream.errors for stream in large)
        return detail | {"megabytes": _megabytes(server.memory_bytes())}


async def _step(server: Server, stream: Stream) -> int:
    session = stream.session
    described = await request(server, "GET", f"/sessions/{session['id']}", token=session["token"])
    return int(described["step"])


async def _rest_latencies(server: Server, streams: Sequence[Stream]) -> list[float]:
    """Ask for a session's standing again and again until cancelled, and return how long each answer took."""
    found: list[float] = []
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            session = streams[len(found) % len(streams)].session
            start_s = time.perf_counter()
            await request(server, "GET", f"/sessions/{session['id']}", token=session["token"])
            found.append(time.perf_counter() - start_s)
            await asyncio.sleep(_REST_PERIOD_S)
    return found


def _busy_s(server: Server) -> dict[str, float]:
    """Return the processor time used so far by the server's processes, this one, and everything else."""
    ours = server.busy_s() | {"client": time.process_time()}
    return ours | {"elsewhere": machine_busy_s() - sum(ours.values())}


def _megabytes(size: int) -> float:
    return round(size / 1e6, 1)


def _p95(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))] if values else float("nan")
