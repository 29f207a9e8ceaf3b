"""uvicorn's WebSocket protocol, made to bear what comes too fast, in too small pieces, or broken."""

import asyncio
from collections.abc import Sequence
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

# So much is read at a time: the smallest frames of it take about as long as a slice of training.
_PIECE_BYTES = 1024
# Beyond what a page sends in its busiest moment, frames are read at this pace, whatever they are.
_FRAMES_PER_SECOND = 1000
_BURST_S = 0.5


class PacedProtocol(WebSocketsSansIOProtocol):
    """Reads little by little, so that one client's flood takes nobody else's time, nor the server's memory.

    uvicorn reads a quarter of a megabyte at once, which may hold 40,000 pings: all others would wait for a second. It
    also answers each of them, whether or not the answers are read.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._unread = bytearray()
        self._free_s = 0.0  # When another frame may be read.
        self._reading: asyncio.TimerHandle | None = None
        self._is_refused = False

    def data_received(self, data: bytes) -> None:
        """Read a piece of what has come, and let the rest wait for its turn."""
        self._unread += data
        if self._reading is not None or self._waits_for_app:
            self.transport.pause_reading()
        else:
            self._read_piece()

    async def receive(self) -> Any:
        """Return the next message; when it was the last that waited, reading goes on."""
        message = await self.queue.get()
        if self.read_paused and self.queue.empty():
            self.read_paused = False
            if self._reading is None:
                self._go_on()
        return message

    async def send(self, message: Any) -> None:
        """Send a message; after a close frame nobody waits for the application, but for the client's answer to it."""
        await super().send(message)
        if self._unread and self._reading is None and not self._waits_for_app:
            self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        """Drop what has not been read."""
        self._unread.clear()
        if self._reading is not None:
            self._reading.cancel()
        super().connection_lost(exc)

    @property
    def _waits_for_app(self) -> bool:
        return self.read_paused and not self.close_sent

    def _read_piece(self) -> None:
        self._reading = None
        # What comes before the handshake is its head alone, whose size is bounded.
        size = _PIECE_BYTES if self.handshake_initiated else len(self._unread)
        piece = bytes(self._unread[:size])
        del self._unread[:size]
        self.conn.receive_data(piece)
        frames = len(self.conn.events)
        if self.conn.parser_exc is not None:
            self._refuse()
        else:
            self.handle_events()
        if self._is_refused:
            return
        now_s = self.loop.time()
        self._free_s = max(self._free_s, now_s - _BURST_S) + frames / _FRAMES_PER_SECOND
        if not self._waits_for_app:
            self._go_on()

    def _go_on(self) -> None:
        """Read on: at once from the network, or after a while from what has come already."""
        if self._is_refused:
            return
        wait_s = self._free_s - self.loop.time()
        if self._unread or wait_s > 0:
            self.transport.pause_reading()
            self._reading = self.loop.call_later(max(0.0, wait_s), self._read_piece)
        else:
            self.transport.resume_reading()

    def handle_ping(self) -> None:
        """Answer a ping, but for one whose sender has not read the answers before: then the newest will do."""
        pong = b"".join(self.conn.data_to_send())
        if self.writable.is_set():
            self.transport.write(pong)

    def handle_text(self, event: Frame) -> None:
        """Begin a text."""
        self.curr_msg_data_type = "text"
        self._begin(event)

    def handle_bytes(self, event: Frame) -> None:
        """Begin a binary message."""
        self.curr_msg_data_type = "bytes"
        self._begin(event)

    def handle_cont(self, event: Frame) -> None:
        """Add to a message in one piece of memory: it may come in a million fragments of a byte."""
        self.frames[0] += event.data
        if event.fin:
            self.send_receive_event_to_app()

    def send_receive_event_to_app(self) -> None:
        """Hand a message on; a text that is not UTF-8 ends the connection with 1007, as the RFC wants it."""
        if self.curr_msg_data_type == "text" and not self.close_sent and not _is_utf8(self.frames):
            self.frames = []
            self.conn.send_close(1007)
            self._refuse()
            return
        super().send_receive_event_to_app()

    def _refuse(self) -> None:
        """Send the close frame, and take what else comes off the network without reading it."""
        self._is_refused = True
        self._unread.clear()
        self.handle_parser_exception()
        self.transport.resume_reading()

    def _begin(self, event: Frame) -> None:
        self.frames = [event.data] if event.fin else [bytearray(event.data)]  # type: ignore[list-item]
        if event.fin:
            self.send_receive_event_to_app()


def _is_utf8(frames: Sequence[bytes]) -> bool:
    try:
        for frame in frames:
            frame.decode()
    except UnicodeDecodeError:
        return False
    return True
