"""A ring between a disc and another ring."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from engine.datasets.base import Examples, TwoClasses
from engine.registry import text


class Rings(TwoClasses):
    """Class 1 at radius 2 to 3, class 0 within radius 1 and at radius 4 to 5."""

    name = "rings"
    label = text("Rings", "Anelli")
    help = text(
        "A ring between a disc and another ring: the border has to close twice.",
        "Un anello fra un disco e un altro anello: il confine deve chiudersi due volte.",
    )

    def examples(self, random: Generator) -> Examples:
        # A quarter of the points each in the disc and in the outer ring, and half in the one between.
        inside = random.permutation(np.array([0.0, 2.0, 4.0, 2.0])[np.arange(self.samples) % 4])
        radius = inside + random.random(self.samples)
        angle = random.uniform(0, 2 * np.pi, self.samples)
        points = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
        moved = np.hypot(*(points + self.jitter(random, self.samples)).T)
        return Examples(points, ((moved > 1.5) & (moved < 3.5)).astype(np.int64))
