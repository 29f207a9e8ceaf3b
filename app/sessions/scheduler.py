"""Fair shares of one processor's time among tasks whose pieces last about as long as they are asked to.

Each task has a virtual time, the seconds that it has used; the task that has used least goes next. A task that slept is
brought up to the least virtual time of those that did not, so that nobody saves up turns.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Scheduler(Generic[Key]):
    """Decides whose turn it is. Keeps no clock: times are handed in, in seconds."""

    def __init__(self) -> None:
        self._used_s: dict[Key, float] = {}
        # Heaps of (virtual time or waking time, ticket, key); an entry counts only if its ticket is the key's newest.
        self._ready: list[tuple[float, int, Key]] = []
        self._asleep: list[tuple[float, int, Key]] = []
        self._tickets: dict[Key, int] = {}
        self._counter = itertools.count()
        self._now_used_s = 0.0

    def __contains__(self, key: Key) -> bool:
        return key in self._used_s

    def add(self, key: Key) -> None:
        """Admit a task, which wants a turn at once."""
        self._used_s[key] = self._now_used_s
        self.wake(key)

    def remove(self, key: Key) -> None:
        """Forget a task."""
        self._used_s.pop(key, None)
        self._tickets.pop(key, None)

    def wake(self, key: Key) -> None:
        """Let a task have a turn as soon as its share allows."""
        self._used_s[key] = max(self._used_s[key], self._now_used_s)
        self._push(self._ready, self._used_s[key], key)

    def rest(self, key: Key, used_s: float, until_s: float | None) -> None:
        """Note that a task has used its turn and wants the next at a time; None: when it is woken."""
        self._used_s[key] += used_s
        if until_s is None:
            self._tickets.pop(key, None)
        else:
            self._push(self._asleep, until_s, key)

    def next(self, now_s: float) -> Key | None:
        """Return the task whose turn it is, or None while all are asleep."""
        while self._asleep and (self._asleep[0][0] <= now_s or not self._is_current(self._asleep[0])):
            entry = heapq.heappop(self._asleep)
            if self._is_current(entry):
                self.wake(entry[2])
        while self._ready:
            entry = heapq.heappop(self._ready)
            if self._is_current(entry):
                self._tickets.pop(entry[2])
                self._now_used_s = entry[0]
                return entry[2]
        return None

    def wait_s(self, now_s: float) -> float | None:
        """Return how long nothing is to be done: 0 if something is now, None if nothing ever is."""
        if any(self._is_current(entry) for entry in self._ready):
            return 0.0
        while self._asleep and not self._is_current(self._asleep[0]):
            heapq.heappop(self._asleep)
        return max(0.0, self._asleep[0][0] - now_s) if self._asleep else None

    def _push(self, heap: list[tuple[float, int, Key]], priority: float, key: Key) -> None:
        ticket = next(self._counter)
        self._tickets[key] = ticket
        heapq.heappush(heap, (priority, ticket, key))

    def _is_current(self, entry: tuple[float, int, Key]) -> bool:
        return self._tickets.get(entry[2]) == entry[1]
