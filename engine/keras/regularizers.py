"""The engine's regularisers under Keras's names and with its defaults."""

from __future__ import annotations

from typing import Any

from engine import regularizers as engine_regularizers
from engine.keras.absent import made, missing_from, only_known, unknown_name


class Regularizer:
    """A penalty on the weights of one layer."""

    component: engine_regularizers.Regularizer


class L1(Regularizer):
    @only_known
    def __init__(self, l1: float = 0.01) -> None:
        self.component = made("L1", engine_regularizers.L1, rate=float(l1))


class L2(Regularizer):
    @only_known
    def __init__(self, l2: float = 0.01) -> None:
        self.component = made("L2", engine_regularizers.L2, rate=float(l2))


class L1L2(Regularizer):
    @only_known
    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        self.component = made("L1L2", engine_regularizers.L1L2, l1=float(l1 or 0), l2=float(l2 or 0))


l1, l2, l1_l2 = L1, L2, L1L2

__all__ = ["L1", "L1L2", "L2", "Regularizer", "get", "l1", "l1_l2", "l2"]


def get(identifier: Any) -> Regularizer | None:
    """Return the regulariser that a name or an object means, None for None. Raises ValueError."""
    if identifier is None or isinstance(identifier, Regularizer):
        return identifier
    if isinstance(identifier, str) and identifier in ("l1", "L1"):
        return L1()
    if isinstance(identifier, str) and identifier in ("l2", "L2"):
        return L2()
    if isinstance(identifier, str) and identifier in ("l1_l2", "L1L2"):
        return L1L2(0.01, 0.01)
    raise unknown_name("regularizer", identifier, ["l1", "l2", "l1_l2"])


__getattr__ = missing_from(__name__, __all__, {})
