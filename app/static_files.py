"""The files that pages load: each read, typed and compressed once, and answered from memory as long as it stays."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from app.page_script import without_comments

# The machine's own table of types may be wrong (on Windows the registry decides) or lacking.
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_YEAR_S = 365 * 24 * 3600
_SCRIPTS, _SHEETS = "js", "css"
_MOST_SHEETS = 64
# What a file may do that is opened by itself: nothing. The pages' policy would be longer than many a file.
_POLICY = "default-src 'none'"
# Fewer bytes than this are not saved for the header that says so.
_WORTH_BYTES = 64


@dataclass(frozen=True)
class _File:
    content: bytes
    compressed: bytes | None
    etag: str
    media_type: str


class Files:
    """The files below a folder, and style sheets of its `css` put together: `css/tokens+base.css` is both, in order.

    Our own scripts, those in `js`, are sent without their comments. `made` are texts that lie in no file, by path.
    Pages load dozens of small files, so what each costs counts: neither threads nor compression on the way.
    """

    def __init__(self, folder: Path, made: Mapping[str, str]) -> None:
        self._made = made
        self._places = StaticFiles(directory=folder)  # Knows which paths lead into the folder, and which out of it.
        self._file = lru_cache(maxsize=2048)(_read)
        self._made_file = lru_cache(lambda path: _packed(made[path].encode(), path))

    def response(self, request: Request, path: str, *, is_current: bool) -> Response:
        """Answer a file: of the current build to be kept for ever, for another's not at all; HTTPException 404."""
        file = self._find(path)
        headers = {
            "Cache-Control": f"public, max-age={_YEAR_S}, immutable" if is_current else "no-store",
            "Content-Security-Policy": _POLICY,
            "ETag": file.etag,
        }
        if file.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        content = file.content
        if file.compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            content = file.compressed
            # For the others the middleware that compresses says the same.
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(content, headers=headers, media_type=file.media_type)

    def _find(self, path: str) -> _File:
        if path in self._made:
            return self._made_file(path)
        folder, _, name = path.rpartition("/")
        if folder == _SHEETS and "+" in name and name.endswith(".css"):
            names = name.removesuffix(".css").split("+")
            # Each once: a file that is not there would otherwise be made of many that are.
            if len(names) > _MOST_SHEETS or len(set(names)) < len(names):
                raise HTTPException(404)
            return self._file(tuple(self._place(f"{_SHEETS}/{sheet}.css") for sheet in names))
        return self._file((self._place(path),), has_comments=not path.startswith(f"{_SCRIPTS}/"))

    def _place(self, path: str) -> tuple[str, int, int]:
        """Return where a file lies, and what changes when its content does."""
        try:
            place, about = self._places.lookup_path(path)
        except (OSError, ValueError):  # A name that is too long, or that no system takes.
            place, about = "", None
        if about is None or not Path(place).is_file():
            raise HTTPException(404)
        return place, about.st_mtime_ns, about.st_size


def _read(places: tuple[tuple[str, int, int], ...], has_comments: bool = True) -> _File:
    content = b"".join(Path(place).read_bytes() for place, _, _ in places)
    if not has_comments:
        content = without_comments(content.decode()).encode()
    return _packed(content, places[0][0])


def _packed(content: bytes, path: str) -> _File:
    # The same bytes whenever it is done, without the time.
    compressed = gzip.compress(content, 9, mtime=0)
    return _File(
        content,
        compressed if len(compressed) + _WORTH_BYTES <= len(content) else None,
        f'"{hashlib.sha256(content).hexdigest()[:16]}"',
        _MEDIA_TYPES.get(Path(path).suffix.lower(), "application/octet-stream"),
    )
