"""One image for all tests of a module, built by Docker or by its stand-in."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from tests.container.docker import Docker
from tests.container.engine import Engine, Unavailable, docker_answers

_USED: list[str] = []


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """An engine that has built the image; what it holds in memory is free again after the module."""
    engine = _choose()
    _USED.append(engine.description)
    try:
        engine.build()
        yield engine
    finally:
        engine.close()


def _choose() -> Engine:
    if docker_answers():
        return Docker()
    if sys.platform != "linux":
        pytest.skip("The container is tested where Docker runs, or on Debian.")
    from tests.container.standin import StandIn

    try:
        return StandIn()
    except Unavailable as refusal:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(refusal))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what the container was built and run with."""
    for description in _USED:
        terminalreporter.section("container")
        terminalreporter.write_line(f"Built and run with {description}.")
