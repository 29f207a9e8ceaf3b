"""Load over real sockets: a server in a process of its own, and its clients here, on the same machine."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from .measure import Result

_SECONDS = 10.0
_PERIOD_S = 0.5
_FPS = 20


def load(sessions: int, mnist: int = 0) -> Result:
    """Measure the frames a second that each of `sessions` XOR networks gets, beside `mnist` networks on MNIST."""
    with _server() as base:
        return asyncio.run(_measure(base, sessions, mnist))


async def _measure(base: str, sessions: int, mnist: int) -> Result:
    spec = {"network": {"layers": [{"units": 4}, {"units": 2}]}}
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(mnist):
            beside = await _create(base, {"preset": "keras-mnist"})
            await stack.enter_async_context(_Client(base, beside).running({"fps": 1}))
        clients = [_Client(base, await _create(base, {"spec": spec})) for _ in range(sessions)]
        for client in clients:
            await stack.enter_async_context(client.running({"fps": _FPS}))
        await asyncio.sleep(2)  # Let everything get going.
        before = [client.frames for client in clients]
        start_s = time.perf_counter()
        rest = asyncio.create_task(_rest_latencies(base, clients))
        pauses: list[float] = []
        while time.perf_counter() - start_s < _SECONDS:
            await asyncio.sleep(_PERIOD_S)
            client = clients[len(pauses) % len(clients)]
            pauses.append(await client.command({"type": "pause"}))
            await client.command({"type": "run"})
        elapsed_s = time.perf_counter() - start_s
        rates = [(client.frames - frames) / elapsed_s for client, frames in zip(clients, before, strict=True)]
        rest.cancel()
        latencies = await rest
        errors = sum(client.errors for client in clients)
    name = f"load_{sessions}" + (f"_mnist_{mnist}" if mnist else "")
    jain = sum(rates) ** 2 / (len(rates) * sum(rate * rate for rate in rates))
    detail = {
        "median_fps": round(statistics.median(rates), 2),
        "jain": round(jain, 4),
        "pause_to_ack_p95_ms": round(_p95(pauses) * 1e3, 2),
        "rest_p95_ms": round(_p95(latencies) * 1e3, 2),
        "errors": errors,
    }
    return Result(name, round(min(rates), 2), "frames/s, the least of all sessions", {}, detail)


class _Client:
    """A socket that draws nothing, but acknowledges every frame."""

    def __init__(self, base: str, session: dict[str, Any]) -> None:
        self._base = base
        self.session = session
        self.frames = 0
        self.errors = 0
        self._acks: dict[int, asyncio.Future[None]] = {}

    @contextlib.asynccontextmanager
    async def running(self, view: dict[str, Any]) -> AsyncIterator[None]:
        url = f"{self._base.replace('http', 'ws', 1)}/api/v1/sessions/{self.session['id']}/stream"
        async with connect(url, compression=None, max_size=None) as socket:
            self._socket: ClientConnection = socket
            await socket.send(json.dumps({"type": "hello", "token": self.session["token"], "last_point": 0}))
            reader = asyncio.create_task(self._read())
            try:
                await self.command({"type": "view", **view})
                await self.command({"type": "run"})
                yield
            finally:
                reader.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await reader

    async def command(self, command: dict[str, Any]) -> float:
        """Send a command and return how long its acknowledgement takes."""
        number = len(self._acks) + 1
        self._acks[number] = future = asyncio.get_running_loop().create_future()
        start_s = time.perf_counter()
        await self._socket.send(json.dumps({**command, "id": number}))
        await asyncio.wait_for(future, 30)
        return time.perf_counter() - start_s

    async def _read(self) -> None:
        async for message in self._socket:
            if isinstance(message, bytes):
                (length,) = struct.unpack_from("<I", message)
                self.frames += 1
                await self._socket.send(json.dumps({"type": "seen", "seq": json.loads(message[4 : 4 + length])["seq"]}))
            elif message.startswith('{"type": "ack"') or '"ack"' in message[:40]:
                self._acks[json.loads(message)["id"]].set_result(None)
            elif '"type":"error"' in message or '"type": "error"' in message:
                self.errors += 1


async def _rest_latencies(base: str, clients: list[_Client]) -> list[float]:
    """Ask for a session's standing five times a second until cancelled, and return how long each answer took."""
    found: list[float] = []
    try:
        while True:
            client = clients[len(found) % len(clients)]
            start_s = time.perf_counter()
            await asyncio.to_thread(_get, base, client.session)
            found.append(time.perf_counter() - start_s)
            await asyncio.sleep(0.2)
    except asyncio.CancelledError:
        return found


def _get(base: str, session: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {session['token']}"}
    request = urllib.request.Request(f"{base}/api/v1/sessions/{session['id']}", headers=headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        response.read()


async def _create(base: str, body: dict[str, Any]) -> dict[str, Any]:
    def post() -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{base}/api/v1/sessions", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            created: dict[str, Any] = json.load(response)
            return created

    return await asyncio.to_thread(post)


@contextlib.contextmanager
def _server() -> Iterator[str]:
    """Run a server on a free port of this machine and yield its address."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "app", "serve", "--port", "0", "--no-browser", "--data-dir", folder]
        environment = {**os.environ, "PLAYGROUND_MAX_SESSIONS": "400"}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            try:
                assert process.stdout is not None
                line = next(line for line in process.stdout if line.startswith("Ready: "))
                yield line.removeprefix("Ready: ").strip().rstrip("/")
            finally:
                process.terminate()
                process.wait(10)


def _p95(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))] if values else float("nan")
