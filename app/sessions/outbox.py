"""What comes out of a host, on its way through a worker's socket."""

from __future__ import annotations

import itertools
import math
import socket
from collections import deque
from collections.abc import Iterable

from app.errors import Problem
from app.sessions.host import Body, Broadcast, Delivery, Output, Reply, Saved
from app.sessions.wire import pack

# Nobody sees a picture later by so little; but to send each alone, and wake the other process for it, costs both as
# much as to draw it. In a crowd several are finished meanwhile.
_GATHERING_S = 0.002
_MOST_PIECES = 64


class Outbox:
    """Gathers outputs for a moment and writes them together; who waits for an answer is not kept waiting.

    What the other end does not take stays here. It is bounded by the frames' credit.
    """

    def __init__(self, connection: socket.socket) -> None:
        self.is_stuck = False
        """Whether the other end has not taken all: `write` again when it has room."""
        self._connection = connection
        self._pieces: deque[memoryview] = deque()
        self._due_s = math.inf

    def put(self, outputs: Iterable[Output], now_s: float) -> None:
        """Take outputs, to be written after all that came before."""
        for output in outputs:
            self._pieces.append(memoryview(_packed(output)))
            self._due_s = min(self._due_s, now_s if isinstance(output, Reply) else now_s + _GATHERING_S)

    def write(self, now_s: float, *, is_idle: bool) -> None:
        """Write as much as the other end takes, if it is time, or if nothing else is to be done. Raises OSError."""
        if not (is_idle or self.is_stuck or now_s >= self._due_s):
            return
        self._due_s = math.inf
        try:
            while self._pieces:
                self._forget(self._send())
        except BlockingIOError:
            pass
        self.is_stuck = bool(self._pieces)

    def _send(self) -> int:
        if hasattr(self._connection, "sendmsg"):
            return self._connection.sendmsg(itertools.islice(self._pieces, _MOST_PIECES))
        return self._connection.send(self._pieces[0])  # Windows.

    def _forget(self, sent: int) -> None:
        while self._pieces and sent >= len(self._pieces[0]):
            sent -= len(self._pieces.popleft())
        if sent:
            self._pieces[0] = self._pieces[0][sent:]


def _packed(output: Output) -> bytes:
    if isinstance(output, Delivery):
        is_text = isinstance(output.content, str)
        header = {"kind": "delivery", "session": output.session, "stream": output.stream, "text": is_text}
        return pack(header, output.content.encode() if isinstance(output.content, str) else output.content)
    if isinstance(output, Broadcast):
        header = {
            "kind": "broadcast",
            "session": output.session,
            "type": output.type,
            "state": output.state,
            "points": output.points,
        }
        return pack(header, output.text.encode())
    if isinstance(output, Saved):
        header, payload = output.checkpoint.to_message()
        return pack({"kind": "saved", "session": output.session, **header}, payload)
    body: Body | Problem = output.body
    if isinstance(body, Problem):
        return pack({"kind": "reply", "request": output.request, "problem": body.to_dict()})
    if isinstance(body, bytes):
        return pack({"kind": "reply", "request": output.request, "bytes": True}, body)
    return pack({"kind": "reply", "request": output.request, "body": body})
