"""What a monitoring system may know: figures of the sessions, the workers and the requests, in Prometheus's formats.

Every label has few values that the code itself determines; no id, no token and no address is among them.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from app import __version__
from app.process import resident_bytes

SAVING = ("ok", "disk_full", "locked", "failed", "off")
_PREFIX = "nn_playground_"


class Metrics(Collector):
    """The figures of one application; `load` tells how things stand whenever they are asked for."""

    def __init__(self, load: Callable[[], Mapping[str, Any]]) -> None:
        self._load = load
        self._requests: Counter[tuple[str, ...]] = Counter()
        self._creations: Counter[str] = Counter({"created": 0})
        # A registry of its own: several applications in one process do not meet in a global one.
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)

    def count_request(self, method: str, route: str, status: int) -> None:
        """Count a request; `method` and `route` are one of a few, never what a client made up."""
        self._requests[method, route, str(status)] += 1

    def count_creation(self, outcome: str) -> None:
        """Count a session that was asked for: `created`, or the code of the problem that was the answer."""
        self._creations[outcome] += 1

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """Return all figures in the format that an Accept header prefers, and its content type."""
        encode, media_type = choose_encoder(accept)
        return encode(self._registry), media_type

    def describe(self) -> Iterable[Metric]:
        """Return nothing: what is collected can be known only when there are sessions."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Return every figure of our own as it is now."""
        load = self._load()
        yield InfoMetricFamily(_PREFIX + "build", "The version of the program.", {"version": __version__})
        yield from _of_sessions(load)
        yield from _of_workers(load["workers"], load["worker_restarts"])
        yield from _of_store(load)
        yield _counter(
            "session_requests", "Sessions asked for, by what came of it.", ["outcome"], _singly(self._creations)
        )
        yield _counter("http_requests", "Requests, by route and status.", ["method", "route", "status"], self._requests)


def _of_sessions(load: Mapping[str, Any]) -> Iterable[Metric]:
    yield _gauge("sessions", "Sessions, by state.", ["state"], _singly(load["sessions"]))
    yield _gauge("queue_length", "Sessions that wait for a place.", [], {(): load["sessions"].get("queued", 0)})
    yield _gauge("streams", "Open streams.", [], {(): load["streams"]})
    yield _counter("frames_sent", "Frames sent.", [], {(): load["frames"]})
    yield _counter("events_sent", "Events sent.", [], {(): load["events"]})


def _of_workers(workers: list[Mapping[str, Any]], restarts: int) -> Iterable[Metric]:
    # By place, not by process id: a replaced worker goes on with the labels of the one before.
    numbered = {(str(number),): worker for number, worker in enumerate(workers)}

    def each(name: str) -> dict[tuple[str, ...], float]:
        return {labels: worker[name] for labels, worker in numbered.items() if worker[name] is not None}

    yield _gauge("workers", "Workers that are alive.", [], {(): len(workers)})
    yield _counter("worker_restarts", "Workers that were replaced.", [], {(): restarts})
    yield _gauge("worker_sessions", "Sessions that a worker holds.", ["worker"], each("sessions"))
    yield _gauge("worker_running_sessions", "Sessions that a worker trains.", ["worker"], each("running"))
    yield _gauge(
        "worker_frame_lateness_seconds", "How late a worker's latest frame was lately.", ["worker"], each("lateness_s")
    )
    memory: dict[tuple[str, ...], float] = {
        (f"worker-{number}",): value for (number,), value in each("memory_bytes").items()
    }
    own = resident_bytes(os.getpid())
    if own is not None:
        memory["web",] = own
    yield _gauge("memory_bytes", "Memory that a process holds.", ["process"], memory)


def _of_store(load: Mapping[str, Any]) -> Iterable[Metric]:
    now = load["saving"]
    yield _gauge(
        "saving", "1 at how saving stands, 0 elsewhere.", ["status"], {(name,): float(name == now) for name in SAVING}
    )
    yield _gauge("stored_sessions", "Sessions that are kept on disk.", [], {(): load["store"]["sessions"]})
    yield _gauge("stored_bytes", "Size of what is kept on disk.", [], {(): load["store"]["bytes"]})


def _gauge(name: str, text: str, labels: list[str], values: Mapping[tuple[str, ...], float]) -> Metric:
    family = GaugeMetricFamily(_PREFIX + name, text, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family


def _counter(name: str, text: str, labels: list[str], values: Mapping[tuple[str, ...], float]) -> Metric:
    family = CounterMetricFamily(_PREFIX + name, text, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family


def _singly(values: Mapping[str, float]) -> dict[tuple[str, ...], float]:
    return {(name,): value for name, value in values.items()}
