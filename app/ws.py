"""The stream of a session: commands in, events and frames out. The only file that knows WebSocket."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.client import client_of
from app.errors import Problem
from app.messages import Branch, parse_command
from app.rates import take_turn
from app.sessions import Sessions, Stream
from app.settings import Settings
from app.strict_json import check_numbers, decode_object

logger = logging.getLogger("nn_playground")

router = APIRouter(prefix="/sessions/{session_id}")

# So many characters take about as long to read as a message itself does to be carried out.
_LONG_MESSAGE = 16_384

# A close frame holds 123 bytes of a reason.
_REASON_LETTERS = 120

UNAUTHORIZED = 4401
SESSION_GONE = 4404
TRY_LATER = 1013


class Hello(BaseModel, strict=True):
    """The first message of a client."""

    type: Literal["hello"]
    token: Annotated[str, Field(min_length=1, max_length=200, description="The owner's or the viewers' token.")]
    last_point: Annotated[int, Field(ge=0, description="The newest point already known; 0: none.")] = 0


@router.websocket("/stream", name="stream")
async def stream_session(websocket: WebSocket, session_id: str) -> None:
    """Carry a session's stream; Host and Origin were checked by the middleware before this."""
    state = websocket.app.state
    await websocket.accept()
    try:
        await _Connection(websocket, state.sessions, state.settings).serve(session_id)
    except _Lost:
        logger.debug("A stream of session %s was lost", session_id)


class _Lost(Exception):
    """The other side has gone, or takes nothing any more."""


class _Refused(Exception):
    """The stream does not begin; the close code says why."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class _Connection:
    """One socket: says hello, then reads and writes until either side ends it."""

    def __init__(self, websocket: WebSocket, sessions: Sessions, settings: Settings) -> None:
        self._websocket = websocket
        self._sessions = sessions
        self._settings = settings
        self._pace = _Pace(settings.max_messages_per_second)

    async def serve(self, session_id: str) -> None:
        """Serve the socket to its end."""
        try:
            stream = await self._open(session_id)
        except _Refused as refusal:
            await self._close(refusal.code, refusal.reason)
            return
        try:
            await self._read_and_write(stream)
        finally:
            stream.detach()
        await self._close(stream.close_code)

    async def _open(self, session_id: str) -> Stream:
        hello = await self._receive_hello()
        if not self._sessions.knows(session_id):
            raise _Refused(SESSION_GONE, "There is no such session")
        try:
            session, role = self._sessions.authorize(session_id, hello.token)
        except Problem as problem:
            raise _Refused(UNAUTHORIZED, problem.title) from None
        try:
            stream = await session.attach(role, last_point=hello.last_point)
            stream.client = client_of(self._websocket.scope, self._settings.trusted_proxies)
            return stream
        except Problem as problem:
            code = SESSION_GONE if problem.status == 404 else TRY_LATER
            raise _Refused(code, (problem.detail or problem.title)[:_REASON_LETTERS]) from None

    async def _receive_hello(self) -> Hello:
        timeout_s = self._settings.hello_timeout_s
        try:
            async with asyncio.timeout(timeout_s):
                return Hello.model_validate(_parse(await self._receive()))
        except TimeoutError:
            raise _Refused(UNAUTHORIZED, f"No hello within {timeout_s:g} s") from None
        except (Problem, ValidationError):
            raise _Refused(UNAUTHORIZED, "The first message must be a hello with a token") from None

    async def _read_and_write(self, stream: Stream) -> None:
        """Run both directions until one of them ends, then end the other."""
        tasks = [
            asyncio.create_task(self._read_commands(stream), name="stream reader"),
            asyncio.create_task(self._write_messages(stream), name="stream writer"),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        errors = [result for result in results if isinstance(result, Exception)]
        # An error knows this frame: as long as this frame knows the error, everything that belonged to the connection
        # would stay until the next search for garbage.
        del results, tasks
        if errors:
            raise errors.pop()

    async def _write_messages(self, stream: Stream) -> None:
        async for message in stream:
            await self._send(message)

    async def _read_commands(self, stream: Stream) -> None:
        while True:
            message = await self._receive()
            await self._pace.wait(1.0 + len(message.get("text") or "") / _LONG_MESSAGE)
            answer = await _answer(stream, message, self._take_turn)
            if answer is not None:
                await self._send(json.dumps(answer, allow_nan=False))

    def _take_turn(self, stream: Stream) -> None:
        """Count a session that is made over a stream. Raises Problem."""
        take_turn(self._websocket.app.state.creations, stream.client, self._settings)

    async def _receive(self) -> Any:
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise _Lost
        return message

    async def _send(self, message: str | bytes) -> None:
        if isinstance(message, str):
            await self._in_time(self._websocket.send_text(message))
        else:
            await self._in_time(self._websocket.send_bytes(message))

    async def _close(self, code: int, reason: str = "") -> None:
        self._websocket.scope["close_code"] = code  # For whoever observes.
        await self._in_time(self._websocket.close(code, reason))

    async def _in_time(self, sending: Awaitable[None]) -> None:
        """Wait until the reader has room for a message, though not for ever."""
        try:
            async with asyncio.timeout(self._settings.send_timeout_s):
                await sending
        except (TimeoutError, WebSocketDisconnect, RuntimeError):
            # Starlette tells a connection that broke by the second, one that was closed just now by the third.
            raise _Lost from None


async def _answer(stream: Stream, message: Any, take_turn: Callable[[Stream], None]) -> dict[str, Any] | None:
    """Carry out one message and return what to answer: an ack or an error with the message's own `id`."""
    name: dict[str, Any] = {}
    try:
        content = _parse(message)
        name = _take_id(content)
        check_numbers(content, inside="patch")
        command = parse_command(content)
        if isinstance(command, Branch) and stream.role.may_write:
            take_turn(stream)
        done = await stream.command(command)
    except Problem as problem:
        return {"type": "error", **name, **problem.to_dict()}
    except Exception:
        # As with a request, one failure must not take the connection with it.
        logger.exception("A command on a stream failed")
        return {"type": "error", **name, "status": 500, "code": "internal_error", "title": "Internal error"}
    # Nobody waits for the answer to `seen`, which comes with every frame.
    return None if command.type == "seen" and not name else {"type": "ack", **name, **done}


def _parse(message: Any) -> dict[str, Any]:
    text = message.get("text")
    if text is None:
        raise Problem(422, "text_expected", "Text expected", "A message to the server is JSON text, not binary.")
    return decode_object(text)


def _take_id(content: dict[str, Any]) -> dict[str, Any]:
    """Remove the `id` from a message and return what repeats it in the answer."""
    if "id" not in content:
        return {}
    identifier = content.pop("id")
    if isinstance(identifier, bool) or not isinstance(identifier, int | str) or len(str(identifier)) > 100:
        raise Problem.field(
            "id", "wrong_type", "id must be an integer or a text of at most 100 characters.", identifier
        )
    return {"id": identifier}


class _Pace:
    """Lets a second's worth of messages through at once, and beyond that as many a second as allowed."""

    def __init__(self, messages_per_second: int) -> None:
        self._rate = float(messages_per_second)
        self._credit = self._rate
        self._last_s = asyncio.get_running_loop().time()

    async def wait(self, cost: float) -> None:
        """Return when a message that counts as `cost` may be read; meanwhile the sender's own buffers fill."""
        now_s = asyncio.get_running_loop().time()
        self._credit = min(self._rate, self._credit + (now_s - self._last_s) * self._rate) - cost
        self._last_s = now_s
        if self._credit < 0:
            await asyncio.sleep(-self._credit / self._rate)
