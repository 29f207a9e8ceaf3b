"""A worker that dies, or no longer answers, takes nothing with it but the last second."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from app.errors import Problem
from app.messages import decode_frame, parse_command
from app.sessions import Created, Role, Session, Sessions, Stream
from app.sessions.checkpoint import Checkpoint, entries
from app.settings import Settings
from engine import ExperimentSpec, Trainer
from tests.app.sessions.conftest import Desk

SMALL = ExperimentSpec.model_validate(
    {"data": {"dataset": {"name": "xor", "samples": 60}}, "network": {"layers": [{"units": 3}]}}
)
DEADLINE_S = 60

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


def play(scenario: Callable[[Sessions], Coroutine[Any, Any, None]], data_dir: Path, workers: int = 1) -> None:
    """Play a scenario with sessions in processes, within a generous deadline."""

    async def run() -> None:
        sessions = Sessions(Settings(workers=workers, data_dir=data_dir))
        await sessions.start()
        try:
            await scenario(sessions)
        finally:
            await sessions.close()

    asyncio.run(asyncio.wait_for(run(), DEADLINE_S))


async def give(target: Session | Stream, **command: Any) -> dict[str, Any]:
    return await target.command(parse_command(command))


def hurt(session: Session, number: int) -> None:
    assert session.worker is not None and session.worker.pid is not None
    pid = session.worker.pid
    os.kill(pid, number)


class Reader:
    """Reads a stream and keeps what it says; pictures are acknowledged by nobody and stop at two."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.events: list[dict[str, Any]] = []

    async def read_until(self, is_reached: Callable[[], bool]) -> None:
        while not is_reached():
            message = await anext(self._stream)
            if isinstance(message, str):
                self.events.append(json.loads(message))

    def count(self, kind: str) -> int:
        return sum(event["type"] == kind for event in self.events)

    def points(self) -> list[dict[str, Any]]:
        return [point for event in self.events for point in event.get("points", [])]


async def _frames(stream: Stream, resolution: int) -> AsyncIterator[tuple[int, ...]]:
    """Read until, after a second welcome, a map of this resolution comes, and yield its shape."""
    welcomes = 0
    async for message in stream:
        if isinstance(message, str):
            welcomes += json.loads(message)["type"] == "welcome"
        elif welcomes == 2 and (shape := decode_frame(message)[1]["boundary"].shape)[0] == resolution:
            yield shape
            return


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "stopped"])
def test_a_run_goes_on_and_no_point_is_lost_or_sent_twice(number: signal.Signals, tmp_path: Path) -> None:
    async def scenario(sessions: Sessions) -> None:
        session = (await sessions.create(SMALL)).session
        reader = Reader(await session.attach(Role.OWNER))
        await give(session, type="run", epochs=2000, speed=200.0)
        await reader.read_until(lambda: len(reader.points()) > 300)
        epoch = (await session.describe())["epoch"]

        hurt(session, number)
        start_s = time.monotonic()
        await reader.read_until(lambda: reader.count("welcome") == 2)
        gone_s = time.monotonic() - start_s
        welcome = reader.events[-1]
        await give(session, type="run", epochs=50)
        await reader.read_until(lambda: reader.count("done") == 1)

        assert welcome["state"] == "running" and welcome["speed"] == 200.0
        assert welcome["epoch"] >= epoch - 2 * 200  # A second, and as much again for a slow machine.
        numbers = [point["n"] for point in reader.points()]
        assert numbers == list(range(1, len(numbers) + 1))
        assert gone_s < DEADLINE_S / 2

    play(scenario, tmp_path)


def test_the_recovered_run_has_the_bits_of_one_that_was_never_cut(tmp_path: Path) -> None:
    async def scenario(sessions: Sessions) -> None:
        session = (await sessions.create(SMALL)).session
        await give(session, type="run", steps=3000, speed=500.0)
        await asyncio.sleep(1.5)  # Somewhere in the middle of the run, after a checkpoint there.

        hurt(session, signal.SIGKILL)
        assert (await session.wait(30))["done"]

        uncut = Trainer(SMALL)
        uncut.advance(3000)
        restored = Trainer.restore(await session.ask("snapshot"))
        assert restored.step == 3000
        assert restored.parameters.tobytes() == uncut.parameters.tobytes()

    play(scenario, tmp_path)


def test_what_was_set_before_a_quiet_moment_is_not_lost(tmp_path: Path) -> None:
    async def scenario(sessions: Sessions) -> None:
        session = (await sessions.create(SMALL)).session
        stream = await session.attach(Role.OWNER)
        await give(stream, type="view", resolution=40)
        await give(session, type="configure", patch={"network": {"layers": [{"units": 5}]}})
        await give(session, type="edit", layer=0, bias=2, value=0.625)
        while not session.kept or not session.kept.archive or b"0.625" not in session.kept.log.text:  # noqa: ASYNC110
            await asyncio.sleep(0.02)

        hurt(session, signal.SIGKILL)
        described = await session.describe()

        assert described["spec"]["network"]["layers"][0]["units"] == 5
        layers = json.loads(await session.ask("parameters", form="json"))["layers"]
        assert layers[0]["biases"][2] == 0.625
        frames = [message async for message in _frames(stream, 40)]
        assert frames == [(40, 40)]

    play(scenario, tmp_path)


