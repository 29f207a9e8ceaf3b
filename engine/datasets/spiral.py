"""Two spirals, one inside the other."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from engine.datasets.base import PLANE, Array, Examples, TwoClasses
from engine.registry import text


class Spiral(TwoClasses):
    """Two arms that go 1.75 times around, out to radius 5 (TensorFlow Playground's)."""

    name = "spiral"
    label = text("Spiral", "Spirale")
    help = text(
        "Two arms wound into each other: the hardest of the classic four.",
        "Due bracci avvolti l'uno nell'altro: il più difficile dei quattro classici.",
    )

    def examples(self, random: Generator) -> Examples:
        points, arms = spiral_arms(2, 1.75, self.samples, random)
        points += self.jitter(random, self.samples, 1.0)
        return Examples(np.clip(points, *PLANE), 1 - arms)


def spiral_arms(arms: int, turns: float, count: int, random: Generator) -> tuple[Array, Array]:
    """Return points, shape (count, 2), evenly along arms of a radius up to 5, and the arm of each, in random order."""
    numbers = random.permutation(count)
    arm, share = numbers % arms, (numbers // arms) * arms / count
    angle = 2 * np.pi * (turns * share + arm / arms)
    return np.stack([5 * share * np.sin(angle), 5 * share * np.cos(angle)], axis=1), arm
