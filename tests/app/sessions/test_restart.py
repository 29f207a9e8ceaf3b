"""Sessions outlive the server, leave memory when nobody needs them, and wait for a place when there is none."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from app.errors import Problem
from app.messages import parse_command
from app.sessions import Created, Role, Session, Sessions, Stream
from app.sessions.store import FILE_NAME
from app.settings import Settings
from engine import ExperimentSpec, Trainer

SMALL = ExperimentSpec.model_validate(
    {"data": {"dataset": {"name": "xor", "samples": 60}}, "network": {"layers": [{"units": 3}]}}
)
DEADLINE_S = 60

Scenario = Callable[[Sessions], Awaitable[Any]]


def serve(folder: Path, scenario: Scenario, **settings: Any) -> Any:
    """Play a scenario on a server that is then stopped, within a generous deadline."""

    async def run() -> Any:
        sessions = Sessions(Settings.model_validate({"placement": "thread", "data_dir": folder, **settings}))
        await sessions.start()
        try:
            return await scenario(sessions)
        finally:
            await sessions.close()

    return asyncio.run(asyncio.wait_for(run(), DEADLINE_S))


async def give(target: Session | Stream, **command: Any) -> dict[str, Any]:
    return await target.command(parse_command(command))


async def until(is_so: Callable[[], bool]) -> None:
    while not is_so():  # noqa: ASYNC110 - nothing tells of it but the state itself
        await asyncio.sleep(0.01)


async def event(stream: Stream, kind: str) -> dict[str, Any]:
    async for message in stream:
        if isinstance(message, str) and json.loads(message)["type"] == kind:
            return dict(json.loads(message))
    raise AssertionError(f"The stream ended without {kind}.")


async def trained(sessions: Sessions, epochs: int = 5) -> Created:
    created = await sessions.create(SMALL)
    await give(created.session, type="edit", layer=0, bias=1, value=0.5)
    await give(created.session, type="run", epochs=epochs)
    await created.session.wait(30)
    return created


def test_a_session_at_rest_is_the_same_after_a_restart(tmp_path):
    async def before(sessions: Sessions) -> Any:
        created = await trained(sessions)
        session = created.session
        return created, await session.describe(), await session.ask("snapshot"), await session.ask("log")

    created, description, snapshot, log = serve(tmp_path, before)

    async def after(sessions: Sessions) -> None:
        session, role = sessions.authorize(created.session.id, created.token)
        assert role is Role.OWNER
        assert sessions.authorize(created.session.id, created.viewer_token)[1] is Role.VIEWER
        assert len(sessions) == 0
        assert await session.describe() == description
        assert await session.ask("snapshot") == snapshot
        assert await session.ask("log") == log
        points = json.loads(await session.ask("history"))["points"]
        assert [point["n"] for point in points] == [1, 2, 3, 4, 5]

    serve(tmp_path, after)


def test_a_run_goes_on_after_a_restart_as_if_nothing_had_been(tmp_path):
    async def before(sessions: Sessions) -> Any:
        created = await sessions.create(SMALL)
        await give(created.session, type="run", steps=3000, speed=300.0)
        await asyncio.sleep(0.3)
        return created

    created = serve(tmp_path, before)

    async def after(sessions: Sessions) -> bytes:
        session, _ = sessions.authorize(created.session.id, created.token)
        assert (await session.wait(30))["state"] == "done"
        points = json.loads(await session.ask("history"))["points"]
        assert [point["n"] for point in points] == list(range(1, 1001))
        return await session.ask("snapshot")

    restored = Trainer.restore(serve(tmp_path, after))
    uncut = Trainer(SMALL)
    uncut.advance(3000)
    assert restored.step == 3000
    assert restored.parameters.tobytes() == uncut.parameters.tobytes()


def test_a_session_that_nobody_has_touched_yet_is_there_after_a_restart(tmp_path):
    async def before(sessions: Sessions) -> Any:
        return await sessions.create(SMALL)

    created = serve(tmp_path, before)

    async def after(sessions: Sessions) -> Any:
        return await sessions.authorize(created.session.id, created.token)[0].describe()

    assert serve(tmp_path, after) == created.description


def test_a_deleted_session_does_not_come_back(tmp_path):
    async def before(sessions: Sessions) -> Any:
        created = await trained(sessions)
        await sessions.delete(created.session)
        return created.session.id

    deleted = serve(tmp_path, before)

    async def after(sessions: Sessions) -> bool:
        return sessions.knows(deleted)

    assert not serve(tmp_path, after)


def test_a_session_left_alone_leaves_memory_and_comes_back_when_it_is_asked_for(tmp_path):
    async def scenario(sessions: Sessions) -> None:
        created = await trained(sessions)
        description = await created.session.describe()
        await until(lambda: sessions.load()["sessions"]["parked"] == 1)
        assert len(sessions) == 0
        assert created.session.kept is None

        stream = await created.session.attach(Role.OWNER, last_point=3)

        welcome = await event(stream, "welcome")
        assert [point["n"] for point in welcome["points"]] == [4, 5]
        assert await created.session.describe() == description
        assert len(sessions) == 1

    serve(tmp_path, scenario, park_after_s=0.2)


def test_a_session_that_runs_or_is_watched_stays_in_memory(tmp_path):
    async def scenario(sessions: Sessions) -> None:
        running, watched, left = [(await sessions.create(SMALL)).session for _ in range(3)]
        await give(running, type="run", epochs=100_000)
        await watched.attach(Role.VIEWER)
        await until(lambda: left.where == "parked")
        await asyncio.sleep(1)
        assert (running.where, watched.where) == ("awake", "awake")

    serve(tmp_path, scenario, park_after_s=0.2)


def test_many_who_ask_for_a_parked_session_at_once_are_all_answered(tmp_path):
    async def scenario(sessions: Sessions) -> None:
        created = await trained(sessions)
        await until(lambda: created.session.where == "parked")

        answers = await asyncio.gather(*(created.session.describe() for _ in range(20)))

        assert all(answer == answers[0] for answer in answers)
        assert len(sessions) == 1

    serve(tmp_path, scenario, park_after_s=0.2)


def test_who_finds_the_server_full_waits_in_the_queue_and_is_let_in_in_order(tmp_path):
    async def scenario(sessions: Sessions) -> None:
        first = await sessions.create(SMALL)
        watcher = await first.session.attach(Role.OWNER)
        second, third = await sessions.create(SMALL), await sessions.create(SMALL)
        assert [second.description["state"], third.description["state"]] == ["queued", "queued"]
        assert third.description["queue"] == {"position": 2, "length": 2}
        assert third.description["parameters"] == first.description["parameters"]
        assert third.description["layers"] == first.description["layers"]
        streams = [await created.session.attach(Role.OWNER) for created in (second, third)]
        assert (await event(streams[1], "welcome"))["queue"] == {"position": 2, "length": 2}
        with pytest.raises(Problem) as caught:
            await give(second.session, type="run")
        assert (caught.value.status, caught.value.code) == (409, "queued")
        await give(streams[0], type="view", resolution=20)

        first.session.detach(watcher)
        await sessions.delete(first.session)

        assert (await event(streams[0], "welcome"))["state"] == "queued"
        assert (await event(streams[0], "welcome"))["state"] == "idle"
        assert (await event(streams[1], "queue"))["queue"] == {"position": 1, "length": 1}
        await give(second.session, type="run", epochs=3)
        assert (await second.session.wait(30))["state"] == "done"

    serve(tmp_path, scenario, max_sessions=1)


def test_a_session_that_nobody_watches_makes_room_for_one_who_waits(tmp_path, monkeypatch):
    monkeypatch.setattr("app.sessions.service._LEFT_S", 0.2)

    async def scenario(sessions: Sessions) -> None:
        first = await trained(sessions)
        second = await sessions.create(SMALL)
        assert second.description["state"] == "queued"
        await second.session.attach(Role.OWNER)

        await until(lambda: second.session.where == "awake")

        assert first.session.where == "parked"
        assert (await first.session.describe())["state"] == "queued"
        assert (await first.session.describe())["epoch"] == 5

    serve(tmp_path, scenario, max_sessions=1)


def test_a_queued_session_outlives_the_server_too(tmp_path):
    async def before(sessions: Sessions) -> Any:
        await (await sessions.create(SMALL)).session.attach(Role.OWNER)
        return await sessions.create(SMALL)

    created = serve(tmp_path, before, max_sessions=1)

    async def after(sessions: Sessions) -> Any:
        return await sessions.authorize(created.session.id, created.token)[0].describe()

    assert created.description["state"] == "queued"
    assert serve(tmp_path, after)["state"] == "idle"


def test_an_address_that_has_as_many_sessions_as_it_may_is_refused_another_unless_it_has_left_one(tmp_path):
    async def scenario(sessions: Sessions) -> None:
        watched = (await sessions.create(SMALL, "one")).session
        await watched.attach(Role.OWNER)
        left = await sessions.create(SMALL, "one")

        third = await sessions.create(SMALL, "one")
        await third.session.attach(Role.OWNER)
        with pytest.raises(Problem) as caught:
            await sessions.create(SMALL, "one")
        other = await sessions.create(SMALL, "other")

        assert left.session.where == "parked"
        assert (caught.value.status, caught.value.code) == (429, "too_many_sessions")
        assert "2" in caught.value.detail
        assert other.description["state"] == "idle"

    serve(tmp_path, scenario, max_sessions_per_client=2)


def test_beyond_what_the_store_may_keep_the_one_unused_for_longest_is_forgotten(tmp_path):
    async def scenario(sessions: Sessions) -> None:
        oldest = (await sessions.create(SMALL)).session
        await until(lambda: oldest.where == "parked")
        younger = (await sessions.create(SMALL)).session
        await until(lambda: younger.where == "parked")

        await sessions.create(SMALL)

        assert not sessions.knows(oldest.id)
        assert sessions.knows(younger.id)

    serve(tmp_path, scenario, max_stored_sessions=2, park_after_s=0.2)


def test_a_store_full_of_sessions_at_work_admits_no_more(tmp_path):
    async def scenario(sessions: Sessions) -> None:
        await sessions.create(SMALL)
        with pytest.raises(Problem) as caught:
            await sessions.create(SMALL)
        assert (caught.value.status, caught.value.code) == (503, "server_full")

    serve(tmp_path, scenario, max_stored_sessions=1)


def test_what_nobody_uses_is_forgotten_after_the_days_it_is_kept(tmp_path):
    async def before(sessions: Sessions) -> Any:
        return (await trained(sessions)).session.id

    old = serve(tmp_path, before)

    async def after(sessions: Sessions) -> None:
        await asyncio.sleep(0.2)
        await until(lambda: not sessions.knows(old))

    serve(tmp_path, after, keep_days=1e-6)


def test_a_second_server_on_the_folder_works_and_says_that_it_keeps_nothing(tmp_path, caplog):
    async def scenario(sessions: Sessions) -> None:
        second = Sessions(Settings.model_validate({"placement": "thread", "data_dir": tmp_path}))
        await second.start()
        try:
            description = (await trained(second)).description
            assert (sessions.saving, second.saving, description["saving"]) == ("ok", "off", "off")
        finally:
            await second.close()

    serve(tmp_path, scenario)
    assert "another server" in caplog.text


def test_the_folder_is_free_again_when_its_server_has_stopped(tmp_path):
    async def scenario(sessions: Sessions) -> str:
        return sessions.saving

    assert [serve(tmp_path, scenario) for _ in range(2)] == ["ok", "ok"]


def test_who_knows_more_points_than_a_killed_server_had_saved_is_sent_none_of_them_again(tmp_path):
    async def scenario(sessions: Sessions) -> None:
        created = await trained(sessions)
        stream = await created.session.attach(Role.OWNER, last_point=8)

        await give(created.session, type="run", epochs=5)

        numbers: list[int] = []
        while numbers[-1:] != [10]:
            numbers += [point["n"] for point in (await event(stream, "points"))["points"]]
        assert numbers == [9, 10]

    serve(tmp_path, scenario)


def test_a_command_to_a_running_session_is_saved_long_before_the_next_ten_seconds_are_over(tmp_path):
    async def scenario(sessions: Sessions) -> None:
        created = await sessions.create(SMALL)
        await give(created.session, type="run", epochs=100_000, speed=10.0)
        await give(created.session, type="edit", layer=0, bias=1, value=0.375)

        await until(lambda: "0.375" in saved_log(tmp_path))
        edited = saved_log(tmp_path)
        patch = {"training": {"optimizer": {"learning_rate": 0.0625}}}
        await give(created.session, type="configure", patch=patch)
        await until(lambda: "0.0625" in saved_log(tmp_path))

        assert "0.0625" not in edited

    serve(tmp_path, scenario)


def saved_log(folder: Path) -> str:
    with sqlite3.connect(folder / FILE_NAME) as connection:
        return b",".join(text for (text,) in connection.execute("SELECT text FROM tails WHERE kind = 'log'")).decode()
