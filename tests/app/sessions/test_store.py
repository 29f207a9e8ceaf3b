"""The store: what is written is read again, older files are brought up to date, foreign ones are left alone."""

from __future__ import annotations

import os
import sqlite3
import stat

import pytest

from app.sessions.checkpoint import Checkpoint, Tail, entries
from app.sessions.store import FILE_NAME, MIGRATIONS, Entry, Save, Store, StoreRefused, open_store

MUCH = 64 * 1024 * 1024


def save(name: str = "a", state: str = "paused", **parts: object) -> Save:
    whole: dict[str, object] = {
        "archive": b"archive",
        "points": Tail(True, b'{"n":1}'),
        "log": Tail(True, b'{"step":0}'),
        "origin": b"{}",
    }
    return Save(Entry(name, b"owner", b"viewer", 1.0, state), Checkpoint(state, **{**whole, **parts}))  # type: ignore[arg-type]


def test_what_is_written_is_read_again(tmp_path):
    store = Store(tmp_path / "store", MUCH)
    store.write([save("a"), save("b", "running")])
    store.close()

    again = Store(tmp_path / "store", MUCH)

    assert again.entries() == [save("a").entry, save("b", "running").entry]
    assert again.load("a") == save("a").checkpoint


def test_new_points_are_added_to_the_old_ones_and_a_whole_list_replaces_them(tmp_path):
    store = Store(tmp_path / "store", MUCH)
    store.write([save()])

    store.write([save(points=Tail(False, b'{"n":2},{"n":3}'), log=Tail(False, b""), origin=None)])
    added = store.load("a")
    store.write([save(points=Tail(True, b'{"n":3}'), log=Tail(False, b'{"step":4}'), origin=None)])
    replaced = store.load("a")

    assert [point["n"] for point in entries(added.points.text)] == [1, 2, 3]
    assert [point["n"] for point in entries(replaced.points.text)] == [3]
    assert [entry["step"] for entry in entries(replaced.log.text)] == [0, 4]
    assert replaced.origin == b"{}"


def test_two_saves_in_one_say_the_same_as_one_after_the_other(tmp_path):
    first, second = save(), save(archive=b"newer", points=Tail(False, b'{"n":2}'), log=Tail(False, b""), origin=None)
    apart, together = Store(None, MUCH), Store(None, MUCH)

    for one in (first, second):
        apart.write([one])
    together.write([first.then(second)])

    assert apart.load("a") == together.load("a")


def test_a_deleted_session_leaves_nothing(tmp_path):
    store = Store(tmp_path / "store", MUCH)
    store.write([save("a", archive=bytes(2_000_000)), save("b")])
    large = (tmp_path / "store-wal").stat().st_size + (tmp_path / "store").stat().st_size

    store.write([], ["a"])
    store.close()

    assert [entry.id for entry in Store(tmp_path / "store", MUCH).entries()] == ["b"]
    assert (tmp_path / "store").stat().st_size < large - 1_500_000
    with pytest.raises(KeyError):
        Store(tmp_path / "store", MUCH).load("a")


def test_nothing_is_written_by_halves(tmp_path):
    store = Store(tmp_path / "store", 1024 * 1024)

    with pytest.raises(sqlite3.OperationalError) as caught:
        store.write([save("a"), save("b", archive=os.urandom(4_000_000))])

    assert store.reason(caught.value) == "disk_full"
    assert store.entries() == []
    store.write([save("a")])
    assert len(store.entries()) == 1


def test_only_its_owner_reads_the_file(tmp_path):
    Store(tmp_path / "store", MUCH)

    assert stat.S_IMODE((tmp_path / "store").stat().st_mode) == 0o600


def test_the_stores_clock_counts_on_from_where_it_stopped(tmp_path):
    store = Store(tmp_path / "store", MUCH)
    before_s = store.now_s
    store.write([save()])
    store.close()

    later = Store(tmp_path / "store", MUCH)

    assert before_s <= later.now_s < before_s + 60


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_a_store_of_any_older_version_is_brought_up_to_date_with_all_that_is_in_it(version, tmp_path):
    from app.sessions import store as module

    path = tmp_path / "store"
    old = sqlite3.connect(path, isolation_level=None)
    for statements in MIGRATIONS[:version]:
        for statement in statements:
            old.execute(statement)
    old.execute(f"PRAGMA application_id = {module.APPLICATION_ID}")
    old.execute(f"PRAGMA user_version = {version}")
    old.execute("INSERT INTO sessions VALUES ('old', x'01', x'02', 5.0, 'paused', x'03', x'04')")
    old.execute("INSERT INTO tails (session, kind, text) VALUES ('old', 'points', CAST('{\"n\":1}' AS BLOB))")
    old.close()

    store = Store(path, MUCH)

    assert store.entries() == [Entry("old", b"\1", b"\2", 5.0, "paused")]
    assert store.load("old").points.text == b'{"n":1}'
    assert sqlite3.connect(path).execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


def test_a_store_of_a_newer_version_is_refused_and_stays_as_it_is(tmp_path):
    path = tmp_path / "store"
    Store(path, MUCH).close()
    with sqlite3.connect(path) as newer:
        newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = path.read_bytes()

    with pytest.raises(StoreRefused, match="newer NN Playground"):
        Store(path, MUCH)

    assert path.read_bytes() == before


def test_another_programs_database_is_refused(tmp_path):
    path = tmp_path / "store"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")

    with pytest.raises(StoreRefused, match="another program's"):
        Store(path, MUCH)


def test_a_damaged_file_is_refused_with_a_remedy(tmp_path):
    (tmp_path / "store").write_bytes(b"nonsense" * 1000)

    with pytest.raises(StoreRefused, match="restore a backup"):
        Store(tmp_path / "store", MUCH)


def test_where_nothing_is_kept_and_nothing_can_be_a_store_in_memory_does(tmp_path):
    (tmp_path / "file").write_text("This is no folder.")

    store, lock, reason = open_store(tmp_path / "file", MUCH)

    store.write([save()])
    assert lock is None and "nothing can be kept" in reason
    assert len(store.entries()) == 1


def test_sessions_that_are_kept_but_cannot_be_read_are_not_taken_for_lost(tmp_path, monkeypatch):
    store, lock, _ = open_store(tmp_path, MUCH)
    store.write([save()])
    store.close()
    assert lock is not None
    lock.release()
    path = tmp_path / FILE_NAME

    def fail(self, max_bytes):
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(Store, "_prepare", fail)
    with pytest.raises(StoreRefused, match="cannot be used"):
        open_store(tmp_path, MUCH)
    monkeypatch.undo()
    whole = bytearray(path.read_bytes())
    whole[4096:] = b"\xff" * len(whole[4096:])
    path.write_bytes(whole)
    with pytest.raises(StoreRefused, match="is damaged"):
        open_store(tmp_path, MUCH)


def test_a_file_that_was_only_begun_holds_nothing_that_could_be_lost(tmp_path, monkeypatch):
    with sqlite3.connect(tmp_path / FILE_NAME) as begun:
        begun.execute("PRAGMA journal_mode = WAL")
    begun.close()
    assert (tmp_path / FILE_NAME).stat().st_size

    prepare = Store._prepare

    def fail(self, max_bytes):
        if self._path:
            raise sqlite3.OperationalError("database or disk is full")
        prepare(self, max_bytes)

    monkeypatch.setattr(Store, "_prepare", fail)

    _, lock, reason = open_store(tmp_path, MUCH)

    assert lock is None and "nothing can be kept" in reason
