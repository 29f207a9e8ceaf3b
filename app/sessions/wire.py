"""Messages between the web process and a worker: lengths, a JSON header, and bytes that are handed on unread."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any

Header = dict[str, Any]

_LENGTHS = struct.Struct("<II")


def pack(header: Header, payload: bytes = b"") -> bytes:
    """Return a message ready to be written."""
    text = json.dumps(header, separators=(",", ":")).encode()
    return _LENGTHS.pack(len(text), len(payload)) + text + payload


class Unpacker:
    """Puts messages together from the pieces in which a stream of bytes arrives."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[Header, bytes]]:
        """Take bytes and yield every message that is now complete."""
        self._buffer += data
        position = 0
        while len(self._buffer) - position >= _LENGTHS.size:
            text_length, payload_length = _LENGTHS.unpack_from(self._buffer, position)
            start = position + _LENGTHS.size
            end = start + text_length + payload_length
            if len(self._buffer) < end:
                break
            header = json.loads(self._buffer[start : start + text_length])
            yield header, bytes(self._buffer[start + text_length : end])
            position = end
        del self._buffer[:position]
