"""Answers that a browser may keep and ask about again: an ETag, and 304 when nothing has changed."""

import hashlib
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response


def conditional_response(
    request: Request, body: bytes, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return `body` with its ETag, or an empty 304 if the asker already has it."""
    # Weak, because the same body may go out compressed.
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    all_headers = {"Cache-Control": "no-cache", "ETag": etag, **(headers or {})}
    known = request.headers.get("if-none-match", "")
    if etag.removeprefix("W/") in {tag.strip().removeprefix("W/") for tag in known.split(",")}:
        return Response(status_code=304, headers=all_headers)
    return Response(body, media_type=media_type, headers=all_headers)
