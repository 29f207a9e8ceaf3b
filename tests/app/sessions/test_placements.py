"""One suite for every placement: the same promises, whether networks train in a thread or in processes."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from app.errors import Problem
from app.messages import decode_frame, parse_command
from app.sessions import Role, Session, Sessions, Stream
from app.settings import Settings
from engine import ExperimentSpec

SMALL = ExperimentSpec.model_validate(
    {"data": {"dataset": {"name": "xor", "samples": 60}}, "network": {"layers": [{"units": 3}]}}
)
DEADLINE_S = 60


@asynccontextmanager
async def running(placement: str, tmp_path: Path, **settings: Any) -> AsyncIterator[Sessions]:
    sessions = Sessions(Settings.model_validate({"placement": placement, "data_dir": tmp_path, **settings}))
    await sessions.start()
    try:
        yield sessions
    finally:
        await sessions.close()


Scenario = Callable[[Sessions], Coroutine[Any, Any, None]]


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop that turns between the tests too, as a server's does."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture(scope="module", params=["thread", "process"])
def shared(
    request: pytest.FixtureRequest, loop: asyncio.AbstractEventLoop, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Sessions]]:
    """A placement, and sessions in it for all tests that ask for no settings."""
    service = running(request.param, tmp_path_factory.mktemp("shared"), workers=1)
    yield request.param, asyncio.run_coroutine_threadsafe(service.__aenter__(), loop).result(DEADLINE_S)
    asyncio.run_coroutine_threadsafe(service.__aexit__(None, None, None), loop).result(DEADLINE_S)


@pytest.fixture
def play(shared: tuple[str, Sessions], loop: asyncio.AbstractEventLoop, tmp_path: Path) -> Play:
    """Return what plays a scenario in this placement, within a generous deadline; with settings, on its own."""
    placement, sessions = shared

    async def play_shared(scenario: Scenario) -> None:
        await scenario(sessions)
        for session in tuple(sessions._sessions.values()):
            await sessions.delete(session)

    async def play_alone(scenario: Scenario, settings: dict[str, Any]) -> None:
        async with running(placement, tmp_path, **settings) as own:
            await scenario(own)

    def play(scenario: Scenario, **settings: Any) -> None:
        playing = play_alone(scenario, settings) if settings else play_shared(scenario)
        asyncio.run_coroutine_threadsafe(asyncio.wait_for(playing, DEADLINE_S), loop).result()

    return play


Play = Callable[..., None]


async def give(target: Session | Stream, **command: Any) -> dict[str, Any]:
    return await target.command(parse_command(command))


async def read_until(stream: Stream, is_it: Callable[[Any], bool]) -> list[Any]:
    """Read until a message is the one that is waited for, drawing every frame at once; return all of them."""
    messages: list[Any] = []
    async for raw in stream:
        if isinstance(raw, bytes):
            message: Any = decode_frame(raw)
            await give(stream, type="seen", seq=message[0]["seq"])
        else:
            message = json.loads(raw)
        messages.append(message)
        if is_it(message):
            return messages
    raise AssertionError(f"the stream ended with {stream.close_code}")


def is_event(kind: str, **members: Any) -> Callable[[Any], bool]:
    return lambda message: isinstance(message, dict) and {"type": kind, **members}.items() <= message.items()


def test_a_session_learns_and_is_told_of_it(play: Play) -> None:
    async def scenario(sessions: Sessions) -> None:
        created = await sessions.create(SMALL)
        stream = await created.session.attach(Role.OWNER)
        await give(stream, type="run", epochs=300)

        messages = await read_until(stream, is_event("state", state="done"))

        assert messages[0]["type"] == "welcome" and messages[0]["id"] == created.session.id
        points = [point for message in messages if is_event("points")(message) for point in message["points"]]
        assert [point["n"] for point in points] == list(range(1, 301))
        assert points[-1]["loss"] < points[0]["loss"]
        assert any(isinstance(message, tuple) for message in messages)

    play(scenario)


def test_the_past_can_be_looked_at_and_branched_from(play: Play) -> None:
    async def scenario(sessions: Sessions) -> None:
        session = (await sessions.create(SMALL)).session
        stream = await session.attach(Role.OWNER)
        await give(stream, type="run", epochs=20)
        await session.wait(30)
        newest = await session.ask("parameters", form="npy")

        answer = await give(stream, type="seek", step=31)
        messages = await read_until(stream, is_event("state", step=31))
        past = await session.ask("parameters", form="npy")
        tokens = await give(stream, type="branch", step=31)
        branch, role = sessions.authorize(tokens["session"], tokens["token"])

        assert (answer["step"], answer["timeline"]["is_past"]) == (31, True)
        assert messages[-1]["timeline"]["newest"] == 60
        assert role is Role.OWNER and branch is not session
        assert await branch.ask("parameters", form="npy") == past != newest
        described = await branch.describe()
        assert (described["state"], described["step"], described["timeline"]["first"]) == ("paused", 31, 0)
        await give(branch, type="seek", step=12)

        await give(stream, type="seek", step=60)
        assert await session.ask("parameters", form="npy") == newest
        await give(stream, type="seek", step=31)
        await give(stream, type="run", epochs=1)
        messages = await read_until(stream, is_event("state", state="done", run=2))
        points = [point for message in messages if is_event("points")(message) for point in message["points"]]
        assert [(point["n"], point["run"], point["epoch"]) for point in points] == [(21, 2, 11)]

    play(scenario)


def test_waiting_answers_when_the_work_is_done_or_the_time_is_over(play: Play) -> None:
    async def scenario(sessions: Sessions) -> None:
        session = (await sessions.create(SMALL)).session
        await give(session, type="run", epochs=10)
        assert (await session.wait(30))["done"] is True

        await give(session, type="run")
        answer = await session.wait(0.05)

        assert (answer["done"], answer["state"]) == (False, "running")

    play(scenario)


def test_a_picture_asked_for_in_an_eternity_does_not_end_the_worker(play: Play) -> None:
    async def scenario(sessions: Sessions) -> None:
        session = (await sessions.create(SMALL)).session
        stream = await session.attach(Role.OWNER)
        await give(stream, type="view", fps=5e-324)
        await give(stream, type="run", speed=0.001)
        await read_until(stream, lambda message: isinstance(message, tuple))

        await give(stream, type="step", unit="batch")

        assert (await session.wait(30))["state"] == "paused"
        assert sessions.ready

    play(scenario)


def test_two_streams_see_the_same_session_and_a_viewer_only_sees(play: Play) -> None:
    async def scenario(sessions: Sessions) -> None:
        session = (await sessions.create(SMALL)).session
        owner, viewer = await session.attach(Role.OWNER), await session.attach(Role.VIEWER)
        await give(owner, type="configure", patch={"training": {"batch_size": 20}})

        await read_until(owner, lambda message: is_event("state")(message) and "spec" in message)
        await read_until(viewer, lambda message: is_event("state")(message) and "spec" in message)

        with pytest.raises(Problem) as caught:
            await give(viewer, type="run")
        assert caught.value.status == 403
        await give(viewer, type="view", fps=5)

    play(scenario)


def test_a_token_opens_its_own_session_only(play: Play) -> None:
    async def scenario(sessions: Sessions) -> None:
        one, other = await sessions.create(SMALL), await sessions.create(SMALL)

        assert sessions.authorize(one.session.id, one.token) == (one.session, Role.OWNER)
        assert sessions.authorize(one.session.id, one.viewer_token) == (one.session, Role.VIEWER)
        for session_id, token, status in (
            (one.session.id, other.token, 404),
            (one.session.id, "", 401),
            (one.session.id, None, 401),
            ("nothing", one.token, 404),
        ):
            with pytest.raises(Problem) as caught:
                sessions.authorize(session_id, token)
            assert caught.value.status == status

    play(scenario)


def test_a_deleted_session_ends_its_streams_and_answers_no_more(play: Play) -> None:
    async def scenario(sessions: Sessions) -> None:
        created = await sessions.create(SMALL)
        stream = await created.session.attach(Role.OWNER)

        await sessions.delete(created.session)

        async for _ in stream:
            pass
        assert stream.close_code == 4404
        assert not sessions.knows(created.session.id)
        with pytest.raises(Problem) as caught:
            await give(created.session, type="run")
        assert caught.value.status == 404

    play(scenario)


def test_closing_the_server_ends_streams_with_1012(play: Play) -> None:
    async def scenario(sessions: Sessions) -> None:
        stream = await (await sessions.create(SMALL)).session.attach(Role.OWNER)
        await sessions.close()
        async for _ in stream:
            pass
        assert stream.close_code == 1012

    play(scenario, workers=1)


def test_a_snapshot_becomes_a_session_and_anything_else_does_not(play: Play) -> None:
    async def scenario(sessions: Sessions) -> None:
        session = (await sessions.create(SMALL)).session
        await give(session, type="run", epochs=4)
        await session.wait(30)

        restored = await sessions.restore(await session.ask("snapshot"))

        assert restored.description["epoch"] == 4
        assert await restored.session.ask("parameters", form="npy") == await session.ask("parameters", form="npy")
        with pytest.raises(Problem) as caught:
            await sessions.restore(b"nonsense")
        assert (caught.value.status, caught.value.code) == (422, "not_a_snapshot")
        assert len(sessions) == 2

    play(scenario)


def test_a_full_server_says_so(play: Play) -> None:
    async def scenario(sessions: Sessions) -> None:
        first = await sessions.create(SMALL)
        await sessions.create(SMALL)
        with pytest.raises(Problem) as caught:
            await sessions.create(SMALL)
        assert (caught.value.status, caught.value.code) == (503, "server_full")

        await sessions.delete(first.session)

        await sessions.create(SMALL)

    play(scenario, max_sessions=2, max_queue=0)


def test_a_client_that_never_reads_costs_the_memory_of_one_frame(play: Play) -> None:
    async def scenario(sessions: Sessions) -> None:
        session = (await sessions.create(SMALL)).session
        idle = await session.attach(Role.OWNER)
        busy = await session.attach(Role.OWNER)
        await give(busy, type="run", speed=200.0)
        frames = 0

        def enough(message: Any) -> bool:
            nonlocal frames
            frames += isinstance(message, tuple)
            return frames >= 10

        await read_until(busy, enough)

        unread = [idle._frame] if idle._frame else []
        assert len(unread) <= 1
        assert decode_frame(unread[0])[0]["seq"] <= 2

    play(scenario)


def test_questions_with_bad_arguments_are_problems_and_the_session_goes_on(play: Play) -> None:
    async def scenario(sessions: Sessions) -> None:
        session = (await sessions.create(SMALL)).session
        for what, arguments in (
            ("boundary", {"resolution": 1, "form": "json"}),
            ("boundary", {"resolution": 10_000, "form": "json"}),
            ("predict", {"inputs": [[1]]}),
            ("data", {"split": "nope", "offset": 0, "limit": 1, "form": "json"}),
        ):
            with pytest.raises(Problem):
                await session.ask(what, **arguments)

        assert (await session.describe())["state"] == "idle"

    play(scenario)


def test_worker_processes_carry_their_title_and_leave_with_the_server(tmp_path: Path) -> None:
    def titled() -> set[int]:
        return {child.pid for child in psutil.Process().children() if "nn-playground-worker" in child.cmdline()[0]}

    async def scenario() -> set[int]:
        async with running("process", tmp_path, workers=2) as sessions:
            await sessions.create(SMALL)  # A worker answers, so its title is set.
            await sessions.create(SMALL)
            begun = titled() - before
            assert len(begun) == 2
            assert sessions.ready
            return begun

    before = titled()

    pids = asyncio.run(scenario())

    assert not any(psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE for pid in pids)
