"""Run the benchmark: all of it, or the figures that are named."""

from __future__ import annotations

import json as json_format
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from . import engine_figures, hostile, load, page, peers, soak
from .faults import faults
from .measure import Affinity, Result, machine

FIGURES: dict[str, Callable[[], Result]] = {
    "update_small_b10": lambda: engine_figures.update("small", 10),
    "update_small_b30": lambda: engine_figures.update("small", 30),
    "update_large_b10": lambda: engine_figures.update("large", 10),
    "update_large_b30": lambda: engine_figures.update("large", 30),
    "frame_small": lambda: engine_figures.frame("small"),
    "frame_large": lambda: engine_figures.frame("large"),
    "stack128_small": lambda: engine_figures.stack("small"),
    "stack128_large": lambda: engine_figures.stack("large"),
    "mnist_epoch": engine_figures.mnist_epoch,
    "mnist_products": engine_figures.mnist_products,
    "mnist_session_epoch": engine_figures.mnist_session_epoch,
    "mnist_best": engine_figures.mnist_best,
    "load_30": lambda: load.load(30),
    "load_27_mnist_3": lambda: load.load(27, mnist=3),
    "load_100": lambda: load.load(100),
    "load_200": lambda: load.load(200),
    "load_memory_30": load.memory,
    "load_connect_40": load.connect,
    "load_newcomers_40": lambda: load.connect(are_new=True),
    "load_hour": soak.hour,
    "load_soak": soak.soak,
    "page_first_visit": page.first_visit,
    "page_frames": page.frames,
    "page_tasks": page.tasks,
    "page_inputs": page.inputs,
    "page_memory": page.memory,
    "hostile_schemathesis": hostile.made_up_requests,
    "hostile_stream": hostile.any_commands,
    "hostile_frames": hostile.broken_frames,
    "faults_workers": lambda: faults("workers"),
    "faults_slow_readers": lambda: faults("slow_readers"),
    "faults_network": lambda: faults("network"),
    "faults_stop": lambda: faults("stop"),
    "faults_restart": lambda: faults("restart"),
    "faults_store": lambda: faults("store"),
    "faults_clock": lambda: faults("clock"),
    "faults_endings": lambda: faults("endings"),
}
"""Every figure by name; the words that names begin with are the groups."""

PATIENT = ("mnist_best", "load_soak", "page", "hostile", "faults")
"""Figures and groups that take their time: they are measured only when they themselves are named."""

_BESIDE_PEERS = ("update", "frame", "stack", "mnist_epoch")
_SINGLE_CORE = ("update", "frame", "stack", "mnist")


def main(only: Sequence[str] = (), json: Path | None = None) -> None:
    """Measure the named figures, or the groups that their beginnings name (`update`); none: all but `PATIENT`."""
    chosen = [name for name in FIGURES if any(_is_meant(name, wanted) for wanted in only or [""])]
    unknown = [wanted for wanted in only if not any(name.startswith(wanted) for name in FIGURES)]
    if unknown or not chosen:
        print(f"There is no figure named {', '.join(unknown)}; choose among {', '.join(FIGURES)}.", file=sys.stderr)
        raise SystemExit(2)
    results: list[Result] = []
    console = Console(stderr=True)
    affinity = Affinity()
    affinity.pin()
    with threadpool_limits(1):
        about = machine()
        console.print(about)
        absent = peers.left_out()
        if absent and any(name.startswith(_BESIDE_PEERS) for name in chosen):
            console.print(f"Not installed, so left out: {', '.join(absent)} (see bench/requirements-peers.txt).")
        for name in chosen:
            if not name.startswith(_SINGLE_CORE):
                affinity.restore()
            with console.status(name):
                results.append(FIGURES[name]())
            console.print(f"{name}: {results[-1].value:.4g} {results[-1].unit}")
    if json:
        document = {"machine": {**about, "left_out": absent}, "results": [result.to_dict() for result in results]}
        json.write_text(json_format.dumps(document, indent=1, ensure_ascii=False) + "\n")
    _show(results)


def _is_meant(name: str, wanted: str) -> bool:
    return name.startswith(wanted) and all(wanted.startswith(slow) for slow in PATIENT if name.startswith(slow))


def _show(results: Sequence[Result]) -> None:
    table = Table("figure", "value", "unit", "ratio to peers", "more")
    for result in results:
        ratios = ", ".join(f"{peer} {ratio:.3g}" for peer, ratio in result.ratio_to.items())
        more = ", ".join(f"{key} {value}" for key, value in result.detail.items())
        table.add_row(result.name, f"{result.value:.4g}", result.unit, ratios, more)
    Console(width=160).print(table)
