"""A checkerboard."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from engine.datasets.base import PLANE, Examples, TwoClasses
from engine.registry import setting, text


class Checkerboard(TwoClasses):
    """Squares over the whole plane, of class 0 and of class 1 by turns."""

    name = "checkerboard"
    label = text("Checks", "Scacchi")
    help = text(
        "Squares of both classes by turns: XOR, several times over.",
        "Caselle delle due classi alternate: lo XOR, più volte.",
    )
    squares: int = setting(
        4,
        ge=2,
        le=8,
        step=1,
        label=text("Squares", "Caselle"),
        help=text("How many squares stand side by side.", "Quante caselle stanno una accanto all'altra."),
    )

    def examples(self, random: Generator) -> Examples:
        low, high = PLANE
        points = random.uniform(low, high, (self.samples, 2))
        moved = points + self.jitter(random, self.samples)
        places = np.floor((moved - low) / (high - low) * self.squares).astype(np.int64)
        return Examples(points, places.sum(axis=1) % 2)
