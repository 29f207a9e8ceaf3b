"""A server in a process group of its own, which a test may hurt in every way that a machine does."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tests.conftest import ROOT

WORKER_TITLE = "nn-playground-worker"
SMALL_SPEC: dict[str, Any] = {
    "data": {"dataset": {"name": "xor", "samples": 60}},
    "network": {"layers": [{"units": 3}]},
}


@dataclass
class Answer:
    """What the server answers to a request."""

    status: int
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class ServerEnded(Exception):
    """It ended before it answered."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"The server ended with {code}: {said}")
        self.code = code
        self.said = said


@dataclass
class Server:
    """A server on a port of its own, which it keeps when it is started again on the same folder."""

    data_dir: Path
    options: Sequence[str] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    before: Sequence[str] = ()
    """Words of a command that runs the server, such as `unshare` with its options."""

    def __post_init__(self) -> None:
        self.port = _free_port()
        self.log = self.data_dir.parent / f"{self.data_dir.name}.{self.port}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._groups: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The web process, also when another program has started it."""
        assert self._process is not None
        return self._process.pid

    # Life and death

    def start(self, timeout_s: float = 60.0) -> float:
        """Start it, wait until it answers, and return how long that took. Raises ServerEnded."""
        command = [
            *self.before,
            *(sys.executable, "-P", "-m", "app", "serve", "--no-browser"),
            *("--port", str(self.port), "--data-dir", str(self.data_dir), *self.options),
        ]
        start_s, said = time.monotonic(), len(self.said())
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **self.environ},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # So that a signal to its group is not one to the test's.
            )
        self._groups.append(self._process.pid)
        while not self._answers():
            if self._process.poll() is not None:
                raise ServerEnded(self._process.returncode, self.said()[said:])
            assert time.monotonic() - start_s < timeout_s, f"It does not answer: {self.said()}"
            time.sleep(0.02)
        return time.monotonic() - start_s

    def signal(self, number: signal.Signals, *, to_group: bool = False) -> None:
        """Send a signal to the web process, or to it and all of its workers as a terminal or a service manager does."""
        if to_group:
            os.killpg(self.pid, number)
        else:
            os.kill(self.pid, number)

    def wait(self, timeout_s: float = 30.0) -> int:
        """Wait for its end and return the exit code, negative for a signal."""
        assert self._process is not None
        return self._process.wait(timeout_s)

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> int:
        """Stop it as a service manager does, and return its exit code."""
        self.signal(signal.SIGTERM)
        return self.wait()

    def clean_up(self) -> None:
        """End whatever is left of it, of all its lives."""
        for group in self._groups:
            for process in self._members(group):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
        if self._process is not None:
            self._process.wait(10)

    # What there is of it

    def workers(self) -> list[psutil.Process]:
        """Return its worker processes, told by their title; those of a server that died are its own still."""
        return [process for process in self.members() if _is_worker(process)]

    def members(self) -> list[psutil.Process]:
        """Return every process that any of its lives has started and that still lives."""
        return [process for group in self._groups for process in self._members(group)]

    @staticmethod
    def _members(group: int) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, ProcessLookupError):
                # What a process starts stays in its session, whoever becomes its parent later.
                if os.getsid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    def memory_bytes(self) -> int:
        """Return the resident memory of the web process and its workers."""
        total = 0
        for process in self.members():
            with contextlib.suppress(psutil.Error):
                total += process.memory_info().rss
        return total

    def web_memory_bytes(self) -> int:
        return int(psutil.Process(self.pid).memory_info().rss)

    def unsent_bytes(self) -> list[int]:
        """Return what the system keeps for each client that does not take it, on Linux."""
        found = [0]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            local, queues = line.split()[1], line.split()[4]
            if int(local.split(":")[1], 16) == self.port:
                found.append(int(queues.split(":")[0], 16))
        return found

    def said(self) -> str:
        """Return all that it has printed, in all its lives."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    # Requests

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        content_type: str = "application/json",
        timeout_s: float = 30.0,
    ) -> Answer:
        """Send a request; a body that is not bytes goes as JSON."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": content_type} if data is not None else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout_s) as response:
                return Answer(response.status, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read())

    def create(self, spec: dict[str, Any] | None = None) -> dict[str, Any]:
        """Make a session and return what its maker is told once."""
        answer = self.ask("POST", "/api/v1/sessions", {"spec": spec or SMALL_SPEC})
        assert answer.status == 201, answer.body
        created: dict[str, Any] = answer.json()
        return created

    def of(self, session: dict[str, Any], path: str = "", method: str = "GET", body: Any = None) -> Answer:
        """Send a request about a session, as its owner."""
        return self.ask(method, f"/api/v1/sessions/{session['id']}{path}", body, token=session["token"])

    def describe(self, session: dict[str, Any]) -> dict[str, Any]:
        answer = self.of(session)
        assert answer.status == 200, answer.body
        described: dict[str, Any] = answer.json()
        return described

    def command(self, session: dict[str, Any], wait_s: float = 0, **command: Any) -> dict[str, Any]:
        """Give a command and return its answer, with `wait_s` after its work."""
        answer = self.of(session, f"/commands?wait={wait_s:g}" if wait_s else "/commands", "POST", command)
        assert answer.status == 200, answer.body
        done: dict[str, Any] = answer.json()
        return done

    def snapshot(self, session: dict[str, Any]) -> bytes:
        answer = self.of(session, "/snapshot", "POST")
        assert answer.status == 200, answer.body
        return answer.body

    def _answers(self) -> bool:
        try:
            return self.ask("GET", "/readyz", timeout_s=5).status == 200
        except OSError:
            return False


def wait_until(is_so: Callable[[], bool], timeout_s: float = 20.0, what: str = "It") -> float:
    """Wait for something that another process does by itself, and return how long that took."""
    start_s = time.monotonic()
    while not is_so():
        assert time.monotonic() - start_s < timeout_s, f"{what} did not happen within {timeout_s:g} s."
        time.sleep(0.01)
    return time.monotonic() - start_s


@contextlib.contextmanager
def no_traceback(server: Server) -> Iterator[None]:
    """Hold that the server prints no traceback, whatever is done to it in the block."""
    yield
    assert "Traceback" not in server.said(), server.said()


def _is_worker(process: psutil.Process) -> bool:
    try:
        return any(WORKER_TITLE in word for word in process.cmdline())
    except psutil.Error:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
