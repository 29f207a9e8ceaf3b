"""What the tests ask of whatever builds and runs containers here: Docker, or its stand-in."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

READY_TIMEOUT_S = 60.0

Volume = Literal["writable", "read-only", "full"]
"""What /data is: a folder that containers share, an empty one that cannot be written, or one without room."""


class Unavailable(Exception):
    """Containers cannot be made here; the text says what would be needed."""


@dataclass(frozen=True)
class Container:
    """A running container; `url` is where this machine reaches it."""

    url: str
    execute: Callable[..., subprocess.CompletedProcess[str]]
    """Runs words inside, as the container's user."""
    stop: Callable[[], int]
    """Sends SIGTERM, waits for no longer than the grace period, and returns the exit code."""
    log: Callable[[], str]


class Engine(Protocol):
    """Builds one image and runs containers of it, confined as compose.yaml says."""

    description: str

    def build(self) -> None:
        """Build the image. Raises subprocess.CalledProcessError."""

    def config(self) -> dict[str, Any]:
        """Return the image's settings under Docker's names: User, Cmd, Healthcheck …"""

    def run(self, volume: Volume = "writable", environment: dict[str, str] | None = None) -> RunningContainer:
        """Return a container that is healthy on entering and gone on leaving."""

    def close(self) -> None:
        """Remove whatever this engine has made."""


RunningContainer = AbstractContextManager[Container]


def health_words(config: dict[str, Any]) -> list[str]:
    """Return the image's health command. Raises AssertionError if it needs a shell."""
    words: list[str]
    kind, *words = config["Healthcheck"]["Test"]
    assert kind == "CMD", "The health command would be run by a shell."
    return words


def wait_until_healthy(container: Container, config: dict[str, Any], is_running: Callable[[], bool]) -> None:
    """Return when the image's own health command succeeds inside the container."""
    deadline_s = time.monotonic() + READY_TIMEOUT_S
    while is_running():
        answer = container.execute(*health_words(config))
        if answer.returncode == 0:
            return
        if time.monotonic() > deadline_s:
            raise RuntimeError(f"Not healthy after {READY_TIMEOUT_S:.0f} s: {answer.stderr}{container.log()}")
        time.sleep(0.2)
    raise RuntimeError(f"The container ended at once: {container.log()}")


def build_secrets(folder: Path, pip: list[str]) -> list[str]:
    """Return the options that hand this machine's pip settings and certificates to a build.

    They reach the build as secrets, so that the image is the same wherever it is built.
    """
    settings = dict(line.split("=", 1) for line in pip_settings(pip).splitlines() if "=" in line)
    chosen: dict[str, str] = {}
    for name, value in settings.items():
        key = name.strip(":").split(".")[-1]
        # What lies on this machine's disk is not there in the build.
        places = [place for place in value.strip("'\"").replace("\\n", " ").split() if "file:" not in place]
        if key in ("index-url", "extra-index-url", "trusted-host", "proxy", "timeout", "default-timeout") and places:
            chosen[key] = " ".join(places)
        if key == "cert":
            chosen["cert"] = value.strip("'\"")
    certificates = chosen.pop("cert", os.environ.get("SSL_CERT_FILE", ""))
    options = []
    if certificates and Path(certificates).is_file():
        chosen["cert"] = "/etc/ssl/certs/ca-certificates.crt"
        options += ["--secret", f"id=ca,src={certificates}"]
    if chosen:
        file = folder / "pip.conf"
        file.write_text("[global]\n" + "".join(f"{key} = {value}\n" for key, value in chosen.items()))
        options += ["--secret", f"id=pip,src={file}"]
    return options


def pip_settings(pip: list[str]) -> str:
    return subprocess.run([*pip, "config", "list"], check=True, capture_output=True, text=True).stdout


def docker_answers() -> bool:
    """Return whether there is a Docker whose engine runs; the program alone is not enough."""
    if not shutil.which("docker"):
        return False
    try:
        return subprocess.run(["docker", "info"], capture_output=True, timeout=30).returncode == 0
    except subprocess.TimeoutExpired:
        return False
