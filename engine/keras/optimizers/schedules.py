"""Learning rates that change with the updates: the engine's schedules, `decay_steps` updates counting as an epoch."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from engine import schedules as engine_schedules
from engine.keras.absent import made, missing_from, only_known


class LearningRateSchedule:
    """A learning rate that depends on the number of updates made so far; subclasses of one's own write `__call__`."""

    def __call__(self, step: int) -> float:
        """Return the learning rate after so many updates."""
        raise NotImplementedError


class _Decay(LearningRateSchedule):
    component: engine_schedules.Schedule
    staircase = False

    def __init__(self, initial_learning_rate: float, decay_steps: int) -> None:
        self.initial_learning_rate = float(initial_learning_rate)
        self.decay_steps = decay_steps

    def __call__(self, step: int) -> float:
        passed = step / self.decay_steps
        return self.initial_learning_rate * self.component.multiplier(floor(passed) if self.staircase else passed)


class ExponentialDecay(_Decay):
    @only_known
    def __init__(
        self, initial_learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool = False
    ) -> None:
        super().__init__(initial_learning_rate, decay_steps)
        self.component = made("ExponentialDecay", engine_schedules.ExponentialDecay, rate=float(decay_rate))
        self.staircase = staircase


class InverseTimeDecay(_Decay):
    @only_known
    def __init__(
        self, initial_learning_rate: float, decay_steps: int, decay_rate: float, staircase: bool = False
    ) -> None:
        super().__init__(initial_learning_rate, decay_steps)
        self.component = made("InverseTimeDecay", engine_schedules.InverseTimeDecay, rate=float(decay_rate))
        self.staircase = staircase


class CosineDecay(_Decay):
    @only_known
    def __init__(self, initial_learning_rate: float, decay_steps: int, alpha: float = 0.0) -> None:
        super().__init__(initial_learning_rate, decay_steps)
        self.component = made("CosineDecay", engine_schedules.CosineDecay, epochs=1, floor=float(alpha))


class PiecewiseConstantDecay(LearningRateSchedule):
    @only_known
    def __init__(self, boundaries: Sequence[int], values: Sequence[float]) -> None:
        if len(values) != len(boundaries) + 1:
            raise ValueError("PiecewiseConstantDecay: values must be one more than boundaries")
        self.boundaries, self.values = list(boundaries), [float(value) for value in values]

    def __call__(self, step: int) -> float:
        return self.values[sum(step > boundary for boundary in self.boundaries)]


__all__ = ["CosineDecay", "ExponentialDecay", "InverseTimeDecay", "LearningRateSchedule", "PiecewiseConstantDecay"]
__getattr__ = missing_from(__name__, __all__, {})
