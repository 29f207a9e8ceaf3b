"""Who may ask: Host and Origin of every request and every socket, the size of bodies, and the usual headers."""

import base64
import hashlib
import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import Problem
from app.problems import ProblemResponse

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Headers that mean something on a page alone; on each of the many small files that it loads they would only take room.
_OF_PAGES = frozenset({"Permissions-Policy"})
_NOT_OF_FILES = frozenset({"Referrer-Policy", "Cross-Origin-Opener-Policy"})


class SecurityMiddleware:
    """Refuses foreign hosts and origins before any route is looked up, and adds the security headers.

    It stands before sockets too: FastAPI itself accepts any Origin on a WebSocket.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str], headers: dict[str, str]) -> None:
        self.app = app
        self.hosts = frozenset(hosts)
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = MutableHeaders(scope=message)
                is_file = "immutable" in headers.get("cache-control", "")
                is_page = headers.get("content-type", "").startswith("text/html")
                for name, value in self.headers.items():
                    if not (is_file and name in _NOT_OF_FILES) and (is_page or name not in _OF_PAGES):
                        headers.setdefault(name, value)
            await send(message)

        try:
            self._check(scope)
        except Problem as problem:
            # On a socket Starlette turns this into an HTTP answer to the handshake: no socket opens.
            await ProblemResponse(problem)(scope, receive, send_with_headers)
            return
        # What flows on an open socket passes through without a layer of ours.
        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if len(headers.getlist("host")) != 1 or not is_host_allowed(host, self.hosts):
            detail = (
                f"This server does not answer to the host name {host[:100]!r}. "
                "The one who runs it can add the name to PLAYGROUND_ALLOWED_HOSTS."
            )
            raise Problem(400, "host_not_allowed", "Unknown host", detail)
        if scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS:
            origins = headers.getlist("origin")
            if len(origins) > 1 or not all(is_same_origin(origin, host) for origin in origins):
                detail = f"A page of {origins[0][:100]!r} may not use this server; open the server's own page."
                raise Problem(403, "origin_not_allowed", "Foreign origin", detail)


def allowed_hosts(extra: Iterable[str] = ()) -> frozenset[str]:
    """Return the names by which this machine may be asked: localhost, its own names, and `extra`."""
    name = socket.gethostname().lower()
    short = name.split(".")[0]
    return frozenset({"localhost", name, short, f"{short}.local", *extra})


def is_host_allowed(host: str, names: Iterable[str]) -> bool:
    """Return whether a Host header names this server: one of `names` or an IP literal, with any port.

    A page of another site whose name was rebound to this address asks with that site's name, never with an IP.
    """
    parts = _split_host(host)
    if parts is None:
        return False
    name, _ = parts
    return name in names or _is_ip(name)


def is_same_origin(origin: str, host: str) -> bool:
    """Return whether an Origin header names the host (and port) that was asked; ``null`` never does."""
    scheme, _, authority = origin.partition("://")
    # Behind a proxy that speaks TLS our own scheme is http, so that the default port follows the origin's scheme.
    default_port = _DEFAULT_PORTS.get(scheme.lower())
    ours, theirs = _split_host(host), _split_host(authority)
    if default_port is None or ours is None or theirs is None:
        return False
    return (theirs[0], theirs[1] or default_port) == (ours[0], ours[1] or default_port)


def security_headers(import_maps: Iterable[str] = ()) -> dict[str, str]:
    """Return the headers of every answer; the policy allows a page's one inline script, its import map, by hash."""
    hashes = (base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in import_maps)
    policy = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *(f"'sha256-{digest}'" for digest in hashes)]),
        "style-src": "'self'",
        "img-src": "'self' data: blob:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def _split_host(host: str) -> tuple[str, int | None] | None:
    """Return name (lower case, without brackets) and port of a Host header, or None if it is not one."""
    if any(letter in host for letter in "/?#@\\ ") or not host.isascii():
        return None
    try:
        url = urlsplit(f"//{host}")
        port = url.port
    except ValueError:
        return None
    return (url.hostname, port) if url.hostname else None


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
