"""What a client sends is taken before it is answered, also where the answer is known beforehand."""

import asyncio
import contextlib

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_TIMEOUT_S = 5.0


class UntakenMiddleware:
    """Reads on for a while, and looks at nothing of it, before the answer to a request that is refused unread.

    A connection that is closed under a sender's hands loses the answer as well. And a proxy that still passes the body
    on while the answer comes back may cut the answer short (those written in Go do, now and then).
    """

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self.app = app
        self.most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _has_body(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        is_taken = False

        async def receive_and_note() -> Message:
            nonlocal is_taken
            message = await receive()
            is_taken = message["type"] != "http.request" or not message.get("more_body", False)
            return message

        async def send_after_all_is_taken(message: Message) -> None:
            nonlocal is_taken
            if not is_taken:
                is_taken = True
                await self._take_rest(receive)
            await send(message)

        await self.app(scope, receive_and_note, send_after_all_is_taken)

    async def _take_rest(self, receive: Receive) -> None:
        taken = 0
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_TIMEOUT_S):
                while taken < self.most_bytes:
                    message = await receive()
                    taken += len(message.get("body", b""))
                    if not message.get("more_body", False):
                        return


def _has_body(headers: Headers) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
