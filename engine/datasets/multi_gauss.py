"""Hills and hollows."""

from __future__ import annotations

import numpy as np

from engine.datasets.base import Array, Surface
from engine.registry import text

# The centres x and y of the cones, and whether each is a hill or a hollow.
_CONES = ((-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1))


class MultiGauss(Surface):
    """Three hills and three hollows of radius 2, each falling evenly from its centre to 0.

    As in TensorFlow Playground, whose name it bears; at each point the highest or deepest counts.
    """

    name = "multi_gauss"
    label = text("Hills", "Colline")
    help = text(
        "Three hills and three hollows by turns, and flat land between.",
        "Tre colline e tre conche alternate, con pianura in mezzo.",
    )
    formula = "± max(0, 1 - distance / 2)"

    def height(self, x: Array, y: Array) -> Array:
        heights = np.stack([sign * np.clip(1 - np.hypot(x - cx, y - cy) / 2, 0, 1) for cx, cy, sign in _CONES])
        highest = np.abs(heights).argmax(axis=0)
        chosen: Array = np.take_along_axis(heights, highest[None], axis=0)[0]
        return chosen
