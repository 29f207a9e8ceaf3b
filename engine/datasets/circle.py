"""A disc within a ring."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from engine.datasets.base import Examples, TwoClasses
from engine.registry import text


class Circle(TwoClasses):
    """Class 1 within radius 2.5, class 0 between 3.5 and 5 (TensorFlow Playground's)."""

    name = "circle"
    label = text("Circle", "Cerchio")
    help = text(
        "A disc within a ring: the border has to close.",
        "Un disco dentro un anello: il confine deve chiudersi.",
    )

    def examples(self, random: Generator) -> Examples:
        inner = random.permutation(np.arange(self.samples) % 2) == 1
        share = random.random(self.samples)
        radius = np.where(inner, 2.5 * share, 3.5 + 1.5 * share)
        angle = random.uniform(0, 2 * np.pi, self.samples)
        points = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
        moved = points + self.jitter(random, self.samples)
        return Examples(points, (np.hypot(moved[:, 0], moved[:, 1]) < 2.5).astype(np.int64))
