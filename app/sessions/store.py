"""What outlives the server: one SQLite file in the data folder, with the sessions and all that they are made from.

Everything here is SQL and may block; `app.sessions.saver` calls it in a thread of its own.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from app.folder_lock import FolderLock, FolderTaken
from app.sessions.checkpoint import Checkpoint, Tail, joined

FILE_NAME = "sessions.sqlite3"

# Tells our files from other programs' (the letters NNPG).
APPLICATION_ID = 0x4E4E5047
# The n-th entry leads from version n to version n + 1 of the tables; what is here is never changed, only added to.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE clock (now_s REAL NOT NULL)",
        "INSERT INTO clock VALUES (0)",
        # `archive` is empty until a worker has made the first: then the session is made from its origin.
        """CREATE TABLE sessions (
            id TEXT PRIMARY KEY, owner BLOB NOT NULL, viewer BLOB NOT NULL, used_s REAL NOT NULL,
            state TEXT NOT NULL, archive BLOB NOT NULL, origin BLOB NOT NULL)""",
        # The points and the log of a session, in pieces as they came.
        """CREATE TABLE tails (
            piece INTEGER PRIMARY KEY, session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('points', 'log')), text BLOB NOT NULL)""",
        "CREATE INDEX tails_of_session ON tails (session, kind)",
    ),
    (
        # The tables that users give; app.datasets.library reads and writes them.
        "CREATE TABLE salt (salt BLOB NOT NULL)",
        "INSERT INTO salt VALUES (randomblob(32))",
        "CREATE TABLE tables (id TEXT PRIMARY KEY, content BLOB NOT NULL, used_s REAL NOT NULL)",
        "CREATE TABLE collections (id INTEGER PRIMARY KEY, token BLOB NOT NULL UNIQUE)",
        """CREATE TABLE holdings (
            collection INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
            table_id TEXT NOT NULL REFERENCES tables (id) ON DELETE CASCADE,
            name TEXT NOT NULL, client BLOB NOT NULL, UNIQUE (collection, table_id))""",
        "CREATE INDEX holdings_of_table ON holdings (table_id)",
        "CREATE INDEX holdings_of_client ON holdings (client)",
    ),
)

# Another program may hold the file for a moment, such as a backup's.
_BUSY_TIMEOUT_S = 2.0
_WAL_BYTES = 16 * 1024 * 1024
# With less than this left, a disk is full, whatever else is said to be wrong.
_LITTLE_ROOM_BYTES = 256 * 1024


class StoreRefused(Exception):
    """The file must not be used as it is; the text says why, and the remedy."""


@dataclass(frozen=True)
class Entry:
    """What is known of a stored session without reading it whole; `used_s` is a time of the store's own clock."""

    id: str
    owner: bytes
    viewer: bytes
    used_s: float
    state: str


@dataclass(frozen=True)
class Save:
    """What is to be written of a session; without a checkpoint, only that it was used."""

    entry: Entry
    checkpoint: Checkpoint | None

    def then(self, newer: Save) -> Save:
        """Return what both say in one."""
        if self.checkpoint is None or newer.checkpoint is None:
            return Save(newer.entry, newer.checkpoint or self.checkpoint)
        return Save(newer.entry, self.checkpoint.then(newer.checkpoint))


