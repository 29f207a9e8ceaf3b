"""A copy of all that a server keeps in one file, and the way back."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from app.folder_lock import FolderLock, FolderTaken
from app.sessions.store import FILE_NAME, StoreRefused, check_version, connect


def back_up(folder: Path, file: Path) -> int:
    """Copy what is kept in a folder into a file, also while a server uses it, and return how many sessions there are.

    Raises StoreRefused where there is nothing to copy, or the file exists already; sqlite3.Error or OSError.
    """
    source = folder / FILE_NAME
    if not source.exists():
        raise StoreRefused(f"There is nothing to back up in {folder}: no server has kept anything there yet.")
    if file.exists():
        raise StoreRefused(f"{file} exists already: choose another name, or move it away.")
    with contextlib.closing(connect(source)) as connection:
        check_version(connection, source)
        return _copy(connection, file)


def restore(folder: Path, file: Path) -> tuple[int, Path | None]:
    """Put a backup in the place of what a folder keeps; return how many sessions it has, and where the old are now.

    Raises StoreRefused for a file that is no whole backup of a version known here, or while a server uses the folder.
    """
    if not file.is_file():
        raise StoreRefused(f"There is no file {file}.")
    try:
        lock = FolderLock(folder)
    except FolderTaken as taken:
        raise StoreRefused(f"{taken} Stop it first.") from None
    try:
        with contextlib.closing(connect(file)) as connection:
            if not check_version(connection, file):
                raise StoreRefused(f"{file} is no backup: it is empty.")
            if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise StoreRefused(f"{file} is damaged: take another backup.")
            arrived = folder / f"{FILE_NAME}.restored"
            arrived.unlink(missing_ok=True)
            count = _copy(connection, arrived)
        old = _put_aside(folder)
        arrived.rename(folder / FILE_NAME)
        return count, old
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        raise StoreRefused(f"{file} is damaged: take another backup.") from None
    finally:
        lock.release()


def _copy(source: sqlite3.Connection, file: Path) -> int:
    """Copy a store into a new file, which is there only when it is whole."""
    partial = file.with_name(f"{file.name}.partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with contextlib.closing(connect(partial)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")  # One file, with nothing beside it.
            (count,) = target.execute("SELECT count(*) FROM sessions").fetchone()
        partial.rename(file)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return int(count)


def _put_aside(folder: Path) -> Path | None:
    """Give what a folder keeps another name, together with what belongs to it, and return it."""
    path = folder / FILE_NAME
    if not path.exists():
        return None
    number = 1
    while (old := folder / f"sessions-before-restore-{number}.sqlite3").exists():
        number += 1
    for suffix in ("-wal", "-shm", ""):
        with contextlib.suppress(FileNotFoundError):
            (folder / f"{FILE_NAME}{suffix}").rename(f"{old}{suffix}")
    return old
