"""uvicorn's WebSocket protocol, made to deliver the reason when it refuses what a client sends, and to end in time."""

import contextlib
import os
import socket
import struct
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected

from app.flood import PacedProtocol

_LINGER_S = 5.0
# To close at once and forget what was not taken, as (on, seconds).
_NO_LINGER = struct.pack("ii" if os.name == "posix" else "hh", 1, 0)


class LingeringProtocol(PacedProtocol):
    """Reads on for a while after a message that is too big, or a broken frame; waits for nobody without end.

    A socket that is closed while bytes are unread is reset, and the reset overtakes the close frame: whoever sends ten
    megabytes would see a broken connection instead of 1009.

    A transport that is closed waits until everything written was taken. Of a client that takes nothing it would keep
    the connection, and the system megabytes of pictures for it, as long as that client pleases.
    """

    _is_lingering = False

    def data_received(self, data: bytes) -> None:
        if not self._is_lingering:
            super().data_received(data)

    async def send(self, message: Any) -> None:
        """Send what the application has to say, without an error in the log where a handshake comes to nothing."""
        if message["type"] == "websocket.accept" and self.transport.is_closing():
            raise ClientDisconnected
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and self.close_sent:
            self.handshake_complete = True  # Refused, but answered; uvicorn takes it for forgotten.

    async def run_asgi(self) -> None:
        """Serve the client, and forget what it has not taken in time."""
        await super().run_asgi()
        if not self.writable.is_set():  # It was given up because it takes nothing.
            self._abort()
        else:
            self._end_in_time()

    def keepalive_timeout(self) -> None:
        """Close the connection of a client that is silent, and may well be gone without a word."""
        super().keepalive_timeout()
        self._end_in_time()

    def handle_parser_exception(self) -> None:
        """Send the close frame and let the client close the connection, or time do so."""
        assert self.conn.close_sent is not None
        self._is_lingering = True
        self.close_sent = True
        code, reason = self.conn.close_sent.code, self.conn.close_sent.reason
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.transport.write(b"".join(self.conn.data_to_send()))
        with contextlib.suppress(OSError):  # The client may have gone by now.
            self.transport.write_eof()
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(_LINGER_S, self.transport.close)

    def _end_in_time(self) -> None:
        if not self.disconnected:
            self.loop.call_later(_LINGER_S, self._end)

    def _end(self) -> None:
        if self.transport.is_closing():
            self._abort()
        else:  # The client may still answer the close frame; uvicorn closes the connection if it does not.
            self._end_in_time()

    def _abort(self) -> None:
        if not self.disconnected:
            connection: socket.socket = self.transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            self.transport.abort()
