"""What no well-meaning client sends, in full counts: made-up requests, commands in any order, broken frames.

`frames` needs nothing but the server; `openapi` needs Schemathesis and `stream` hypothesis, which the `test` extra has.
"""

from __future__ import annotations

import importlib.util
import sys

from ..measure import Result, held
from .siege import Report

_EXAMPLES = 60
_STEPS = 6000
_FRAMES = 10_000


def made_up_requests() -> Result:
    """Send at least 2,000 made-up requests over the OpenAPI document, and check every answer in every way."""
    _require("schemathesis")
    from . import openapi

    return _result("hostile_schemathesis", "requests", openapi.attack(_EXAMPLES))


def any_commands() -> Result:
    """Take at least 5,000 steps on streams, by REST and by reconnecting, and compare all that is told with a model."""
    _require("hypothesis")
    from . import stream

    return _result("hostile_stream", "steps", stream.attack(_STEPS))


def broken_frames() -> Result:
    """Send at least 10,000 broken frames and handshakes, and see the server none the worse for it."""
    from . import frames

    return _result("hostile_frames", "frames", frames.attack(_FRAMES))


def _require(module: str) -> None:
    if importlib.util.find_spec(module) is None:
        print(f"This needs {module}: pip install {module}, or the extra `test`.", file=sys.stderr)
        raise SystemExit(1)


def _result(name: str, unit: str, report: Report) -> Result:
    if report.findings:
        print(report, file=sys.stderr)
    detail = {"failures": len(report.findings), **report.detail}
    return Result(name, report.cases, unit, {}, held(detail, "failures <= 0"))
