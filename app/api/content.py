"""What a request brings and what its sender would like back: content types both ways."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.body_limit import media_type
from app.errors import Problem
from app.strict_json import parse_object

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
NPY = "application/x-npy"
PNG = "image/png"

# Answers that are no JSON, as OpenAPI describes them.
BINARY = {"schema": {"type": "string", "format": "binary"}}


async def read_json(request: Request, *types: str, inside: str = "") -> dict[str, Any]:
    """Return the JSON object in the body; Problem 415 if it is announced as anything but one of `types`."""
    require_type(request, *(types or (JSON,)))
    return parse_object(await request.body(), inside)


def require_type(request: Request, *types: str) -> str:
    """Return the request's content type; Problem 415 if it is none of `types`."""
    given = media_type(request.headers)
    if given not in types:
        detail = f"The body is of type {given[:100] or 'unknown'!r}; it must be {' or '.join(types)}."
        raise Problem(415, "unsupported_media_type", "Unsupported media type", detail)
    return given


def preferred_type(request: Request, *offers: str) -> str:
    """Return the one of `offers` that the Accept header likes most, the first if all are equal; else Problem 406."""
    ranges = _accepted_ranges(request.headers.get("accept") or "*/*")
    best = max(offers, key=lambda offer: _quality(offer, ranges))
    if _quality(best, ranges) <= 0:
        raise Problem(406, "not_acceptable", "Not acceptable", f"This can be had as {', '.join(offers)}.")
    return best


def answer(content: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return a JSON answer that nobody keeps: sessions move on."""
    return JSONResponse(content, status, {"Cache-Control": "no-store", **(headers or {})})


def raw(body: bytes, media: str = JSON) -> Response:
    """Return an answer whose body a worker has already written; which form it has may depend on Accept."""
    return Response(body, media_type=media, headers={"Cache-Control": "no-store", "Vary": "Accept"})


def _accepted_ranges(header: str) -> dict[str, float]:
    """Return each media range of an Accept header and its quality."""
    ranges: dict[str, float] = {}
    for part in header[:1000].lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = next((text[2:] for text in parameters if text.startswith("q=")), "1")
        try:
            ranges[name] = float(quality)
        except ValueError:
            ranges[name] = 0.0
    return ranges


def _quality(offer: str, ranges: dict[str, float]) -> float:
    """Return how much `offer` is wanted; the most specific range that matches decides."""
    kind = offer.partition("/")[0]
    for name in (offer, f"{kind}/*", "*/*"):
        if name in ranges:
            return ranges[name]
    return 0.0
