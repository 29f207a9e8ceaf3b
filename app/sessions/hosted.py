"""One session as its host keeps it: a trainer with a state, a history, a log, and the streams that watch it.

Decisions only, no I/O: commands go in, events come out through `emit`, and work is done in turns of a millisecond.
"""

from __future__ import annotations

import json
import math
from collections import deque
from collections.abc import Callable, Generator, Mapping
from typing import Any

from app.errors import Problem
from app.messages import (
    MOST_EDITED,
    Command,
    Configure,
    Edit,
    Forget,
    Pause,
    Recall,
    Redo,
    Remember,
    Reset,
    Run,
    Seek,
    Seen,
    Step,
    Undo,
)
from app.messages import View as ViewCommand
from app.sessions.changes import (
    Log,
    apply,
    apply_training,
    check,
    decode_origin,
    logged_configure,
    logged_rebuild,
    parameter_index,
)
from app.sessions.chapters import Chapter, State
from app.sessions.checkpoint import Checkpoint, entries
from app.sessions.description import describe_network
from app.sessions.divergence import investigate
from app.sessions.history import History
from app.sessions.past import Past
from app.sessions.patch import differences, is_live, patched
from app.sessions.plan import Plan
from app.sessions.view import View, offered_arrays
from engine import ExperimentSpec, Trainer
from engine.data import PARTS
from engine.registry import components
from engine.spec import MAX_SEED, TrainingSpec

METRICS = [f"{prefix}{name}" for prefix in ("", "validation_", "test_") for name in ("loss", *components("metric"))]
Event = dict[str, Any]
Work = Generator[None, None, None]

# Points wait this long for others to be sent with them.
_POINTS_PERIOD_S = 0.05
# A piece of a step by examples has so many.
_EXAMPLES = 64
# After a command, a checkpoint is made so soon that little can be lost, and so late that a slider makes few.
_CHANGE_TO_CHECKPOINT_S = 0.2
# Within a turn, updates are made in groups of about this length, between which the clock is read.
_GROUP_S = 0.0005


