"""What a session on MNIST costs: its own arrays, and not the images, which all workers map from one file."""

from __future__ import annotations

import asyncio
import gc
import platform
import sys
import tracemalloc
from dataclasses import dataclass
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


def images_of(pid: int) -> set[str]:
    """Return the files with images that a process has mapped."""
    return {entry.path for entry in psutil.Process(pid).memory_maps() if "images" in entry.path}


async def trained_session(sessions: Sessions) -> int:
    """Make a session on MNIST, train it through the end of an epoch, and return its worker's process id."""
    session = (await sessions.create(PRESETS["keras-mnist"].spec)).session
    await session.command(parse_command({"type": "run", "steps": 480}))
    assert (await session.wait(60))["done"]
    return worker_of(session)


@dataclass(frozen=True)
class Cost:
    """The own memory of two workers, in the order in which they got their sessions."""

    with_one: tuple[int, int]
    with_two: int
    """Of the first, when it has got another."""
    images: tuple[set[str], set[str]]
    """The files with images that each has mapped."""


async def three_sessions(data_dir: Path) -> Cost:
    """Train three sessions one after the other, by two workers."""
    sessions = Sessions(Settings(workers=2, data_dir=data_dir))
    await sessions.start()
    try:
        pids, memory = [], []
        for _ in range(3):
            pids.append(await trained_session(sessions))
            memory.append(own_memory(pids[-1]))
        assert pids[0] != pids[1] and pids[2] in pids[:2]
        first, second = pids[2], next(pid for pid in pids if pid != pids[2])
        with_one = (memory[pids.index(first)], memory[pids.index(second)])
        return Cost(with_one, memory[2], (images_of(first), images_of(second)))
    finally:
        await sessions.close()


@pytest.fixture(scope="module")
def cost(tmp_path_factory: pytest.TempPathFactory) -> Cost:
    return asyncio.run(asyncio.wait_for(three_sessions(tmp_path_factory.mktemp("memory")), 180))


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


def test_a_second_session_in_a_worker_adds_at_most_12_megabytes(cost: Cost) -> None:
    added = cost.with_two - cost.with_one[0]

    assert added <= 12 * MEGABYTE, f"it adds {added / MEGABYTE:.1f} MB to {cost.with_one[0] / MEGABYTE:.1f} MB"


def test_workers_map_the_same_images(cost: Cost) -> None:
    assert cost.images[0] == cost.images[1] and len(cost.images[0]) == 2
    assert max(cost.with_one) < 120 * MEGABYTE  # The images alone are 55 MB as bytes and 220 as numbers.


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
