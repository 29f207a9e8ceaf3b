"""The tables that users have given, in the store's file: who holds which, and where the engine finds them.

A table is kept once, whoever gives it, under the checksum of its content. A collection holds tables under names of its
own and belongs to whoever has its token. What no collection holds goes, once no session uses it.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import Problem
from engine.datasets.content import TableContent, content_id, sources

_BUSY_TIMEOUT_S = 5.0
_DAY_S = 86_400.0
# A session that has just been made or changed may not be saved yet.
_GRACE_S = 60.0
_TOUCH_PERIOD_S = 3600.0
_SHELF_BYTES = 32 * 1024 * 1024
# More than the largest table of numbers by far; only long texts take as much.
_MOST_TABLE_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class Held:
    """A table in a collection."""

    id: str
    name: str
    bytes: int


class Shelf:
    """Finds tables for the engine, in the store's file, without writing to it; those used last are at hand."""

    def __init__(self, path: Path) -> None:
        self._uri = f"{path.resolve().as_uri()}?mode=ro"
        self._at_hand: OrderedDict[str, tuple[TableContent, int]] = OrderedDict()
        # Workers in threads share it with the web process.
        self._lock = threading.Lock()

    def __call__(self, table_id: str) -> TableContent | None:
        """Return a table; None if it is not there."""
        with self._lock:
            if table_id in self._at_hand:
                self._at_hand.move_to_end(table_id)
                return self._at_hand[table_id][0]
            content = self.read(table_id)
            if content is None:
                return None
            table = TableContent.from_bytes(content)
            self._at_hand[table_id] = table, len(content)
            while len(self._at_hand) > 1 and sum(size for _, size in self._at_hand.values()) > _SHELF_BYTES:
                self._at_hand.popitem(last=False)
            return table

    def read(self, table_id: str) -> bytes | None:
        """Return a table's content; None if it is not there, or cannot be read now."""
        with contextlib.suppress(sqlite3.Error):
            connection = sqlite3.connect(self._uri, uri=True, timeout=_BUSY_TIMEOUT_S)
            with contextlib.closing(connection):
                row = connection.execute("SELECT content FROM tables WHERE id = ?", [table_id]).fetchone()
                return None if row is None else bytes(row[0])
        return None

    def put_away(self, table_id: str) -> None:
        """Have a table no longer at hand."""
        with self._lock:
            self._at_hand.pop(table_id, None)


