"""What is promised about faults, in figures: each is held, and printed beside what was measured."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

IS_FULL = bool(os.environ.get("NN_PLAYGROUND_FAULTS_FULL"))
"""Whether the whole counts and lengths are wanted, on a machine that does nothing else: what the benchmark does."""

FIGURES_FILE = os.environ.get("NN_PLAYGROUND_FAULTS_FIGURES")

# On a machine that is busy with something else, a deadline of seconds measures the machine.
_PATIENCE = 3.0
_BUSY_PERCENT = 30.0


@dataclass(frozen=True)
class Figure:
    """A measurement and its promise; `held_at` is what the test holds, another figure only on a busy machine."""

    row: str
    what: str
    measured: float
    promised: float
    held_at: float
    unit: str
    is_at_most: bool | None = None

    def __str__(self) -> str:
        if self.is_at_most is None:
            return f"{self.row}: {self.what} {self.measured:.3g} {self.unit}"
        word = "at most" if self.is_at_most else "at least"
        line = f"{self.row}: {self.what} {self.measured:.3g} {self.unit} (promised: {word} {self.promised:g})"
        return line if self.held_at == self.promised else f"{line}, held at {self.held_at:.3g}: the machine is busy"


class Promises:
    """The promises of one row of the fault table."""

    def __init__(self, row: str, figures: list[Figure]) -> None:
        self._row = row
        self._figures = figures
        self._is_busy = False if IS_FULL else is_busy()

    def at_most(self, what: str, measured: float, promised: float, unit: str, *, patience: float = _PATIENCE) -> None:
        """Hold that a figure is no more than promised; `patience` times that where other programs take the cores."""
        held_at = promised * patience if self._is_doubtful(patience) else promised
        self._note(Figure(self._row, what, measured, promised, held_at, unit, True))
        assert measured <= held_at, str(self._figures[-1])

    def at_least(self, what: str, measured: float, promised: float, unit: str, *, patience: float = _PATIENCE) -> None:
        """Hold that a figure is no less than promised, or a share of that where other programs take the cores."""
        held_at = promised / patience if self._is_doubtful(patience) else promised
        self._note(Figure(self._row, what, measured, promised, held_at, unit, False))
        assert measured >= held_at, str(self._figures[-1])

    def say(self, what: str, measured: float, unit: str) -> None:
        """Print a figure that nothing was promised of, such as how often something was done."""
        self._figures.append(Figure(self._row, what, measured, measured, measured, unit))

    def _is_doubtful(self, patience: float) -> bool:
        if patience == 1 or IS_FULL:
            return False
        return self._is_busy or is_crowded()

    def _note(self, figure: Figure) -> None:
        self._figures.append(figure)


def is_busy() -> bool:
    """Return whether other programs want the cores; what a test itself starts is not running yet."""
    return float(psutil.cpu_percent(interval=0.25)) > _BUSY_PERCENT


def is_crowded() -> bool:
    """Return whether so many programs want the cores that these cannot all be the test's."""
    return os.getloadavg()[0] > 2 * (os.cpu_count() or 1)


def write(figures: list[Figure], path: str) -> None:
    """Write the figures for whoever started these tests."""
    rows: list[dict[str, Any]] = [asdict(figure) for figure in figures]
    Path(path).write_text(json.dumps(rows, indent=1))
