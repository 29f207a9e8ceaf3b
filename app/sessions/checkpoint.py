"""What a session is made again from: bytes that a worker writes and reads, and everybody else only keeps.

Points and commands are added to and seldom rewritten, so that a checkpoint brings only what is new of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.sessions.wire import Header


class Tail(NamedTuple):
    """What has been added to a list since it was last told, or, with `is_whole`, all of the list.

    `text` holds its entries as JSON with commas between them: tails are joined without being read.
    """

    is_whole: bool
    text: bytes

    @classmethod
    def of(cls, entries: Sequence[Mapping[str, Any]], *, is_whole: bool) -> Tail:
        """Return a tail of these entries."""
        return cls(is_whole, json.dumps(entries, separators=(",", ":"), allow_nan=False).encode()[1:-1])

    def then(self, newer: Tail) -> Tail:
        """Return this and a newer tail in one."""
        return newer if newer.is_whole else Tail(self.is_whole, joined(self.text, newer.text))


def joined(*texts: bytes) -> bytes:
    """Return the entries of several tails as those of one."""
    return b",".join(text for text in texts if text)


def entries(text: bytes) -> list[dict[str, Any]]:
    """Return the entries of a tail's text."""
    found: list[dict[str, Any]] = json.loads(b"[" + text + b"]")
    return found


@dataclass(frozen=True)
class Checkpoint:
    """A session's state in an archive, and what is new of its points and its log.

    `origin` is where the log begins, a spec as JSON or a snapshot; None: where it began before. `is_urgent` says that
    it holds more than training alone would bring about again: a command, or a rest.
    """

    state: str
    archive: bytes
    points: Tail
    log: Tail
    origin: bytes | None = None
    is_urgent: bool = True

    def then(self, newer: Checkpoint) -> Checkpoint:
        """Return what both say in one."""
        origin = self.origin if newer.origin is None else newer.origin
        return Checkpoint(
            newer.state,
            newer.archive,
            self.points.then(newer.points),
            self.log.then(newer.log),
            origin,
            newer.is_urgent,
        )

    def to_message(self) -> tuple[Header, bytes]:
        """Return header members and a payload from which `from_message` makes it again."""
        blobs = [self.archive, self.points.text, self.log.text, self.origin or b""]
        header = {
            "state": self.state,
            "whole": [self.points.is_whole, self.log.is_whole],
            "has_origin": self.origin is not None,
            "is_urgent": self.is_urgent,
            "sizes": [len(blob) for blob in blobs],
        }
        return header, b"".join(blobs)

    def to_bytes(self) -> bytes:
        """Return the same as one text, from which `from_bytes` makes it again."""
        header, payload = self.to_message()
        return json.dumps(header).encode() + b"\n" + payload

    @classmethod
    def from_bytes(cls, text: bytes) -> Checkpoint:
        """Return the checkpoint that `to_bytes` wrote."""
        header, _, payload = text.partition(b"\n")
        return cls.from_message(json.loads(header), payload)

    @classmethod
    def from_message(cls, header: Mapping[str, Any], payload: bytes) -> Checkpoint:
        """Return the checkpoint of which `to_message` spoke."""
        blobs, start = [], 0
        for size in header["sizes"]:
            blobs.append(payload[start : start + size])
            start += size
        archive, points, log, origin = blobs
        points_whole, log_whole = header["whole"]
        return cls(
            header["state"],
            archive,
            Tail(points_whole, points),
            Tail(log_whole, log),
            origin if header["has_origin"] else None,
            header["is_urgent"],
        )


def beginning(origin: bytes) -> Checkpoint:
    """Return the checkpoint of a session that no worker has seen yet: where it begins, and nothing else."""
    return Checkpoint("idle", b"", Tail(True, b""), Tail(True, b""), origin)