class Library:
    """Collections and their tables. Every method blocks, and may be called from any thread."""

    def __init__(
        self,
        path: Path,
        now_s: Callable[[], float],
        *,
        max_store_bytes: int,
        max_bytes: int,
        max_tables_per_client: int,
        keep_days: float,
    ) -> None:
        """Open the store's file, whose tables must be there; `now_s` is the store's clock. Raises sqlite3.Error."""
        self.shelf = Shelf(path)
        self._now_s = now_s
        self._max_bytes = max_bytes
        self._max_tables_per_client = max_tables_per_client
        self._keep_s = keep_days * _DAY_S
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.execute("PRAGMA synchronous = FULL")
        (page_bytes,) = self._connection.execute("PRAGMA page_size").fetchone()
        self._connection.execute(f"PRAGMA max_page_count = {max_store_bytes // page_bytes}")
        (self._salt,) = self._connection.execute("SELECT salt FROM salt").fetchone()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def open_collection(self, token: str) -> int:
        """Return the collection that a token opens. Raises Problem 401 without one, 404 with a wrong one."""
        if not token:
            detail = "Send the collection's token as Authorization: Bearer …"
            raise Problem(401, "no_token", "A token is needed", detail)
        with self._lock, _said():
            query = "SELECT id FROM collections WHERE token = ?"
            row = self._connection.execute(query, [_hash(token)]).fetchone()
        if row is None:
            raise Problem(404, "no_collection", "There is no such collection", "The token opens none.")
        return int(row[0])

    @contextlib.contextmanager
    def lent(self, table: TableContent) -> Iterator[str]:
        """Have a table at hand for the engine that is not kept, or not yet; give its id."""
        content = table.to_bytes()
        table_id = content_id(content)
        source = {table_id: table}.get
        sources.append(source)
        try:
            yield table_id
        finally:
            sources.remove(source)

    def put(self, table: TableContent, name: str, client: str, token: str | None) -> tuple[str, str | None]:
        """Take a table into the collection of a token, or into a new one; return its id and a new one's token.

        Raises Problem.
        """
        content = table.to_bytes()
        if len(content) > _MOST_TABLE_BYTES:
            message = f"The table takes {len(content)} bytes; at most {_MOST_TABLE_BYTES}. Leave out columns of texts."
            raise Problem.field("body", "too_large", message, len(content), _MOST_TABLE_BYTES)
        table_id, now_s = content_id(content), self._now_s()
        collection = None if token is None else self.open_collection(token)
        with self._transaction() as execute:
            new_token = None
            if collection is None:
                new_token = secrets.token_urlsafe(32)
                row = execute("INSERT INTO collections (token) VALUES (?) RETURNING id", [_hash(new_token)]).fetchone()
                collection = int(row[0])
            is_new = execute("SELECT 1 FROM tables WHERE id = ?", [table_id]).fetchone() is None
            held = "SELECT 1 FROM holdings WHERE collection = ? AND table_id = ?"
            if execute(held, [collection, table_id]).fetchone() is None:
                self._check_share(execute, self._pseudonym(client))
            if is_new:
                self._check_room(execute, len(content))
                execute("INSERT INTO tables (id, content, used_s) VALUES (?, ?, ?)", [table_id, content, now_s])
            execute("UPDATE tables SET used_s = ? WHERE id = ?", [now_s, table_id])
            execute(
                """INSERT INTO holdings (collection, table_id, name, client) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET name = excluded.name""",
                [collection, table_id, name, self._pseudonym(client)],
            )
        return table_id, new_token

    def list(self, collection: int) -> list[Held]:
        """Return the tables of a collection, the newest last."""
        query = """SELECT table_id, name, length(content) FROM holdings JOIN tables ON tables.id = table_id
            WHERE collection = ? ORDER BY holdings.rowid"""
        with self._lock, _said():
            rows = self._connection.execute(query, [collection]).fetchall()
        self._touch("id IN (SELECT table_id FROM holdings WHERE collection = ?)", collection)
        return [Held(*row) for row in rows]

    def rename(self, collection: int, table_id: str, name: str) -> Held:
        """Give a table another name in a collection. Raises Problem 404 if it does not hold it."""
        with self._transaction() as execute:
            update = "UPDATE holdings SET name = ? WHERE collection = ? AND table_id = ?"
            if not execute(update, [name, collection, table_id]).rowcount:
                raise no_table(table_id)
            (size,) = execute("SELECT length(content) FROM tables WHERE id = ?", [table_id]).fetchone()
        return Held(table_id, name, size)

    def read(self, table_id: str) -> bytes:
        """Return the content of a table that some collection holds. Raises Problem."""
        query = "SELECT content FROM tables WHERE id = ? AND id IN (SELECT table_id FROM holdings)"
        with self._lock, _said():
            row = self._connection.execute(query, [table_id]).fetchone()
        if row is None:
            raise no_table(table_id)
        self._touch("id = ?", table_id)
        return bytes(row[0])

    def remove(self, collection: int, table_id: str) -> None:
        """Let a collection hold a table no longer. Raises Problem 404 if it does not."""
        with self._transaction() as execute:
            query = "DELETE FROM holdings WHERE collection = ? AND table_id = ?"
            if not execute(query, [collection, table_id]).rowcount:
                raise no_table(table_id)
            execute("UPDATE tables SET used_s = ? WHERE id = ?", [self._now_s(), table_id])

    def tidy(self) -> None:
        """Let go of tables that no session uses and no collection holds, or that nobody has asked for in long.

        Collections that hold none are forgotten too.
        """
        now_s = self._now_s()
        query = """SELECT id, used_s FROM tables
            WHERE used_s < ? OR (used_s < ? AND id NOT IN (SELECT table_id FROM holdings))"""
        with self._lock, _said():
            rows = self._connection.execute(query, [now_s - self._keep_s, now_s - _GRACE_S]).fetchall()
            # All sessions may have to be looked through: not within a transaction, for which saving would wait.
            in_use = [_is_used(self._connection.execute, table_id) for table_id, _ in rows]
        for (table_id, used_s), is_used in zip(rows, in_use, strict=True):
            if is_used:
                self._touch("id = ?", table_id)
                continue
            with self._transaction() as execute:
                execute("DELETE FROM tables WHERE id = ? AND used_s = ?", [table_id, used_s])
            self.shelf.put_away(table_id)
        with self._transaction() as execute:
            execute("DELETE FROM collections WHERE id NOT IN (SELECT collection FROM holdings)")

    def _touch(self, which: str, value: Any) -> None:
        """Note that tables were asked for, once an hour; if that cannot be written now, the next time will do."""
        now_s = self._now_s()
        with contextlib.suppress(Problem), self._transaction() as execute:
            execute(
                f"UPDATE tables SET used_s = ? WHERE {which} AND used_s < ?", [now_s, value, now_s - _TOUCH_PERIOD_S]
            )

    def _check_share(self, execute: Any, client: bytes) -> None:
        (count,) = execute("SELECT count(*) FROM holdings WHERE client = ?", [client]).fetchone()
        most = self._max_tables_per_client
        if count >= most:
            detail = f"From this address there are {most} data sets, as many as there may be: delete one."
            raise Problem(429, "too_many_datasets", "Too many data sets", detail)

    def _check_room(self, execute: Any, size: int) -> None:
        (total,) = execute("SELECT coalesce(sum(length(content)), 0) FROM tables").fetchone()
        if total + size > self._max_bytes:
            detail = (
                f"The data sets on this server may take {self._max_bytes} bytes, and there is no room for this one."
            )
            raise Problem(503, "datasets_full", "No room for more data", f"{detail} Delete one that is not needed.")

    def _pseudonym(self, client: str) -> bytes:
        """Return what stands for a client's address, which itself is not kept."""
        return hashlib.sha256(self._salt + client.encode()).digest()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Callable[..., sqlite3.Cursor]]:
        """Do all of it, durably, or nothing. Raises Problem where the file takes nothing now."""
        with self._lock, _said():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection.execute
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


@contextlib.contextmanager
def _said() -> Iterator[None]:
    """Say as a Problem what is wrong with the file: that it is locked, or the disk full."""
    try:
        yield
    except sqlite3.Error as error:
        detail = f"The file in which data are kept cannot be used now ({error}): try again later."
        raise Problem(503, "store_unavailable", "Nothing can be kept now", detail) from None


def no_table(table_id: str) -> Problem:
    """Return the problem that there is no such table."""
    return Problem(404, "no_dataset", "There is no such data set", f"There is no {table_id[:80]}: it may be deleted.")


def _is_used(execute: Callable[..., sqlite3.Cursor], table_id: str) -> bool:
    """Return whether a stored session names a table: its id stands as it is in specs and in what is kept of them."""
    query = "SELECT 1 FROM sessions WHERE instr(archive, ?1) OR instr(origin, ?1) LIMIT 1"
    return execute(query, [table_id.encode()]).fetchone() is not None


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
