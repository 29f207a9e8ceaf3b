"""Keras's helpers for data and for seeds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.keras.absent import missing_from
from engine.keras.state import clear_session, set_random_seed

Array = NDArray[Any]


def to_categorical(x: ArrayLike, num_classes: int | None = None) -> Array:
    """Return rows of zeros with a 1 at the place of each class number, shape (…, classes), for numbers of shape (…)."""
    classes = np.asarray(x).astype(np.int64)
    if classes.ndim > 1 and classes.shape[-1] == 1:
        classes = classes[..., 0]
    return np.eye(num_classes or classes.max(initial=-1) + 1)[classes]


def normalize(x: ArrayLike, axis: int = -1, order: int = 2) -> Array:
    """Return arrays of length 1 along an axis."""
    array = np.asarray(x)
    length = np.linalg.norm(array, order, axis, keepdims=True)
    return array / np.where(length == 0, 1, length)


__all__ = ["clear_session", "normalize", "set_random_seed", "to_categorical"]
__getattr__ = missing_from(__name__, __all__, {"plot_model": "model.summary() prints the layers"})
