"""Servers to be hurt, and the table of what they held."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults import promises
from tests.faults.promises import Figure, Promises
from tests.faults.server import Server

StartServer = Callable[..., Server]

_FIGURES = pytest.StashKey[list[Figure]]()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def make_server(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartServer]:
    """A function that makes a server, not started yet; further words are options of `serve`."""
    if sys.platform == "win32":
        pytest.skip("Windows knows neither signals nor process groups")
    with ExitStack() as stack:

        def make(
            *options: str,
            data_dir: Path | None = None,
            environ: Mapping[str, str] | None = None,
            before: tuple[str, ...] = (),
        ) -> Server:
            # MNIST is unpacked once for all of them.
            cache = {"PLAYGROUND_CACHE_DIR": str(tmp_path_factory.getbasetemp() / "cache")}
            server = Server(data_dir or tmp_path / "data", options, {**cache, **(environ or {})}, before)
            stack.callback(server.clean_up)
            return server

        yield make


@pytest.fixture
def start_server(make_server: StartServer) -> StartServer:
    """A function that makes a server and starts it."""

    def start(*options: str, **arguments: object) -> Server:
        server = make_server(*options, **arguments)
        server.start()
        return server

    return start


@pytest.fixture
def promise(request: pytest.FixtureRequest) -> Promises:
    """The promises of the row that the test's name tells."""
    row = request.node.name.removeprefix("test_").replace("_", " ")
    return Promises(row, request.config.stash.setdefault(_FIGURES, []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured, beside what is promised."""
    figures = terminalreporter.config.stash.get(_FIGURES, [])
    if promises.FIGURES_FILE:
        promises.write(figures, promises.FIGURES_FILE)
    if figures:
        counts = "all counts" if promises.IS_FULL else "CI's counts; `bench --only faults` holds the whole ones"
        terminalreporter.section(f"faults ({counts})")
        for figure in figures:
            terminalreporter.write_line(str(figure))
