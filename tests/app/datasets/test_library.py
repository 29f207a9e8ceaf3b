"""The library: each table kept once, for those who hold it and for the sessions that use it, and no longer."""

import sqlite3
import threading

import pytest

from app.datasets.library import Library, Shelf
from app.errors import Problem
from app.sessions.backup import back_up, restore
from app.sessions.store import FILE_NAME, Store
from engine.datasets.content import Column, TableContent, content_id

DAY_S = 86_400.0


def table_of(*numbers):
    return TableContent((Column.of_numbers("a", numbers), Column.of_texts("b", ["x"] * len(numbers))))


class Desk:
    """A library on a store of its own, and its clock."""

    def __init__(self, folder, **changes):
        self.path = folder / FILE_NAME
        self.store = Store(self.path, 2**26)
        self.now_s = 1000.0
        self.library = Library(
            self.path,
            lambda: self.now_s,
            **{"max_store_bytes": 2**26, "max_bytes": 2**20, "max_tables_per_client": 3, "keep_days": 30, **changes},
        )

    def close(self):
        self.library.close()
        self.store.close()

    def begin(self, *numbers, client="one"):
        """Begin a collection with a table; return its id and the collection."""
        table_id, token = self.library.put(table_of(*numbers), "a table", client, None)
        assert token is not None
        return table_id, self.library.open_collection(token)

    def tidy_later(self, days=0.1):
        self.now_s += days * DAY_S
        self.library.tidy()

    def has(self, table_id):
        return Shelf(self.path)(table_id) is not None

    def note_session(self, archive=b"", origin=b""):
        with sqlite3.connect(self.path) as connection:
            row = ["s", b"", b"", 0, "idle", archive, origin]
            connection.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?)", row)


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    yield desk
    desk.close()


def test_a_table_is_found_by_its_id_from_any_connection(desk):
    table_id, _ = desk.begin(1, 2, 3)

    found = Shelf(desk.path)(table_id)

    assert table_id == content_id(table_of(1, 2, 3).to_bytes())
    assert found is not None and found.to_bytes() == table_of(1, 2, 3).to_bytes()
    assert Shelf(desk.path)(f"sha256-{'0' * 64}") is None
    assert Shelf(desk.path.parent / "nothing")(table_id) is None


def test_what_no_collection_holds_goes_when_no_session_uses_it(desk):
    table_id, collection = desk.begin(1, 2)

    desk.library.remove(collection, table_id)

    assert desk.has(table_id)  # A session that names it may be on its way into the store.
    desk.tidy_later()
    assert not desk.has(table_id) and desk.library.shelf(table_id) is None


def test_a_collection_that_is_left_empty_is_forgotten(desk):
    table_id, token = desk.library.put(table_of(1), "", "client", None)
    desk.begin(2)

    desk.library.remove(desk.library.open_collection(token), table_id)
    desk.tidy_later()

    with pytest.raises(Problem, match="opens none"):
        desk.library.open_collection(token)
    with sqlite3.connect(desk.path) as connection:
        assert connection.execute("SELECT count(*) FROM collections").fetchone() == (1,)


def test_what_another_collection_holds_stays(desk):
    table_id, collection = desk.begin(1, 2)
    desk.begin(1, 2)

    desk.library.remove(collection, table_id)
    desk.tidy_later()

    assert desk.has(table_id)


@pytest.mark.parametrize("where", ["archive", "origin"])
def test_what_a_stored_session_uses_stays_as_long_as_the_session(desk, where):
    table_id, collection = desk.begin(1, 2)
    desk.note_session(**{where: b"PK\3\4... " + table_id.encode() + b" ..."})
    desk.library.remove(collection, table_id)

    desk.tidy_later(days=100)
    assert desk.has(table_id)

    with sqlite3.connect(desk.path) as connection:
        connection.execute("DELETE FROM sessions")
    desk.tidy_later()
    assert not desk.has(table_id)


def test_what_nobody_has_asked_for_in_long_goes(desk):
    asked, collection = desk.begin(1, 2)
    forgotten, _ = desk.begin(3, 4)

    desk.tidy_later(days=20)
    desk.library.list(collection)
    desk.tidy_later(days=20)

    assert desk.has(asked) and not desk.has(forgotten)


def test_shares_count_by_client_and_free_themselves(desk):
    _, token = desk.library.put(table_of(0), "", "one", None)
    for number in (1, 2):
        desk.library.put(table_of(number), "", "one", token)

    with pytest.raises(Problem, match="3 data sets") as caught:
        desk.library.put(table_of(3), "", "one", token)
    desk.library.put(table_of(3), "", "another", None)
    desk.library.remove(desk.library.open_collection(token), content_id(table_of(1).to_bytes()))
    desk.library.put(table_of(3), "", "one", token)

    assert (caught.value.status, caught.value.code) == (429, "too_many_datasets")


def test_a_table_of_long_texts_is_refused(desk):
    texts = [f"{number:020}" * 10 for number in range(20_000)]
    columns = [Column.of_texts(name, texts) for name in "abcde"]

    with pytest.raises(Problem, match="Leave out columns of texts"):
        desk.library.put(TableContent(tuple(columns)), "", "client", None)


def test_neither_tokens_nor_addresses_are_kept(desk):
    _, token = desk.library.put(table_of(1), "", "192.0.2.77", None)

    desk.close()

    content = b"".join(file.read_bytes() for file in desk.path.parent.iterdir())
    assert token.encode() not in content and b"192.0.2.77" not in content


def test_a_locked_store_is_said_and_then_takes_tables_again(desk, monkeypatch):
    desk.library._connection.execute("PRAGMA busy_timeout = 10")
    table_id, collection = desk.begin(1)
    other = sqlite3.connect(desk.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(Problem) as caught:
        desk.begin(2)
    assert (caught.value.status, caught.value.code) == (503, "store_unavailable")
    assert [held.id for held in desk.library.list(collection)] == [table_id]  # Reading goes on.
    assert desk.library.read(table_id)

    other.execute("ROLLBACK")
    other.close()
    desk.begin(2)


def test_many_at_once_lose_nothing(desk):
    _, token = desk.library.put(table_of(-1), "", "client", None)
    threads = [
        threading.Thread(target=desk.library.put, args=(table_of(number), "", f"client {number}", token))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(desk.library.list(desk.library.open_collection(token))) == 9


def test_tables_are_in_every_backup(desk, tmp_path):
    table_id, token = desk.library.put(table_of(1, 2), "mine", "client", None)
    backup, elsewhere = tmp_path / "backup", tmp_path / "elsewhere"

    back_up(desk.path.parent, backup)
    restore(elsewhere, backup)

    again = Desk(elsewhere)
    assert [held.name for held in again.library.list(again.library.open_collection(token))] == ["mine"]
    assert again.library.shelf(table_id) is not None
    again.close()
