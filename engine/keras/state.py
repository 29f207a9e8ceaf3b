"""What all models of a process share, as in Keras: where randomness comes from, and which names are taken."""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import Any

import numpy as np
from numpy.random import Generator, SeedSequence, default_rng

# The seed of all specs unless they say otherwise: here too, the same program gives the same run.
_USUAL_SEED = 7

_seeds = SeedSequence(_USUAL_SEED)
_names: Counter[str] = Counter()


def set_random_seed(seed: Any) -> None:
    """Make everything random that follows the same each time: initial weights, orders, dropout; Python's and NumPy's.

    Raises ValueError for what is no integer from 0 to 2³² - 1.
    """
    global _seeds
    if not isinstance(seed, int) or not 0 <= seed < 2**32:
        raise ValueError(f"a seed is an integer from 0 to {2**32 - 1}, not {seed!r:.40}")
    _seeds = SeedSequence(seed)
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - programs draw their data from it, and Keras seeds it too.


def generator(seed: int | None = None) -> Generator:
    """Return a generator of its own: another one at each call of a process, unless it is given a seed."""
    return default_rng(_seeds.spawn(1)[0] if seed is None else seed)


def unique_name(kind: type) -> str:
    """Return a name for an object of a class: dense, dense_1, dense_2 …"""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower()
    count = _names[name]
    _names[name] += 1
    return f"{name}_{count}" if count else name


def clear_session() -> None:
    """Begin to number names anew."""
    _names.clear()
