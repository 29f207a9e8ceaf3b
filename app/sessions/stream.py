"""A stream as the web process keeps it: events in order, and the newest frame."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from app.errors import Problem
from app.messages import Branch, Command, Seen, View
from app.sessions.access import Role

if TYPE_CHECKING:
    from app.sessions.session import Session

SESSION_GONE = 4404
TOO_SLOW = 4408
GOING_AWAY = 1012
TRY_LATER = 1013

# A client that leaves so many characters of events unread is let go; it can come back and ask for what it missed.
_MOST_UNREAD = 4_000_000


class Stream:
    """What one client is sent, by iteration, and a way for its commands. `close_code` says why the iteration ended."""

    def __init__(self, name: str, session: Session, role: Role) -> None:
        self.name = name
        self.role = role
        self.close_code = 1000
        self.welcomed = False  # Events before the welcome belong to what the welcome already tells.
        self.last_point = 0  # The newest point that it has been sent.
        self.client = ""  # The address that it counts for.
        self.view: dict[str, Any] = {}  # What it has asked to see.
        self._session = session
        self._events: deque[str] = deque()
        self._unread = 0
        self._frame: bytes | None = None
        self._is_closed = False
        self._wake = asyncio.Event()

    def put(self, content: str | bytes) -> None:
        """Queue an event, or let a frame take the place of one that has not been read."""
        if isinstance(content, bytes):
            self._frame = content
        else:
            self._events.append(content)
            self._unread += len(content)
            if self._unread > _MOST_UNREAD:
                self.close(TOO_SLOW)
        self._wake.set()

    def close(self, code: int) -> None:
        """End the iteration after what is queued, at once if the client was too slow."""
        if self._is_closed:
            return
        self._is_closed = True
        self.close_code = code
        if code == TOO_SLOW:
            self._events.clear()
        self._wake.set()

    async def command(self, command: Command) -> dict[str, Any]:
        """Carry out a command and return what its acknowledgement says. Raises Problem."""
        if command.changes_state and not self.role.may_write:
            raise read_only()
        if isinstance(command, Branch):
            return await self._session.branch(command.step, self.client)
        if isinstance(command, Seen):
            self._session.acknowledge(command.seq, self.name)
            return {}
        answer = await self._session.command(command, stream=self.name)
        if isinstance(command, View):
            self.view |= command.model_dump(exclude_none=True)
        return answer

    def detach(self) -> None:
        """Stop watching."""
        self._session.detach(self)

    def __aiter__(self) -> AsyncIterator[str | bytes]:
        return self

    async def __anext__(self) -> str | bytes:
        while True:
            if self._events:
                event = self._events.popleft()
                self._unread -= len(event)
                self._session.home.events += 1
                return event
            if self._is_closed:
                raise StopAsyncIteration
            if self._frame is not None:
                frame, self._frame = self._frame, None
                self._session.home.frames += 1
                return frame
            self._wake.clear()
            await self._wake.wait()


def read_only() -> Problem:
    """Return the problem of a viewer who tries to change something."""
    return Problem(403, "read_only", "This token only reads", "The owner's token changes things.")
