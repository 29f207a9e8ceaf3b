"""The points of a history in columns of numbers: a tenth of the memory that as many dictionaries would take."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Point = dict[str, Any]

_ABSENT = math.nan
_WHOLE_NUMBERS = frozenset({"n", "run", "step", "epoch", "batch"})


class Points:
    """Points in the order of their numbers `n`; each has some of the columns, and all of its values are finite."""

    def __init__(self, points: Iterable[Point] = ()) -> None:
        self._columns: dict[str, array[float]] = {}
        self._count = 0
        for point in points:
            self.append(point)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Point]:
        return (self._point(index) for index in range(self._count))

    def __getitem__(self, index: int) -> Point:
        return self._point(range(self._count)[index])

    def append(self, point: Point) -> None:
        """Add a point."""
        for name in point:  # In their own order: that of a set would differ from one process to the next.
            if name not in self._columns:
                self._columns[name] = array("d", [_ABSENT]) * self._count
        for name, column in self._columns.items():
            column.append(point.get(name, _ABSENT))
        self._count += 1

    def after(self, n: int) -> list[Point]:
        """Return the points with a number above `n`."""
        start = bisect_right(self._columns["n"], n) if self._count else 0
        return [self._point(index) for index in range(start, self._count)]

    def where(self, is_kept: Callable[[Point], bool]) -> Points:
        """Return the points for which this holds."""
        return Points(filter(is_kept, self))

    def _point(self, index: int) -> Point:
        point: Point = {}
        for name, column in self._columns.items():
            value = column[index]
            if value == value:  # It is not absent: only NaN differs from itself.
                point[name] = int(value) if name in _WHOLE_NUMBERS else value
        return point
