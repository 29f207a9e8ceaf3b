"""What a session was before something else took its place, and the changes of its setup that can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from app.messages import Edit
from app.sessions.changes import Entry
from engine import ExperimentSpec
from engine.moments import Moment
from engine.spec import TrainingSpec

State = Literal["idle", "running", "paused", "diverged", "done"]

# What one command of a log takes in memory, about; long ones count for several.
_COMMAND_BYTES = 800
# Changes of the same things that follow each other so closely are one: a slider that is dragged, a stroke of points.
_GESTURE_S = 1.0


@dataclass(frozen=True)
class Chapter:
    """A run as it stood: its network, how it came about, and its place among the session's points."""

    moment: Moment
    state: State
    done_by: str | None
    metrics: dict[str, Any]
    divergence: dict[str, Any] | None
    origin: ExperimentSpec | bytes
    origin_step: int
    entries: list[Entry]
    commands_before: int
    run: int
    line: list[tuple[int, int]]
    stride: int

    @property
    def nbytes(self) -> int:
        """About how much memory it takes."""
        origin = len(self.origin) if isinstance(self.origin, bytes) else 0
        return self.moment.nbytes + origin + _COMMAND_BYTES * len(self.entries)


What = TrainingSpec | Edit | Chapter
"""How a change is taken back or made again: other settings, one parameter's value, a whole run."""


@dataclass(frozen=True)
class Change:
    """A change of the setup: what was before and what was after; `after` of a whole run is known once it is undone.

    `key` names what was changed, parted by blanks.
    """

    key: str
    at_s: float
    before: What
    after: What | None

    def continues(self, last: Change) -> bool:
        """Whether it goes on with a gesture, changing nothing but what that has changed: its first move may do more."""
        is_alike = type(self.before) is type(last.before) and set(self.key.split()) <= set(last.key.split())
        return is_alike and self.at_s - last.at_s < _GESTURE_S

    @property
    def nbytes(self) -> int:
        chapters = (what for what in (self.before, self.after) if isinstance(what, Chapter))
        return 1024 + sum(chapter.nbytes for chapter in chapters)


class Moments:
    """Networks that may be wanted back, as chapters by the names that they were given, the oldest first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._chapters: dict[str, Chapter] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._chapters)

    def get(self, name: str) -> Chapter | None:
        return self._chapters.get(name)

    def put(self, name: str, chapter: Chapter) -> None:
        """Keep a chapter, in place of another of that name."""
        self.drop(name)
        self._chapters[name] = chapter

    def drop(self, name: str) -> None:
        self._chapters.pop(name, None)

    def fit(self, room_bytes: int) -> None:
        """Forget the oldest until there are not too many and they take no more than this."""
        while self._chapters and (len(self._chapters) > self._most or self.nbytes > room_bytes):
            self.drop(next(iter(self._chapters)))

    @property
    def nbytes(self) -> int:
        return sum(chapter.nbytes for chapter in self._chapters.values())


class Changes:
    """The changes of a session that can be undone, the newest last, and those that can be made again."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.done: list[Change] = []
        self.undone: list[Change] = []

    def note(self, change: Change) -> None:
        """Note a change that has just been made; of one gesture only the beginning and the end count."""
        self.undone.clear()
        last = self.done[-1] if self.done else None
        if last is not None and change.continues(last):
            self.done[-1] = replace(change, key=last.key, before=last.before)
        else:
            self.done.append(change)

    def fit(self, room_bytes: int) -> None:
        """Forget the oldest until there are not too many and they take no more than this."""
        for changes in (self.done, self.undone):
            while len(changes) > self._most:
                changes.pop(0)
        while (self.done or self.undone) and self.nbytes > room_bytes:
            (self.done or self.undone).pop(0)

    @property
    def nbytes(self) -> int:
        return sum(change.nbytes for change in (*self.done, *self.undone))

    def to_dict(self) -> dict[str, int]:
        """Return how many there are of each."""
        return {"undo": len(self.done), "redo": len(self.undone)}
