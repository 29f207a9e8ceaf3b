"""Answers that a browser may keep and ask about again: an ETag, and 304 when nothing has changed."""

import gzip
import hashlib
from collections.abc import Mapping
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response


def conditional_response(
    request: Request, body: bytes, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return `body` with its ETag, or an empty 304 if the asker already has it.

    Bodies like that are few and asked for often: each is compressed and hashed once.
    """
    etag, compressed = _prepared(body)
    all_headers = {"Cache-Control": "no-cache", "ETag": etag, **(headers or {})}
    known = request.headers.get("if-none-match", "")
    if etag.removeprefix("W/") in {tag.strip().removeprefix("W/") for tag in known.split(",")}:
        return Response(status_code=304, headers=all_headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = compressed
        all_headers["Content-Encoding"] = "gzip"
        # For the others the middleware that compresses says the same.
        all_headers["Vary"] = ", ".join(filter(None, [all_headers.get("Vary"), "Accept-Encoding"]))
    return Response(body, media_type=media_type, headers=all_headers)


@lru_cache(maxsize=64)
def _prepared(body: bytes) -> tuple[str, bytes]:
    # Weak, because the same body may go out compressed.
    return f'W/"{hashlib.sha256(body).hexdigest()[:32]}"', gzip.compress(body, 9, mtime=0)
