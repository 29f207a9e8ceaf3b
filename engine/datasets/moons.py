"""Two half-moons that reach into each other."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from engine.datasets.base import PLANE, Examples, TwoClasses
from engine.registry import text


class Moons(TwoClasses):
    """Two half-circles of radius 3.2, as scikit-learn's make_moons has them, centred on the plane."""

    name = "moons"
    label = text("Moons", "Lune")
    help = text(
        "Two half-moons that reach into each other: a line does well, a bend does better.",
        "Due mezzelune che si incastrano: una retta fa bene, una curva fa meglio.",
    )

    def examples(self, random: Generator) -> Examples:
        classes = random.permutation(np.arange(self.samples) % 2)
        angle = random.uniform(0, np.pi, self.samples)
        # Class 0 is the upper half of a circle about (0, 0), class 1 the lower half of one about (1, 1/2).
        x = np.where(classes == 0, np.cos(angle), 1 - np.cos(angle))
        y = np.where(classes == 0, np.sin(angle), 0.5 - np.sin(angle))
        points = 3.2 * np.stack([x - 0.5, y - 0.25], axis=1) + self.jitter(random, self.samples)
        return Examples(np.clip(points, *PLANE), classes)
