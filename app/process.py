"""What a process takes of the machine, as far as the system tells it cheaply, and gives back."""

from __future__ import annotations

import ctypes
import os
import time
from pathlib import Path

_PROC = Path("/proc")

# Linux's usual C library keeps what has been freed between what is still in use, unless it is asked to return it.
_trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None


def give_back_memory() -> None:
    """Return to the system what this process has freed, where that does not happen by itself; takes milliseconds."""
    if _trim is not None:
        _trim(0)


def resident_bytes(pid: int) -> int | None:
    """Return the memory that a process holds; None where there is no /proc, or no such process."""
    try:
        pages = int((_PROC / str(pid) / "statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def processor_seconds(pid: int) -> float | None:
    """Return how long a process has computed on all processors together; None where that cannot be told."""
    if pid == os.getpid():
        return time.process_time()
    try:
        # The name may hold spaces and brackets; what follows it does not.
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        ticks = int(fields[11]) + int(fields[12])
    except (OSError, ValueError, IndexError):
        return None
    return ticks / os.sysconf("SC_CLK_TCK")
