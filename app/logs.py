"""The server's log: one line for each event, for people or for programs, and no secrets in it.

A line is written to the standard error. Whoever logs names what happened and adds fields that are harmless, by
`fields(...)`; as a second net, whatever looks like a token or a session's id is blotted out before it is written.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

logger = logging.getLogger("nn_playground")

# Tokens are 256 bits in 43 letters of base64; a longer run of such letters could hold one.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43,}")
_SESSION_ID = re.compile(r"(?<![0-9A-Za-z])([0-9a-f]{6})[0-9a-f]{10}(?![0-9A-Za-z])")
# What could begin a line of its own, or move the cursor of whoever reads the log in a terminal.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def fields(**values: Any) -> dict[str, Any]:
    """Return the `extra` of a record that carries these fields; None is left out."""
    return {"fields": {name: value for name, value in values.items() if value is not None}}


def short_id(session_id: str) -> str:
    """Return as much of a session's id as it takes to follow it through a log."""
    return session_id[:6]


def configure_logs(style: Literal["text", "json"], level: str, secrets: tuple[str, ...] = ()) -> None:
    """Send everything that is logged in this process through one handler; `secrets` never appear in it."""
    handler = _StderrHandler()
    handler.setFormatter((JsonFormatter if style == "json" else TextFormatter)(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # Others' libraries have a say when something is wrong only; asked for more, they would log headers and addresses.
    root.setLevel(logging.WARNING)
    logger.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
        library.setLevel(logging.WARNING)


class _Formatter(logging.Formatter):
    """What both forms share: the members of a line, without secrets."""

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._secrets = tuple(secret for secret in secrets if secret)

    def _members(self, record: logging.LogRecord) -> dict[str, Any]:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        members: dict[str, Any] = {
            "time": time,
            "level": record.levelname.lower(),
            "event": record.getMessage().strip(),
        }
        members |= getattr(record, "fields", {})
        if record.name != logger.name:
            members["logger"] = record.name
        if record.exc_info:
            members["traceback"] = self.formatException(record.exc_info)
        return {name: self._harmless(value) for name, value in members.items()}

    def _harmless(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        for secret in self._secrets:
            value = value.replace(secret, "[secret]")
        return _SESSION_ID.sub(r"\1", _TOKEN.sub("[secret]", value))


class JsonFormatter(_Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        return json.dumps(self._members(record), default=str)


class TextFormatter(_Formatter):
    """A line for people: when, how bad, what; then the fields as name=value."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line; what is longer, as a traceback is, stands indented below it."""
        members = self._members(record)
        time, level = members.pop("time"), members.pop("level")
        event, *more = [*members.pop("event").splitlines(), *members.pop("traceback", "").splitlines()] or [""]
        parts = [
            time,
            f"{level:<7}",
            _one_line(event),
            *(f"{name}={_one_line(str(members[name]))}" for name in members),
        ]
        return "\n".join([" ".join(parts), *(f"  {_one_line(line)}" for line in more)])


def _one_line(text: str) -> str:
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


class _StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to whatever the standard error is at the moment of writing."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, _: TextIO) -> None:
        pass
