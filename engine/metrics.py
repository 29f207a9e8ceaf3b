"""Figures that say how well a network does."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def correct(outputs: Array, targets: Array, threshold: float) -> int:
    """Return how many examples are classified rightly, for outputs and encoded targets of shape (outputs, batch).

    One output is compared with `threshold`; of several the largest is the answer.
    """
    if len(outputs) == 1:
        return int(np.count_nonzero((outputs > threshold) == (targets > threshold)))
    return int(np.count_nonzero(outputs.argmax(axis=0) == targets.argmax(axis=0)))