class HostedSession:
    """A trainer and all that belongs to it. `emit` takes events for all streams, `send` frames and events for one."""

    def __init__(
        self,
        trainer: Trainer,
        limits: Mapping[str, int],
        clock: Callable[[], float],
        emit: Callable[[Event], None],
        send: Callable[[str, str | bytes], None],
        checkpoint_period_s: float | None = None,
    ) -> None:
        self.trainer = trainer
        self.state: State = "idle"
        self.done_by: str | None = None  # What ended the run that is done: "run" itself, or a stop rule.
        self.data_version = 1
        self.history = History(limits["points"])
        self.log = Log(trainer.spec, limits["log"])
        self.metrics: dict[str, Any] = {}
        self.views: dict[str, View] = {}
        self._limits = limits
        self._clock = clock
        self._emit = emit
        self._send = send
        # Work that must be finished before training goes on: figures first, so that whoever asks for them gets those
        # of the state that is told with them; then answers and pictures, in order.
        self._figures: deque[Work] = deque()
        self._work: deque[Work] = deque()
        self._travels: deque[Work] = deque()  # On the way to a past step, after everything else.
        self._arriving: Work | None = None  # Whatever was begun last where an epoch ended.
        self._plan = Plan(clock)
        self._watched_s = clock()  # When somebody last watched, or asked for a run.
        self._is_drawing = False
        self._revision = 0  # Counts what changes the picture besides steps.
        self._points: list[dict[str, Any]] = []
        self._points_due_s = 0.0
        self._step_s = 1e-5  # How long an update takes, as last measured.
        self._checkpoint_period_s = checkpoint_period_s
        self._checkpoint_due_s = 0.0
        self._checkpointed: tuple[int, int] | None = None
        self._changes = 0  # Counts what a checkpoint must know besides steps.
        self.divergence: dict[str, Any] | None = None  # How the weights came to grow beyond all numbers.
        self.past = Past(self, limits)

    @property
    def spec(self) -> ExperimentSpec:
        return self.trainer.spec

    @property
    def now_s(self) -> float:
        return self._clock()

    # Commands

    def command(self, command: Command, stream: str | None = None) -> dict[str, Any]:
        """Carry out a command and return what its acknowledgement says. Raises Problem when nothing has changed."""
        answer = self._carry_out(command, stream)
        if command.changes_state:
            self._note_change()
        return answer

    def _carry_out(self, command: Command, stream: str | None) -> dict[str, Any]:
        match command:
            case Run():
                self._run(command)
            case Pause():
                if self.state == "running":
                    self._come_to_rest("paused")
            case Step():
                self._step(command)
            case Reset():
                self._reset(command)
            case Configure():
                return self._configure(command)
            case Edit():
                self._edit(command)
            case Undo():
                return self.past.undo()
            case Redo():
                return self.past.redo()
            case Remember():
                return self.past.keep(command.moment)
            case Recall():
                return self.past.recall(command.moment)
            case Forget():
                return self.past.forget(command.moment)
            case ViewCommand():
                self._view(stream).change(command, self.trainer)
            case Seen():
                self._view(stream).acknowledge(command.seq)
        return {}

    def _run(self, command: Run) -> None:
        self.refuse_if_diverged()
        self.past.go_on()
        self._plan.run(command, self.trainer)
        self._watched_s = self._clock()
        self._start()

    def _step(self, command: Step) -> None:
        self.refuse_if_diverged()
        self.past.go_on()
        self._plan.step(command, self.trainer)
        if command.unit == "example":
            self.state = "paused"
            self._work.append(self._examples_work(self.trainer, command.count))
        else:
            self._start()

    def _examples_work(self, trainer: Trainer, count: int) -> Work:
        """Learn from single examples, in pieces that end where an epoch does; each piece is logged."""
        yield from self._judgement(trainer, {})
        while count and trainer is self.trainer and self.state != "done":
            piece = min(count, _EXAMPLES, trainer.examples_left)
            self._change(Step(type="step", unit="example", count=piece))
            count -= piece
            if trainer.is_epoch_start:
                yield from self._arrive(trainer)
                if self.state == "diverged":
                    return
            else:
                yield from self._judgement(trainer, {})
            yield
        if self.state not in ("running", "done"):  # A command has not set it going meanwhile, nor a stop rule ended it.
            self._come_to_rest("paused")

    def _start(self) -> None:
        """Be running, and say so: with another speed or end, too, when it was running already."""
        self.state = "running"
        self.announce_state()

    def _reset(self, command: Reset) -> None:
        spec = self.spec
        if command.weights == "new":
            network = spec.network.model_copy(update={"seed": (spec.network.seed + 1) % MAX_SEED})
            spec = spec.model_copy(update={"network": network})
        self.past.go_on()
        if self._is_shaped or spec != self.spec:
            self.past.note("reset", self.chapter(), None)
        has_new_spec = spec != self.spec
        self._rebuild(spec)
        self.state = "idle"
        self._plan = Plan(self._clock, self._plan.speed)
        self.settle(then=lambda: self.announce_state(with_spec=has_new_spec))

    def _configure(self, command: Configure) -> dict[str, Any]:
        spec, adjusted = patched(self.spec, command.patch, self._limits)
        answer = {"spec": spec.full(), "rebuilt": False, "kept": 0, "adjusted": adjusted}
        if spec == self.spec:
            return answer
        self.past.go_on()
        fields = " ".join(path for path, _, _ in differences(self.spec.full(), spec.full()))
        if is_live(self.spec, spec):
            self.past.note(fields, self.spec.training, spec.training)
            self.adopt_training(spec.training)
            return answer
        self.past.note(f"rebuilt {fields}", self.chapter(), None)
        kept = 0
        if command.keep and self._has_learned:
            kept = self._rebuild_keeping(spec)
        else:
            self._rebuild(spec)
            if self.state == "running" and self._plan.is_run:
                self._plan.begin(self.trainer)
            else:  # Of the new network there are no steps to finish.
                self.state = "idle"
                self._plan = Plan(self._clock, self._plan.speed)
        self.settle(then=self._new_picture(kept=kept, adjusted=adjusted))
        return {**answer, "rebuilt": True, "kept": kept}

    def adopt_training(self, training: TrainingSpec) -> None:
        """Let new training settings take effect, and say so."""
        self._finish_judgement()
        self._add_to_log(logged_configure(training))
        apply_training(self.trainer, training)
        self.settle(then=lambda: self.announce_state(with_spec=True))

    def _new_picture(self, **told: Any) -> Callable[[], None]:
        """Let views suit another network, and return what announces it."""
        self.data_version += 1
        for view in self.views.values():
            view.fit(self.trainer)
        told = {"kept": 0, "adjusted": [], **told}
        return lambda: self._announce(
            {"type": "rebuilt", **self.describe(), "changes": self.past.changes.to_dict(), **told}
        )

    @property
    def _is_shaped(self) -> bool:
        """Whether anything has been done to the network since it was made from its spec."""
        return bool(self.trainer.step or self.log.entries) or not isinstance(self.log.origin, ExperimentSpec)

    @property
    def _has_learned(self) -> bool:
        """Whether there are weights to keep: others than the initial ones, and numbers."""
        return self._is_shaped and self.state != "diverged"

    def _rebuild_keeping(self, spec: ExperimentSpec) -> int:
        """Go on in the same run with another network that keeps what it can; return how many parameters it keeps."""
        self.flush_points()
        self._finish_judgement()
        self._add_to_log(logged_rebuild(self.spec, spec))
        before, (self.trainer, kept) = self.trainer, self.trainer.continued(spec)
        self.history.suit(before, self.trainer)
        if self.state != "running":
            self.state = "paused"
        self.metrics = {}
        self._revision += 1
        return kept

    def _rebuild(self, spec: ExperimentSpec) -> None:
        self.flush_points()
        self.trainer = Trainer(spec, data=self.trainer.data_for(spec))
        self.log.restart(spec, 0)
        self.past.begin()
        self.history.begin_run()
        self.metrics = {}
        self.divergence = None
        self._revision += 1

    def _edit(self, command: Edit) -> None:
        self.refuse_if_diverged()
        check(self.trainer, command)
        self.past.go_on()
        before = float(self.trainer.parameters[parameter_index(self.trainer, command)])
        if abs(before) <= MOST_EDITED:
            place = command.model_dump_json(exclude={"value"})
            self.past.note(place, command.model_copy(update={"value": before}), command)
        self.edit(command)

    def edit(self, command: Edit) -> None:
        """Set a parameter, and say so."""
        self.refuse_if_diverged()
        self._change(command)
        self.settle(then=self.announce_state)

    def _change(self, command: Edit | Step) -> None:
        """Log a command that changes the trainer in another way than by whole steps, and let it take effect."""
        check(self.trainer, command)
        self._finish_judgement()
        self._add_to_log(command.model_dump(by_alias=True, exclude_none=True))
        apply(self.trainer, command)
        self._revision += 1

    def _add_to_log(self, command: dict[str, Any]) -> None:
        self.past.prepare_log(command)
        self.log.add(self.trainer, command)

    def refuse_if_diverged(self) -> None:
        """Raise Problem where the weights are no numbers any more."""
        if self.state == "diverged":
            detail = "The weights have grown beyond all numbers. Reset, and take a smaller learning rate."
            raise Problem(409, "diverged", "The run has diverged", detail)

    def _view(self, stream: str | None) -> View:
        if stream is None or stream not in self.views:
            raise Problem.field("type", "needs_stream", "view and seen belong to a stream.", None)
        return self.views[stream]

    # Streams

    def attach(self, stream: str, last_point: int) -> None:
        """Let a stream watch from now on; its welcome comes before everything else."""
        self.flush_points()
        self.views[stream] = view = View(self._limits, self.trainer)
        welcome = {
            "type": "welcome",
            **self.describe(),
            "changes": self.past.changes.to_dict(),
            "view": view.to_dict(),
            "points": self.history.after(last_point),
        }
        self._send(stream, encode(welcome))

    def detach(self, stream: str) -> None:
        """Forget a stream."""
        self.views.pop(stream, None)
        self._watched_s = self._clock()

    def close(self) -> None:
        """Drop what is left to do; questions that wait learn that the session is gone."""
        for queue in (self._figures, self._work, self._travels):
            for work in queue:
                work.close()
            queue.clear()
        self.past.close()

    def describe(self) -> dict[str, Any]:
        """Return what there is to know of the session in a few figures."""
        return {
            **describe_network(self.spec),
            **self._lasting(),
            "arrays": offered_arrays(self.trainer),
            "data_version": self.data_version,
            "stride": self.history.stride,
        }

    def standing(self) -> dict[str, Any]:
        """Return what changes while the session trains, and what can be undone."""
        return {**self._lasting(), "changes": self.past.changes.to_dict()}

    def _lasting(self) -> dict[str, Any]:
        """Return of it what outlives this host: what is described is the same after a restart."""
        return {
            "state": self.state,
            "done_by": self.done_by if self.state == "done" else None,
            "done_because": self._done_because(),
            "step": self.trainer.step,
            "epoch": self.trainer.epoch,
            "epoch_progress": {
                "examples": self.trainer.examples - self.trainer.examples_left,
                "of": self.trainer.examples,
            },
            "run": self.history.run,
            "speed": self._plan.speed,
            "until_epoch": self._until_epoch(),
            "learning_rate": self.trainer.learning_rate,
            "metrics": self.metrics,
            "divergence": self.divergence,
            "timeline": self.past.describe(),
        }

    def _done_because(self) -> dict[str, Any] | None:
        if self.state != "done" or self.done_by is None:
            return None
        reason = self.trainer.stop_reason(self.done_by)
        return reason and {"words": reason.words, "values": dict(reason.values)}

    def _until_epoch(self) -> int | None:
        ends = (self._plan.until_epoch, self.trainer.last_epoch)
        return min((end for end in ends if end is not None), default=None)

    # Work, in turns

    def turn(self, deadline_s: float) -> None:
        """Work until about `deadline_s`, or until nothing is left to do now."""
        now_s = self._clock()
        if not self._is_drawing and (stream := self._due_stream(now_s)) is not None:
            self._is_drawing = True
            self._work.append(self._frame_work(stream, now_s))
        while queue := self._figures or self._work or self._travels:
            if next(queue[0], self) is self:  # Its last piece is done.
                queue.popleft()
            if self._clock() >= deadline_s:
                return
        if self._points and now_s >= self._points_due_s:
            self.flush_points()
        if self._is_forgotten(now_s):
            self._come_to_rest("paused")
        while self.state == "running" and not self._figures and self._plan.due_s(self.trainer) <= self._clock():
            self._train(deadline_s)
            if self._clock() >= deadline_s:
                return

    def due_s(self) -> float | None:
        """Return when the next turn is wanted: a time, already past perhaps, or None where nothing is to be done."""
        if self._figures or self._work or self._travels:
            return 0.0
        times = [due for view in self.views.values() if (due := view.due_s(self._shown())) is not None]
        if self._points:
            times.append(self._points_due_s)
        if self.state == "running":
            times.append(self._plan.due_s(self.trainer))
        if self._wants_checkpoint():
            times.append(self._checkpoint_due_s)
        return min(times, default=None)

    def _is_forgotten(self, now_s: float) -> bool:
        """Return whether a run that would never end has had no viewer for too long."""
        is_endless = self.state == "running" and self._plan.is_endless and self.trainer.last_epoch is None
        return is_endless and not self.views and now_s - self._watched_s > self._limits["unwatched_run_s"]

    def ask(self, work: Work) -> None:
        """Do other work, during which the network stays as it is."""
        self._work.append(work)

    # The past

    def seek(self, command: Seek) -> Generator[None, None, dict[str, Any]]:
        """Return the work that goes to a past step, for `travel`. Raises Problem where it cannot be reached."""
        return self.past.seek(command.step)

    def travel(self, work: Work) -> None:
        """Do work on a step of the past once all else is done."""
        self._travels.append(work)

    def rest_for_seek(self) -> None:
        """Stop training, if it goes on."""
        if self.state == "running":
            self._come_to_rest("paused")

    def stand(
        self,
        trainer: Trainer,
        state: State,
        done_by: str | None,
        metrics: dict[str, Any],
        divergence: dict[str, Any] | None,
    ) -> None:
        """Show a trainer of another time in place of the one there is, and say so."""
        self.flush_points()
        before, self.trainer = self.spec, trainer
        self.state, self.done_by, self.metrics, self.divergence = state, done_by, metrics, divergence
        self._revision += 1
        if is_live(before, self.spec):
            self.announce_state(with_spec=before != self.spec)
        else:
            self._new_picture()()

    def chapter(self) -> Chapter:
        """Return all that it takes to stand here again after something else has taken its place."""
        log, history = self.log, self.history
        return Chapter(
            self.trainer.moment(),
            self.state,
            self.done_by,
            self.metrics,
            self.divergence,
            log.origin,
            log.origin_step,
            list(log.entries),
            log.before,
            history.run,
            list(history.line),
            history.stride,
        )

    def open_chapter(self, chapter: Chapter) -> None:
        """Go on from a chapter, in another run, running if the session runs."""
        was_running = self.state == "running" and chapter.state != "diverged"
        self.past.begin()
        self.log.restart(chapter.origin, chapter.origin_step, list(chapter.entries), chapter.commands_before)
        self.history.branch(chapter.moment.step, chapter.run, chapter.line)
        self.history.stride = chapter.stride
        state: State = "paused" if chapter.state == "running" else chapter.state
        trainer = Trainer.at(chapter.moment, like=self.trainer)
        if was_running:
            state = "running"
            self._plan.begin(trainer)
        self.stand(trainer, state, chapter.done_by, chapter.metrics, chapter.divergence)
        self.settle()

    def _due_stream(self, now_s: float) -> str | None:
        """Return the stream whose frame has been due for longest, so that all of a session's share alike."""
        due = [(when, stream) for stream, view in self.views.items() if (when := view.due_s(self._shown())) is not None]
        return min(due)[1] if due and min(due)[0] <= now_s else None

    def _frame_work(self, stream: str, now_s: float) -> Work:
        try:
            view, trainer = self.views.get(stream), self.trainer
            if view is None:
                return
            frame = yield from view.frame(trainer, self._shown(), now_s)
            if trainer is self.trainer:
                self.flush_points()
                self._send(stream, frame)
            else:  # A picture of a network that is no more: nobody will see it.
                view.acknowledge(view.seq)
        finally:
            self._is_drawing = False

    def _shown(self) -> tuple[int, int]:
        return self.trainer.step, self._revision

    def _train(self, deadline_s: float) -> None:
        trainer = self.trainer
        if trainer.is_judgement_due:  # A rule is newer than the last step, say.
            self._figures.append(self._judgement(trainer, {}))
            return
        started_s = self._clock()
        most = max(1, int(min(_GROUP_S, max(0.0, deadline_s - started_s)) / self._step_s))
        bounds = self.history.steps_until_due(trainer), self._plan.steps_left(trainer), trainer.steps_until_judgement
        steps = int(min(most, *bounds))
        trainer.advance(steps)
        self._step_s = max(1e-7, (self._clock() - started_s) / steps)
        if (
            trainer.is_epoch_start
            or self._plan.is_over(trainer)
            or self.history.is_due(trainer)
            or trainer.is_judgement_due
        ):
            self._figures.append(self._arrive(trainer))

    def _arrive(self, trainer: Trainer) -> Work:
        self._arriving = self._arrival(trainer)
        return self._arriving

    def _finish_judgement(self) -> None:
        """Let the stop rules have judged what training has brought about, before a command changes the trainer."""
        if self._arriving is not None and self.trainer.is_judgement_due:
            for _ in self._arriving:
                pass

    def _arrival(self, trainer: Trainer) -> Work:
        """Where a point may lie, or a run may end: look for divergence, evaluate, stop if it is time."""
        figures: dict[str, float] = {}
        is_due = self.history.is_due(trainer)
        if is_due:
            figures = yield from self.evaluate(trainer, has_tests=trainer.is_epoch_start)
            if trainer is not self.trainer:
                return  # A command has rebuilt the network meanwhile.
        # A point among the batches of a large network is spared a look at all its parameters.
        is_whole = (is_due and not trainer.is_epoch_start) or trainer.is_finite
        if not is_whole or not all(math.isfinite(value) for value in figures.values()):
            evidence = yield from investigate(self, trainer)
            if trainer is self.trainer:
                self._diverge(evidence)
            return
        if is_due:
            self._add_point(trainer, figures)
        yield from self._judgement(trainer, figures)
        if trainer is not self.trainer:
            return
        self.past.remember()
        if self.state == "running" and self._plan.is_over(trainer):
            self._come_to_rest("done" if self._plan.is_run else "paused")

    def _judgement(self, trainer: Trainer, figures: dict[str, float]) -> Work:
        """Ask the stop rules, if it is time to; `figures` are those that are known of here."""
        rule = yield from trainer.judgement(figures)
        if rule is None or trainer is not self.trainer:
            return
        if trainer.keeps_running_mean:  # Elsewhere figures are brought up to date at every rest.
            self.metrics = {**self.metrics, **(yield from self.evaluate(trainer, has_tests=True))}
        self._revision += 1  # The best weights may have been taken back.
        self._come_to_rest("done", by=rule.name)

    def _add_point(self, trainer: Trainer, figures: dict[str, float]) -> None:
        self.metrics = {**self.metrics, **figures} if trainer.keeps_running_mean else figures
        rate = {} if self.spec.training.has_steady_rate else {"learning_rate": trainer.learning_rate}
        point, is_thinned = self.history.add(trainer, {**figures, **rate})
        if self.views:
            if not self._points:
                self._points_due_s = self._clock() + _POINTS_PERIOD_S
            self._points.append(point)
        if is_thinned:
            self._announce({"type": "thinned", "stride": self.history.stride, "kept": len(self.history.points)})

    def evaluate(self, trainer: Trainer, has_tests: bool) -> Generator[None, None, dict[str, float]]:
        """Return the figures of where a trainer stands; those of validation and test only if wanted."""
        figures: dict[str, float] = {}
        if trainer.keeps_running_mean:
            figures |= trainer.training_metrics()
        else:
            for piece in trainer.evaluation("train"):
                figures |= piece
                if not piece:
                    yield
        for part in PARTS[1:] if has_tests else ():
            for piece in trainer.evaluation(part):
                figures |= piece
                if not piece:
                    yield
        return figures

    def _come_to_rest(self, state: State, by: str = "run") -> None:
        self.state, self.done_by = state, by
        self._note_change(within_s=0.0)

        def tell() -> None:
            if state == self.state == "done":
                self._announce({"type": "done", "by": by, **self._where()})
            self.announce_state()

        self.settle(tell)

    def _diverge(self, evidence: dict[str, Any]) -> None:
        self.state, self.divergence = "diverged", evidence
        self._note_change(within_s=0.0)
        self.metrics = {"loss" if part == "train" else f"{part}_loss": None for part in self.trainer.data.parts}
        self._announce({"type": "diverged", **self._where(), "divergence": evidence})
        self.announce_state()

    def settle(self, then: Callable[[], None] = lambda: None) -> None:
        """Bring the figures up to date where nothing else will, and go on with `then`."""
        self._figures.append(self._settle_work(self.trainer, then))

    def _settle_work(self, trainer: Trainer, then: Callable[[], None]) -> Work:
        if not trainer.keeps_running_mean and self.state not in ("running", "diverged"):
            figures = yield from self.evaluate(trainer, has_tests=True)
            if trainer is self.trainer:
                self.metrics = {name: value if math.isfinite(value) else None for name, value in figures.items()}
        then()

    def _where(self) -> dict[str, Any]:
        return {
            "step": self.trainer.step,
            "epoch": self.trainer.epoch,
            "run": self.history.run,
            "metrics": self.metrics,
        }

    # Events

    def announce_state(self, with_spec: bool = False) -> None:
        event = {"type": "state", **self.standing()}
        if with_spec:
            event |= {"spec": self.spec.full(), "loss": self.spec.loss.name}
        self._announce(event)

    def _announce(self, event: Event) -> None:
        self.flush_points()
        self._emit(event)

    def flush_points(self) -> None:
        """Send the points that wait."""
        if self._points:
            points, self._points = self._points, []
            self._emit({"type": "points", "points": points})

    # Checkpoints

    def snapshot(self) -> bytes:
        """Return the whole state; a trainer can be restored from it too."""
        step = self.trainer.step if self.past.present else math.inf
        return self.archive_of(self.trainer, history=self.history.to_dict(step))

    def due_checkpoint(self) -> Checkpoint | None:
        """Return a checkpoint if it is time for one and something has changed since the last."""
        if not self._wants_checkpoint() or self._clock() < self._checkpoint_due_s:
            return None
        return self.checkpoint()

    def checkpoint(self) -> Checkpoint | None:
        """Return a checkpoint if something has changed since the last."""
        if self._checkpointed == self._stand():
            return None
        is_urgent = self._checkpointed is None or self._checkpointed[1] != self._changes
        self._checkpointed = self._stand()
        self._checkpoint_due_s = self._clock() + (self._checkpoint_period_s or 0.0)
        log, origin = self.log.news()
        state, archive = self.state, b""
        if (present := self.past.present) is None:
            archive = self.archive_of(self.trainer)
        else:  # Whoever goes on from this stands where the session has come to, not where it looks.
            state = present.state
            trainer = Trainer.at(present.moment, like=self.trainer)
            told = {"state": state, "done_by": present.done_by, "metrics": present.metrics}
            archive = self.archive_of(trainer, **told, divergence=present.divergence)
        return Checkpoint(state, archive, self.history.news(), log, origin, is_urgent)

    def _wants_checkpoint(self) -> bool:
        return self._checkpoint_period_s is not None and self._checkpointed != self._stand()

    def _stand(self) -> tuple[int, int]:
        return self.past.newest_step, self._changes

    def _note_change(self, within_s: float = _CHANGE_TO_CHECKPOINT_S) -> None:
        """Let a checkpoint follow soon, but not one for every twitch of a slider."""
        self._changes += 1
        self._checkpoint_due_s = min(self._checkpoint_due_s, self._clock() + within_s)

    def archive_of(self, trainer: Trainer, **told: Any) -> bytes:
        """Return a trainer's snapshot with what there is to know of the session, where `told` says nothing else."""
        session = {
            "state": self.state,
            "done_by": self.done_by,
            "data_version": self.data_version,
            "metrics": self.metrics,
            "divergence": self.divergence,
            "history": self.history.standing(),
            "plan": self._plan.to_dict(),
            "log_step": self.log.origin_step,
            **told,
        }
        return trainer.snapshot(session=session)

    def resume(self, session: Mapping[str, Any], checkpoint: Checkpoint, *, rests: bool) -> None:
        """Go on as the session of whose checkpoints this is the sum, running if it ran, unless it is to rest."""
        history = {**session["history"], "points": entries(checkpoint.points.text)}
        self.take_over({**session, "history": history}, checkpoint.archive)
        assert checkpoint.origin is not None
        self.log.restart(decode_origin(checkpoint.origin), session["log_step"], entries(checkpoint.log.text))
        self.divergence = session.get("divergence")
        self.past.begin()
        self.past.remember()
        # Whoever brings all this need not be given it again.
        self.history.news()
        self.log.news()
        if session["state"] == "running" and self.trainer.step and not self.history.ends_at(self.trainer):
            # The checkpoint was made between the last step of an epoch and the point that is due there.
            self._figures.append(self._arrive(self.trainer))
        if session["state"] == "running" and rests:
            self._note_change()
        else:
            self.state = session["state"]
            self._plan.resume(session["plan"], self.trainer)
            self._checkpointed = self._stand()

    def take_over(self, session: Mapping[str, Any], snapshot: bytes) -> None:
        """Go on as the session that gave the snapshot; a running one is paused. Raises ValueError and the like."""
        resting: dict[str, State] = {
            "running": "paused",
            **{state: state for state in ("idle", "paused", "diverged", "done")},
        }
        self.state = resting[session["state"]]
        done_by = session.get("done_by")
        self.done_by = done_by if done_by in ("run", *components("stop_rule")) else None
        self.data_version = max(1, int(session["data_version"]))
        self.history = History.from_dict(session["history"], self._limits["points"])
        self.metrics = {
            name: value
            for name, value in session["metrics"].items()
            if name in METRICS and (value is None or isinstance(value, float))
        }
        self.log.restart(snapshot, self.trainer.step)


def encode(event: Event) -> str:
    """Return an event as JSON; figures that are no numbers must have become null before."""
    return json.dumps(event, separators=(",", ":"), allow_nan=False)
