"""A real server on a real socket, with its networks in a thread so that it starts at once."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from app.main import create_app
from app.serving import server_config
from app.settings import Settings

SMALL_SPEC = {"data": {"dataset": {"name": "xor", "samples": 40}}, "network": {"layers": [{"units": 2}]}}


class Stream:
    """A client's end of a stream, which keeps what comes until somebody asks for it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.events: list[dict[str, Any]] = []
        self.all_events: list[dict[str, Any]] = []
        self.frames: list[bytes] = []
        self._ids = itertools.count(1)

    def hello(self, token: str, last_point: int = 0) -> dict[str, Any]:
        """Say hello and return the welcome."""
        self.send(type="hello", token=token, last_point=last_point)
        return self.next("welcome")

    def send(self, **message: Any) -> None:
        self.socket.send(json.dumps(message))

    def command(self, **message: Any) -> dict[str, Any]:
        """Send a command with an id of its own and return what answers it."""
        identifier = next(self._ids)
        self.send(**message, id=identifier)
        return self.next_where(lambda event: event.get("id") == identifier)

    def next(self, kind: str) -> dict[str, Any]:
        """Return the first event of a type that nobody has taken yet."""
        return self.next_where(lambda event: event["type"] == kind)

    def next_frame(self) -> bytes:
        """Return the next frame and say that it was seen."""
        while not self.frames:
            self._receive()
        frame = self.frames.pop(0)
        length = int.from_bytes(frame[:4], "little")
        self.send(type="seen", seq=json.loads(frame[4 : 4 + length])["seq"])
        return frame

    def close_code(self) -> int:
        """Read to the end and return the code with which the server closed."""
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                self.socket.recv(timeout=20)
        assert closed.value.rcvd is not None, "The connection broke without a close frame."
        return int(closed.value.rcvd.code)

    def next_where(self, is_wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the first event of a kind that nobody has taken yet."""
        while True:
            for index, event in enumerate(self.events):
                if is_wanted(event):
                    return self.events.pop(index)
            self._receive()

    def _receive(self) -> None:
        message = self.socket.recv(timeout=20)
        if isinstance(message, str):
            event = json.loads(message, parse_constant=_refuse_constant)
            self.events.append(event)
            self.all_events.append(event)
        else:
            self.frames.append(message)


def _refuse_constant(name: str) -> None:
    raise AssertionError(f"The server sent {name}, which is not JSON.")


@dataclass
class Session:
    """A session on a server, and requests with its owner's token."""

    server: Server
    created: dict[str, Any]
    id: str = field(init=False)
    token: str = field(init=False)
    viewer_token: str = field(init=False)

    def __post_init__(self) -> None:
        self.id, self.token, self.viewer_token = (self.created[key] for key in ("id", "token", "viewer_token"))

    def request(self, method: str, path: str = "", *, token: str | None = None, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token or self.token}", **options.pop("headers", {})}
        return self.server.http.request(method, f"/api/v1/sessions/{self.id}{path}", headers=headers, **options)

    def get(self, path: str = "", **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)

    def command(self, *, wait: float = 20, **command: Any) -> dict[str, Any]:
        """Send a command, wait for its work to be done, and return the answer."""
        response = self.post("/commands", params={"wait": wait}, json=command)
        assert response.status_code == 200, response.text
        return dict(response.json())

    @contextmanager
    def stream(self, **options: Any) -> Iterator[Stream]:
        """A stream that has not said hello."""
        with self.server.connect(f"/api/v1/sessions/{self.id}/stream", **options) as stream:
            yield stream

    @contextmanager
    def open_stream(self, *, token: str | None = None) -> Iterator[Stream]:
        """A stream that has been welcomed."""
        with self.stream() as stream:
            stream.hello(token or self.token)
            yield stream


@dataclass
class Server:
    """A server on 127.0.0.1; `http` asks it, under its base path."""

    port: int
    base_path: str
    http: httpx.Client
    process: _ThreadedServer

    def create(self, spec: dict[str, Any] | None = None) -> Session:
        response = self.http.post("/api/v1/sessions", json={"spec": spec or SMALL_SPEC})
        assert response.status_code == 201, response.text
        return Session(self, response.json())

    def stop(self) -> None:
        """Ask the server to stop, as a signal would."""
        self.process.should_exit = True

    def stream_tasks(self) -> int:
        """Return how many tasks the server has for streams."""

        async def count() -> int:
            return sum(task.get_name().startswith("stream ") for task in asyncio.all_tasks())

        return asyncio.run_coroutine_threadsafe(count(), self.process.loop).result(10)

    @contextmanager
    def connect(self, path: str, **options: Any) -> Iterator[Stream]:
        url = f"ws://127.0.0.1:{self.port}{self.base_path}{path}"
        with connect(url, **{"compression": None, "max_size": None, "max_queue": None, **options}) as socket:
            yield Stream(socket)


@contextmanager
def serving(settings: Settings, send_buffer_bytes: int = 0) -> Iterator[Server]:
    """Serve in a thread until the block ends; the system's buffers are its own choice unless said."""
    # asyncio sends without delay only where the protocol is named; create_server would leave it out.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if send_buffer_bytes:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer_bytes)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    app = create_app(settings)
    server = _ThreadedServer(server_config(app, settings), app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        assert server.has_started.wait(60) and server.started, "The server did not start."
        port = listener.getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}{settings.base_path}", timeout=30) as http:
            yield Server(port, settings.base_path, http, server)
    finally:
        server.should_exit = True
        thread.join(30)
        listener.close()


class _ThreadedServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self.app = app
        self.has_started = threading.Event()

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            super().run(sockets)
        finally:
            self.has_started.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self.has_started.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.app.state.stopping.set()
        await super().shutdown(sockets)


def wait_until(is_so: Callable[[], bool], timeout_s: float = 10.0) -> None:
    """Wait for something that the server does by itself a moment later."""
    deadline_s = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < deadline_s, "It did not happen."
        time.sleep(0.01)


def settings_for_tests(data_dir: Path, **changes: Any) -> Settings:
    # All tests come from one address, and sooner than people do.
    unlimited = {"max_creations_at_once": 100_000}
    return Settings(placement="thread", data_dir=data_dir, **{**unlimited, **changes})


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that make their own sessions."""
    with serving(settings_for_tests(tmp_path_factory.mktemp("data"), max_sessions=10_000)) as running:
        yield running


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """A function that starts a server with settings of the test's own."""
    with ExitStack() as stack:

        def start_server(send_buffer_bytes: int = 0, **changes: Any) -> Server:
            return stack.enter_context(serving(settings_for_tests(tmp_path, **changes), send_buffer_bytes))

        yield start_server


@pytest.fixture
def session(server: Server) -> Iterator[Session]:
    """A small XOR session, deleted afterwards."""
    session = server.create()
    yield session
    session.request("DELETE")
