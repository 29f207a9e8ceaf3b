"""Exclusive or, on the plane."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from engine.datasets.base import Examples, TwoClasses
from engine.registry import text


class XOR(TwoClasses):
    """Points of the square ±5, 0.3 away from the axes, class 1 where x and y have the same sign.

    As in TensorFlow Playground.
    """

    name = "xor"
    label = text("XOR", "XOR")
    help = text(
        "Opposite quarters belong together: no straight line can part them.",
        "I quarti opposti vanno insieme: nessuna retta può separarli.",
    )

    def examples(self, random: Generator) -> Examples:
        points = random.uniform(-5.0, 5.0, (self.samples, 2))
        points += np.copysign(0.3, points)
        moved = points + self.jitter(random, self.samples)
        return Examples(points, (moved[:, 0] * moved[:, 1] >= 0).astype(np.int64))
