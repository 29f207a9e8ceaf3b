"""Serve on a socket of one's own: say when it answers, stop cleanly when asked to."""

from __future__ import annotations

import contextlib
import errno
import gc
import multiprocessing
import os
import signal
import socket
import sys
import threading
import webbrowser
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from fastapi import FastAPI

    from app.settings import Settings


_MOST_CONNECTIONS = 65_536


class CannotListen(Exception):
    """The address cannot be had; the text is one line that names the remedy."""


def serve(settings: Settings, *, opens_browser: bool) -> None:
    """Serve until SIGINT or SIGTERM. Raises CannotListen if the address is taken or not this machine's."""
    from app.logs import configure_logs
    from app.main import create_app

    _allow_many_connections()
    configure_logs(settings.log_format, settings.log_level, (settings.admin_token.get_secret_value(),))
    # Listen before anything else is started: a taken port is told at once.
    with _listen(settings.host, settings.port) as listener:
        app = create_app(settings)
        server = _Server(server_config(app, settings), app, settings, opens_browser=opens_browser)
        # uvicorn raises the signal that stopped it once more when all is closed: by then it has been obeyed.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, server.handle_exit)
        try:
            server.run(sockets=[listener])
        finally:
            # None is left after a clean stop. Any other would be waited for without end: workers ignore signals.
            for process in multiprocessing.active_children():
                process.kill()


def server_config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """Return how uvicorn is to serve `app`."""
    from app.linger import LingeringProtocol
    from app.patience import PatientProtocol

    return uvicorn.Config(
        app,
        http=PatientProtocol,
        ws=LingeringProtocol,
        ws_per_message_deflate=False,
        ws_max_size=settings.max_message_bytes,
        lifespan="on",
        log_config=None,  # app.logs has taken care of it.
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # uvicorn believes anything that this machine sends; app.client knows whom to believe.
        timeout_graceful_shutdown=3,
    )


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, app: FastAPI, settings: Settings, *, opens_browser: bool) -> None:
        super().__init__(config)
        self._app = app
        self._settings = settings
        self._opens_browser = opens_browser

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # The program itself stays. Were it looked through with every search for garbage, the searches would be so rare,
        # and take so long, that what a crowd leaves behind piles up to many megabytes.
        gc.collect()
        gc.freeze()
        if self.should_exit or not sockets:
            return
        port = sockets[0].getsockname()[1]
        host, base_path = self._settings.host, self._settings.base_path
        print(f"Ready: {_url(host, port)}{base_path}", flush=True)
        # A browser cannot ask for "every address"; some browsers also block the one who opens them.
        reachable = f"{_url({'0.0.0.0': '127.0.0.1', '::': '::1'}.get(host, host), port)}{base_path}"
        if token := self._app.state.admin.generated:
            # The one who starts the server sees it; a token that was chosen is known, and printed nowhere.
            print(f"Admin: {reachable}/admin#token={token}", flush=True)
        if self._opens_browser and _has_screen():
            threading.Thread(target=webbrowser.open, args=(f"{reachable}/",), daemon=True).start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Requests that wait for a run to end answer now, or they would hold the stop.
        self._app.state.stopping.set()
        await super().shutdown(sockets)
        if self.force_exit:
            # A second Ctrl+C: uvicorn waits for no connection any more, and leaves this out too. Workers need it.
            await self.lifespan.shutdown()


def _allow_many_connections() -> None:
    """Take as many file descriptors as the system grants: of the usual 1,024, one script can hold all."""
    if sys.platform == "win32":
        return  # It knows no such limit.
    import resource

    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_CONNECTIONS if most == resource.RLIM_INFINITY else min(most, _MOST_CONNECTIONS)
    if now != resource.RLIM_INFINITY and now < wanted:
        with contextlib.suppress(ValueError, OSError):  # macOS says that there is no limit, and means another.
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _listen(host: str, port: int) -> socket.socket:
    try:
        # IPv4 first: `localhost` is both, and other programs expect 127.0.0.1.
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = min(found, key=lambda entry: entry[0] != socket.AF_INET)
    except (socket.gaierror, UnicodeError):
        raise CannotListen(f"{host!r} is not an address of this machine: choose another --host.") from None
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":
            # Connections of a server just stopped may linger; Windows means something else by this option.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            with contextlib.suppress(OSError):
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(address)
        listener.listen()
    except OSError as error:
        listener.close()
        raise CannotListen(_remedy(error, host, port)) from None
    return listener


def _remedy(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken: stop the other server, or choose another, --port {port + 1} (0: any free one)."
    if error.errno == errno.EACCES:
        return f"Port {port} is for administrators: choose one above 1023, such as --port 8000."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine: choose another --host."
    return f"Cannot listen on {host}, port {port}: {error.strerror}."


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _has_screen() -> bool:
    """Without a screen, webbrowser would start a text browser in the terminal."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
