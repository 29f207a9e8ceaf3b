"""Others at the same work, each in a file of its own; those that are not installed are left out.

A peer takes part in a figure if its file has the function of that name: `update(spec)`, `stack(specs)`, `frame(spec)`
and `mnist_epoch(spec)` prepare the work and return a function that does so much of it (updates; of all networks;
frames; updates again). Each is written as its own documentation would have it, and warmed up before it is timed.
Before any of them begins, this process is pinned to one core.
"""

from __future__ import annotations

import importlib
import importlib.util
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Run = Callable[[int], object]

# Which modules must be importable for a peer to take part.
_NEEDS = {
    "plain_numpy": ("numpy",),
    "torch": ("torch",),
    "jax": ("jax",),
    "keras_jax": ("keras", "jax"),
    "scikit_learn": ("sklearn",),
}
_IN_NODE = "convnetjs"


def installed(work: str) -> Iterator[tuple[str, Callable[[Any], Run]]]:
    """Yield the peers that do this work, by name, and what prepares it."""
    for name in [*_NEEDS, _IN_NODE]:
        if _is_installed(name):
            module = importlib.import_module(f".{name}_peer", __name__)
            if prepare := getattr(module, work, None):
                yield name, prepare


def left_out() -> list[str]:
    """Return the names of the peers that are not installed."""
    return [name for name in [*_NEEDS, _IN_NODE] if not _is_installed(name)]


def _is_installed(name: str) -> bool:
    if name != _IN_NODE:
        return all(importlib.util.find_spec(needed) is not None for needed in _NEEDS[name])
    node = shutil.which("node")
    question = [node or "", "-e", f"require.resolve('{_IN_NODE}')"]
    return node is not None and subprocess.run(question, cwd=Path(__file__).parent, capture_output=True).returncode == 0
