"""The engine's activations under Keras's names, to be named in a layer or called with an array."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.activations import Activation, Linear
from engine.keras.absent import missing_from, unknown_name
from engine.registry import components

Array = NDArray[Any]


class Function:
    """An activation that can be called: `activations.relu`, say, is one."""

    def __init__(self, component: Activation) -> None:
        self.component = component

    def __call__(self, x: ArrayLike) -> Array:
        """Return f(x), shape (…, units), for sums of that shape."""
        sums = np.array(x, np.float32)
        columns = sums.reshape(-1, sums.shape[-1]).T if sums.ndim else sums.reshape(1, 1)
        with np.errstate(all="ignore"):
            self.component.forward(columns, columns)
        return sums

    def __repr__(self) -> str:
        return f"<activation {self.component.name}>"


_ALL: dict[str, Function] = {
    name: Function(kind())
    for kind in components("activation").values()
    for name in (kind.name, *kind.aliases)
}  # fmt: skip

__all__ = ["get"]


def get(identifier: Any) -> Function:
    """Return the activation that a name, a function of this module or None (linear) means. Raises ValueError."""
    if identifier is None:
        return Function(Linear())
    if isinstance(identifier, Function):
        return identifier
    if isinstance(identifier, str) and identifier in _ALL:
        return _ALL[identifier]
    raise unknown_name("activation", identifier, _ALL)


__getattr__ = missing_from(__name__, __all__, {}, _ALL)


def __dir__() -> list[str]:
    return [*__all__, *_ALL]
