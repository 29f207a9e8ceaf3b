"""The past of a session: where it can go back to, that it stands there, and what going on from there means.

The log is that of the newest state for as long as one only looks. Going on from a past step cuts log and timeline there
and begins a run whose line goes through that step; what came later is one change that can be undone.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from app.errors import Problem
from app.messages import Edit
from app.sessions.changes import begun, encode_origin, nominal_step_s, replay, replaying, until
from app.sessions.chapters import Change, Changes, Chapter, Moments
from app.sessions.checkpoint import Checkpoint, Tail
from app.sessions.description import told_line
from app.sessions.timeline import Stop, Timeline
from engine import Trainer
from engine.footprint import footprint_bytes
from engine.spec import TrainingSpec

if TYPE_CHECKING:
    from app.sessions.hosted import HostedSession


class Base(NamedTuple):
    """A step from which others are made again: the first of the log, or a moment of the timeline, and how far."""

    step: int
    epoch: int
    until: int
    stop: Stop | None


class Past:
    """A session's timeline, and the newest state while it stands in its past."""

    def __init__(self, session: HostedSession, limits: Mapping[str, int]) -> None:
        self._session = session
        self._limits = limits
        self.timeline = Timeline(limits["timeline_snapshots"])
        self.changes = Changes(limits["undo"])
        self.moments = Moments(limits["moments"])
        self.present: Chapter | None = None
        """The newest state, while the session stands in its past."""
        self._wish = 0  # Counts what was asked for: of two seeks only the later one is carried out.

    # What is remembered

    @property
    def room_bytes(self) -> int:
        """How much all that is remembered may take: no more than its limit, and than the network leaves."""
        left: int = self._limits["session_bytes"] - footprint_bytes(self._session.spec)
        return max(0, min(self._limits["timeline_bytes"], left))

    def remember(self) -> None:
        """Keep a moment, where an epoch ends and one is due."""
        session = self._session
        if session.trainer.is_epoch_start and self.timeline.is_due(session.trainer.epoch):
            stop = Stop(session.trainer.moment(), session.log.count)
            self.timeline.add(stop, self._timeline_bytes)

    def begin(self) -> None:
        """Remember nothing of the run before: another one begins."""
        self.present = None
        self._wish += 1
        self.timeline.clear()

    def close(self) -> None:
        """Let go of the session: what holds each other would be given back late."""
        self._wish += 1
        del self._session

    def prepare_log(self, command: dict[str, Any]) -> None:
        """Where the log is about to begin anew, keep only the moments after which nothing was done at their step."""
        log, here = self._session.log, self._session.trainer.step
        if log.has_room_for(command):
            return
        exact = set()
        for stop in self.timeline:
            later = log.since(stop.commands)
            if later is None or not any(entry["step"] == stop.step for entry in later):
                exact.add(stop.step)
        self.timeline.retain(exact - {here})
        if log.origin_step == 0 and here:
            # From the next log's beginning nothing leads back to where the run began.
            start = replay(log.origin, log.entries, 0).moment()
            self.timeline.put_first(Stop(start, -1), self._timeline_bytes)

    def note(self, key: str, before: TrainingSpec | Edit | Chapter, after: TrainingSpec | Edit | None) -> None:
        """Note a change, so that it can be undone."""
        self.changes.note(Change(key, self._session.now_s, before, after))
        self._fit()

    def _fit(self) -> None:
        self.moments.fit(self.room_bytes // 2)
        self.changes.fit((self.room_bytes - self.moments.nbytes) // 2)
        self.timeline.fit(self._timeline_bytes)

    @property
    def _timeline_bytes(self) -> int:
        """What is left for the timeline by what somebody has asked for."""
        return self.room_bytes - self.moments.nbytes - self.changes.nbytes

    # What there is

    @property
    def newest_step(self) -> int:
        return self._session.trainer.step if self.present is None else self.present.moment.step

    @property
    def first_step(self) -> int:
        return min([self._session.log.origin_step, *(stop.step for stop in self.timeline)])

    def describe(self) -> dict[str, Any]:
        """Return how far back one can go, and whether the session stands in its past."""
        newest = self._session.trainer if self.present is None else self.present.moment
        return {
            "first": self.first_step,
            "newest": newest.step,
            "newest_epoch": newest.epoch,
            "is_past": self.present is not None,
            "line": told_line(self._session.history.line),
            "moments": list(self.moments),
        }

    def bases(self) -> list[Base]:
        """Return the steps from which others can be made again, in order, each with the last one that can be."""
        log = self._session.log
        reach = max(1, int(self._limits["replay_s"] / nominal_step_s(self._session.trainer)))
        stops = [(stop.step, stop.moment.epoch, stop) for stop in self.timeline]
        before = [Base(step, epoch, step, stop) for step, epoch, stop in stops if stop.commands < log.before]
        origin_epoch = 0 if log.origin_step == 0 else self._epoch_of_origin
        after: list[tuple[int, int, Stop | None]] = [(log.origin_step, origin_epoch, None)]
        after += [(step, epoch, stop) for step, epoch, stop in stops if stop.commands >= log.before]
        after = sorted(after, key=lambda base: (base[0], base[2] is not None))
        ends = [step for step, _, _ in after[1:]] + [self.newest_step]
        return before + [
            Base(step, epoch, min(end, step + reach), stop)
            for (step, epoch, stop), end in zip(after, ends, strict=True)
        ]

    @property
    def _epoch_of_origin(self) -> int:
        """The epoch of the log's origin where that is a snapshot: as its points tell, the last one before it."""
        step = self._session.log.origin_step
        return max((point["epoch"] for point in self._session.history.on_line(step)), default=0)

    def _base_of(self, step: int) -> Base:
        """Return from where a step is made again. Raises Problem naming the nearest one that can be reached."""
        bases = self.bases()
        first, newest = bases[0].step, self.newest_step
        if step > newest:
            message = f"step is {step}; the session has come to {newest}."
            raise Problem.field("step", "too_large", message, step, newest)
        if step < first:
            message = f"step is {step}; what is known of this session begins at {first}."
            raise Problem.field("step", "too_small", message, step, first)
        base = [base for base in bases if base.step <= step][-1]
        if step > base.until:
            later = [other.step for other in bases if other.step > step] + [newest]
            nearest = min((base.until, later[0]), key=lambda other: abs(other - step))
            message = (
                f"step is {step}; to make it again would take {step - base.step} updates, more than this server "
                f"makes for it. The nearest that can be reached are {base.until} and {later[0]}."
            )
            raise Problem.field("step", "too_far", message, step, nearest)
        return base

    # Going there

    def reaching(self, step: int) -> Generator[None, None, Trainer]:
        """Return a trainer that stands at a past step, made in pieces of about a millisecond. Raises Problem."""
        session, base = self._session, self._base_of(step)
        if base.stop is not None:
            trainer = Trainer.at(base.stop.moment, like=session.trainer)
            entries = session.log.since(base.stop.commands)
        else:
            trainer, entries = begun(session.log.origin), session.log.entries
        yield
        # Of a step before the log's beginning there is the moment itself.
        return trainer if entries is None else (yield from replaying(trainer, list(entries), step))

    def seek(self, step: int) -> Generator[None, None, dict[str, Any]]:
        """Go to a step, in pieces, unless something else is asked for meanwhile; return where the session stands."""
        session = self._session
        self._wish += 1
        wish = self._wish
        if step != self.newest_step:
            self._base_of(step)
        session.rest_for_seek()

        def work() -> Generator[None, None, dict[str, Any]]:
            if wish != self._wish:
                return self._where()
            if step == self.newest_step:
                self.return_to_present()
                return self._where()
            making = self.reaching(step)
            while True:
                try:
                    next(making)
                except StopIteration as end:
                    trainer: Trainer = end.value
                    break
                yield
                if wish != self._wish:
                    return self._where()
            figures = yield from session.evaluate(trainer, has_tests=True)
            if wish == self._wish:
                if self.present is None:
                    self.present = session.chapter()
                metrics = {name: value if math.isfinite(value) else None for name, value in figures.items()}
                session.stand(trainer, "paused", None, metrics, None)
            return self._where()

        return work()

    def _where(self) -> dict[str, Any]:
        session = self._session
        return {"step": session.trainer.step, "spec": session.spec.full(), "timeline": self.describe()}

    def return_to_present(self) -> None:
        """Stand at the newest step again, as it was."""
        self._wish += 1
        if self.present is not None:
            chapter, self.present = self.present, None
            self._session.stand(
                Trainer.at(chapter.moment, like=self._session.trainer),
                chapter.state,
                chapter.done_by,
                chapter.metrics,
                chapter.divergence,
            )

    def go_on(self) -> None:
        """Make the step where the session stands the newest one: something is about to change there."""
        self._wish += 1
        if self.present is None:
            return
        session, step = self._session, self._session.trainer.step
        self.note("past", self.present, None)
        self.present = None
        session.log.cut(step)
        session.history.branch(step)
        self.timeline.cut(step)

    # Undo and redo

    def undo(self) -> dict[str, Any]:
        """Take the last change of the setup back. Raises Problem."""
        done, undone = self.changes.done, self.changes.undone
        if not done:
            raise Problem(409, "nothing_to_undo", "There is nothing to undo", "No change is known of before this.")
        self.return_to_present()
        change = done[-1]
        if isinstance(change.before, Chapter):
            change = replace(change, after=self._session.chapter())
        return self._exchange(done, undone, change, change.before)

    def redo(self) -> dict[str, Any]:
        """Make the last change again that was taken back. Raises Problem."""
        done, undone = self.changes.done, self.changes.undone
        if not undone:
            raise Problem(409, "nothing_to_redo", "There is nothing to redo", "No change has been undone since.")
        self.return_to_present()
        change = undone[-1]
        if isinstance(change.after, Chapter):
            change = replace(change, before=self._session.chapter())
        assert change.after is not None
        return self._exchange(undone, done, change, change.after)

    def _exchange(
        self, source: list[Change], target: list[Change], change: Change, what: TrainingSpec | Edit | Chapter
    ) -> dict[str, Any]:
        """Move a change from one list to the other, and bring back what was."""
        if isinstance(what, Edit):
            self._session.refuse_if_diverged()
        # What is announced tells how many there are then.
        source.pop()
        target.append(change)
        self._fit()
        if isinstance(what, TrainingSpec):
            self._session.adopt_training(what)
        elif isinstance(what, Edit):
            self._session.edit(what)
        else:
            self._session.open_chapter(what)
        return {"spec": self._session.spec.full(), "rebuilt": isinstance(what, Chapter)}

    # Moments that are remembered by name

    def keep(self, name: str) -> dict[str, Any]:
        """Remember the network as it stands, if there is room for it, and return what is remembered."""
        self.moments.put(name, self._chapter())
        self._fit()
        return self._tell_moments()

    def recall(self, name: str) -> dict[str, Any]:
        """Bring a network back that is remembered. Raises Problem."""
        chapter = self.moments.get(name)
        if chapter is None:
            detail = "It is remembered no longer: the server was started anew, has parked the session, or had no room."
            raise Problem(409, "no_moment", "There is no such moment", detail)
        self._session.rest_for_seek()
        self.return_to_present()
        self.note(f"recalled {name}", self._session.chapter(), None)
        self._session.open_chapter(chapter)
        return {"spec": self._session.spec.full(), "rebuilt": True}

    def forget(self, name: str) -> dict[str, Any]:
        """Remember a network no longer, and return what is remembered."""
        self.moments.drop(name)
        return self._tell_moments()

    def _tell_moments(self) -> dict[str, Any]:
        self._session.settle(then=self._session.announce_state)
        return {"moments": list(self.moments)}

    def _chapter(self) -> Chapter:
        """Return where the session stands: of a past step, with what had been done up to there."""
        chapter, log = self._session.chapter(), self._session.log
        step = chapter.moment.step
        if self.present is None:
            return chapter
        if step >= log.origin_step:
            return replace(chapter, entries=until(log.entries, step))
        return replace(chapter, origin=self._session.trainer.snapshot(), origin_step=step, entries=[])

    # Branches

    def checkpoint_at(self, step: int) -> Generator[None, None, Checkpoint]:
        """Return all that another session needs to go on from a past step, with the past up to there."""
        session, log = self._session, self._session.log
        if step == session.trainer.step and self.present is None:
            trainer = Trainer.at(session.trainer.moment(), like=session.trainer)
        elif self.present is not None and step == self.present.moment.step:
            trainer = Trainer.at(self.present.moment, like=session.trainer)
        else:
            trainer = yield from self.reaching(step)
        entries = until(log.entries, step) if step >= log.origin_step else None
        yield
        figures = yield from session.evaluate(trainer, has_tests=True)
        is_new = step == 0 and not entries
        archive = session.archive_of(
            trainer,
            state="idle" if is_new else "paused" if trainer.is_finite else "diverged",
            metrics={name: value if math.isfinite(value) else None for name, value in figures.items()},
            log_step=log.origin_step if entries is not None else step,
        )
        origin = encode_origin(log.origin) if entries is not None else trainer.snapshot()
        points = Tail.of(session.history.on_line(step), is_whole=True)
        return Checkpoint("paused", archive, points, Tail.of(entries or [], is_whole=True), origin)
