"""Two clouds that a straight line separates."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from engine.datasets.base import PLANE, Examples, TwoClasses
from engine.registry import text


class Linear(TwoClasses):
    """Two discs about (2, 2) and (-2, -2).

    Without noise each lies at least 0.6 away from the line x + y = 0, so the perceptron's rule must find a border.
    """

    name = "linear"
    label = text("Linear", "Lineare")
    help = text(
        "Two clouds with a gap between them: one straight line is enough.",
        "Due nuvole con uno spazio in mezzo: basta una retta.",
    )

    def examples(self, random: Generator) -> Examples:
        classes = random.permutation(np.arange(self.samples) % 2)
        radius = 2.2 * np.sqrt(random.random(self.samples))
        angle = random.uniform(0, 2 * np.pi, self.samples)
        centre = np.where(classes == 1, 2.0, -2.0)
        points = np.stack([centre + radius * np.cos(angle), centre + radius * np.sin(angle)], axis=1)
        points += self.jitter(random, self.samples)
        return Examples(np.clip(points, *PLANE), classes)
