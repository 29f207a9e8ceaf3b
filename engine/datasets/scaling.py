"""Numbers as people have them, brought to a size that a network learns from, and back."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from engine.datasets.base import Array

# A column whose numbers differ by less than this is as good as constant.
_SMALLEST_SPREAD = 1e-100
# Of what was scaled, so many digits mean something when it is scaled back.
_DIGITS = 13


class Scaling(NamedTuple):
    """An offset and a scale for each column, shape (columns,): a number becomes (number - offset) · scale."""

    offsets: Array
    scales: Array

    @classmethod
    def none(cls, columns: int) -> Scaling:
        """Return the scaling that leaves all numbers as they are."""
        return cls(np.zeros(columns), np.ones(columns))

    @classmethod
    def within(cls, numbers: Array, reach: float) -> Scaling:
        """Return the scaling that brings the least and the greatest number of each column to -reach and +reach."""
        low, high = numbers.min(axis=0), numbers.max(axis=0)
        half = (high - low) / 2
        is_spread = half > _SMALLEST_SPREAD
        return cls((low + high) / 2, np.where(is_spread, reach / np.where(is_spread, half, 1.0), 1.0))

    @classmethod
    def standard(cls, numbers: Array) -> Scaling:
        """Return the scaling that brings each column to mean 0 and standard deviation 1."""
        # Of a constant column rounding may make the deviation a tiny number, which would blow up what is left of it.
        is_spread = np.ptp(numbers, axis=0) > _SMALLEST_SPREAD
        deviations = np.where(is_spread, numbers.std(axis=0), 1.0)
        return cls(np.where(is_spread, numbers.mean(axis=0), numbers[0]), 1 / deviations)

    def apply(self, numbers: Array) -> Array:
        """Return numbers of shape (n, columns) scaled."""
        return (numbers - self.offsets) * self.scales

    def undo(self, scaled: Array) -> Array:
        """Return what was scaled, shape (n, columns), as it was before."""
        numbers: Array = scaled / self.scales + self.offsets
        # There and back again, 5.1 would be 5.1000000000000005.
        for column in range(numbers.shape[1]):
            most = max(np.abs(numbers[:, column]).max(initial=0), _SMALLEST_SPREAD)
            if math.isfinite(most):
                np.round(numbers[:, column], _DIGITS - math.ceil(math.log10(most)), numbers[:, column])
        return numbers
