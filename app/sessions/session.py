"""A session as the web process knows it: its keys, its streams, and what would be needed if its worker died."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from typing import Any

from app.messages import Command
from app.sessions.access import Keys, Role
from app.sessions.link import WorkerLink, WorkerLost
from app.sessions.stream import Stream
from app.sessions.wire import Header

# Who asks while the worker is being replaced waits for so long.
_RECOVERY_TIMEOUT_S = 10.0
# A session in whose company so many workers die within so long is suspected to be the cause, and ends.
_MOST_RESUMED = 5
_DEADLY_S = 60.0


class Session:
    """A session as the web process knows it; its network lives in a worker."""

    def __init__(self, worker: WorkerLink) -> None:
        self.id = secrets.token_hex(8)
        self.keys = Keys()
        self.streams: dict[str, Stream] = {}
        self.worker = worker
        self.used_s = time.monotonic()
        self._changed = asyncio.Event()
        self._has_worker = asyncio.Event()
        self._has_worker.set()
        self._archive: bytes | None = None
        self._points: list[dict[str, Any]] = []
        self._resumed_s: list[float] = []

    async def describe(self) -> dict[str, Any]:
        """Return spec, state, step, epoch, metrics and what else there is in a few figures."""
        described: dict[str, Any] = await self._ask("describe")
        return {"id": self.id, **described}

    async def command(self, command: Command, stream: str | None = None) -> dict[str, Any]:
        """Carry out a command and return what its acknowledgement says. Raises Problem."""
        members = command.model_dump(mode="json", by_alias=True)
        # In a patch null takes a member away, so there it says something; elsewhere it is what was not given.
        given = {key: value for key, value in members.items() if value is not None}
        answer: dict[str, Any] = await self._ask("command", command=given, stream=stream)
        return answer

    async def wait(self, timeout_s: float) -> dict[str, Any]:
        """Return when the session does not run, or after a time: done or not, state, step, epoch and metrics."""
        deadline_s = time.monotonic() + timeout_s
        while True:
            self._changed.clear()
            # The answer comes after all work that the session still has to do, its figures included.
            standing = json.loads(await self.ask("standing"))
            is_done = standing["state"] != "running"
            remaining_s = deadline_s - time.monotonic()
            if is_done or remaining_s <= 0:
                return {"done": is_done, **{key: standing[key] for key in ("state", "step", "epoch", "metrics")}}
            try:
                await asyncio.wait_for(self._changed.wait(), remaining_s)
            except TimeoutError:
                continue

    async def ask(self, what: str, **arguments: Any) -> bytes:
        """Return the bytes that answer a question. Raises Problem."""
        answer: bytes = await self._ask(what, **arguments)
        return answer

    async def attach(self, role: Role, last_point: int = 0) -> Stream:
        """Return a new stream, whose first message is its welcome. Raises Problem."""
        stream = Stream(secrets.token_hex(4), self, role)
        self.streams[stream.name] = stream
        try:
            await self._watch(stream, last_point)
        except BaseException:
            self.detach(stream)
            raise
        return stream

    async def _watch(self, stream: Stream, last_point: int) -> None:
        answer = await self._ask("attach", stream=stream.name, last_point=last_point)
        stream.last_point = max(stream.last_point, answer["last_point"])

    def detach(self, stream: Stream) -> None:
        """Let a stream go."""
        if self.streams.pop(stream.name, None) is not None:
            self.worker.tell("detach", self.id, stream=stream.name)
        self.used_s = time.monotonic()

    def deliver(self, header: Header, payload: bytes) -> None:
        """Hand on what the worker has for the streams."""
        if header["kind"] == "delivery":
            if stream := self.streams.get(header["stream"]):
                if header["text"]:
                    stream.welcomed = True
                stream.put(_named(payload.decode(), self.id, stream.role) if header["text"] else payload)
            return
        if header["type"] in ("state", "rebuilt"):
            self._changed.set()
        text = payload.decode()
        for stream in self.streams.values():
            if not stream.welcomed:
                continue
            if header["type"] == "rebuilt":
                stream.put(_named(text, self.id, stream.role))
            elif header["points"] is None:
                stream.put(text)
            elif news := _points_after(stream.last_point, header["points"], text):
                stream.put(news)
                stream.last_point = header["points"][1]

    def keep(self, header: Header, archive: bytes) -> None:
        """Keep a checkpoint for the case that the worker dies."""
        self._archive = archive
        self._points = header["points"] if header["is_whole"] else self._points + header["points"]

    def lose_worker(self) -> None:
        """Let those who ask wait for another worker."""
        self._has_worker.clear()

    async def resume(self) -> None:
        """Go on in a new worker from the last checkpoint. Raises Problem if there is none, or too many workers died."""
        now_s = time.monotonic()
        self._resumed_s = [moment_s for moment_s in self._resumed_s if now_s - moment_s < _DEADLY_S] + [now_s]
        if self._archive is None or len(self._resumed_s) > _MOST_RESUMED:
            raise WorkerLost
        await self.worker.ask("resume", self.id, self._archive, points=self._points)
        self._has_worker.set()
        for stream in list(self.streams.values()):
            # Another welcome tells where it goes on; points that the stream knows already are not sent again.
            await self._watch(stream, stream.last_point)
            if stream.view:
                await self._ask("command", command={"type": "view", **stream.view}, stream=stream.name)

    def end(self, code: int) -> None:
        """Close all streams."""
        for stream in self.streams.values():
            stream.close(code)
        self.streams.clear()
        self._changed.set()

    async def _ask(self, what: str, payload: bytes = b"", **arguments: Any) -> Any:
        self.used_s = time.monotonic()
        await self._worker_at_hand()
        try:
            return await self.worker.ask(what, self.id, payload, **arguments)
        except WorkerLost:
            if what == "command":  # Nobody knows whether it took effect.
                raise
            await self._worker_at_hand()
            return await self.worker.ask(what, self.id, payload, **arguments)

    async def _worker_at_hand(self) -> None:
        try:
            await asyncio.wait_for(self._has_worker.wait(), _RECOVERY_TIMEOUT_S)
        except TimeoutError:
            raise WorkerLost from None


def _points_after(last_point: int, numbers: list[int], text: str) -> str | None:
    """Return a points event without those that a stream knows, as after a recovery; None if that leaves nothing."""
    first, last = numbers
    if first > last_point:
        return text
    if last <= last_point:
        return None
    event = json.loads(text)
    points = [point for point in event["points"] if point["n"] > last_point]
    return json.dumps({**event, "points": points}, separators=(",", ":"))


def _named(description: str, session_id: str, role: Role) -> str:
    """Return a description with what the worker does not know: the session's id and the client's role."""
    return f'{{"id":"{session_id}","role":"{role.value}",{description[1:]}'
