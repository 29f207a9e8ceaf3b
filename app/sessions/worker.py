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
from collections.abc import Mapping
from pathlib import Path

from app.datasets.library import Shelf
from app.process import give_back_memory
from app.sessions.host import EngineHost
from app.sessions.outbox import Outbox
from app.sessions.wire import Unpacker
from engine.datasets.content import sources

TITLE = "nn-playground-worker"

_READ_BYTES = 1 << 18
# What a worker's end costs its sessions, with a margin to the second that is promised.
_CHECKPOINT_PERIOD_S = 0.75
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
    outbox = Outbox(connection)
    wait_s: float | None = None
    tidied, tidied_s = 0, time.monotonic()
    with connection, selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        interest = selectors.EVENT_READ
        while True:
            for _, events in selector.select(_timeout_s(wait_s)):
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
            outputs = host.poll()
            wait_s, now_s = host.wait_s(), time.monotonic()
            outbox.put(outputs, now_s)
            try:
                outbox.write(now_s, is_idle=wait_s != 0.0)
            except OSError:
                return
            if host.forgotten > tidied and now_s - tidied_s > _TIDY_PERIOD_S:
                give_back_memory()  # Half a megabyte for each session that has gone.
                tidied, tidied_s = host.forgotten, now_s
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if outbox.is_stuck else 0)
            if wanted != interest:
                selector.modify(connection, wanted)
                interest = wanted


def _timeout_s(wait_s: float | None) -> float | None:
    """Return how long to wait for a request; a time as far off as a client may name is more than select takes."""
    return None if wait_s is None else min(wait_s, _LONGEST_WAIT_S)
