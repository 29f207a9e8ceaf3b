"""A client that costs little: sockets that count frames by their headers, acknowledge each, and draw nothing.

Clients are measured on the server's own machine, so what they use is missing there. This one reads a frame's
length and number only, and copies no picture.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from typing import Any

from .server import Server

_TIMEOUT_S = 60.0
_TEXT, _BINARY, _CLOSE, _PING = 0x1, 0x2, 0x8, 0x9


class Refused(Exception):
    """An answer that is not the one that was asked for."""


class Stream(asyncio.Protocol):
    """The stream of a session (RFC 6455), kept as a browser would keep it."""

    def __init__(self, session: dict[str, Any], last_point: int = 0) -> None:
        self.session = session
        self.frames = 0
        self.frame_bytes = 0
        self.errors = 0
        self.last_point = last_point
        self.close_code: int | None = None
        loop = asyncio.get_running_loop()
        self.welcome: asyncio.Future[dict[str, Any]] = loop.create_future()
        self.first_frame_s: asyncio.Future[float] = loop.create_future()
        self.closed: asyncio.Future[None] = loop.create_future()
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[float]] = {}
        self._buffer = bytearray()
        self._is_open = False

    @classmethod
    async def open(cls, server: Server, session: dict[str, Any], last_point: int = 0) -> Stream:
        """Return a stream that has been welcomed. Raises Refused."""
        loop = asyncio.get_running_loop()
        _, stream = await loop.create_connection(lambda: cls(session, last_point), *server.address)
        host, port = server.address
        stream._transport.write(
            (
                f"GET /api/v1/sessions/{session['id']}/stream HTTP/1.1\r\nHost: {host}:{port}\r\n"
                "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
            ).encode()
        )
        await asyncio.wait_for(stream.welcome, _TIMEOUT_S)
        return stream

    async def command(self, command: dict[str, Any]) -> float:
        """Send a command and return the seconds until its acknowledgement. Raises Refused."""
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        started_s = time.perf_counter()
        self._send_text(json.dumps({**command, "id": number}))
        try:
            answered_s: float = await asyncio.wait_for(answer, _TIMEOUT_S)
        finally:
            self._answers.pop(number)
        return answered_s - started_s

    async def close(self) -> None:
        """Close the stream as a page does that is left."""
        if not self._transport.is_closing():
            self._send(_CLOSE, (1000).to_bytes(2, "big"))
        await asyncio.wait_for(self.closed, _TIMEOUT_S)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        if not self._is_open:
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if not buffer.startswith(b"HTTP/1.1 101 "):
                self._fail(Refused(buffer[:100].decode(errors="replace")))
                self._transport.abort()
                return
            del buffer[: end + 4]
            self._is_open = True
            token = self.session["token"]
            self._send_text(json.dumps({"type": "hello", "token": token, "last_point": self.last_point}))
        position = 0
        while len(buffer) >= position + 4:
            opcode, length, start = buffer[position] & 0x0F, buffer[position + 1], position + 2
            if length >= 126:
                width = 2 if length == 126 else 8
                length = int.from_bytes(buffer[start : start + width], "big")
                start += width
            if len(buffer) < start + length:
                break
            self._take(opcode, start, length)
            position = start + length
        del buffer[:position]

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(Refused(f"The stream was closed: {self.close_code}"))
        if not self.closed.done():
            self.closed.set_result(None)

    def _take(self, opcode: int, start: int, length: int) -> None:
        buffer = self._buffer
        if opcode == _BINARY:
            self.frames += 1
            self.frame_bytes += length
            if not self.first_frame_s.done():
                self.first_frame_s.set_result(time.perf_counter())
            # The header is JSON that begins with the version and the frame's number.
            number = buffer.index(b'"seq":', start) + 6
            seq = buffer[number : buffer.index(b",", number)].decode()
            self._send_text(f'{{"type":"seen","seq":{seq}}}')
        elif opcode == _TEXT:
            self._take_text(bytes(buffer[start : start + length]))
        elif opcode == _PING:
            self._send(0xA, bytes(buffer[start : start + length]))
        elif opcode == _CLOSE:
            self.close_code = int.from_bytes(buffer[start : start + 2], "big")
            if not self._transport.is_closing():
                self._send(_CLOSE, bytes(buffer[start : start + 2]))
                self._transport.close()

    def _take_text(self, text: bytes) -> None:
        if not any(name in text[:200] for name in (b'"welcome"', b'"ack"', b'"error"')):
            return
        event = json.loads(text)
        if event["type"] == "welcome":
            if not self.welcome.done():
                self.welcome.set_result(event)
        elif event["type"] == "error":
            self.errors += 1
            self._settle(event.get("id"), Refused(f"{event['status']} {event['code']}"))
        elif event["type"] == "ack":
            self._settle(event["id"], time.perf_counter())

    def _settle(self, number: int | None, answer: float | Refused) -> None:
        future = self._answers.get(number) if number else None
        if future is None or future.done():
            return  # Given up.
        if isinstance(answer, Refused):
            future.set_exception(answer)
        else:
            future.set_result(answer)

    def _fail(self, error: Refused) -> None:
        futures: tuple[asyncio.Future[Any], ...] = (self.welcome, self.first_frame_s, *self._answers.values())
        for future in futures:
            if not future.done():
                future.set_exception(error)
                future.exception()  # It is no mistake that nobody waits for it.

    def _send_text(self, text: str) -> None:
        self._send(_TEXT, text.encode())

    def _send(self, opcode: int, content: bytes) -> None:
        # A mask of zeros is one too, and leaves the content as it is.
        length = bytes([0x80 | len(content)]) if len(content) < 126 else b"\xfe" + len(content).to_bytes(2, "big")
        self._transport.write(bytes([0x80 | opcode]) + length + b"\0\0\0\0" + content)


async def request(
    server: Server, method: str, path: str, body: dict[str, Any] | None = None, token: str = ""
) -> dict[str, Any]:
    """Return the JSON that answers a request to the API, sent on a connection of its own. Raises Refused."""
    host, port = server.address
    content = json.dumps(body).encode() if body is not None else b""
    head = [f"{method} /api/v1{path} HTTP/1.1", f"Host: {host}:{port}", "Connection: close"]
    head += [f"Content-Length: {len(content)}", "Content-Type: application/json"] if content else []
    head += [f"Authorization: Bearer {token}"] if token else []
    async with asyncio.timeout(_TIMEOUT_S):
        reader, writer = await asyncio.open_connection(host, port)
        try:
            writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + content)
            answer = await reader.read()
        finally:
            writer.close()
    lines, _, text = answer.partition(b"\r\n\r\n")
    status = int(lines.split(b" ", 2)[1])
    if status >= 300:
        raise Refused(f"{method} {path}: {status} {text[:200].decode(errors='replace')}")
    document: dict[str, Any] = json.loads(text) if text else {}
    return document


async def create(server: Server, body: dict[str, Any]) -> dict[str, Any]:
    """Make a session and return what there is to know of it. Raises Refused."""
    return await request(server, "POST", "/sessions", body)
