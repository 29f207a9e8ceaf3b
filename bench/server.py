"""A server in a process of its own, as users start it, and what the system says of its processes (Linux's /proc)."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

_PROC = Path("/proc")
_STOP_TIMEOUT_S = 15.0


@dataclass(frozen=True)
class Server:
    """A server on this machine; `url` ends without a slash."""

    url: str
    process: subprocess.Popen[str]
    data_dir: Path

    @property
    def address(self) -> tuple[str, int]:
        """The host and the port that it listens on."""
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or 80

    def processes(self) -> list[int]:
        """Return the ids of the web process and of all that descend from it: the workers, and Python's own helpers."""
        children: dict[int, list[int]] = {}
        for pid in _all_processes():
            with contextlib.suppress(OSError):
                children.setdefault(int(_stat(pid)[1]), []).append(pid)
        found = [self.process.pid]
        for pid in found:  # Grows while it is read.
            found += children.get(pid, [])
        return found

    def memory_bytes(self) -> int:
        """Return the memory of all its processes: their PSS, in which pages that several share count once in all."""
        return sum(_memory_bytes(pid) for pid in self.processes())

    def allocated_bytes(self) -> int:
        """Return the part of it that is no file's: what the processes have allocated, and not given back."""
        return sum(_memory_bytes(pid, "Pss_Anon:") for pid in self.processes())

    def files(self) -> int:
        """Return how many file descriptors its processes have open."""
        return sum(len(list((_PROC / str(pid) / "fd").iterdir())) for pid in self.processes())

    def busy_s(self) -> dict[str, float]:
        """Return the processor time that the web process and its descendants have used so far."""
        web, *others = [_busy_s(pid) for pid in self.processes()]
        return {"web": web, "workers": sum(others)}


@contextlib.contextmanager
def serving(settings: Mapping[str, object] | None = None, log: IO[str] | None = None) -> Iterator[Server]:
    """Run a server on a free port of this machine, with its defaults but for `settings`, and stop it at the end.

    What it says to stderr goes into `log`, if there is one.
    """
    given = {f"PLAYGROUND_{name.upper()}": str(value) for name, value in (settings or {}).items()}
    # Which instructions BLAS uses is for BLAS to find out, as on a user's machine.
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"} | given
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-P", "-m", "app", "serve", "--port", "0", "--no-browser", "--data-dir", folder]
        root = Path(__file__).resolve().parent.parent
        # A checkout serves itself; the installed package is found wherever one stands.
        cwd = root if (root / "pyproject.toml").is_file() else None
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment, cwd=cwd
        ) as process:
            try:
                assert process.stdout is not None
                ready = next((line for line in process.stdout if line.startswith("Ready: ")), None)
                if ready is None:
                    raise RuntimeError("The server has ended before it was ready; what it said stands above.")
                yield Server(ready.removeprefix("Ready: ").strip().rstrip("/"), process, Path(folder))
            finally:
                process.terminate()
                try:
                    process.wait(_STOP_TIMEOUT_S)
                except subprocess.TimeoutExpired:
                    process.kill()


def machine_busy_s() -> float:
    """Return the processor time that everything on this machine has used since it started."""
    first = (_PROC / "stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _idle, _iowait, interrupts, soft_interrupts, *_ = map(int, first)
    return (user + nice + system + interrupts + soft_interrupts) / os.sysconf("SC_CLK_TCK")


def can_measure() -> bool:
    """Return whether this system tells what memory a process takes and which files it has open."""
    return (_PROC / "self" / "smaps_rollup").exists()


def _all_processes() -> list[int]:
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]


def _stat(pid: int) -> list[str]:
    """Return what follows a process's name in its line: state, parent's id, …"""
    return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def _busy_s(pid: int) -> float:
    return sum(map(int, _stat(pid)[11:13])) / os.sysconf("SC_CLK_TCK")


def _memory_bytes(pid: int, kind: str = "Pss:") -> int:
    for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
        if line.startswith(kind):
            return int(line.split()[1]) * 1024
    return 0
