"""Disks that are full, databases that others hold, folders with another content: training goes on, and it is said."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.sessions.store import APPLICATION_ID, MIGRATIONS
from tests.conftest import ROOT
from tests.faults.client import Client
from tests.faults.conftest import StartServer
from tests.faults.disk import NoSmallDisk, small_disk
from tests.faults.promises import Promises
from tests.faults.server import ServerEnded, no_traceback
from tests.faults.test_restart import standing

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

EPOCHS_PER_S = 50.0
LEAST_STORE_BYTES = 1024 * 1024
LARGE_SPEC: dict[str, Any] = {"network": {"layers": [{"units": 200}, {"units": 200}]}}


async def test_a_full_disk(make_server: StartServer, promise: Promises, tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        try:
            disk = stack.enter_context(small_disk(tmp_path / "disk", 8))
        except NoSmallDisk as reason:
            pytest.skip(f"A full disk cannot be tried here: {reason}")
        server = make_server("--workers", "1", data_dir=disk.mount_point / "data", before=disk.before)
        server.start()
        sessions = [await asyncio.to_thread(server.create) for _ in range(2)]

        with no_traceback(server):
            async with Client(server.url, sessions[0]).connected() as client:
                await client.command(type="run", speed=EPOCHS_PER_S)
                await client.until_points(10)

                await asyncio.to_thread(disk.fill)
                await change_until_told(client, "disk_full")
                told = await asyncio.to_thread(server.describe, sessions[1])
                # Training goes on, and so does everything else.
                await client.until_points(client.last_point + 30)
                sessions.append(await asyncio.to_thread(server.create))
                await asyncio.to_thread(server.command, sessions[1], 20, type="run", epochs=4)

                disk.make_room()
                resumes_s = await client.until(lambda: savings(client)[-1] == "ok", what="Saving")
                await client.command(type="pause")
                await client.until_state("paused")
                await asyncio.sleep(0.7)
                before = [await asyncio.to_thread(standing, server, session) for session in sessions]
                client.check_points()

            server.signal(signal.SIGKILL)
            server.wait()
            server.start()
            after = [await asyncio.to_thread(standing, server, session) for session in sessions]

    assert told["saving"] == "disk_full"
    assert savings(client) == ["disk_full", "ok"]
    assert after == before
    promise.at_most("saving resumed by itself", resumes_s, 5, "s after there was room")


async def test_a_store_that_is_as_large_as_it_may_be(start_server: StartServer) -> None:
    server = start_server("--workers", "1", environ={"PLAYGROUND_MAX_STORE_BYTES": str(LEAST_STORE_BYTES)})
    session = await asyncio.to_thread(server.create)
    others: list[dict[str, Any]] = []

    with no_traceback(server):
        async with Client(server.url, session).connected() as client:
            await client.command(type="run", speed=EPOCHS_PER_S)
            while savings(client) != ["disk_full"]:
                assert len(others) < 50, savings(client)
                others.append(await asyncio.to_thread(server.create, LARGE_SPEC))
                await asyncio.sleep(0.1)
            await client.until_points(client.last_point + 30)

            for other in others:
                await asyncio.to_thread(server.of, other, "", "DELETE")
            await client.until(lambda: savings(client)[-1] == "ok", what="Saving")
            client.check_points()

    assert savings(client) == ["disk_full", "ok"]


async def test_a_restart_on_a_full_disk(make_server: StartServer, tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        try:
            disk = stack.enter_context(small_disk(tmp_path / "disk", 8))
        except NoSmallDisk as reason:
            pytest.skip(f"A full disk cannot be tried here: {reason}")
        server = make_server("--workers", "1", data_dir=disk.mount_point / "data", before=disk.before)
        server.start()
        session = await asyncio.to_thread(server.create)
        await asyncio.to_thread(server.command, session, 20, type="run", epochs=4)
        before = await asyncio.to_thread(standing, server, session)
        await asyncio.to_thread(server.stop)

        await asyncio.to_thread(disk.fill)
        # It may serve what is there, or refuse with a word; never deny a session that it has.
        try:
            with no_traceback(server):
                server.start()
        except ServerEnded as end:
            assert end.code == 1 and len(end.said.splitlines()) == 1, end.said
            disk.make_room()
            server.start()
        after = await asyncio.to_thread(standing, server, session)

    assert {**after, "saving": ""} == {**before, "saving": ""}


async def test_a_database_that_another_program_locks(start_server: StartServer, promise: Promises) -> None:
    server = start_server("--workers", "1")
    session = await asyncio.to_thread(server.create)

    with no_traceback(server):
        async with Client(server.url, session).connected() as client:
            await client.command(type="run", speed=EPOCHS_PER_S)
            with held(server.data_dir / "sessions.sqlite3", "BEGIN EXCLUSIVE"):
                await change_until_told(client, "locked")
                told = await asyncio.to_thread(server.describe, session)
                await client.until_points(client.last_point + 30)
            resumes_s = await client.until(lambda: savings(client)[-1] == "ok", what="Saving")
            await client.command(type="pause")
            await client.until_state("paused")
            await asyncio.sleep(0.7)
            before = await asyncio.to_thread(standing, server, session)
            client.check_points()

        server.signal(signal.SIGKILL)
        server.wait()
        with held(server.data_dir / "sessions.sqlite3", "PRAGMA locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE"):
            code, said = refused(server.data_dir)
        server.start()
        after = await asyncio.to_thread(standing, server, session)

    assert told["saving"] == "locked"
    assert savings(client) == ["locked", "ok"]
    assert after == before
    assert code == 1 and "locked" in said and len(said.splitlines()) == 1
    promise.at_most("saving resumed by itself", resumes_s, 5, "s after the lock was gone")


def test_a_second_server_on_a_folder_keeps_nothing_and_says_so(start_server: StartServer) -> None:
    first = start_server("--workers", "1")
    session = first.create()
    second = start_server("--workers", "1", data_dir=first.data_dir)

    with no_traceback(second):
        own = second.create()
        second.command(own, 20, type="run", epochs=2)
        assert second.describe(own)["saving"] == "off"
        assert "will not outlive" in second.said()
        assert second.of(session).status == 404
        first.command(session, 20, type="run", epochs=2)
        assert first.describe(session)["saving"] == "ok"
        second.stop()
    first.stop()
    first.start()

    assert first.describe(session)["epoch"] == 2
    assert first.of(own).status == 404


def test_what_a_server_must_not_touch_it_refuses_in_one_line(make_server: StartServer) -> None:
    server = make_server("--workers", "1")
    server.start()
    session = server.create()
    server.stop()
    file = server.data_dir / "sessions.sqlite3"
    whole = file.read_bytes()
    (version,) = ask_file(file, "PRAGMA user_version")

    ask_file(file, f"PRAGMA user_version = {version + 1}")
    newer = refused(server.data_dir)
    file.write_bytes(b"This is no database. " * 1000)
    other = refused(server.data_dir)
    file.write_bytes(whole)
    server.start()

    assert newer[0] == other[0] == 1
    assert "newer" in newer[1] and "damaged" in other[1]
    for _, said in (newer, other):
        assert len(said.splitlines()) == 1 and str(file) in said
    assert server.describe(session)["state"] == "idle"


def test_an_older_store_is_brought_up_to_date_with_all_that_is_in_it(make_server: StartServer) -> None:
    server = make_server("--workers", "1")
    server.start()
    session = server.create()
    server.command(session, 20, type="run", epochs=4)
    before = standing(server, session)
    server.stop()
    file = server.data_dir / "sessions.sqlite3"

    write_as_of_version(file, 1)
    server.start()

    assert standing(server, session) == before
    server.stop()
    assert ask_file(file, "PRAGMA user_version") == (len(MIGRATIONS),)


def test_a_database_damaged_within_costs_no_more_than_what_was_there(make_server: StartServer) -> None:
    server = make_server("--workers", "1")
    server.start()
    session = server.create()
    server.command(session, 20, type="run", epochs=4)
    server.stop()
    file = server.data_dir / "sessions.sqlite3"
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xaa" * (len(content) - 4096)  # All but its first page.
    file.write_bytes(content)

    code, said = refused(server.data_dir)

    assert code == 1
    assert "damaged" in said and len(said.splitlines()) == 1
    assert file.read_bytes()[4096:] == content[4096:], "What may still be rescued was written over."


def test_a_backup_taken_while_the_server_runs_is_a_whole_one(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server("--workers", "1")
    resting, running = server.create(), server.create()
    server.command(resting, 20, type="run", epochs=7)
    server.command(running, type="run", epochs=100_000, speed=EPOCHS_PER_S)
    time.sleep(0.7)
    before = standing(server, resting)

    with no_traceback(server):
        taken = nn_playground("backup", str(tmp_path / "backup"), "--data-dir", str(server.data_dir))
        refusal = nn_playground("restore", str(tmp_path / "backup"), "--data-dir", str(server.data_dir))
        put_back = nn_playground("restore", str(tmp_path / "backup"), "--data-dir", str(tmp_path / "new" / "folder"))
        another = start_server("--workers", "1", data_dir=tmp_path / "new" / "folder")

        assert taken.returncode == 0 and put_back.returncode == 0, taken.stderr + put_back.stderr
        assert refusal.returncode == 1 and len(refusal.stderr.splitlines()) == 1
        assert standing(another, resting) == before
        assert another.describe(running)["state"] == "running"
        assert server.describe(running)["state"] == "running"


async def change_until_told(client: Client, saving: str) -> None:
    """Change the session, so that there is something to be saved at once, until its stream tells how that goes."""
    for number in range(200):
        rate = 0.01 + 0.0001 * number
        await client.command(type="configure", patch={"training": {"optimizer": {"learning_rate": rate}}})
        await asyncio.sleep(0.1)
        if savings(client)[-1:] == [saving]:
            return
    raise AssertionError(f"Nobody said {saving!r}, but {savings(client)}.")


def savings(client: Client) -> list[str]:
    """Return what the stream has told of how saving goes."""
    return [event["saving"] for event in client.events if event["type"] == "saving"]


@contextlib.contextmanager
def held(file: Path, *statements: str) -> Iterator[None]:
    """Let another process hold a database for as long as the block lasts."""
    script = (
        "import sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)\n"
        "for statement in sys.argv[2:]: connection.execute(statement)\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(file), *statements]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdin is not None
        assert holder.stdout.readline() == "held\n"
        yield
        holder.stdin.close()


def refused(data_dir: Path) -> tuple[int, str]:
    """Start a server that is to refuse, and return its exit code and what it said."""
    done = nn_playground("serve", "--port", "0", "--no-browser", "--data-dir", str(data_dir))
    return done.returncode, done.stdout + done.stderr


def nn_playground(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "app", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)


def write_as_of_version(file: Path, version: int) -> None:
    """Write a database anew as the program did when it knew only so many migrations."""
    newest = file.rename(file.with_suffix(".newest"))
    with contextlib.closing(sqlite3.connect(file)) as connection:
        for statements in MIGRATIONS[:version]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("ATTACH ? AS newest", [str(newest)])
        for (table,) in connection.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'").fetchall():
            names = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"DELETE FROM main.{table}")
            connection.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM newest.{table}")
        connection.commit()


def ask_file(file: Path, statement: str) -> Any:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return connection.execute(statement).fetchone()
