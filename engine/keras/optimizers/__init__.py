"""The engine's optimizers under Keras's names and with its arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from engine import optimizers as engine_optimizers
from engine.clipping import ClipNorm, Clipping, ClipValue
from engine.keras.absent import made, missing_from, only_known, unknown_name
from engine.keras.optimizers import schedules
from engine.keras.optimizers.schedules import LearningRateSchedule

Array = NDArray[Any]
Rate = float | LearningRateSchedule


class Bounds(TypedDict, total=False):
    """Bounds on the gradient: of each weight matrix and bias vector, of each number, of all together."""

    clipnorm: float | None
    clipvalue: float | None
    global_clipnorm: float | None


class Optimizer:
    """An optimizer of the engine, its learning rate, which may be changed at any time, and how many updates it made.

    `slots` is its running state, of the shape that the engine's optimizer asks for, once there are weights to move.
    """

    def __init__(
        self, component: type[engine_optimizers.Optimizer], learning_rate: Rate, bounds: Bounds, **settings: float
    ) -> None:
        who = type(self).__name__
        first = learning_rate(0) if isinstance(learning_rate, LearningRateSchedule) else learning_rate
        fields = {name: float(value) for name, value in settings.items()}
        self.component = made(who, component, learning_rate=float(first), **fields)
        self.name = self.component.name
        self.iterations = 0
        self.slots: Array | None = None
        self._rate: Rate = learning_rate if isinstance(learning_rate, LearningRateSchedule) else float(learning_rate)
        given = {name: float(bound) for name, bound in bounds.items() if isinstance(bound, int | float)}
        if len(given) > 1:
            raise ValueError(f"{who}: only one of {', '.join(Bounds.__annotations__)} can be set")
        # Of each matrix and vector by itself; of all parameters together.
        self.part_clipping: Clipping | None = None
        self.clipping: Clipping | None = None
        if "clipnorm" in given:
            self.part_clipping = made(who, ClipNorm, norm=given["clipnorm"])
        elif "clipvalue" in given:
            self.clipping = made(who, ClipValue, value=given["clipvalue"])
        elif given:
            self.clipping = made(who, ClipNorm, norm=given["global_clipnorm"])

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next update."""
        return float(self._rate(self.iterations) if isinstance(self._rate, LearningRateSchedule) else self._rate)

    @learning_rate.setter
    def learning_rate(self, value: Rate) -> None:
        self._rate = value if isinstance(value, LearningRateSchedule) else float(value)

    def slots_for(self, parameters: Array) -> Array:
        """Return the running state for this vector of parameters: zeros at first. Raises ValueError for another one."""
        shape = (self.component.slots, parameters.size)
        if self.slots is None:
            self.slots = np.zeros(shape, parameters.dtype)
        if self.slots.shape != shape:
            raise ValueError(f"this {type(self).__name__} has trained another network; give each one of its own")
        return self.slots


P = ParamSpec("P")


def _known(function: Callable[P, None]) -> Callable[P, None]:
    return only_known(function, also=Bounds.__annotations__)


class SGD(Optimizer):
    @_known
    def __init__(
        self, learning_rate: Rate = 0.01, momentum: float = 0.0, nesterov: bool = False, **bounds: Unpack[Bounds]
    ) -> None:
        if momentum == 0:
            super().__init__(engine_optimizers.SGD, learning_rate, bounds)
        else:
            component = engine_optimizers.Nesterov if nesterov else engine_optimizers.Momentum
            super().__init__(component, learning_rate, bounds, momentum=momentum)


class RMSprop(Optimizer):
    @_known
    def __init__(
        self,
        learning_rate: Rate = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        **bounds: Unpack[Bounds],
    ) -> None:
        if momentum != 0:
            raise ValueError("RMSprop: momentum is not there; take Adam, or SGD with momentum")
        super().__init__(engine_optimizers.RMSprop, learning_rate, bounds, rho=rho, epsilon=epsilon)


class Adagrad(Optimizer):
    @_known
    def __init__(
        self,
        learning_rate: Rate = 0.001,
        initial_accumulator_value: float = 0.1,
        epsilon: float = 1e-7,
        **bounds: Unpack[Bounds],
    ) -> None:
        first = initial_accumulator_value
        super().__init__(
            engine_optimizers.Adagrad, learning_rate, bounds, initial_accumulator_value=first, epsilon=epsilon
        )


class Adadelta(Optimizer):
    @_known
    def __init__(
        self, learning_rate: Rate = 0.001, rho: float = 0.95, epsilon: float = 1e-7, **bounds: Unpack[Bounds]
    ) -> None:
        super().__init__(engine_optimizers.Adadelta, learning_rate, bounds, rho=rho, epsilon=epsilon)


class Adam(Optimizer):
    @_known
    def __init__(
        self,
        learning_rate: Rate = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        **bounds: Unpack[Bounds],
    ) -> None:
        super().__init__(engine_optimizers.Adam, learning_rate, bounds, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon)


class AdamW(Optimizer):
    @_known
    def __init__(
        self,
        learning_rate: Rate = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        **bounds: Unpack[Bounds],
    ) -> None:
        betas = {"beta_1": beta_1, "beta_2": beta_2}
        super().__init__(
            engine_optimizers.AdamW, learning_rate, bounds, **betas, epsilon=epsilon, weight_decay=weight_decay
        )


class Nadam(Optimizer):
    @_known
    def __init__(
        self,
        learning_rate: Rate = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        **bounds: Unpack[Bounds],
    ) -> None:
        super().__init__(engine_optimizers.Nadam, learning_rate, bounds, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon)


_BY_NAME: dict[str, type[Any]] = {
    kind.__name__.lower(): kind for kind in (SGD, RMSprop, Adagrad, Adadelta, Adam, AdamW, Nadam)
}

__all__ = ["SGD", "Adadelta", "Adagrad", "Adam", "AdamW", "Nadam", "Optimizer", "RMSprop", "get", "schedules"]


def get(identifier: Any) -> Optimizer:
    """Return the optimizer that a name, a class or an object means. Raises ValueError."""
    if isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, type) and identifier in _BY_NAME.values():
        return identifier()  # type: ignore[no-any-return]
    if isinstance(identifier, str) and identifier.lower() in _BY_NAME:
        return _BY_NAME[identifier.lower()]()  # type: ignore[no-any-return]
    raise unknown_name("optimizer", identifier, _BY_NAME)


__getattr__ = missing_from(__name__, __all__, {})
