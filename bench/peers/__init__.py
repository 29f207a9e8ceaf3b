"""Others at the same work, each in a file of its own; those that are not installed are left out."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from types import ModuleType

# What must be importable for a peer to take part.
_NEEDS = {"plain_numpy": "numpy", "torch": "torch"}


def installed() -> Iterator[tuple[str, ModuleType]]:
    """Yield the peers that can take part, by name."""
    for name, needed in _NEEDS.items():
        if importlib.util.find_spec(needed) is not None:
            yield name, importlib.import_module(f".{name}_peer", __name__)
