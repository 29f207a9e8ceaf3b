"""How much of what clients send is in memory at a time, by client and in all; the rest waits for its turn."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.body_limit import media_type
from app.client import Network, client_of
from app.errors import Problem
from app.problems import ProblemResponse

# A body as small as this needs no turn: a connection holds as much before anybody reads it.
_SMALL_BYTES = 64 * 1024
_TIMEOUT_S = 20.0
# More than a class that uploads all at once; looking through ten thousand for the next would take others' time.
_MOST_WAITING = 100
_RETRY_AFTER_S = 10


class NoRoom(Exception):
    """There was no room in time, or too many of the same client wait for it already."""


class _Turn(NamedTuple):
    client: str
    size_bytes: int
    has_come: asyncio.Future[None]


class BodyRoom:
    """Room for so many bytes of one client's bodies, and of all."""

    def __init__(self, client_bytes: int, all_bytes: int) -> None:
        self._client_bytes = client_bytes
        self._all_bytes = all_bytes
        self._taken_bytes = 0
        self._taken_by: Counter[str] = Counter()
        self._waiting: list[_Turn] = []

    @asynccontextmanager
    async def place(self, client: str, size_bytes: int) -> AsyncIterator[None]:
        """Wait until there is room for a body, and keep it until the block ends. Raises NoRoom."""
        if sum(turn.client == client for turn in self._waiting) >= _MOST_WAITING:
            raise NoRoom
        turn = _Turn(client, size_bytes, asyncio.get_running_loop().create_future())
        self._waiting.append(turn)
        self._call_in()
        try:
            try:
                async with asyncio.timeout(_TIMEOUT_S):
                    await turn.has_come
            except TimeoutError:
                raise NoRoom from None
            yield
        finally:
            if turn in self._waiting:
                self._waiting.remove(turn)
            else:
                self._count(turn, -1)
            self._call_in()

    def _call_in(self) -> None:
        """Let in whoever fits, in the order in which they came."""
        for turn in list(self._waiting):
            if self._taken_by[turn.client] + turn.size_bytes > self._client_bytes:
                continue  # One who sends much waits for himself; others pass.
            if self._taken_bytes + turn.size_bytes > self._all_bytes:
                break  # Nobody passes here, or a large body would never have its turn.
            self._waiting.remove(turn)
            self._count(turn, 1)
            if not turn.has_come.done():  # Else it was given up this very moment, and is about to give its room back.
                turn.has_come.set_result(None)

    def _count(self, turn: _Turn, sign: int) -> None:
        self._taken_bytes += sign * turn.size_bytes
        self._taken_by[turn.client] += sign * turn.size_bytes
        self._taken_by += Counter()  # Forgets those who have nothing here.


class BodyRoomMiddleware:
    """Lets a large body be read only when there is room for it; 503 if that takes too long.

    Reading one into memory, taking it apart and handing it to a worker takes some four times its size. There is room
    for the largest of one client, and for one more of somebody else.
    """

    def __init__(self, app: ASGIApp, message_bytes: int, upload_bytes: int, trusted_proxies: Sequence[Network]) -> None:
        self.app = app
        self._message_bytes = message_bytes
        self._upload_bytes = upload_bytes
        self._trusted_proxies = trusted_proxies
        largest_bytes = max(message_bytes, upload_bytes)
        self._room = BodyRoom(client_bytes=largest_bytes, all_bytes=2 * largest_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        size_bytes = self._size_bytes(Headers(scope=scope)) if scope["type"] == "http" else 0
        if size_bytes <= _SMALL_BYTES:
            await self.app(scope, receive, send)
            return
        try:
            async with self._room.place(client_of(scope, self._trusted_proxies), size_bytes):
                await self.app(scope, receive, send)
        except NoRoom:
            await ProblemResponse(_busy())(scope, receive, send)

    def _size_bytes(self, headers: Headers) -> int:
        """Return how large the body is said to be, or, where nothing is said, how large it may be."""
        announced = headers.get("content-length", "")
        if announced.isdecimal():
            return int(announced)
        if "transfer-encoding" not in headers:
            return 0
        return self._message_bytes if media_type(headers).endswith("json") else self._upload_bytes


def _busy() -> Problem:
    detail = f"The server has its hands full with other uploads. Try again in {_RETRY_AFTER_S} s."
    headers = {"Retry-After": str(_RETRY_AFTER_S)}
    return Problem(503, "too_many_uploads", "Too many uploads at once", detail, headers=headers)
