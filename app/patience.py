"""uvicorn's HTTP protocol, made to give up those who do not go on: neither with asking nor with taking the answer."""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

# A whole head has to be there within so long; what takes longer on any network is an attack.
_HEAD_TIMEOUT_S = 15.0
# An answer of which nothing at all is taken for so long is for nobody.
_SEND_TIMEOUT_S = 20.0


class PatientProtocol(H11Protocol):
    """Closes connections on which no request comes, and cuts off those that take nothing of an answer.

    uvicorn waits for both as long as the client pleases, and each such connection keeps a file descriptor, or an answer
    of megabytes.
    """

    _head_timer: asyncio.TimerHandle | None = None
    _send_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Wait for the first head."""
        super().connection_made(transport)
        self._head_timer = self.loop.call_later(_HEAD_TIMEOUT_S, transport.close)

    def data_received(self, data: bytes) -> None:
        """Go on waiting while the head is not whole, though not longer for each of its letters."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE or self.transport.get_protocol() is not self:
            self._stop_waiting_for_head()
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(_HEAD_TIMEOUT_S, self.transport.close)

    def _should_upgrade(self) -> bool:
        # An older HTTP knows no upgrades, a newer one others: whatever passed them on may mean something else by it.
        return self.scope["http_version"] == "1.1" and super()._should_upgrade()

    def pause_writing(self) -> None:
        """Give the client a while to take what has been written."""
        super().pause_writing()
        self._wait_for_taker()

    def resume_writing(self) -> None:
        """Go on writing."""
        self._stop_waiting_for_taker()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_waiting_for_head()
        self._stop_waiting_for_taker()
        super().connection_lost(exc)

    def _stop_waiting_for_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _wait_for_taker(self, left: int | None = None) -> None:
        """Look again and again whether something of what is `left` has been taken."""
        now_left = self.transport.get_write_buffer_size()
        if left is not None and now_left >= left:
            self.transport.abort()
        else:
            self._send_timer = self.loop.call_later(_SEND_TIMEOUT_S, self._wait_for_taker, now_left)

    def _stop_waiting_for_taker(self) -> None:
        if self._send_timer is not None:
            self._send_timer.cancel()
            self._send_timer = None
