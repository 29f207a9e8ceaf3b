"""A tilted plane."""

from __future__ import annotations

from engine.datasets.base import Array, Surface
from engine.registry import text


class Plane(Surface):
    """The number (x + y) / 10 at every point (TensorFlow Playground's)."""

    name = "plane"
    label = text("Plane", "Piano")
    help = text(
        "A number that rises evenly from corner to corner: a single unit can predict it.",
        "Un numero che cresce in modo uniforme da un angolo all'altro: basta una sola unità.",
    )
    formula = "(x + y) / 10"

    def height(self, x: Array, y: Array) -> Array:
        return (x + y) / 10
