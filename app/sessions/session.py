"""A session as the web process knows it: its keys, its streams, where its network is, and what is kept of it."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from app.errors import Problem
from app.messages import Command, Seen, View
from app.sessions.access import Keys, Role
from app.sessions.changes import decode_origin
from app.sessions.checkpoint import Checkpoint
from app.sessions.description import describe_waiting
from app.sessions.link import WorkerLink, WorkerLost
from app.sessions.saver import Saving
from app.sessions.stream import SESSION_GONE, TRY_LATER, Stream
from app.sessions.view import DEFAULTS
from app.sessions.wire import Header

# Who asks while a session is on its way into a worker waits for so long.
_ARRIVAL_TIMEOUT_S = 20.0
# A session in whose company so many workers die within so long is suspected to be the cause.
_MANY_LOSSES = 6
# What can be undone while a session waits.
_NO_CHANGES = {"undo": 0, "redo": 0}
_DEADLY_S = 60.0

Place = dict[str, int]
"""``{"position", "length"}``: the how-manieth of how many in the queue."""


Where = Literal["parked", "queued", "moving", "awake", "gone"]


class Home(Protocol):
    """What a session needs of the server."""

    frames: int
    events: int

    @property
    def saving(self) -> Saving: ...

    def bring_back(self, session: Session) -> None:
        """Bring a parked session into a worker, or into the queue."""

    async def branch(self, session: Session, step: int, client: str) -> Created:
        """Make a session that goes on from a step of another. Raises Problem."""


@dataclass(frozen=True)
class Created:
    """A new session, the tokens that its maker is given once, and its description."""

    session: Session
    token: str
    viewer_token: str
    description: dict[str, Any]


class Session:
    """A session as the web process knows it. Its network is in one of four places.

    `parked`: in the store alone; `queued`: waiting for room; `moving`: on its way, and who asks waits; `awake`: in
    `worker`. Once it is deleted it is `gone`.
    """

    def __init__(self, home: Home, keys: Keys, client: str = "", session_id: str | None = None) -> None:
        self.home = home
        self.id = session_id or secrets.token_hex(8)
        self.keys = keys
        self.client = client
        self.streams: dict[str, Stream] = {}
        self.where: Where = "parked"
        self.worker: WorkerLink | None = None
        self.state = "idle"
        self.queue: Place | None = None
        self.kept: Checkpoint | None = None
        """All that a worker needs to make it again; None while it is parked."""
        self.unsaved: Checkpoint | None = None
        """What of it the store does not have yet."""
        self.rests = False  # Whether it must not go on running by itself: it may be what workers die of.
        self.used_s = time.monotonic()
        self._asking = 0
        self._changed = asyncio.Event()
        self._arrival: asyncio.Future[None] | None = None
        self._losses_s: list[float] = []

    # What clients do

    async def describe(self) -> dict[str, Any]:
        """Return spec, state, step, epoch, metrics and what else there is in a few figures."""
        if await self._is_queued():
            return {"id": self.id, **self._here(), **self._waiting()}
        described: dict[str, Any] = await self._ask("describe")
        return {"id": self.id, **self._here(), **described}

    async def command(self, command: Command, stream: str | None = None) -> dict[str, Any]:
        """Carry out a command and return what its acknowledgement says. Raises Problem."""
        if self.where == "queued" and isinstance(command, View | Seen):
            return {}  # The stream remembers what it wants to see.
        members = command.model_dump(mode="json", by_alias=True)
        # In a patch null takes a member away, so there it says something; elsewhere it is what was not given.
        given = {key: value for key, value in members.items() if value is not None}
        answer: dict[str, Any] = await self._ask("command", command=given, stream=stream)
        return answer

    async def branch(self, step: int, client: str) -> dict[str, str]:
        """Make a session for a client that goes on from a step of this one; return its id and tokens."""
        created = await self.home.branch(self, step, client)
        # In an acknowledgement `id` is the command's own.
        return {"session": created.session.id, "token": created.token, "viewer_token": created.viewer_token}

    def acknowledge(self, seq: int, stream: str) -> None:
        """Pass on that a stream has drawn a frame: no answer is needed, and one for every frame would cost much."""
        if self.where == "awake" and self.worker is not None:
            self.worker.tell("command", self.id, command={"type": "seen", "seq": seq}, stream=stream)

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
                async with asyncio.timeout(remaining_s):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def ask(self, what: str, **arguments: Any) -> bytes:
        """Return the bytes that answer a question. Raises Problem."""
        answer: bytes = await self._ask(what, **arguments)
        return answer

    async def attach(self, role: Role, last_point: int = 0) -> Stream:
        """Return a new stream, whose first message is its welcome. Raises Problem."""
        stream = Stream(secrets.token_hex(4), self, role)
        stream.last_point = last_point
        self.streams[stream.name] = stream
        try:
            if await self._is_queued():
                welcome = {
                    "type": "welcome",
                    **self._waiting(),
                    "changes": _NO_CHANGES,
                    "view": {**DEFAULTS, "arrays": []},
                    "points": [],
                }
                stream.put(self._addressed(json.dumps(welcome, separators=(",", ":")), stream.role))
                stream.welcomed = True
            else:
                await self._watch(stream, last_point)
        except BaseException:
            self.detach(stream)
            raise
        return stream

    def detach(self, stream: Stream) -> None:
        """Let a stream go."""
        if self.streams.pop(stream.name, None) is not None and self.worker is not None:
            self.worker.tell("detach", self.id, stream=stream.name)
        self.touch()

    def touch(self) -> None:
        """Note that somebody cares about the session."""
        self.used_s = time.monotonic()

    @property
    def is_left(self) -> bool:
        """Whether nobody would notice if it were parked: it rests, and nobody watches or asks."""
        return self.where == "awake" and not self.streams and not self._asking and self.state != "running"

    # What its worker has for it

    def deliver(self, header: Header, payload: bytes) -> None:
        """Hand on what the worker has for the streams."""
        if header["kind"] == "delivery":
            if stream := self.streams.get(header["stream"]):
                if header["text"]:
                    stream.welcomed = True
                stream.put(self._addressed(payload.decode(), stream.role) if header["text"] else payload)
            return
        self.state = header["state"] or self.state
        if header["type"] in ("state", "rebuilt"):
            self._changed.set()
        text = payload.decode()
        for stream in self.streams.values():
            if not stream.welcomed:
                continue
            if header["type"] == "rebuilt":
                stream.put(self._addressed(text, stream.role))
            elif header["points"] is None:
                stream.put(text)
            elif news := _points_after(stream.last_point, header["points"], text):
                stream.put(news)
                stream.last_point = header["points"][1]

    def keep(self, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint for the case that the worker dies, and until it is saved."""
        self.state = checkpoint.state
        self.kept = checkpoint if self.kept is None else self.kept.then(checkpoint)
        self.unsaved = checkpoint if self.unsaved is None else self.unsaved.then(checkpoint)

    def tell(self, **event: Any) -> None:
        """Send all streams an event that does not come from the worker."""
        for stream in self.streams.values():
            if stream.welcomed:
                stream.put(json.dumps(event, separators=(",", ":")))

    # Where its network is

    def leave(self) -> None:
        """Be on the way: whoever asks from now on waits for `arrive`, or for a place in the queue or the store."""
        self.where = "moving"
        if self._arrival is None or self._arrival.done():
            self._arrival = asyncio.get_running_loop().create_future()

    async def arrive(self, worker: WorkerLink) -> Any:
        """Go into a worker, from what is kept, and return what the worker says of it.

        Raises Problem; of those, WorkerLost means that the session belongs to a worker that died meanwhile.
        """
        assert self.kept is not None
        self.worker = worker
        worker.sessions += 1
        if self.kept.archive:
            header, payload = self.kept.to_message()
            answer = await worker.ask("resume", self.id, payload, **header, rests=self.rests)
        else:
            assert self.kept.origin is not None
            origin = decode_origin(self.kept.origin)
            if isinstance(origin, bytes):
                answer = await worker.ask("restore", self.id, origin)
            else:
                answer = await worker.ask("create", self.id, spec=origin.full())
            self.state = answer["state"]
        self.rests = False
        self._stay("awake")
        for stream in [stream for stream in self.streams.values() if stream.welcomed]:
            # Another welcome tells where it goes on; points that the stream knows already are not sent again.
            try:
                await self._watch(stream, stream.last_point)
                if stream.view:
                    await self._ask("command", command={"type": "view", **stream.view}, stream=stream.name)
            except WorkerLost:
                raise
            except Problem:
                stream.close(TRY_LATER)
        return answer

    def lose_worker(self) -> None:
        """Note that the worker has died, and wait for another."""
        now_s = time.monotonic()
        self._losses_s = [moment_s for moment_s in self._losses_s if now_s - moment_s < _DEADLY_S] + [now_s]
        self.leave()

    def stay_awake(self) -> None:
        """Stay in the worker after all."""
        self._stay("awake")

    def wait_in_queue(self, place: Place) -> None:
        """Wait for a worker."""
        self.queue = place
        self._stay("queued")

    def move_up(self, place: Place) -> None:
        """Note another place in the queue, and say so."""
        if place != self.queue:
            self.queue = place
            self.tell(type="queue", queue=place)

    def park(self, problem: Problem | None = None) -> None:
        """Be nowhere but in the store; whoever has been waiting is told the problem, or brings it back."""
        self._let_go_of_worker()
        self.kept = None
        self._stay("parked", problem)

    def vanish(self) -> None:
        """Be nowhere at all: streams end, and whoever asks is told that there is no such session."""
        self._let_go_of_worker()
        self.end(SESSION_GONE)
        self._stay("gone")

    @property
    def is_deadly(self) -> bool:
        """Whether too many workers have died in its company."""
        return len(self._losses_s) >= _MANY_LOSSES

    def end(self, code: int) -> None:
        """Close all streams."""
        for stream in self.streams.values():
            stream.close(code)
        self._changed.set()

    def _let_go_of_worker(self) -> None:
        if self.worker is not None:
            self.worker.sessions -= 1
            self.worker = None

    def _stay(self, where: Where, problem: Problem | None = None) -> None:
        self.where = where
        if where != "queued":
            self.queue = None
        if self._arrival is not None and not self._arrival.done():
            if problem is None:
                self._arrival.set_result(None)
            else:
                self._arrival.set_exception(problem)
                self._arrival.exception()  # Perhaps nobody has been waiting.

    async def _settled(self) -> None:
        """Return when the session is awake or queued. Raises Problem."""
        self.touch()
        deadline_s = time.monotonic() + _ARRIVAL_TIMEOUT_S
        while self.where not in ("awake", "queued"):
            if self.where == "gone":
                raise Problem(404, "no_session", "There is no such session", "It has been deleted.")
            if self.where == "parked":
                self.leave()
                self.home.bring_back(self)
            assert self._arrival is not None
            try:
                async with asyncio.timeout(deadline_s - time.monotonic()):
                    await asyncio.shield(self._arrival)
            except TimeoutError:
                raise WorkerLost from None

    async def _is_queued(self) -> bool:
        await self._settled()
        return self.where == "queued"

    async def _ask(self, what: str, **arguments: Any) -> Any:
        self._asking += 1
        try:
            worker = await self._worker_at_hand()
            try:
                return await worker.ask(what, self.id, **arguments)
            except WorkerLost:
                if what == "command":  # Nobody knows whether it took effect.
                    raise
                worker = await self._worker_at_hand()
                return await worker.ask(what, self.id, **arguments)
        finally:
            self._asking -= 1
            self.touch()

    async def _worker_at_hand(self) -> WorkerLink:
        await self._settled()
        if self.where == "queued":
            detail = f"It is number {self.queue['position']} in the queue." if self.queue else ""
            raise Problem(409, "queued", "The session waits for a place", detail)
        assert self.worker is not None
        return self.worker

    async def _watch(self, stream: Stream, last_point: int) -> None:
        answer = await self._ask("attach", stream=stream.name, last_point=last_point)
        stream.last_point = max(stream.last_point, answer["last_point"])

    def _waiting(self) -> dict[str, Any]:
        assert self.kept is not None
        return describe_waiting(self.kept)

    def _here(self) -> dict[str, Any]:
        return {"saving": self.home.saving, "queue": self.queue}

    def _addressed(self, description: str, role: Role) -> str:
        """Return a description with what the worker does not know."""
        here = json.dumps({"id": self.id, "role": role.value, **self._here()}, separators=(",", ":"))
        return f"{here[:-1]},{description[1:]}"


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
