"""The container tests' engine where Docker runs."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.container.engine import Container, Volume, build_secrets, wait_until_healthy
from tests.container.service import Service


class Docker:
    """Docker itself, with names of its own for all that it makes."""

    description = "Docker"

    def __init__(self) -> None:
        self._service = Service.read()
        self._name = f"nn-playground-test-{os.getpid()}"
        self._numbers = itertools.count(1)

    def build(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            secrets = build_secrets(Path(folder), [sys.executable, "-m", "pip"])
            subprocess.run(["docker", "build", *secrets, "--tag", self._name, str(ROOT)], check=True)

    def config(self) -> dict[str, Any]:
        (image,) = json.loads(_output("docker", "image", "inspect", self._name))
        config: dict[str, Any] = image["Config"]
        return config

    @contextmanager
    def run(self, volume: Volume = "writable", environment: dict[str, str] | None = None) -> Iterator[Container]:
        name = f"{self._name}-{next(self._numbers)}"
        told = {**self._service.environment, **(environment or {})}
        words = ["docker", "run", "--detach", "--init", "--name", name, "--publish", "127.0.0.1::8000"]
        words += [word for key, value in told.items() for word in ("--env", f"{key}={value}")]
        _output(*words, *self._confinement(), *self._mount(volume), self._name)
        grace_s = self._service.grace_s

        def execute(*words: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(["docker", "exec", name, *words], capture_output=True, text=True, timeout=120)

        def stop() -> int:
            _output("docker", "stop", "--time", f"{grace_s:.0f}", name)
            return int(_output("docker", "inspect", "--format", "{{.State.ExitCode}}", name))

        def log() -> str:
            shown = subprocess.run(["docker", "logs", name], capture_output=True, text=True)
            return shown.stdout + shown.stderr

        def is_running() -> bool:
            return _output("docker", "inspect", "--format", "{{.State.Running}}", name).strip() == "true"

        try:
            address = _output("docker", "port", name, "8000/tcp").splitlines()[0]
            container = Container(f"http://{address}", execute, stop, log)
            wait_until_healthy(container, self.config(), is_running)
            yield container
        finally:
            _output("docker", "rm", "--force", "--volumes", name)

    def close(self) -> None:
        subprocess.run(["docker", "volume", "rm", "--force", self._name, f"{self._name}-empty"], capture_output=True)
        subprocess.run(["docker", "image", "rm", "--force", self._name], capture_output=True)

    def _confinement(self) -> list[str]:
        service = self._service
        words = ["--memory", f"{service.memory_bytes}", "--memory-swap", f"{service.memory_bytes}"]
        words += ["--cpus", f"{service.cpus}", "--pids-limit", f"{service.pids}"]
        words += ["--read-only"] if service.is_read_only else []
        words += [word for path, options in service.tmpfs.items() for word in ("--tmpfs", f"{path}:{options}")]
        words += [word for name in service.cap_drop for word in ("--cap-drop", name)]
        return words + [word for option in service.security_opt for word in ("--security-opt", option)]

    def _mount(self, volume: Volume) -> list[str]:
        path = self._service.volume
        if volume == "full":
            return ["--tmpfs", f"{path}:size=64k,mode=0700,uid=10001,gid=10001"]
        name = self._name if volume == "writable" else f"{self._name}-empty"
        access = ",readonly" if volume == "read-only" else ""
        return ["--mount", f"type=volume,source={name},target={path}{access}"]


def _output(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout
