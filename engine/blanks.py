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

# Rows that are in use are only held during a product, and a thread makes one at a time: all networks of a thread share
# their place, by shape and type. On MNIST each would take 1.4 MB.
_rows_of_thread = threading.local()


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
        self._x: Array = np.empty(self._most * batch, weights.dtype)
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
            rows, examples = self._compact(x.shape[1])
            np.take(self._weights, self._used, axis=0, out=rows, mode="clip")
            np.take(x.T, self._used, axis=1, out=examples, mode="clip")
            rows.T.dot(examples.T, out)
        else:
            self._weights.T.dot(x, out)

    def gradient(self, x: Array, delta_t: Array, out: Array) -> None:
        """Write dL/dW = x δᵀ, shape (inputs + 1, units), for the inputs that `sums` was given."""
        if len(self._used) <= self._most:
            rows, examples = self._compact(x.shape[1])
            examples.T.dot(delta_t, rows)
            out[self._used] = rows
            out[self._blank] = 0
        else:
            x.dot(delta_t, out)

    def _compact(self, batch: int) -> tuple[Array, Array]:
        count = len(self._used)
        return self._shared_rows()[:count], self._x[: count * batch].reshape(batch, count)

    def _shared_rows(self) -> Array:
        """Return room for the rows in use, first of the weights, later of the gradient."""
        shape, dtype = (self._most, self._weights.shape[1]), self._weights.dtype
        known: Array | None = getattr(_rows_of_thread, "array", None)
        if known is None or known.shape != shape or known.dtype != dtype:
            # Other shapes' rows are let go: networks of one shape are trained for long, and many shapes would add up.
            known = _rows_of_thread.array = np.empty(shape, dtype)
        return known
