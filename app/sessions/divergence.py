"""How a run came to diverge: the loss over its last steps, and the last step at which all was still well."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from app.errors import Problem
from app.sessions.changes import Entry, finished, nominal_step_s, replaying
from engine import Trainer

if TYPE_CHECKING:
    from app.sessions.hosted import HostedSession

# So many steps before the end are told, each with the loss on so many examples.
_LAST_STEPS = 32
_EXAMPLES = 500
# An investigation that would take longer, on a nominal machine, goes by the points alone.
_MOST_S = 0.5
# The loss is well for as long as it is no more than so many times the least before.
_WELL = 1.5
_POINTS = 100


Losses = list[tuple[int, float]]
"""Steps and the loss at each, in order."""


def investigate(session: HostedSession, trainer: Trainer) -> Generator[None, None, dict[str, Any]]:
    """Return the evidence of a trainer that has just been found to have diverged, in pieces of about a millisecond."""
    points: Losses = [(point["step"], point["loss"]) for point in session.history.on_line()[-_POINTS:]]
    points = [(step, loss) for step, loss in points if step < trainer.step]
    last: Losses = []
    largest = None
    end = trainer.step
    start = max((base.step for base in session.past.bases() if base.step < trainer.step), default=None)
    if start is not None and 2 * (trainer.step - start) * nominal_step_s(trainer) <= _MOST_S:
        try:
            end = yield from _first_lost(session, max(start, points[-1][0] if points else 0), trainer.step)
            good, _ = last_good(points) or (session.past.first_step, None)
            last, largest, end = yield from _losses(session, max(good, end - _LAST_STEPS), end)
        except Problem:
            pass  # A step that cannot be reached: the points must do.
    known = dict([*points, *last])
    series = sorted((step, loss) for step, loss in known.items() if step < end)
    good_step, good_loss = last_good(series) or (session.past.first_step, None)
    shown = (last or series)[-_LAST_STEPS:]
    good_epoch = max((point["epoch"] for point in session.history.on_line(good_step)), default=0)
    return {
        "step": end,
        "learning_rate": trainer.learning_rate,
        "losses": [{"step": step, "loss": loss} for step, loss in shown] + [{"step": end, "loss": None}],
        "largest_weight": largest,
        "good_step": good_step,
        "good_epoch": good_epoch,
        "good_loss": good_loss,
    }


def last_good(series: Sequence[tuple[int, float]]) -> tuple[int, float] | None:
    """Return the last step, with its loss, that was not much above the least loss up to then; None if there is none."""
    least, good = math.inf, None
    for step, loss in series:
        least = min(least, loss)
        if loss <= _WELL * least:
            good = step, loss
    return good


def _first_lost(session: HostedSession, start: int, end: int) -> Generator[None, None, int]:
    """Return the first step after `start` at which the weights are no numbers any more, `end` at the latest."""
    for step, trainer in (yield from _walk(session, start, end)):
        if not trainer.is_finite:
            return step
        yield
    return end


def _losses(session: HostedSession, start: int, end: int) -> Generator[None, None, tuple[Losses, float | None, int]]:
    """Return the loss at every step, the largest weight at the last that is well, and the step after that."""
    losses: Losses = []
    largest = None
    for step, trainer in (yield from _walk(session, start, end)):
        loss = _loss(trainer)
        if not (math.isfinite(loss) and trainer.is_finite):
            return losses, largest, step
        losses.append((step, loss))
        largest = float(np.abs(trainer.parameters).max())
        yield
    return losses, largest, end


def _walk(session: HostedSession, start: int, end: int) -> Generator[None, None, Iterator[tuple[int, Trainer]]]:
    """Return the steps from `start` to `end`, each with a trainer that stands there."""
    trainer = yield from session.past.reaching(start)
    entries = session.log.entries

    def steps() -> Iterator[tuple[int, Trainer]]:
        there = trainer
        yield start, there
        for step in range(start + 1, end + 1):
            there = finished(replaying(there, _entries_of(entries, step), step))
            yield step, there

    return steps()


def _entries_of(entries: list[Entry], step: int) -> list[Entry]:
    """Return what leads from the step before to this one: an example of its own, if it was one, and what was done."""
    found: list[Entry] = []
    for entry in entries:
        command = entry["command"]
        if command["type"] != "step":
            if entry["step"] == step:
                found.append(entry)
        elif entry["step"] < step <= entry["step"] + command["count"]:
            found.append({"step": step - 1, "command": {**command, "count": 1}})
    return found


def _loss(trainer: Trainer) -> float:
    """Return the mean loss of the first training examples."""
    part = trainer.data.parts["train"]
    count = min(len(part), _EXAMPLES)
    with np.errstate(all="ignore"):
        outputs = trainer.forward_pass(count)(part.rows.between(0, count).T)
        return trainer.spec.loss.total(outputs, part.targets[:count].T) / count
