"""Backups: one file with all that a server keeps, made while it runs, and put back where none does."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import cli
from app.folder_lock import FolderLock
from app.sessions.checkpoint import beginning
from app.sessions.store import FILE_NAME, MIGRATIONS, Entry, Save, Store

MUCH = 64 * 1024 * 1024


def store_with(folder: Path, *names: str) -> Store:
    store = Store(folder / FILE_NAME, MUCH)
    store.write([Save(Entry(name, b"owner", b"viewer", 1.0, "idle"), beginning(b"{}")) for name in names])
    return store


def names_in(folder: Path) -> list[str]:
    return [entry.id for entry in Store(folder / FILE_NAME, MUCH).entries()]


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_a_backup_of_a_store_in_use_brings_back_what_was_in_it(tmp_path):
    there, here, file = tmp_path / "there", tmp_path / "here", tmp_path / "backup"
    store = store_with(there, "a", "b")
    store_with(here, "mine").close()

    assert run("backup", file, "--data-dir", there) == (0, f"{file}: 2 session(s) of {there}.\n")
    store.write([], ["a"])
    code, told = run("restore", file, "--data-dir", here)

    assert code == 0 and "2 session(s)" in told
    assert names_in(here) == ["a", "b"]
    old = here / "sessions-before-restore-1.sqlite3"
    assert str(old) in told
    assert [entry.id for entry in Store(old, MUCH).entries()] == ["mine"]


def test_a_backup_is_one_file_that_only_its_owner_reads(tmp_path):
    store_with(tmp_path / "data", "a")
    (tmp_path / "out").mkdir()

    run("backup", tmp_path / "out" / "backup", "--data-dir", tmp_path / "data")

    (file,) = (tmp_path / "out").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_backup_does_not_write_over_a_file(tmp_path):
    store_with(tmp_path, "a")
    (tmp_path / "file").write_text("mine")

    code, told = run("backup", tmp_path / "file", "--data-dir", tmp_path)

    assert code == 1 and "exists already" in told
    assert (tmp_path / "file").read_text() == "mine"


def test_there_is_nothing_to_back_up_where_no_server_has_been(tmp_path):
    code, told = run("backup", tmp_path / "file", "--data-dir", tmp_path / "nowhere")

    assert code == 1 and "nothing to back up" in told


def test_a_backup_into_a_folder_that_does_not_exist_is_refused_in_one_line(tmp_path):
    store_with(tmp_path, "a")

    code, told = run("backup", tmp_path / "no" / "file", "--data-dir", tmp_path)

    assert code == 1 and len(told.splitlines()) == 1


def test_a_backup_is_not_restored_under_a_running_server(tmp_path):
    store_with(tmp_path / "data", "a")
    run("backup", tmp_path / "file", "--data-dir", tmp_path / "data")
    lock = FolderLock(tmp_path / "data")

    code, told = run("restore", tmp_path / "file", "--data-dir", tmp_path / "data")
    lock.release()

    assert code == 1 and "Stop it first" in told


@pytest.mark.parametrize("content", [b"", b"nonsense" * 1000, None])
def test_what_is_no_backup_is_not_restored_and_costs_nothing(content, tmp_path):
    store_with(tmp_path, "a").close()
    if content is not None:
        (tmp_path / "file").write_bytes(content)

    code, _ = run("restore", tmp_path / "file", "--data-dir", tmp_path)

    assert code == 1
    assert names_in(tmp_path) == ["a"]


def test_a_damaged_backup_is_not_restored(tmp_path):
    store = store_with(tmp_path / "data", *(f"session {number}" for number in range(200)))
    run("backup", tmp_path / "file", "--data-dir", tmp_path / "data")
    store.close()
    whole = bytearray((tmp_path / "file").read_bytes())
    whole[8192:12288] = bytes(range(256)) * 16
    (tmp_path / "file").write_bytes(whole)

    code, told = run("restore", tmp_path / "file", "--data-dir", tmp_path / "data")

    assert code == 1 and "damaged" in told
    assert len(names_in(tmp_path / "data")) == 200


def test_a_newer_backup_is_not_restored(tmp_path):
    store_with(tmp_path / "data", "a").close()
    run("backup", tmp_path / "file", "--data-dir", tmp_path / "data")
    with sqlite3.connect(tmp_path / "file") as newer:
        newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")

    code, told = run("restore", tmp_path / "file", "--data-dir", tmp_path / "data")

    assert code == 1 and "newer" in told


def test_a_server_does_not_start_on_a_newer_or_a_damaged_store(tmp_path):
    store_with(tmp_path / "newer", "a").close()
    with sqlite3.connect(tmp_path / "newer" / FILE_NAME) as newer:
        newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / FILE_NAME).write_bytes(b"nonsense" * 1000)

    for folder, word in (("newer", "newer NN Playground"), ("damaged", "damaged")):
        code, told = run("serve", "--no-browser", "--port", "0", "--data-dir", tmp_path / folder)
        assert code == 1 and word in told and len(told.splitlines()) == 1


def test_a_server_does_not_start_without_its_sessions_because_another_program_holds_the_file(tmp_path):
    store_with(tmp_path, "a").close()
    holder = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    holder.execute("UPDATE clock SET now_s = 1")

    code, told = run("serve", "--no-browser", "--port", "0", "--data-dir", tmp_path)
    holder.close()

    assert code == 1 and "locked by another program" in told
