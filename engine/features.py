"""Features: what the network is told of a point (x, y) of the plane."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.registry import Component, Text, text

Array = NDArray[Any]


class Feature(Component):
    """A number computed from a point; its symbol is what stands below its picture."""

    kind = "feature"
    symbol: ClassVar[str]

    def values(self, x: Array, y: Array) -> Array:
        """Return the feature of each point, for coordinates of any equal shape."""
        raise NotImplementedError

    def slopes(self, x: Array, y: Array) -> tuple[Array | float, Array | float]:
        """Return how fast the feature grows with x and with y at each point."""
        raise NotImplementedError

    @classmethod
    def facts(cls) -> dict[str, Any]:
        return {"symbol": cls.symbol}


def _help(en: str, it: str) -> Text:
    return text(f"{en}.", f"{it}.")


class X(Feature):
    name = "x"
    symbol = "x"
    label = text("x", "x")
    help = _help("The horizontal coordinate", "La coordinata orizzontale")
    formula = "x"

    def values(self, x: Array, y: Array) -> Array:
        return x

    def slopes(self, x: Array, y: Array) -> tuple[Array | float, Array | float]:
        return 1.0, 0.0


class Y(Feature):
    name = "y"
    symbol = "y"
    label = text("y", "y")
    help = _help("The vertical coordinate", "La coordinata verticale")
    formula = "y"

    def values(self, x: Array, y: Array) -> Array:
        return y

    def slopes(self, x: Array, y: Array) -> tuple[Array | float, Array | float]:
        return 0.0, 1.0


class XSquared(Feature):
    name = "x_squared"
    symbol = "x²"
    label = text("x squared", "x al quadrato")
    help = _help("How far to the side, whichever side", "Quanto lontano di lato, da qualunque parte")
    formula = "x^2"

    def values(self, x: Array, y: Array) -> Array:
        return x * x

    def slopes(self, x: Array, y: Array) -> tuple[Array | float, Array | float]:
        return 2 * x, 0.0


class YSquared(Feature):
    name = "y_squared"
    symbol = "y²"
    label = text("y squared", "y al quadrato")
    help = _help("How far up or down, whichever it is", "Quanto in alto o in basso, da qualunque parte")
    formula = "y^2"

    def values(self, x: Array, y: Array) -> Array:
        return y * y

    def slopes(self, x: Array, y: Array) -> tuple[Array | float, Array | float]:
        return 0.0, 2 * y


class XTimesY(Feature):
    name = "x_times_y"
    symbol = "xy"
    label = text("x times y", "x per y")
    help = _help(
        "Whether x and y have the same sign: XOR by hand", "Se x e y hanno lo stesso segno: lo XOR fatto a mano"
    )
    formula = "x y"

    def values(self, x: Array, y: Array) -> Array:
        return x * y

    def slopes(self, x: Array, y: Array) -> tuple[Array | float, Array | float]:
        return y, x


class SinX(Feature):
    name = "sin_x"
    symbol = "sin x"
    label = text("sine of x", "seno di x")
    help = _help("Waves from left to right", "Onde da sinistra a destra")
    formula = "sin(x)"

    def values(self, x: Array, y: Array) -> Array:
        return np.sin(x)

    def slopes(self, x: Array, y: Array) -> tuple[Array | float, Array | float]:
        return np.cos(x), 0.0


class SinY(Feature):
    name = "sin_y"
    symbol = "sin y"
    label = text("sine of y", "seno di y")
    help = _help("Waves from bottom to top", "Onde dal basso all'alto")
    formula = "sin(y)"

    def values(self, x: Array, y: Array) -> Array:
        return np.sin(y)

    def slopes(self, x: Array, y: Array) -> tuple[Array | float, Array | float]:
        return 0.0, np.cos(y)