def test_the_sessions_of_other_workers_do_not_notice(tmp_path: Path) -> None:
    async def scenario(sessions: Sessions) -> None:
        one, other = (await sessions.create(SMALL)).session, (await sessions.create(SMALL)).session
        assert one.worker is not other.worker
        reader = Reader(await other.attach(Role.OWNER))

        hurt(one, signal.SIGKILL)
        await one.describe()
        await give(other, type="run", epochs=20)
        await reader.read_until(lambda: reader.count("done") == 1)

        assert reader.count("welcome") == 1
        assert sessions.ready

    play(scenario, tmp_path, workers=2)


def test_a_worker_killed_again_and_again_is_replaced_each_time(tmp_path: Path) -> None:
    async def scenario(sessions: Sessions) -> None:
        session = (await sessions.create(SMALL)).session
        await give(session, type="run", epochs=3)
        await session.wait(30)
        for _ in range(3):
            before = await session.describe()
            hurt(session, signal.SIGKILL)
            with_what_is_left = await session.describe()

            assert with_what_is_left == before

    play(scenario, tmp_path)


def test_a_session_in_whose_company_workers_die_all_the_time_is_set_aside(tmp_path: Path) -> None:
    async def scenario(sessions: Sessions) -> None:
        session = (await sessions.create(SMALL)).session
        stream = await session.attach(Role.OWNER)
        for _ in range(5):
            hurt(session, signal.SIGKILL)
            await session.describe()

        hurt(session, signal.SIGKILL)
        async for _ in stream:
            pass

        assert stream.close_code == 1013
        assert len(sessions) == 0
        assert (await sessions.create(SMALL)).description["state"] == "idle"
        assert (await session.describe())["state"] == "idle"

    play(scenario, tmp_path)


def test_a_command_on_its_way_when_the_worker_dies_is_answered(tmp_path: Path) -> None:
    async def scenario(sessions: Sessions) -> None:
        session = (await sessions.create(SMALL)).session
        hurt(session, signal.SIGSTOP)
        pending = asyncio.create_task(give(session, type="run", epochs=1))
        await asyncio.sleep(0)

        hurt(session, signal.SIGKILL)

        with pytest.raises(Problem) as caught:
            await pending
        assert caught.value.code == "worker_lost"
        await give(session, type="run", epochs=1)
        assert (await session.wait(30))["state"] == "done"

    play(scenario, tmp_path)


def test_a_checkpoint_holds_only_the_points_that_are_new() -> None:
    desk = Desk(checkpoint_period_s=1.0)
    desk.create()
    desk.command(type="run", epochs=5)
    desk.rest()
    desk.clock.now_s += 1
    desk.poll()
    first = desk.saved[-1]
    desk.command(type="run", epochs=2)
    desk.rest()
    desk.clock.now_s += 1
    desk.poll()

    second = desk.saved[-1]

    assert [point["n"] for saved in desk.saved for point in entries(saved.points.text)] == [1, 2, 3, 4, 5, 6, 7]
    assert not first.points.is_whole and not second.points.is_whole
    assert Trainer.restore(second.archive).epoch == 7


def test_after_a_thinning_the_checkpoint_holds_all_points_that_are_left() -> None:
    desk = Desk(checkpoint_period_s=1.0, points=8)
    desk.create()
    desk.command(type="run", epochs=20)
    desk.rest()
    desk.clock.now_s += 1
    desk.poll()

    last = [saved for saved in desk.saved if saved.points.is_whole][-1]

    assert [point["epoch"] for point in entries(last.points.text)] == [4, 8, 12, 16, 20]


def test_a_session_at_rest_is_not_saved_again() -> None:
    desk = Desk(checkpoint_period_s=1.0)
    desk.create()
    desk.clock.now_s += 5
    for _ in range(10):
        desk.poll()
    count = len(desk.saved)

    desk.clock.now_s += 100
    for _ in range(10):
        desk.poll()

    assert len(desk.saved) == count >= 1
    assert desk.host.wait_s() is None


def test_from_every_checkpoint_on_the_same_points_are_made() -> None:
    desk = Desk(checkpoint_period_s=1000.0)
    desk.create()
    desk.clock.tick_s = 0.01  # Every turn is over after one piece of work.
    desk.command(type="run", epochs=6)
    sums: list[Checkpoint] = []
    for _ in range(200):
        desk.host.request(0, "checkpoint", "s", {})
        desk.poll()
        for saved in desk.saved:
            sums.append(sums[-1].then(saved) if sums else saved)
        desk.saved.clear()
    reference = desk.history()
    assert len(reference) == 6 and len(sums) >= 6

    for kept in [kept for kept in sums if kept.state != "idle"]:
        other = Desk()
        header, payload = kept.to_message()
        other.ask("resume", "s", payload, **header, rests=False)
        other.rest()
        assert other.history() == reference
        assert other.ask("describe")["state"] == "done"


def test_what_is_sent_in_slices_arrives_whole_and_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.sessions.link._SLICE_BYTES", 100)

    async def scenario(sessions: Sessions) -> None:
        session = (await sessions.create(SMALL)).session
        snapshot = await session.ask("snapshot")
        answers = await asyncio.gather(
            sessions.restore(snapshot),
            *(give(session, type="edit", layer=0, bias=0, value=number / 8) for number in range(20)),
            sessions.restore(snapshot),
        )

        layers = json.loads(await session.ask("parameters", form="json"))["layers"]
        assert layers[0]["biases"][0] == 19 / 8
        for created in (answers[0], answers[-1]):
            assert isinstance(created, Created)
            assert await created.session.ask("snapshot") == snapshot

    play(scenario, tmp_path)
