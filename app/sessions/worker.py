"""The shell around an EngineHost in a process or thread of its own: a socket in front of it, and nothing else.

It ends when its socket does, and ignores SIGINT and SIGTERM: a stop of the whole process group is the web process's to
arrange, and no worker outlives it.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from app.datasets.library import Shelf
from app.errors import Problem
from app.process import give_back_memory
from app.sessions.host import Body, Broadcast, Delivery, EngineHost, Output, Saved
from app.sessions.wire import Unpacker, pack
from engine.datasets.content import sources

TITLE = "nn-playground-worker"

_READ_BYTES = 1 << 18
# What a worker's end costs its sessions at most.
_CHECKPOINT_PERIOD_S = 1.0
_LONGEST_WAIT_S = 60.0
_TIDY_PERIOD_S = 2.0


def main(connection: socket.socket, limits: Mapping[str, int], tables: Path) -> None:
    """Be a worker process that finds the tables of users in the file `tables`."""
    import setproctitle

    setproctitle.setproctitle(TITLE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(5)  # Whoever waits for an answer of the web process comes before training.
    sources.append(Shelf(tables))
    # The program itself stays: no search for garbage need look through it.
    gc.collect()
    gc.freeze()
    serve(connection, limits)


def serve(connection: socket.socket, limits: Mapping[str, int]) -> None:
    """Carry requests to a host and its outputs back, until the other end closes the socket."""
    connection.setblocking(False)
    host = EngineHost(limits, checkpoint_period_s=_CHECKPOINT_PERIOD_S, effort=time.thread_time)
    unpacker = Unpacker()
    outgoing: deque[memoryview] = deque()
    tidied, tidied_s = 0, time.monotonic()
    with connection, selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        interest = selectors.EVENT_READ
        while True:
            for _, events in selector.select(_timeout_s(host.wait_s())):
                if not events & selectors.EVENT_READ:
                    continue
                try:
                    data = connection.recv(_READ_BYTES)
                except BlockingIOError:
                    continue
                except OSError:
                    return
                if not data:
                    return
                for header, payload in unpacker.feed(data):
                    host.request(header["request"], header["what"], header["session"], header["arguments"], payload)
            outgoing.extend(memoryview(_packed(output)) for output in host.poll())
            try:
                _write(connection, outgoing)
            except OSError:
                return
            if host.forgotten > tidied and time.monotonic() - tidied_s > _TIDY_PERIOD_S:
                give_back_memory()  # Half a megabyte for each session that has gone.
                tidied, tidied_s = host.forgotten, time.monotonic()
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if outgoing else 0)
            if wanted != interest:
                selector.modify(connection, wanted)
                interest = wanted


def _timeout_s(wait_s: float | None) -> float | None:
    """Return how long to wait for a request; a time as far off as a client may name is more than select takes."""
    return None if wait_s is None else min(wait_s, _LONGEST_WAIT_S)


def _write(connection: socket.socket, outgoing: deque[memoryview]) -> None:
    """Write as much as the other end takes now; what is left is bounded by the frames' credit."""
    while outgoing:
        try:
            sent = connection.send(outgoing[0])
        except BlockingIOError:
            return
        if sent < len(outgoing[0]):
            outgoing[0] = outgoing[0][sent:]
            return
        outgoing.popleft()


def _packed(output: Output) -> bytes:
    if isinstance(output, Delivery):
        is_text = isinstance(output.content, str)
        header = {"kind": "delivery", "session": output.session, "stream": output.stream, "text": is_text}
        return pack(header, output.content.encode() if isinstance(output.content, str) else output.content)
    if isinstance(output, Broadcast):
        header = {
            "kind": "broadcast",
            "session": output.session,
            "type": output.type,
            "state": output.state,
            "points": output.points,
        }
        return pack(header, output.text.encode())
    if isinstance(output, Saved):
        header, payload = output.checkpoint.to_message()
        return pack({"kind": "saved", "session": output.session, **header}, payload)
    body: Body | Problem = output.body
    if isinstance(body, Problem):
        return pack({"kind": "reply", "request": output.request, "problem": body.to_dict()})
    if isinstance(body, bytes):
        return pack({"kind": "reply", "request": output.request, "bytes": True}, body)
    return pack({"kind": "reply", "request": output.request, "body": body})
