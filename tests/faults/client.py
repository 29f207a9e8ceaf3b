"""A client that does what a good page does: says `seen`, keeps the points, and comes back with `last_point`."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import struct
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

_FINAL_CODES = (4401, 4404)
_RETRY_S = 0.1


class Client:
    """A session's client; `url` is the server's, or that of a wire to it."""

    def __init__(
        self,
        url: str,
        session: dict[str, Any],
        *,
        view: dict[str, Any] | None = None,
        patience_s: float = 60.0,
        comes_back: bool = True,
    ) -> None:
        """Give a connection up that says nothing for `patience_s`."""
        self._server = url
        self._url = f"{url.replace('http', 'ws', 1)}/api/v1/sessions/{session['id']}/stream"
        self.session = session
        self._view = view
        self._patience_s = patience_s
        self._comes_back = comes_back
        self._numbers = itertools.count(1)
        self._acks: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._heard = asyncio.Event()
        self._socket: ClientConnection | None = None
        self.points: list[dict[str, Any]] = []  # In the order in which they came.
        self.welcomes: list[dict[str, Any]] = []
        self.welcomed: list[tuple[float, int]] = []  # When each welcome came, and the step that it told.
        self.events: list[dict[str, Any]] = []  # But for points and acknowledgements.
        self.frames: list[tuple[float, int]] = []  # When each came, and the step that it shows.
        self.close_codes: list[int] = []

    @contextlib.asynccontextmanager
    async def connected(self) -> AsyncIterator[Client]:
        """Be connected, again and again, for as long as the block lasts."""
        task = asyncio.create_task(self._stay())
        try:
            await self.until(lambda: bool(self.welcomes) or task.done(), what="A welcome")
            assert self.welcomes, f"Never welcomed: {self.close_codes}"
            yield self
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def anew(self) -> Client:
        """Return a client of the same session that knows what this one knows, as a page does after a pause."""
        again = Client(self._server, self.session, view=self._view, patience_s=self._patience_s)
        again.points = list(self.points)
        return again

    @property
    def last_point(self) -> int:
        return max((point["n"] for point in self.points), default=0)

    @property
    def step(self) -> int:
        """The newest step that it knows of."""
        steps = [self.points[-1]["step"]] if self.points else [0]
        return max(steps + ([self.frames[-1][1]] if self.frames else []))

    def states(self) -> list[str]:
        return [event["state"] for event in self.events if event["type"] in ("state", "welcome")]

    def check_points(self, least: int = 1) -> None:
        """Hold that the points are complete, in order, and unique."""
        numbers = [point["n"] for point in self.points]
        doubled = sorted(n for n, count in Counter(numbers).items() if count > 1)
        lost = sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers))
        assert not doubled, f"{len(doubled)} points came twice, such as {doubled[:5]}."
        assert not lost, f"{len(lost)} points were lost, such as {lost[:5]} of {self.last_point}."
        assert numbers == sorted(numbers), "The points came out of order."
        assert len(numbers) >= least, f"Only {len(numbers)} points came, the last {self.points[-1:]}."

    async def until(self, is_so: Callable[[], bool], timeout_s: float = 30.0, what: str = "It") -> float:
        """Wait for something that a message tells, and return how long that took."""
        start_s = time.monotonic()
        try:
            async with asyncio.timeout(timeout_s):
                while not is_so():
                    self._heard.clear()
                    # Not every condition is one that a message of this client fulfils.
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(0.2):
                            await self._heard.wait()
        except TimeoutError:
            last = self.events[-1] if self.events else None
            raise AssertionError(
                f"{what} did not happen within {timeout_s:g} s; {len(self.points)} points, {len(self.frames)} frames, "
                f"close codes {self.close_codes}, last event {str(last)[:300]}"
            ) from None
        return time.monotonic() - start_s

    async def until_points(self, count: int) -> None:
        """Wait for the point with this number."""
        await self.until(lambda: self.last_point >= count, what=f"Point {count}")

    async def until_frames(self, count: int) -> None:
        """Wait until so many pictures have come."""
        await self.until(lambda: len(self.frames) >= count, what=f"Frame {count}")

    async def until_state(self, state: str, timeout_s: float = 30.0) -> None:
        """Wait until the session is said to be in a state."""
        await self.until(lambda: self.states()[-1] == state, timeout_s, f"The state {state!r}")

    async def until_welcomed(self, times: int) -> None:
        """Wait until it has been welcomed so often: again after it came back, or after the session's worker died."""
        await self.until(lambda: len(self.welcomes) >= times, what=f"Welcome {times}")

    async def until_it_goes_on(self) -> float:
        """Wait for a picture after the newest welcome, and return when the first of them came."""
        welcomed_s, _ = self.welcomed[-1]
        await self.until(lambda: self.frames[-1][0] > welcomed_s, what="A picture after the welcome")
        return next(moment_s for moment_s, _ in self.frames if moment_s > welcomed_s)

    async def until_closed(self) -> int:
        """Wait until the server has closed the connection, and return its code."""
        await self.until(lambda: bool(self.close_codes), what="A close frame")
        return self.close_codes[-1]

    async def command(self, timeout_s: float = 30.0, **command: Any) -> dict[str, Any]:
        """Give a command and return its acknowledgement, or the error."""
        assert self._socket is not None
        number = next(self._numbers)
        self._acks[number] = answer = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps({**command, "id": number}))
        return await asyncio.wait_for(answer, timeout_s)

    def frames_per_s(self, since_s: float, until_s: float | None = None) -> float:
        """Return how many frames a second came between two moments of the monotonic clock."""
        until_s = time.monotonic() if until_s is None else until_s
        return sum(since_s <= moment_s < until_s for moment_s, _ in self.frames) / (until_s - since_s)

    async def _stay(self) -> None:
        while True:
            try:
                async with connect(
                    self._url, compression=None, max_size=None, ping_interval=None, open_timeout=5, close_timeout=1
                ) as socket:
                    await self._be_served(socket)
            except ConnectionClosed as closed:
                self.close_codes.append(closed.rcvd.code if closed.rcvd else 1006)
            except (OSError, WebSocketException, EOFError):
                self.close_codes.append(1006)
            self._socket = None
            self._heard.set()
            if not self._comes_back or self.close_codes[-1] in _FINAL_CODES:
                return
            await asyncio.sleep(_RETRY_S)

    async def _be_served(self, socket: ClientConnection) -> None:
        hello = {"type": "hello", "token": self.session["token"], "last_point": self.last_point}
        await socket.send(json.dumps(hello))
        if self._view is not None:
            await socket.send(json.dumps({"type": "view", **self._view}))
        self._socket = socket
        while True:
            try:
                # Not `wait_for`, which in Python 3.11 may take a message and forget that it was cancelled.
                async with asyncio.timeout(self._patience_s):
                    message = await socket.recv()
            except TimeoutError:
                socket.transport.abort()
                raise OSError("Nothing was heard for too long.") from None
            if isinstance(message, bytes):
                await self._draw(socket, message)
            else:
                self._take(json.loads(message))
            self._heard.set()

    async def _draw(self, socket: ClientConnection, frame: bytes) -> None:
        (length,) = struct.unpack_from("<I", frame)
        header = json.loads(frame[4 : 4 + length])
        self.frames.append((time.monotonic(), header["step"]))
        await socket.send(json.dumps({"type": "seen", "seq": header["seq"]}))

    def _take(self, event: dict[str, Any]) -> None:
        if event["type"] in ("ack", "error") and "id" in event:
            answer = self._acks.pop(event["id"], None)
            if answer is not None and not answer.done():
                answer.set_result(event)
            return
        if event["type"] == "welcome":
            self.welcomes.append(event)
            self.welcomed.append((time.monotonic(), event["step"]))
        self.points += event.get("points", [])
        if event["type"] != "points":
            self.events.append(event)
