"""uvicorn's WebSocket protocol, made to deliver the reason when it refuses what a client sends."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

_LINGER_S = 5.0


class LingeringProtocol(WebSocketsSansIOProtocol):
    """Reads on for a while after a message that is too big, or a broken frame.

    A socket that is closed while bytes are unread is reset, and the reset overtakes the close frame: whoever sends ten
    megabytes would see a broken connection instead of 1009.
    """

    _is_lingering = False

    def data_received(self, data: bytes) -> None:
        if not self._is_lingering:
            super().data_received(data)

    def handle_parser_exception(self) -> None:
        """Send the close frame and let the client close the connection, or time do so."""
        assert self.conn.close_sent is not None
        self._is_lingering = True
        self.close_sent = True
        code, reason = self.conn.close_sent.code, self.conn.close_sent.reason
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.transport.write(b"".join(self.conn.data_to_send()))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(_LINGER_S, self.transport.close)
