"""Figures that say how well a network does."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]


def chosen_classes(outputs: Array, threshold: float) -> Array:
    """Return the class, shape (batch,), that outputs of shape (outputs, batch) mean; encoded targets as well.

    One output is compared with `threshold`; of several the largest is the answer.
    """
    classes: Array = outputs[0] > threshold if len(outputs) == 1 else outputs.argmax(axis=0)
    return classes
