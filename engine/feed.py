"""Examples on their way into a network: rows as it wants them, dealt out in a seeded order."""

from __future__ import annotations

from copy import deepcopy
from math import prod
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]
Batch = tuple[Array, Array]
"""Inputs, shape (inputs + 1, batch) with a last row of ones, and encoded targets, shape (outputs, batch)."""

# An epoch is gathered in blocks of this size, so that many small batches cost one call.
_BLOCK_BYTES = 512 * 1024
# Inputs that take more than this are never copied as a whole.
_COPIED_BYTES = 64 * 1024 * 1024


class Rows:
    """Network inputs, shape (n, inputs), followed by a column of ones.

    Floats are stored that way, unless they are too many; those and bytes (images) stay as they are, perhaps on disk,
    and are scaled when asked for.
    """

    def __init__(self, inputs: Array, scale: float, dtype: DTypeLike, chosen: Array | None = None) -> None:
        """Take the rows `chosen` of `inputs` (None: all of them), times `scale`."""
        self.width = inputs.shape[1] + 1
        self.dtype = np.dtype(dtype)
        self._raw = inputs if inputs.dtype == np.uint8 or inputs.nbytes > _COPIED_BYTES else None
        self._chosen = chosen
        self._scale = np.asarray(scale, self.dtype)
        if self._raw is None:
            rows = inputs if chosen is None else inputs[chosen]
            self._floats = extend(rows * scale, self.dtype)
            self._count = len(rows)
        else:
            self._count = len(inputs) if chosen is None else len(chosen)

    def __len__(self) -> int:
        return self._count

    def take(self, indices: Array, out: Array) -> None:
        """Write the rows of these indices, an array of any shape, into `out`, shape (*indices.shape, inputs + 1)."""
        if self._raw is None:
            # "clip" writes straight into `out`, where "raise" goes through a copy; the indices are in range.
            np.take(self._floats, indices, axis=0, out=out, mode="clip")
            return
        if self._chosen is not None:
            indices = self._chosen[indices]
        np.multiply(self._raw.take(indices, axis=0), self._scale, out=out[..., :-1])
        out[..., -1] = 1

    def between(self, start: int, stop: int) -> Array:
        """Return rows start … stop, shape (stop - start, inputs + 1): a view where that is possible."""
        if self._raw is None:
            return self._floats[start:stop]
        rows = np.empty((stop - start, self.width), self.dtype)
        self.take(np.arange(start, stop), rows)
        return rows


def extend(inputs: Array, dtype: DTypeLike) -> Array:
    """Return inputs of shape (n, inputs) with a column of ones, shape (n, inputs + 1)."""
    rows: Array = np.ones((len(inputs), inputs.shape[1] + 1), dtype)
    rows[:, :-1] = inputs
    return rows


class Feed:
    """Deals out training examples, each once an epoch, in an order drawn anew for every epoch.

    `cursor` counts the examples dealt in the current epoch; it is 0 between epochs. `order` is the current epoch's.
    """

    members: tuple[int, ...] = ()  # Of a feed that deals to several networks at once, how many they are.

    def __init__(self, rows: Rows, targets: Array, batch_size: int, random: Generator) -> None:
        """Take `rows` with encoded `targets` of shape (n, outputs)."""
        self.random = random
        self.cursor = 0
        self.order: Array = np.arange(len(rows))
        self._rows = rows
        self._targets = targets
        self.batch_size = batch_size

    @property
    def batch_size(self) -> int:
        return self._batch_size

    @batch_size.setter
    def batch_size(self, batch_size: int) -> None:
        """Deal batches of another size from the next one on; more than there are examples means all."""
        self._batch_size = min(batch_size, len(self._rows))
        row_bytes = (self._rows.width + self._targets.shape[1]) * self._rows.dtype.itemsize
        per_block = max(1, _BLOCK_BYTES // (row_bytes * self._batch_size * prod(self.members)))
        capacity = min(per_block * self._batch_size, len(self._rows))
        self._x: Array = np.empty((*self.members, capacity, self._rows.width), self._rows.dtype)
        self._t: Array = np.empty((*self.members, capacity, self._targets.shape[1]), self._rows.dtype)
        self._layouts: dict[int, list[Batch]] = {}
        self._block: list[Batch] = []
        self._next = 0

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def batches_left(self) -> int:
        """How many batches the current epoch still has; a whole epoch's between epochs."""
        return -(-(len(self) - self.cursor) // self._batch_size)

    def deal(self, most: int) -> list[Batch]:
        """Return at least one and at most `most` batches; the arrays are written over by later calls."""
        if self._next == len(self._block):
            self._gather()
        batches = self._block[self._next : self._next + most]
        self._next += len(batches)
        self.cursor = min(self.cursor + len(batches) * self._batch_size, len(self))
        if self.cursor == len(self):
            self.cursor = 0
        return batches

    def deal_one_example(self) -> Batch:
        """Return a batch of the next example alone."""
        if self.cursor == 0:
            self._shuffle()
        x, t = self._fill(self.order[..., self.cursor : self.cursor + 1])
        self._block, self._next = [], 0  # What was gathered no longer starts at the cursor.
        self.cursor = (self.cursor + 1) % len(self)
        return x.mT, t.mT

    @property
    def next_index(self) -> int:
        """The index of the example that is dealt next; nothing is drawn for it that is not drawn again."""
        # Between epochs the order is not there yet: a twin of the generator tells what it will be.
        order = self._drawn(deepcopy(self.random)) if self.cursor == 0 else self.order
        return int(order[self.cursor])

    def resume(self, cursor: int, order: Array) -> None:
        """Go on in the middle of an epoch with the order that it has."""
        self.cursor = cursor
        self.order = order
        self._block, self._next = [], 0

    def _shuffle(self) -> None:
        self.order = self._drawn(self.random)

    def _drawn(self, random: Generator) -> Array:
        """Return the order of an epoch."""
        return random.permutation(len(self))

    def _gather(self) -> None:
        if self.cursor == 0:
            self._shuffle()
        indices = self.order[..., self.cursor : self.cursor + self._x.shape[-2]]
        self._fill(indices)
        count = indices.shape[-1]
        if count not in self._layouts:
            stops = range(self._batch_size, count + self._batch_size, self._batch_size)
            cuts = [slice(stop - self._batch_size, min(stop, count)) for stop in stops]
            self._layouts[count] = [(self._x[..., cut, :].mT, self._t[..., cut, :].mT) for cut in cuts]
        self._block, self._next = self._layouts[count], 0

    def _fill(self, indices: Array) -> tuple[Array, Array]:
        x, t = self._x[..., : indices.shape[-1], :], self._t[..., : indices.shape[-1], :]
        self._rows.take(indices, x)
        np.take(self._targets, indices, axis=0, out=t, mode="clip")
        return x, t


class UnshuffledFeed(Feed):
    """Deals out the examples in the order in which they lie, in every epoch."""

    def _drawn(self, random: Generator) -> Array:
        """Return the order in which they lie; nothing is drawn."""
        return self.order
