"""Keras's progress lines: updated in place on a terminal and in a notebook, one line an epoch elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping

_WIDTH = 20
_INTERVAL_S = 0.05
_BOLD, _GREEN, _WHITE, _PLAIN = "\x1b[1m", "\x1b[32m", "\x1b[37m", "\x1b[0m"


def say(text: str) -> None:
    """Write to the standard output at once."""
    sys.stdout.write(text)
    sys.stdout.flush()


class ProgressLine:
    """The line of an epoch, an evaluation or a prediction of so many steps.

    `verbose` is 0 for none, 1 for a bar, 2 for a line at the end without one.
    """

    def __init__(self, steps: int, verbose: int) -> None:
        self._steps = steps
        self._verbose = verbose
        self._is_in_place = getattr(sys.stdout, "isatty", bool)() or "ipykernel" in sys.modules
        self._start = self._shown = time.perf_counter()
        self._length = 0  # Of what stands on the line, as far as it can be seen.

    @property
    def is_due(self) -> bool:
        """Whether so much time has passed that the line should be renewed."""
        return self._verbose == 1 and self._is_in_place and time.perf_counter() - self._shown > _INTERVAL_S

    def show(self, step: int, figures: Mapping[str, float]) -> None:
        """Renew the line after so many steps."""
        self._shown = time.perf_counter()
        step_s = (self._shown - self._start) / step
        self._rewrite(step, _remaining(step_s * (self._steps - step)), _per_step(step_s) + _in_words(figures))

    def finish(self, figures: Mapping[str, float], step: int | None = None) -> None:
        """Write the line for the last time, after all steps or after so many."""
        step = self._steps if step is None else step
        passed_s = time.perf_counter() - self._start
        rest = f"{_per_step(passed_s / step)}{_in_words(figures)}"
        if self._verbose == 2:
            say(f"{step}/{self._steps} - {passed_s:.0f}s - {rest}\n")
        elif self._verbose == 1 and self._is_in_place:
            self._rewrite(step, f"{passed_s:.0f}s", rest, end="\n")
        elif self._verbose == 1:
            say(f"{step}/{self._steps} {_stroke() * _WIDTH} {passed_s:.0f}s {rest}\n")

    def _rewrite(self, step: int, duration: str, rest: str, end: str = "") -> None:
        count = f"{step:>{len(str(self._steps))}}/{self._steps}"
        done = _WIDTH * step // self._steps
        bar = f"{_GREEN}{_stroke() * done}{_PLAIN}{_WHITE}{_stroke() * (_WIDTH - done)}{_PLAIN}"
        length = len(f"{count} {duration} {rest}")
        blank = " " * max(0, self._length - length)
        self._length = length
        say(f"\r{_BOLD}{count}{_PLAIN} {bar} {_BOLD}{duration}{_PLAIN} {rest}{blank}{end}")


def _stroke() -> str:
    try:
        "━".encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:  # An old Windows console, or a file in its encoding.
        return "="
    return "━"


def _remaining(seconds: float) -> str:
    if seconds > 3600:
        return f"{seconds // 3600:.0f}:{seconds % 3600 // 60:02.0f}:{seconds % 60:02.0f}"
    return f"{seconds // 60:.0f}:{seconds % 60:02.0f}" if seconds > 60 else f"{int(seconds)}s"


def _per_step(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.0f}s/step"
    return f"{seconds * 1e3:.0f}ms/step" if seconds >= 1e-3 else f"{seconds * 1e6:.0f}us/step"


def _in_words(figures: Mapping[str, float]) -> str:
    shown = {name: f"{value:.4f}" if abs(value) > 1e-3 else f"{value:.4e}" for name, value in figures.items()}
    return "".join(f" - {name}: {value}" for name, value in shown.items())
