"""What was measured is printed, whether or not it is held to anything."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.measure import Result

_RESULTS = pytest.StashKey[list[Result]]()


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Callable[[Result], Result]:
    """A function that hands a result on, and has it printed at the end."""

    def keep(result: Result) -> Result:
        request.config.stash.setdefault(_RESULTS, []).append(result)
        return result

    return keep


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures."""
    results = terminalreporter.config.stash.get(_RESULTS, [])
    if results:
        terminalreporter.section("load (CI's counts; `bench --only load` takes the whole ones)")
        for result in results:
            detail = ", ".join(f"{name} {value}" for name, value in result.detail.items())
            terminalreporter.write_line(f"{result.name}: {result.value:g} {result.unit} ({detail})")
