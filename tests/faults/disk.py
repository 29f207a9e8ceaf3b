"""A small disk of a test's own, which it can fill: a tmpfs in a mount namespace, where the system allows one."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


class NoSmallDisk(Exception):
    """This machine lets nobody make one; the text says why."""


@dataclass
class SmallDisk:
    """A disk that those see who are started with `before`; it lasts as long as its holder."""

    mount_point: Path
    holder: int

    @property
    def before(self) -> tuple[str, ...]:
        """Words before a command that let it see the disk."""
        return ("nsenter", "--target", str(self.holder), "--user", "--mount", "--preserve-credentials")

    @property
    def seen_from_here(self) -> Path:
        return Path(f"/proc/{self.holder}/root{self.mount_point}")

    def fill(self) -> None:
        """Leave no room at all."""
        with (self.seen_from_here / "filling").open("ab", buffering=0) as file, contextlib.suppress(OSError):
            for size in (2**16, 2**10, 1):
                with contextlib.suppress(OSError):
                    while file.write(b"x" * size):
                        pass

    def make_room(self) -> None:
        """Take away what filled it."""
        (self.seen_from_here / "filling").unlink()


@contextlib.contextmanager
def small_disk(mount_point: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Make a disk for as long as the block lasts. Raises NoSmallDisk."""
    if not (shutil.which("unshare") and shutil.which("nsenter")):
        raise NoSmallDisk("unshare and nsenter (util-linux) are not installed")
    mount_point.mkdir(parents=True, exist_ok=True)
    script = f"mount -t tmpfs -o size={megabytes}m tmpfs '{mount_point}' && echo ready && exec cat"
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as holder:  # type: ignore[call-overload]
        try:
            if holder.stdout.readline() != "ready\n":
                raise NoSmallDisk(f"no file system may be mounted here: {holder.stderr.readline().strip()}")
            yield SmallDisk(mount_point, holder.pid)
        finally:
            holder.kill()
