"""The two sides of a curve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.random import Generator

from engine.datasets.base import PLANE, Array, Examples, TwoClasses
from engine.registry import setting, text

_FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "line": lambda x: x / 2 + 1,
    "parabola": lambda x: x * x / 4 - 3,
    "cubic": lambda x: x**3 / 20 - x,
    "sine": lambda x: 3 * np.sin(x),
    "bell": lambda x: 6 * np.exp(-x * x / 4) - 2,
    "angle": lambda x: np.abs(x) - 3,
}


class Sides(TwoClasses):
    """Points all over the plane, class 1 where y > f(x)."""

    name = "sides"
    label = text("y > f(x)", "y > f(x)")
    help = text(
        "Above or below a curve: the network has to find the function.",
        "Sopra o sotto una curva: la rete deve trovare la funzione.",
    )
    formula = "class 1 where y > f(x)"
    function: Literal["line", "parabola", "cubic", "sine", "bell", "angle"] = setting(
        "sine",
        label=text("Function", "Funzione"),
        help=text("The curve between the classes.", "La curva tra le classi."),
        choices={
            "line": text("line: x/2 + 1", "retta: x/2 + 1"),
            "parabola": text("parabola: x²/4 - 3", "parabola: x²/4 - 3"),
            "cubic": text("cubic: x³/20 - x", "cubica: x³/20 - x"),
            "sine": text("sine: 3 sin x", "seno: 3 sin x"),
            "bell": text("bell: 6 e^(-x²/4) - 2", "campana: 6 e^(-x²/4) - 2"),
            "angle": text("angle: |x| - 3", "angolo: |x| - 3"),
        },
    )

    def examples(self, random: Generator) -> Examples:
        points = random.uniform(*PLANE, (self.samples, 2))
        x, y = (points + self.jitter(random, self.samples)).T
        return Examples(points, (y > _FUNCTIONS[self.function](x)).astype(np.int64))
