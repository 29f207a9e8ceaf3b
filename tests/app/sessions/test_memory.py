"""What a session on MNIST costs: its own arrays, and not the images, which all workers map from one file."""

from __future__ import annotations

import asyncio
import gc
import platform
import sys
import tracemalloc
from pathlib import Path

import psutil
import pytest

from app.errors import Problem
from app.messages import parse_command
from app.sessions import Sessions
from app.sessions.host import EngineHost, Reply
from app.sessions.session import Session
from app.settings import Settings
from engine import ExperimentSpec
from engine.presets import PRESETS

MEGABYTE = 1_000_000

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a process's own memory from mapped files"
)


def own_memory(pid: int) -> int:
    """Return the bytes of a process that no file holds."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("RssAnon:"))
    return int(line.split()[1]) * 1024


def worker_of(session: Session) -> int:
    """Return the id of a session's worker process."""
    assert session.worker is not None and session.worker.pid is not None
    return session.worker.pid


async def trained_session(sessions: Sessions) -> int:
    """Make a session on MNIST, train it through the end of an epoch, and return its worker's process id."""
    session = (await sessions.create(PRESETS["keras-mnist"].spec)).session
    await session.command(parse_command({"type": "run", "steps": 480}))
    assert (await session.wait(60))["done"]
    return worker_of(session)


async def two_sessions(data_dir: Path, workers: int) -> tuple[list[int], list[int]]:
    """Train two sessions one after the other; return their workers' ids and own memory after each."""
    sessions = Sessions(Settings(workers=workers, data_dir=data_dir))
    await sessions.start()
    try:
        pids, memory = [], []
        for _ in range(2):
            pids.append(await trained_session(sessions))
            memory.append(own_memory(pids[-1]))
        shared = [{entry.path for entry in psutil.Process(pid).memory_maps() if "images" in entry.path} for pid in pids]
        assert shared[0] == shared[1] and len(shared[0]) == 2
        return pids, memory
    finally:
        await sessions.close()


async def crowd(data_dir: Path) -> tuple[int, int, int]:
    """Let 40 sessions run and delete them; return their worker's own memory before, meanwhile, and at last."""
    sessions = Sessions(Settings(workers=1, data_dir=data_dir))
    await sessions.start()
    try:
        spec = ExperimentSpec.model_validate({"network": {"layers": [{"units": 8}, {"units": 8}]}})
        first = (await sessions.create(spec)).session
        pid = worker_of(first)
        before = own_memory(pid)
        made = [(await sessions.create(spec)).session for _ in range(40)]
        for session in made:
            await session.ask("boundary", resolution=100, form="npy")
            await session.command(parse_command({"type": "run", "epochs": 1}))
            assert (await session.wait(60))["done"]
        meanwhile = own_memory(pid)
        for session in made:
            await sessions.delete(session)
        for _ in range(200):  # It is given back within two seconds; a busy machine may take longer.
            if (after := own_memory(pid)) < before + (meanwhile - before) / 2:
                break
            await asyncio.sleep(0.1)
        return before, meanwhile, after
    finally:
        await sessions.close()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries are asked for nothing")
def test_what_a_crowd_took_is_given_back_when_it_has_left(tmp_path: Path) -> None:
    before, meanwhile, after = asyncio.run(asyncio.wait_for(crowd(tmp_path), 180))

    assert meanwhile > before + 5 * MEGABYTE
    assert after < before + (meanwhile - before) / 2


def test_a_second_session_in_a_worker_adds_at_most_12_megabytes(tmp_path: Path) -> None:
    pids, memory = asyncio.run(asyncio.wait_for(two_sessions(tmp_path, workers=1), 180))

    added = memory[1] - memory[0]
    assert pids[0] == pids[1]
    assert added <= 12 * MEGABYTE, f"it adds {added / MEGABYTE:.1f} MB to {memory[0] / MEGABYTE:.1f} MB"


def test_workers_map_the_same_images(tmp_path: Path) -> None:
    pids, memory = asyncio.run(asyncio.wait_for(two_sessions(tmp_path, workers=2), 180))

    assert pids[0] != pids[1]
    assert max(memory) < 120 * MEGABYTE  # The images alone are 55 MB as bytes and 220 as numbers.


def test_what_was_refused_leaves_no_memory_behind_even_before_garbage_is_searched_for() -> None:
    host = EngineHost(Settings().limits())
    size = 4_000_000
    refused = 0
    gc.disable()
    tracemalloc.start()
    try:
        for number in range(1, 7):
            host.request(number, "restore", f"s{number}", {}, b"PK\x03\x04" + bytes(size))
            refused += sum(isinstance(reply, Reply) and isinstance(reply.body, Problem) for reply in host.poll())
        left, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        gc.enable()

    assert refused == 6
    assert left < size
