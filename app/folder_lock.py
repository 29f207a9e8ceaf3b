"""A data folder belongs to one server at a time: a lock that the system takes back when its holder dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

FILE_NAME = "server.lock"


class FolderTaken(Exception):
    """Another server uses the folder."""


class FolderLock:
    """Holds a folder until it is released, or the process ends."""

    def __init__(self, folder: Path) -> None:
        """Take the folder, which is made if need be. Raises FolderTaken, or OSError where nothing can be written."""
        folder.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(folder / FILE_NAME, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._descriptor)
        except OSError:
            os.close(self._descriptor)
            raise FolderTaken(f"Another server uses {folder}.") from None

    def release(self) -> None:
        """Let others have the folder."""
        os.close(self._descriptor)


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
