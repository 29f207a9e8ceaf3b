"""Measuring in turns: contestants take turns within each round, so that a slow moment of the machine hits all alike."""

from __future__ import annotations

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from app.training import describe_blas


@dataclass
class Result:
    """A figure, and its ratio to each peer: the median over rounds of ours divided by theirs."""

    name: str
    value: float
    unit: str
    ratio_to: dict[str, float] = field(default_factory=dict)
    detail: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return what the JSON file holds of it."""
        members = {"name": self.name, "value": self.value, "unit": self.unit, "ratio_to": self.ratio_to}
        return {**members, **({"detail": self.detail} if self.detail else {})}


def in_turns(
    name: str, unit: str, ours: Callable[[], float], peers: Mapping[str, Callable[[], float]], rounds: int
) -> Result:
    """Measure `rounds` times everyone in turn; each call returns its own figure in `unit`."""
    contestants = {"": ours, **peers}
    figures: dict[str, list[float]] = {contestant: [] for contestant in contestants}
    for measure in contestants.values():
        measure()  # Warm up: caches, buffers, compilers.
    for _ in range(rounds):
        for contestant, measure in contestants.items():
            gc.collect()
            figures[contestant].append(measure())
    ratios = {
        peer: statistics.median(own / other for own, other in zip(figures[""], figures[peer], strict=True))
        for peer in peers
    }
    return Result(name, statistics.median(figures[""]), unit, ratios)


def held(detail: Mapping[str, Any], *promises: str) -> dict[str, Any]:
    """Return a detail with `holds`: whether all promises, such as "jain >= 0.98", are kept; `missed`: which not."""
    missed = []
    for promise in promises:
        name, sign, bound = promise.split()
        is_kept = detail[name] >= float(bound) if sign == ">=" else detail[name] <= float(bound)
        if not is_kept:  # Also if it is no number.
            missed.append(promise)
    return {"holds": not missed, **({"missed": missed} if missed else {}), **detail}


def seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes."""
    start_s = time.perf_counter()
    work()
    return time.perf_counter() - start_s


class Affinity:
    """The cores that this process may use: one while it measures itself, all of them when others take part."""

    def __init__(self) -> None:
        self._all = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()

    def pin(self) -> None:
        """Run on one core only, where the system can do that."""
        if self._all:
            os.sched_setaffinity(0, {max(self._all)})

    def restore(self) -> None:
        """Run on all cores again."""
        if self._all:
            os.sched_setaffinity(0, self._all)


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    return {
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "blas": describe_blas(),
    }