class Store:
    """The sessions in a file, or, without one, in memory for as long as the server runs."""

    def __init__(self, path: Path | None, max_bytes: int) -> None:
        """Open the file, make it, or bring an older one up to date. Raises StoreRefused, sqlite3.Error or OSError."""
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            # The keys in it are hashes, but what people made with them is nobody else's business.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._path = path
        self._connection = connect(path)
        try:
            check_version(self._connection, path)
            self._prepare(max_bytes)
        except BaseException:
            self._connection.close()
            raise
        (self._clock_s,) = self._connection.execute("SELECT now_s FROM clock").fetchone()
        self._started_s = time.monotonic()

    def _prepare(self, max_bytes: int) -> None:
        execute = self._connection.execute
        execute("PRAGMA auto_vacuum = FULL")  # What deleted sessions took is given back. Counts only for a new file.
        execute("PRAGMA journal_mode = WAL")
        execute("PRAGMA synchronous = FULL")
        execute("PRAGMA foreign_keys = ON")
        execute(f"PRAGMA journal_size_limit = {_WAL_BYTES}")
        (page_bytes,) = execute("PRAGMA page_size").fetchone()
        execute(f"PRAGMA max_page_count = {max_bytes // page_bytes}")
        (version,) = execute("PRAGMA user_version").fetchone()
        if version == len(MIGRATIONS):
            return
        with self._transaction():
            for statements in MIGRATIONS[version:]:
                for statement in statements:
                    execute(statement)
            execute(f"PRAGMA application_id = {APPLICATION_ID}")
            execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    def close(self) -> None:
        """Close the file; what has been written is in it whether or not this is called."""
        self._connection.close()

    @property
    def now_s(self) -> float:
        """The time by the store's own clock: seconds during which a server has run on it.

        It does not care what the machine's clock says, so that no session is out of date because that one jumps.
        """
        return float(self._clock_s) + time.monotonic() - self._started_s

    def entries(self) -> list[Entry]:
        """Return all sessions, the one that was used last at the end."""
        rows = self._connection.execute("SELECT id, owner, viewer, used_s, state FROM sessions ORDER BY used_s")
        return [Entry(*row) for row in rows]

    def load(self, session_id: str) -> Checkpoint:
        """Return what a session is made again from, its tails whole. Raises KeyError if there is no such session."""
        query = "SELECT state, archive, origin FROM sessions WHERE id = ?"
        with self._transaction("DEFERRED"):
            row = self._connection.execute(query, [session_id]).fetchone()
            if row is None:
                raise KeyError(session_id)
            points, log = (self._tail(session_id, kind) for kind in ("points", "log"))
        state, archive, origin = row
        return Checkpoint(state, archive, points, log, origin)

    def _tail(self, session_id: str, kind: str) -> Tail:
        query = "SELECT text FROM tails WHERE session = ? AND kind = ? ORDER BY piece"
        return Tail(True, joined(*(text for (text,) in self._connection.execute(query, [session_id, kind]))))

    def write(self, saves: Iterable[Save], deletions: Iterable[str] = ()) -> None:
        """Write all of this, durably, or nothing."""
        execute = self._connection.execute
        with self._transaction():
            execute("UPDATE clock SET now_s = ?", [self.now_s])
            for session_id in deletions:
                execute("DELETE FROM sessions WHERE id = ?", [session_id])
            for save in saves:
                self._write(save)

    def _write(self, save: Save) -> None:
        entry, checkpoint = save.entry, save.checkpoint
        if checkpoint is None:
            values = {"id": entry.id, "used_s": entry.used_s}
            self._connection.execute("UPDATE sessions SET used_s = :used_s WHERE id = :id", values)
            return
        self._connection.execute(
            """INSERT INTO sessions (id, owner, viewer, used_s, state, archive, origin)
            VALUES (:id, :owner, :viewer, :used_s, :state, :archive, coalesce(:origin, x''))
            ON CONFLICT (id) DO UPDATE SET
                used_s = :used_s, state = :state, archive = :archive, origin = coalesce(:origin, origin)""",
            {**asdict(entry), "archive": checkpoint.archive, "origin": checkpoint.origin},
        )
        for kind, tail in (("points", checkpoint.points), ("log", checkpoint.log)):
            if tail.is_whole:
                self._connection.execute("DELETE FROM tails WHERE session = ? AND kind = ?", [entry.id, kind])
            if tail.text:
                insert = "INSERT INTO tails (session, kind, text) VALUES (?, ?, ?)"
                self._connection.execute(insert, [entry.id, kind, tail.text])

    def reason(self, error: Exception) -> Literal["disk_full", "locked", "failed"]:
        """Return why something could not be written."""
        if is_locked(error):
            return "locked"
        has_room = self._path is None or shutil.disk_usage(self._path.parent).free > _LITTLE_ROOM_BYTES
        return "disk_full" if _name_of(error) == "SQLITE_FULL" or not has_room else "failed"

    def size_bytes(self) -> int:
        """Return how much room the file takes, with what waits beside it to be moved into it; 0 in memory."""
        size = 0
        if self._path is not None:
            for suffix in ("", "-wal"):
                with contextlib.suppress(OSError):
                    size += Path(f"{self._path}{suffix}").stat().st_size
        return size

    @contextlib.contextmanager
    def _transaction(self, kind: str = "IMMEDIATE") -> Iterator[None]:
        self._connection.execute(f"BEGIN {kind}")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise


