"""Three spirals, one inside the other."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.random import Generator

from engine.datasets.base import PLANE, Examples, PlaneDataset
from engine.datasets.spiral import spiral_arms
from engine.registry import text


class SpiralArms(PlaneDataset):
    """Three arms that go once around, out to radius 5, each a class of its own."""

    name = "spiral_arms"
    label = text("3 arms", "3 bracci")
    help = text(
        "Three arms wound into each other, each a class of its own.",
        "Tre bracci avvolti l'uno nell'altro, ognuno una classe a sé.",
    )
    task = "multiclass"
    classes: ClassVar[int] = 3

    def examples(self, random: Generator) -> Examples:
        points, arms = spiral_arms(self.classes, 1.0, self.samples, random)
        points += self.jitter(random, self.samples, 1.0)
        return Examples(np.clip(points, *PLANE), arms)
