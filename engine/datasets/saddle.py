"""A saddle."""

from __future__ import annotations

from engine.datasets.base import Array, Surface
from engine.registry import text


class Saddle(Surface):
    """The number (x² - y²) / 36 at every point, from -1 to 1."""

    name = "saddle"
    label = text("Saddle", "Sella")
    help = text(
        "A number that rises to the left and right and falls above and below.",
        "Un numero che cresce a sinistra e a destra e cala sopra e sotto.",
    )
    formula = "(x² - y²) / 36"

    def height(self, x: Array, y: Array) -> Array:
        height: Array = (x * x - y * y) / 36
        return height