def open_store(folder: Path, max_bytes: int) -> tuple[Store, FolderLock | None, str]:
    """Return a folder's store and the lock on it; or one in memory, no lock, and why nothing can be kept there.

    Raises StoreRefused where sessions are kept already that cannot be used as they are.
    """
    path = folder / FILE_NAME
    try:
        lock = FolderLock(folder)
    except FolderTaken:
        return Store(None, max_bytes), None, f"another server keeps its sessions in {folder}"
    except OSError as error:
        _refuse_if_kept(path, error)
        return Store(None, max_bytes), None, f"nothing can be kept in {folder} ({error})"
    try:
        store = Store(path, max_bytes)
        store.entries()
        return store, lock, ""
    except StoreRefused:
        lock.release()
        raise
    except (sqlite3.Error, OSError) as error:
        lock.release()
        _refuse_if_kept(path, error)
        return Store(None, max_bytes), None, f"nothing can be kept in {folder} ({error})"


def check_folder(folder: Path, max_bytes: int) -> None:
    """Raise StoreRefused if a server must not start on what lies in a folder."""
    store, lock, _ = open_store(folder, max_bytes)
    store.close()
    if lock:
        lock.release()


def _refuse_if_kept(path: Path, error: Exception) -> None:
    """Raise StoreRefused if there is something in a file that cannot be opened: nobody shall think it lost."""
    if not _holds_something(path):
        return
    if is_locked(error):
        reason = "is locked by another program: wait until it is done, or end it"
    elif isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
        reason = "is damaged: restore a backup, or move it away"
    else:
        reason = f"cannot be used ({error}): see whether the disk is full, and whose the file is"
    raise StoreRefused(f"{path} {reason}.")


def _holds_something(path: Path) -> bool:
    """Return whether a file that cannot be used may hold sessions: an empty one, or one just begun, does not."""
    try:
        if not path.stat().st_size:
            return False
        wal = path.with_name(f"{path.name}-wal")
        if wal.exists() and wal.stat().st_size:
            return True
        # Immutable: without the files that SQLite would make beside it, for which there may be no room.
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        with contextlib.closing(connection):
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            return bool(tables)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (sqlite3.Error, OSError):
        return True


def connect(path: Path | None) -> sqlite3.Connection:
    """Return a connection that leaves transactions to us."""
    name = ":memory:" if path is None else str(path)
    return sqlite3.connect(name, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)


def is_locked(error: Exception) -> bool:
    """Return whether something could not be done because another program holds the file."""
    return _name_of(error).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def _name_of(error: Exception) -> str:
    return getattr(error, "sqlite_errorname", None) or ""


def check_version(connection: sqlite3.Connection, path: Path | None) -> int:
    """Return the version of a file's tables, 0 for a new one. Raises StoreRefused for one that is not to be used."""
    try:
        (application_id,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise  # Locked, not readable, …: another time it may be.
        raise StoreRefused(f"{path} is damaged, or no database: restore a backup, or move it away.") from None
    if application_id != APPLICATION_ID and (application_id or version or tables):
        raise StoreRefused(f"{path} is another program's: choose another data folder, or move it away.")
    if version > len(MIGRATIONS):
        raise StoreRefused(
            f"{path} was written by a newer NN Playground (its tables are version {version}, this one knows up to "
            f"{len(MIGRATIONS)}): install that one, or choose another data folder."
        )
    return int(version)
