"""No request body is larger than this server takes, whatever its Content-Length said, nor waited for in vain."""

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import Problem
from app.problems import ProblemResponse

UPLOAD_TYPE = "application/octet-stream"
CSV = "text/csv"
TSV = "text/tab-separated-values"
# What is sent as a file; everything else is a message.
_UPLOADS = frozenset({UPLOAD_TYPE, CSV, TSV})
# A body of which nothing more comes for so long is not waited for.
_STALL_TIMEOUT_S = 20.0


class BodyLimitMiddleware:
    """Answers 413 to a body over `upload_bytes` (files) or `message_bytes` (the others), 408 to half a body."""

    def __init__(self, app: ASGIApp, message_bytes: int, upload_bytes: int) -> None:
        self.app = app
        self.message_bytes = message_bytes
        self.upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = self.upload_bytes if media_type(headers) in _UPLOADS else self.message_bytes
        received = 0
        is_whole = False

        async def receive_within_limit() -> Message:
            nonlocal received, is_whole
            if is_whole:
                return await receive()
            try:
                async with asyncio.timeout(_STALL_TIMEOUT_S):
                    message = await receive()
            except TimeoutError:
                raise _stalled() from None
            if message["type"] == "http.disconnect":
                # Nobody will read this; but it is no failure of ours either, which would be logged.
                raise _stalled()
            is_whole = not message.get("more_body", False)
            received += len(message.get("body", b""))
            if received > limit:
                raise _too_large(limit)
            return message

        announced = headers.get("content-length", "0")
        if announced.isdecimal() and int(announced) > limit:
            await ProblemResponse(_too_large(limit))(scope, receive, send)
            return
        await self.app(scope, receive_within_limit, send)


def media_type(headers: Headers) -> str:
    """Return the Content-Type without its parameters, in lower case."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _too_large(limit: int) -> Problem:
    return Problem(413, "body_too_large", "Body too large", f"The body is too large; at most {limit} bytes here.")


def _stalled() -> Problem:
    return Problem(408, "request_timeout", "The body did not come", "Only a part of the body has come; send it again.")
