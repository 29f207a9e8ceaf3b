"""Raw bytes where a stream is due: broken handshakes, broken frames, halves of frames, floods.

What breaks the rules of RFC 6455 has to be answered by the close code that it names, what does not has to be borne.
"""

from __future__ import annotations

import contextlib
import json
import random
import socket
import struct
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..server import can_measure
from .siege import Report, ask, besieged, create

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_PROTOCOL_ERROR, _NO_UTF8, _TOO_LARGE = 1002, 1007, 1009
_MESSAGE_BYTES = 1_048_576

_TIMEOUT_S = 10.0
_MOST_SILENT = 6  # A session takes 8 streams.
_MOST_GROWTH_MB = 8.0
_HEADS = 50
# After so long nothing is left of a connection that a client has left: neither lingering nor an unanswered close.
_SETTLE_S = 11.0

Address = tuple[str, int]


def attack(frames: int, seed: int = 7) -> Report:
    """Send about so many frames to a server of its own, and look what has become of it."""
    report = Report()
    with besieged(report) as server, contextlib.ExitStack() as stack:
        heads = [stack.enter_context(half_a_head(server.address)) for _ in range(_HEADS)]
        memory_mb: list[float] = []
        files: list[int] = []
        for half in range(2):  # In the first half all buffers grow to their size.
            report.cases += bombard(server.address, frames // 2, report, seed + half)
            time.sleep(_SETTLE_S)
            memory_mb.append(round(server.memory_bytes() / 1e6, 1) if can_measure() else 0.0)
            files.append(server.files() if can_measure() else 0)
        if any(not is_closed(head) for head in heads):
            report.find("a connection without a whole head stays open")
        report.detail |= {"memory_mb": memory_mb, "files": files}
        if memory_mb[1] - memory_mb[0] > _MOST_GROWTH_MB:
            report.find(f"the server has grown by {memory_mb[1] - memory_mb[0]:.1f} MB")
        if files[1] > files[0]:
            report.find(f"{files[1] - files[0]} connections are still open")
    return report


def half_a_head(address: Address) -> socket.socket:
    """Return a connection on which a request has begun that does not go on."""
    connection = socket.create_connection(address, timeout=_TIMEOUT_S)
    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    return connection


def is_closed(connection: socket.socket) -> bool:
    """Return whether the server has closed a connection on which it has said nothing."""
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def bombard(address: Address, frames: int, report: Report, seed: int) -> int:
    """Open connection after connection, send frames that break every rule, and return how many there were."""
    chance = random.Random(seed)
    session = create(address)
    silent: deque[socket.socket] = deque()
    sent = 0
    try:
        while sent < frames:
            if chance.random() < 0.2:
                sent += 1
                _break_handshake(address, session, chance, report)
                continue
            with contextlib.suppress(ConnectionError):
                connection = Connection(address, session)
                if chance.random() < 0.8:
                    connection.hello()
                sent += _send_some(connection, chance, report)
                _leave(connection, chance, silent)
    finally:
        for forgotten in silent:
            forgotten.close()
    answer = ask(address, "GET", f"/api/v1/sessions/{session['id']}", token=session["token"])
    if answer.status != 200 or answer.json()["step"] != 0:
        report.find("frames that are no commands have changed the session", answer.body.decode())
    return sent


def frame(
    opcode: int,
    data: bytes = b"",
    *,
    is_last: bool = True,
    is_masked: bool = True,
    reserved: int = 0,
    length: int | None = None,
    width: int = 0,
) -> bytes:
    """Return a frame; `length` is what it says of itself, `width` in how many bytes (the fewest that do, if 0)."""
    length = len(data) if length is None else length
    width = width or (1 if length < 126 else 2 if length < 65_536 else 8)
    marks = 0x80 if is_masked else 0
    size = bytes([marks | length]) if width == 1 else bytes([marks | (126 if width == 2 else 127)])
    if width > 1:
        size += length.to_bytes(width, "big")
    key = b"\x5a\x01\x7f\x33"
    if is_masked:
        data = key + bytes(byte ^ key[index % 4] for index, byte in enumerate(data))
    return bytes([is_last << 7 | reserved << 4 | opcode]) + size + data


def close(code: int | None, reason: bytes = b"") -> bytes:
    """Return a close frame."""
    return frame(CLOSE, b"" if code is None else struct.pack("!H", code) + reason)


@dataclass(frozen=True)
class Breach:
    """Frames that break the rules, and the close code with which a server has to answer; None: it may just close."""

    data: Callable[[random.Random], bytes]
    code: int | None


BREACHES: dict[str, Breach] = {
    "text that is not UTF-8": Breach(lambda chance: frame(TEXT, b"\xff" + chance.randbytes(20)), _NO_UTF8),
    "text cut within a letter": Breach(lambda _: frame(TEXT, "è".encode()[:1]), _NO_UTF8),
    "surrogates": Breach(lambda _: frame(TEXT, b'"\xed\xa0\x80"'), _NO_UTF8),
    "overlong letters": Breach(lambda _: frame(TEXT, b"\xc0\xaf"), _NO_UTF8),
    "fragments that are not UTF-8 together": Breach(
        lambda _: frame(TEXT, b"\xc3", is_last=False) + frame(CONTINUATION, b"\x28"), _NO_UTF8
    ),
    "unmasked": Breach(lambda chance: frame(TEXT, chance.randbytes(9), is_masked=False), _PROTOCOL_ERROR),
    "unmasked ping": Breach(lambda _: frame(PING, b"", is_masked=False), _PROTOCOL_ERROR),
    "reserved bits": Breach(lambda chance: frame(TEXT, b"{}", reserved=chance.randint(1, 7)), _PROTOCOL_ERROR),
    "reserved opcode": Breach(lambda chance: frame(chance.choice([3, 4, 5, 6, 7, 11, 12, 15]), b""), _PROTOCOL_ERROR),
    "16 bits of length and too much": Breach(
        lambda _: frame(BINARY, b"\0" * 16, length=_MESSAGE_BYTES + 1, width=8), _TOO_LARGE
    ),
    "64 bits of length": Breach(lambda chance: frame(TEXT, b"x", length=2 ** chance.randint(21, 62)), _TOO_LARGE),
    "a negative length": Breach(lambda _: frame(TEXT, b"x", length=2**63 + 5), None),
    "too much in fragments": Breach(
        lambda _: frame(TEXT, b"a" * 400_000, is_last=False) + frame(CONTINUATION, b"a" * 400_000, is_last=False) * 2,
        _TOO_LARGE,
    ),
    "a continuation of nothing": Breach(lambda _: frame(CONTINUATION, b"x"), _PROTOCOL_ERROR),
    "a message within a message": Breach(
        lambda _: frame(TEXT, b"{", is_last=False) + frame(TEXT, b"}"), _PROTOCOL_ERROR
    ),
    "a ping in fragments": Breach(lambda _: frame(PING, b"x", is_last=False), _PROTOCOL_ERROR),
    "a long ping": Breach(lambda _: frame(PING, b"x" * 126), _PROTOCOL_ERROR),
    "a long pong": Breach(lambda _: frame(PONG, b"x" * 200), _PROTOCOL_ERROR),
    "a close frame of one byte": Breach(lambda _: frame(CLOSE, b"\x03"), _PROTOCOL_ERROR),
    "a close code that nobody may send": Breach(
        lambda chance: close(chance.choice([0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535])), _PROTOCOL_ERROR
    ),
    "a close reason that is not UTF-8": Breach(lambda _: close(1000, b"\xff\xfe"), _NO_UTF8),
    "a close frame in fragments": Breach(lambda _: frame(CLOSE, b"", is_last=False), _PROTOCOL_ERROR),
    "no frame at all": Breach(lambda _: b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", None),
}
"""What ends a connection, by name."""

BORNE: dict[str, Callable[[random.Random], bytes]] = {
    "a ping": lambda chance: frame(PING, chance.randbytes(chance.randint(0, 125))),
    "pings": lambda chance: frame(PING, b"x") * chance.randint(2, 60),
    "a pong that nobody asked for": lambda chance: frame(PONG, chance.randbytes(4)),
    "text that is no JSON": lambda chance: frame(TEXT, chance.choice([b"", b"{", b"nonsense", b"[]", b"\0", b"NaN"])),
    "no command": lambda chance: frame(TEXT, json.dumps({"type": chance.choice(["", "x", None, 1, []])}).encode()),
    "a command with nonsense in it": lambda _: frame(TEXT, b'{"type": "run", "epochs": -1, "id": {}}'),
    "endless nesting": lambda _: frame(TEXT, b'{"type":' + b"[" * 5000),
    "binary": lambda chance: frame(BINARY, chance.randbytes(chance.randint(0, 300))),
    "a length in more bytes than it needs": lambda _: frame(TEXT, b"{}", width=8),
    "a message in fragments around a ping": lambda _: (
        frame(TEXT, b'{"type": ', is_last=False)
        + frame(CONTINUATION, b"", is_last=False)
        + frame(PING, b"in between")
        + frame(CONTINUATION, b'"x"}')
    ),
    "an empty message in fragments": lambda chance: (
        (frame(TEXT, b"", is_last=False) + frame(CONTINUATION, b"", is_last=False) * chance.randint(1, 50))
        + frame(CONTINUATION, b"")
    ),
    "another hello": lambda _: frame(TEXT, b'{"type": "hello", "token": "x"}'),
}
"""What a server has to bear, by name."""


class Connection:
    """A socket on which the handshake is done, and which understands what a server sends."""

    def __init__(self, address: Address, session: dict[str, Any]) -> None:
        self.session = session
        self.is_welcome = False
        self.socket = socket.create_connection(address, timeout=_TIMEOUT_S)
        path = f"/api/v1/sessions/{session['id']}/stream"
        self.socket.sendall(upgrade(address, path))
        self._buffer = b""
        while b"\r\n\r\n" not in self._buffer:
            self._buffer += self._read()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        if b" 101 " not in head:
            raise ConnectionError(head.decode(errors="replace"))

    def hello(self) -> None:
        """Say who we are."""
        self.is_welcome = True
        self.send(frame(TEXT, json.dumps({"type": "hello", "token": self.session["token"]}).encode()))

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.socket.sendall(data)

    def close_code(self) -> int | None:
        """Read to the end and return the code of the server's close frame; None: it sent none."""
        with contextlib.suppress(OSError):
            while True:
                opcode, content = self.next_frame()
                if opcode == CLOSE:
                    return int.from_bytes(content[:2], "big") if content else 1005
        return None

    def is_alive(self) -> bool:
        """Return whether a ping is answered, whatever comes before the answer."""
        name = random.randbytes(8)
        try:
            self.send(frame(PING, name))
            while True:
                opcode, content = self.next_frame()
                if (opcode, content) == (PONG, name):
                    return True
                if opcode == CLOSE:
                    return False
        except OSError:
            return False

    def next_frame(self) -> tuple[int, bytes]:
        """Return the next frame's opcode and content."""
        first, second = self._take(2)
        assert not second & 0x80, "The server masks."
        length = second
        if second >= 126:
            length = int.from_bytes(self._take(2 if second == 126 else 8), "big")
        return first & 0x0F, self._take(length)

    def _take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self._buffer += self._read()
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def _read(self) -> bytes:
        data = self.socket.recv(65_536)
        if not data:
            raise ConnectionError("The server has closed the connection.")
        return data


def upgrade(address: Address, path: str, **changes: str | None) -> bytes:
    """Return the head that asks for a WebSocket; `changes` are other headers, or None for one to be left out."""
    headers: dict[str, str | None] = {
        "Host": f"{address[0]}:{address[1]}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }
    lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join([f"GET {path} HTTP/1.1", *lines, "", ""]).encode("latin-1")


def _send_some(connection: Connection, chance: random.Random, report: Report) -> int:
    """Send what has to be borne, then perhaps a breach, and note whether the server did what it has to."""
    borne = [chance.choice(list(BORNE)) for _ in range(chance.randint(0, 12))]
    if not connection.is_welcome:  # Before the hello, the first message that is none ends the stream.
        borne = ["a ping"] * len(borne)
    for name in borne:
        connection.send(BORNE[name](chance))
    if chance.random() < 0.3:
        if not connection.is_alive():
            report.find(f"the server has not borne one of {sorted(set(borne))}")
        return len(borne) + 1
    name = chance.choice(list(BREACHES))
    breach = BREACHES[name]
    connection.send(breach.data(chance))
    code = connection.close_code()
    if breach.code is not None and code != breach.code:
        report.find(f"{name}: closed with {code}, not with {breach.code}")
    return len(borne) + 1


def _leave(connection: Connection, chance: random.Random, silent: deque[socket.socket]) -> None:
    """End a connection in one of the ways in which connections end."""
    way = chance.randrange(5)
    with contextlib.suppress(OSError):
        if way == 0:  # In silence, in the middle of a frame.
            connection.send(frame(TEXT, b"x" * chance.randint(1, 300))[: chance.randint(1, 6)])
            silent.append(connection.socket)
            if len(silent) > _MOST_SILENT:
                silent.popleft().close()
            return
        if way == 1:  # By a reset.
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif way == 2:  # As it should be.
            connection.send(close(1000))
            connection.close_code()
        elif way == 3:  # By half.
            connection.socket.shutdown(socket.SHUT_WR)
            connection.close_code()
    connection.socket.close()


def _break_handshake(address: Address, session: dict[str, Any], chance: random.Random, report: Report) -> None:
    """Ask for a stream as nobody should, and note whether one opens or the server fails."""
    path = f"/api/v1/sessions/{session['id']}/stream"
    name = chance.choice(list(_HANDSHAKES))
    with socket.create_connection(address, timeout=_TIMEOUT_S) as connection, contextlib.suppress(ConnectionError):
        connection.sendall(_HANDSHAKES[name](address, path, chance))
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while len(answer) < 65_536 and (data := connection.recv(65_536)):
            answer += data
        statuses = [int(line.split()[1]) for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
        if any(status >= 500 or status == 101 for status in statuses):
            report.find(f"{name}: {statuses}")


_HANDSHAKES: dict[str, Callable[[Address, str, random.Random], bytes]] = {
    "no key": lambda address, path, _: upgrade(address, path, Sec_WebSocket_Key=None),
    "a short key": lambda address, path, _: upgrade(address, path, Sec_WebSocket_Key="eA=="),
    "a key that is no Base64": lambda address, path, _: upgrade(address, path, Sec_WebSocket_Key="???"),
    "an old version": lambda address, path, _: upgrade(address, path, Sec_WebSocket_Version="8"),
    "no version": lambda address, path, _: upgrade(address, path, Sec_WebSocket_Version=None),
    "a foreign host": lambda address, path, _: upgrade(address, path, Host="rebound.example"),
    "no host": lambda address, path, _: upgrade(address, path, Host=None),
    "a foreign origin": lambda address, path, _: upgrade(address, path, Origin="http://evil.example"),
    "another upgrade": lambda address, path, _: upgrade(address, path, Upgrade="h2c"),
    "a POST": lambda address, path, _: upgrade(address, path).replace(b"GET", b"POST", 1),
    "an old HTTP": lambda address, path, _: upgrade(address, path).replace(b"HTTP/1.1", b"HTTP/1.0", 1),
    "a future HTTP": lambda address, path, _: upgrade(address, path).replace(b"HTTP/1.1", b"HTTP/9.9", 1),
    "no such path": lambda address, path, _: upgrade(address, "/api/v1/sessions/../../etc/passwd/stream"),
    "no stream": lambda address, path, _: upgrade(address, "/healthz"),
    "a path of nonsense": lambda address, path, chance: upgrade(address, f"/%{chance.randint(0, 99):02d}%ff%00\x7f"),
    "two hosts": lambda address, path, _: upgrade(address, path).replace(b"\r\n", b"\r\nHost: evil.example\r\n", 1),
    "two lengths": lambda address, path, _: (
        upgrade(address, path, Sec_WebSocket_Version="7", Content_Length="4, 5") + b"GET /smuggled"
    ),
    "a length and chunks": lambda address, path, _: (
        upgrade(address, "/healthz", Upgrade=None, Content_Length="4", Transfer_Encoding="chunked")
        + b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    ),
    "chunks of nonsense": lambda address, path, _: (
        upgrade(address, "/healthz", Upgrade=None, Transfer_Encoding="chunked, identity") + b"zz\r\n"
    ),
    "a folded header": lambda address, path, _: upgrade(address, path, Sec_WebSocket_Version="13\r\n x"),
    "a header with a zero": lambda address, path, _: upgrade(address, path, Cookie="a\0b"),
    "a header without a name": lambda address, path, _: upgrade(address, path).replace(b"\r\n", b"\r\n: x\r\n", 1),
    "a header of many letters": lambda address, path, _: upgrade(address, path, Cookie="x" * 100_000),
    "a thousand headers": lambda address, path, _: upgrade(address, path).replace(b"\r\n", b"\r\nA: b\r\n" * 9000, 1),
    "bare line feeds": lambda address, path, _: upgrade(address, path, Host=None).replace(b"\r\n", b"\n"),
    "half a head": lambda address, path, chance: upgrade(address, path)[: chance.randint(1, 60)],
    "no HTTP": lambda address, path, chance: chance.randbytes(chance.randint(1, 400)),
    "TLS": lambda address, path, chance: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + chance.randbytes(500),
}
