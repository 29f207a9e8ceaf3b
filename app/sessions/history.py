"""The points of a session's runs: where they lie, how they are numbered, and how they are thinned."""

from __future__ import annotations

import math
from typing import Any

from app.sessions.checkpoint import Tail
from app.sessions.points import Point, Points
from engine import Trainer

_MOST_MEMBERS = 40
_ANY_NUMBER = 1e308
# Beyond so many runs, what lies furthest back no longer counts as the past of the present one.
_MOST_ANCESTORS = 50


class History:
    """Points at multiples of `stride`: epochs, or batches while an epoch takes longer than a nominal second.

    `n` numbers all points of a session, through all its runs; `run` counts those from 1. `line` holds the runs from
    whose past the present one goes on, each with the step up to which its points belong to it.
    """

    def __init__(self, most: int) -> None:
        """Keep at most `most` points."""
        self._most = most
        self.points = Points()
        self.stride = 1
        self.run = 1
        self.line: list[tuple[int, int]] = []
        self.last_n = 0
        self._told_n = 0  # Points up to here have been part of a checkpoint,
        self._is_rewritten = False  # unless some of those have been dropped since.

    def begin_run(self) -> None:
        """Start another run, with a stride of its own."""
        self.run += 1
        self.stride = 1
        self.line = []

    def branch(self, step: int, run: int | None = None, line: list[tuple[int, int]] | None = None) -> None:
        """Start another run that goes on from a step of this one, or of another with its line."""
        self.line = line_until([*(self.line if line is None else line), (run or self.run, step)], step)
        self.run += 1

    def on_line(self, until: float = math.inf) -> list[Point]:
        """Return the points on the line of the present run, up to a step."""
        ends = {**dict(self.line), self.run: math.inf}
        return [point for point in self.points if point["step"] <= min(until, ends.get(point["run"], -1))]

    def suit(self, before: Trainer, after: Trainer) -> None:
        """Let points of the same run lie where they are due with another network."""
        if lies_at_batches(before) and not lies_at_batches(after):
            self.stride = max(1, self.stride // before.batches_per_epoch)
        elif lies_at_batches(after) and not lies_at_batches(before) and self.stride > 1:
            self.stride *= after.batches_per_epoch

    def is_due(self, trainer: Trainer) -> bool:
        """Return whether a point lies where the trainer stands, at the end of a batch."""
        if trainer.is_epoch_start:
            # In batches the end of an epoch always counts, until whole epochs have to be thinned too.
            per_epoch = trainer.batches_per_epoch if lies_at_batches(trainer) else 1
            return trainer.epoch % max(1, self.stride // per_epoch) == 0
        return lies_at_batches(trainer) and self._batch(trainer) % self.stride == 0

    def steps_until_due(self, trainer: Trainer) -> int:
        """Return after how many steps at most the next point may lie, and at least one."""
        if not lies_at_batches(trainer):
            return trainer.batches_left
        return min(trainer.batches_left, self.stride - self._batch(trainer) % self.stride)

    def ends_at(self, trainer: Trainer) -> bool:
        """Return whether the newest point lies where the trainer stands."""
        line = self.on_line()
        return bool(line) and line[-1]["step"] == trainer.step

    def add(self, trainer: Trainer, metrics: dict[str, Any]) -> tuple[Point, bool]:
        """Add a point and return it, and whether older ones have been thinned out to make room."""
        self.last_n += 1
        at_batch = 0 if trainer.is_epoch_start else self._batch(trainer)
        point = {"n": self.last_n, "run": self.run, "step": trainer.step, "epoch": trainer.epoch, **metrics}
        if at_batch:
            point["batch"] = at_batch
        self.points.append(point)
        if len(self.points) < self._most:
            return point, False
        self._thin(trainer)
        self._is_rewritten = True
        return point, True

    def after(self, n: int) -> list[Point]:
        """Return the points that are kept with a number above `n`."""
        return self.points.after(n)

    def news(self) -> Tail:
        """Return the points since the last call, or all that are kept where older ones have been dropped."""
        news = Tail.of(self.after(0 if self._is_rewritten else self._told_n), is_whole=self._is_rewritten)
        self._told_n, self._is_rewritten = self.last_n, False
        return news

    def _thin(self, trainer: Trainer) -> None:
        runs = {self.run, *(run for run, _ in self.line)}
        current = self.points.where(lambda point: point["run"] in runs)
        if len(current) < len(self.points):  # The runs before make room first.
            self.points = current
            if len(current) < self._most:
                return
        per_epoch = trainer.batches_per_epoch if lies_at_batches(trainer) else 1
        while len(self.points) >= self._most:
            self.stride *= 2
            self.points = self.points.where(lambda point: self._is_kept(point, per_epoch))

    def _is_kept(self, point: Point, per_epoch: int) -> bool:
        if "batch" in point:
            return bool(point["batch"] % self.stride == 0)
        return bool(point["epoch"] % max(1, self.stride // per_epoch) == 0)

    def _batch(self, trainer: Trainer) -> int:
        return trainer.batches_per_epoch - trainer.batches_left

    def to_dict(self, until: float = math.inf) -> dict[str, Any]:
        """Return everything, ready for JSON; of the present line only up to a step."""
        points = list(self.points) if until == math.inf else self.on_line(until)
        return {"points": points, **self.standing()}

    def standing(self) -> dict[str, Any]:
        """Return everything but the points."""
        return {"stride": self.stride, "run": self.run, "line": self.line, "last_n": self.last_n}

    @classmethod
    def from_dict(cls, members: dict[str, Any], most: int) -> History:
        """Return the history that `to_dict` described; raises ValueError, KeyError or TypeError for anything else."""
        history = cls(most)
        points = [dict(point) for point in members["points"]][-most:]
        numbers = [point["n"] for point in points]
        if any(not isinstance(n, int) for n in numbers) or numbers != sorted(set(numbers)):
            raise ValueError("the numbers of the points must rise")
        for point in points:
            if not all(
                isinstance(point[key], int) for key in ("run", "step", "epoch", *(["batch"] * ("batch" in point)))
            ):
                raise ValueError("a point lacks its run, step or epoch")
            if not all(isinstance(value, int | float) and abs(value) < _ANY_NUMBER for value in point.values()):
                raise ValueError("the members of a point must be finite numbers")
        if len(set().union(*points)) > _MOST_MEMBERS:
            raise ValueError(f"points have at most {_MOST_MEMBERS} members")
        history.points = Points(points)
        history.stride = max(1, int(members["stride"]))
        history.run = max(1, int(members["run"]))
        history.line = [(int(run), int(step)) for run, step in members.get("line", [])][-_MOST_ANCESTORS:]
        history.last_n = max(int(members["last_n"]), numbers[-1] if numbers else 0)
        return history


def line_until(line: list[tuple[int, int]], step: int) -> list[tuple[int, int]]:
    """Return the part of a line that leads to a step: the last run of it ends there."""
    kept: list[tuple[int, int]] = []
    for run, end in line:
        if end >= step:
            kept.append((run, step))
            break
        kept.append((run, end))
    return kept[-_MOST_ANCESTORS:]


def lies_at_batches(trainer: Trainer) -> bool:
    """Return whether points lie at batches, an epoch taking longer than a nominal second."""
    return trainer.nominal_epoch_s > 1.0
