"""What tests of every kind share: a real server and a real browser."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Page

from run import find_chromium

ROOT = Path(__file__).resolve().parent.parent

# How long a case takes says more of what else the machine does than of the code.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


@dataclass(frozen=True)
class LiveServer:
    """A server in a process of its own; `url` ends without a slash and contains the base path."""

    url: str
    process: subprocess.Popen[str]
    data_dir: Path

    @property
    def websocket_url(self) -> str:
        return self.url.replace("http://", "ws://", 1)

    def stop(self) -> int:
        """Ask the server to stop, wait, and return its exit code."""
        self.process.terminate()
        try:
            return self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


StartServer = Callable[..., LiveServer]


@contextmanager
def running_server(
    data_dir: Path,
    *options: str,
    command: tuple[str, ...] = (sys.executable, "-P", "-m", "app"),
    cwd: Path = ROOT,
    env: dict[str, str] | None = None,
) -> Iterator[LiveServer]:
    """Start `command` serve on a free port of 127.0.0.1 and stop it at the end, by its id."""
    words = [*command, "serve", "--no-browser", "--port", "0", "--data-dir", str(data_dir), *options]
    process = subprocess.Popen(words, cwd=cwd, env={**os.environ, **(env or {})}, stdout=subprocess.PIPE, text=True)
    try:
        yield LiveServer(_url_when_ready(process), process, data_dir)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process.stdout:
            process.stdout.close()


def _url_when_ready(process: subprocess.Popen[str], timeout_s: float = 60.0) -> str:
    lines: queue.Queue[str] = queue.Queue()
    # A thread, since a pipe cannot be read with a time limit on every system.
    threading.Thread(target=lambda: lines.put(process.stdout.readline() if process.stdout else ""), daemon=True).start()
    try:
        line = lines.get(timeout=timeout_s)
    except queue.Empty:
        raise RuntimeError(f"The server said nothing for {timeout_s:.0f} seconds.") from None
    if not line.startswith("Ready: "):
        raise RuntimeError(f"The server ended or said something else than Ready: {line!r}")
    return line.removeprefix("Ready: ").strip()


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """One server for all tests that leave it as they found it."""
    with running_server(tmp_path_factory.mktemp("data")) as server:
        yield server


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """A function that starts a server of the test's own; further words are options of `serve`."""
    with ExitStack() as stack:

        def start(*options: str, data_dir: Path | None = None, env: dict[str, str] | None = None) -> LiveServer:
            return stack.enter_context(running_server(data_dir or tmp_path / "data", *options, env=env))

        yield start


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium that run.py finds or brings; without one, browser tests fail instead of being skipped."""
    path = find_chromium()
    if path is None:
        pytest.fail("No Chromium or Chrome found: `python3 run.py test` brings one or says how to get it.")
    return path


def console_errors(page: Page) -> list[str]:
    """Return a list that fills with what goes wrong in the page, for as long as it is open."""
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(f"uncaught: {error}"))
    return errors


_COUNTS = pytest.StashKey[dict[str, int]]()


@pytest.fixture
def count(request: pytest.FixtureRequest) -> Callable[[str, int], None]:
    """A function that says how many cases of a kind a test has tried; the closing lines tell the sums."""
    counts = request.config.stash.setdefault(_COUNTS, {})

    def add(kind: str, cases: int) -> None:
        counts[kind] = counts.get(kind, 0) + cases

    return add


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell the counts, and repeat which of run.py's other checks failed, above pytest's closing line."""
    counts = terminalreporter.config.stash.get(_COUNTS, {})
    if counts:
        terminalreporter.section("how many cases there were")
        for kind, cases in counts.items():
            terminalreporter.write_line(f"{cases:,} {kind}")
    failed = os.environ.get("NN_PLAYGROUND_FAILED_CHECKS")
    if failed:
        terminalreporter.section("checks before pytest", red=True)
        terminalreporter.write_line(f"failed: {failed}")
