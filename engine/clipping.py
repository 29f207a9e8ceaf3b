"""Gradient clipping: no update may be thrown far off by one steep batch. The regulariser's part is clipped with it."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.registry import Component, setting, text

Array = NDArray[Any]


class Clipping(Component):
    """A bound on the gradient, shape (n,), or (members, n) for several networks."""

    kind = "clipping"
    is_active: ClassVar[bool] = True

    def clip(self, gradient: Array) -> None:
        """Cut `gradient` down in place."""
        raise NotImplementedError


class NoClipping(Clipping):
    name = "none"
    label = text("None", "Nessuno")
    help = text(
        "Gradients are followed whatever their size.", "I gradienti si seguono, qualunque sia la loro grandezza."
    )
    formula = "g = g"
    is_active = False

    def clip(self, gradient: Array) -> None:
        """Leave it as it is."""


class ClipNorm(Clipping):
    """Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks, 2013.

    The norm is that of all parameters together, as Keras's `global_clipnorm`.
    """

    name = "clip_norm"
    label = text("By length", "In lunghezza")
    help = text(
        "Shortens a gradient that is too long; its direction stays.",
        "Accorcia un gradiente troppo lungo; la direzione resta.",
    )
    formula = "g = g · min(1, norm / |g|)"
    norm: float = setting(
        1.0,
        gt=0,
        le=1000,
        scale="log",
        label=text("Longest", "Lunghezza massima"),
        help=text("How long a gradient may be.", "Quanto può essere lungo un gradiente."),
    )

    def clip(self, gradient: Array) -> None:
        length = np.sqrt(np.vecdot(gradient, gradient))[..., None]
        np.multiply(gradient, np.minimum(1.0, self.norm / length), gradient)


class ClipValue(Clipping):
    name = "clip_value"
    label = text("By value", "Nel valore")
    help = text(
        "Cuts every number of the gradient to a range; its direction may change.",
        "Taglia ogni numero del gradiente a un intervallo; la direzione può cambiare.",
    )
    formula = "g = max(-value, min(value, g))"
    value: float = setting(
        0.5,
        gt=0,
        le=1000,
        scale="log",
        label=text("Largest", "Valore massimo"),
        help=text("How large a number of the gradient may be.", "Quanto può essere grande un numero del gradiente."),
    )

    def clip(self, gradient: Array) -> None:
        np.clip(gradient, -self.value, self.value, out=gradient)
