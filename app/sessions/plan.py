"""How a run goes on: at what speed, and where it stops."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from app.messages import Run, Step
from engine import Trainer

# A run at a given speed trains in bursts of this length; one that falls behind by more forgets the rest.
_BURST_S = 0.04
_LATENESS_S = 0.25


class Plan:
    """What a session was last told to do: a run, with or without an end and a speed, or some steps.

    `speed` is in epochs a second; None: as fast as is fair. `is_run` tells a run, which ends done, from steps, which
    are made as fast as is fair, and leave the speed of the last run as it was.
    """

    def __init__(self, clock: Callable[[], float], speed: float | None = None) -> None:
        """Plan nothing yet; `speed` is that of the last run, for the next one."""
        self._clock = clock
        self.speed = speed
        self.is_run = False
        self._epochs: int | None = None
        self._steps: int | None = None
        self._stop_epoch: float = math.inf
        self._stop_step: float = math.inf
        self._paced_from = (0.0, 0.0)  # A moment, and how many epochs had passed then.

    def run(self, command: Run, trainer: Trainer) -> None:
        """Plan a run from where the trainer stands."""
        self.is_run, self.speed = True, command.speed
        self._epochs, self._steps = command.epochs, command.steps
        self.begin(trainer)

    def step(self, command: Step, trainer: Trainer) -> None:
        """Plan some epochs or batches, as fast as is fair."""
        self.is_run = False
        self._epochs = command.count if command.unit == "epoch" else None
        self._steps = command.count if command.unit == "batch" else None
        self.begin(trainer)

    def begin(self, trainer: Trainer) -> None:
        """Count what was planned from where the trainer stands now."""
        self._stop_epoch = math.inf if self._epochs is None else trainer.epoch + self._epochs
        self._stop_step = math.inf if self._steps is None else trainer.step + self._steps
        self._keep_pace_from_here(trainer)

    @property
    def is_endless(self) -> bool:
        """Whether nothing but a command would stop it."""
        return self._stop_epoch == self._stop_step == math.inf

    @property
    def until_epoch(self) -> int | None:
        """The epoch at which it stops, if at one."""
        return int(self._stop_epoch) if math.isfinite(self._stop_epoch) else None

    def is_over(self, trainer: Trainer) -> bool:
        """Return whether what was planned is done."""
        return trainer.epoch >= self._stop_epoch or trainer.step >= self._stop_step

    def steps_left(self, trainer: Trainer) -> float:
        """Return how many updates may be made at most before it must be looked at again."""
        return min(self._stop_step - trainer.step, self._burst(trainer))

    def due_s(self, trainer: Trainer) -> float:
        """Return when the next update is due; 0: at once."""
        if (speed := self._pace) is None:
            return 0.0
        start_s, start_epochs = self._paced_from
        due_s = start_s + (_epochs_passed(trainer) - start_epochs) / speed
        if due_s < self._clock() - _LATENESS_S:  # What could not keep its pace does not hurry afterwards.
            self._keep_pace_from_here(trainer)
            return 0.0
        return due_s

    @property
    def _pace(self) -> float | None:
        return self.speed if self.is_run else None

    def _burst(self, trainer: Trainer) -> float:
        if (speed := self._pace) is None:
            return math.inf
        start_s, start_epochs = self._paced_from
        epochs = start_epochs + (self._clock() + _BURST_S - start_s) * speed - _epochs_passed(trainer)
        return max(1, round(epochs * trainer.batches_per_epoch))

    def _keep_pace_from_here(self, trainer: Trainer) -> None:
        self._paced_from = (self._clock(), _epochs_passed(trainer))

    def to_dict(self) -> dict[str, Any]:
        """Return what a checkpoint keeps of it, ready for JSON."""
        return {
            "is_run": self.is_run,
            "speed": self.speed,
            "epochs": self._epochs,
            "steps": self._steps,
            "stop_epoch": self.until_epoch,
            "stop_step": int(self._stop_step) if math.isfinite(self._stop_step) else None,
        }

    def resume(self, members: Mapping[str, Any], trainer: Trainer) -> None:
        """Go on with the plan that `to_dict` described."""
        self.is_run, self.speed = members["is_run"], members["speed"]
        self._epochs, self._steps = members["epochs"], members["steps"]
        self.begin(trainer)
        self._stop_epoch = math.inf if members["stop_epoch"] is None else members["stop_epoch"]
        self._stop_step = math.inf if members["stop_step"] is None else members["stop_step"]


def _epochs_passed(trainer: Trainer) -> float:
    """Return how many epochs have passed, part of one included."""
    return trainer.epoch + trainer.progress
