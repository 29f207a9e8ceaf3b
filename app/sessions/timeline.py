"""The timeline of a run: moments kept along it at doubling strides, from which every other step can be made again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.moments import Moment


@dataclass(frozen=True, slots=True)
class Stop:
    """A moment of the run, and how many commands of its log had taken effect by then."""

    moment: Moment
    commands: int

    @property
    def step(self) -> int:
        return self.moment.step


# With room for fewer, a moment is not worth its memory: the run is made again from where it began.
_FEWEST = 4


class Timeline:
    """Moments at epochs that are multiples of `stride`, which doubles whenever they are too many or take too much."""

    def __init__(self, most: int) -> None:
        """Keep at most `most` moments."""
        self._most = most
        self.clear()

    def clear(self) -> None:
        """Forget everything: another run begins."""
        self._stops: list[Stop] = []
        self.stride = 1
        self.nbytes = 0

    def __iter__(self) -> Iterator[Stop]:
        return iter(self._stops)

    def __len__(self) -> int:
        return len(self._stops)

    def is_due(self, epoch: int) -> bool:
        """Return whether a moment is to be kept at the end of so many epochs."""
        return epoch % self.stride == 0

    def add(self, stop: Stop, room_bytes: int) -> None:
        """Keep a moment after all others, if a few of its size have room, and drop every second one if need be."""
        if _FEWEST * stop.moment.nbytes > room_bytes:
            return
        if self._stops and self._stops[-1].step >= stop.step:
            self.cut(stop.step - 1)
        self._keep([*self._stops, stop])
        self.fit(room_bytes)

    def put_first(self, stop: Stop, room_bytes: int) -> None:
        """Keep a moment before all others."""
        self._keep([stop, *(other for other in self._stops if other.step > stop.step)])
        self.fit(room_bytes)

    def fit(self, room_bytes: int) -> None:
        """Drop moments until there are not too many and they take no more than this."""
        while len(self._stops) > self._most or self.nbytes > room_bytes:
            self.stride *= 2
            fewer = [stop for stop in self._stops if self.is_due(stop.moment.epoch)]
            self._keep(fewer if self.stride <= self._stops[-1].moment.epoch else fewer[:0])

    def cut(self, step: int) -> None:
        """Forget what came after a step."""
        self._keep([stop for stop in self._stops if stop.step <= step])

    def before(self, step: int) -> Stop | None:
        """Return the last moment kept up to a step."""
        return next((stop for stop in reversed(self._stops) if stop.step <= step), None)

    def retain(self, is_kept: set[int]) -> None:
        """Keep only the moments at these steps."""
        self._keep([stop for stop in self._stops if stop.step in is_kept])

    def _keep(self, stops: list[Stop]) -> None:
        self._stops = stops
        self.nbytes = sum(stop.moment.nbytes for stop in stops)
