"""Blank inputs: what is zero in every example of a batch takes no part in the products of a layer of many weights."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

# With fewer weights, leaving inputs out takes as long as it saves; so it does if hardly any are blank.
_WORTH_WEIGHTS = 100_000
_WORTH_SHARE = 7 / 8


class _Room(threading.local):
    """Where a thread holds the rows in use and the examples without their blanks, of whichever network is updated.

    A thread makes one update at a time, so that all networks share it: on MNIST each would take 1.8 MB.
    """

    owner: UsedInputs | None = None
    rows: Array = np.empty((0, 0))
    x: Array = np.empty(0)

    def belong_to(self, owner: UsedInputs, shape: tuple[int, int], numbers: int, dtype: Any) -> None:
        """Be that network's, with room for rows of this shape and so many numbers of examples."""
        if self.rows.shape != shape or self.rows.dtype != dtype:
            self.rows = np.empty(shape, dtype)
        if self.x.size < numbers or self.x.dtype != dtype:
            self.x = np.empty(numbers, dtype)
        self.owner = owner


_room = _Room()


class UsedInputs:
    """The first layer's two products for batches of one size, without the inputs that are blank throughout a batch.

    Such an input adds 0 · w to every sum, and its weights' gradient is 0. Of 785 inputs, a batch of 128 handwritten
    digits uses about 545, since nobody writes in the corners: three tenths of the work on its largest matrix fall away,
    for a copy of the rows of weights that are used, and one of their gradient.
    """

    def __init__(self, weights: Array, batch: int) -> None:
        """Take the layer's matrix, shape (inputs + 1, units)."""
        self._weights = weights
        self._most = int(_WORTH_SHARE * len(weights))
        self._batch = batch
        self._used: Array = np.empty(0, np.intp)
        self._blank: Array = np.empty(0, np.intp)

    @staticmethod
    def pays(inputs: int, units: int) -> bool:
        """Whether a layer has so many weights that leaving some out saves time."""
        return (inputs + 1) * units >= _WORTH_WEIGHTS

    def sums(self, x: Array, out: Array) -> None:
        """Write z = Wᵀ x + b, shape (units, batch), for inputs of shape (inputs + 1, batch) whose last row is one."""
        is_used = x.any(axis=1)
        self._used = np.flatnonzero(is_used)
        self._blank = np.flatnonzero(~is_used)
        if len(self._used) <= self._most:
            rows, examples = self._compact(x)
            np.take(self._weights, self._used, axis=0, out=rows, mode="clip")
            rows.T.dot(examples.T, out)
        else:
            self._weights.T.dot(x, out)

    def gradient(self, x: Array, delta_t: Array, out: Array) -> None:
        """Write dL/dW = x δᵀ, shape (inputs + 1, units), for the inputs that `sums` was given."""
        if len(self._used) <= self._most:
            rows, examples = self._room_of(x.shape[1]) if _room.owner is self else self._compact(x)
            examples.T.dot(delta_t, rows)
            out[self._used] = rows
            out[self._blank] = 0
        else:
            x.dot(delta_t, out)

    def _compact(self, x: Array) -> tuple[Array, Array]:
        """Return room for the rows in use, and the examples without their blanks, shape (batch, used)."""
        shape = (self._most, self._weights.shape[1])
        _room.belong_to(self, shape, self._most * self._batch, self._weights.dtype)
        rows, examples = self._room_of(x.shape[1])
        np.take(x.T, self._used, axis=1, out=examples, mode="clip")
        return rows, examples

    def _room_of(self, batch: int) -> tuple[Array, Array]:
        count = len(self._used)
        return _room.rows[:count], _room.x[: count * batch].reshape(batch, count)
