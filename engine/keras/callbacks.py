"""What can be done while a model trains: Keras's callbacks."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from inspect import Parameter, signature
from typing import Any, Literal

import numpy as np

from engine.keras.absent import made, missing_from, only_known
from engine.keras.metrics import Metric
from engine.keras.progress import say
from engine.stop_rules import Memory, Plateau, Standing

Logs = dict[str, Any]


class Callback:
    """Something to be done at certain moments; subclasses write the methods of those that they care for.

    `logs` holds the figures so far by their names. Setting `self.model.stop_training` to True ends the training.
    """

    def __init__(self) -> None:
        self.model: Any = None
        self.params: Logs = {}

    def set_model(self, model: Any) -> None:
        self.model = model

    def set_params(self, params: Logs) -> None:
        self.params = params

    def on_train_begin(self, logs: Logs | None = None) -> None: ...

    def on_train_end(self, logs: Logs | None = None) -> None: ...

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None: ...

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None: ...

    def on_batch_begin(self, batch: int, logs: Logs | None = None) -> None: ...

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None: ...

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None: ...

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None: ...

    def on_test_begin(self, logs: Logs | None = None) -> None: ...

    def on_test_end(self, logs: Logs | None = None) -> None: ...

    def on_test_batch_begin(self, batch: int, logs: Logs | None = None) -> None: ...

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None: ...

    def on_predict_begin(self, logs: Logs | None = None) -> None: ...

    def on_predict_end(self, logs: Logs | None = None) -> None: ...

    def on_predict_batch_begin(self, batch: int, logs: Logs | None = None) -> None: ...

    def on_predict_batch_end(self, batch: int, logs: Logs | None = None) -> None: ...


class Hooks:
    """The methods of several callbacks that do something, by their names: what nobody wrote is never called."""

    def __init__(self, callbacks: Sequence[Callback], model: Any, params: Logs) -> None:
        self._callbacks = callbacks
        for callback in callbacks:
            if not isinstance(callback, Callback):
                raise TypeError(
                    f"{callback!r:.80} is no callback: make it a subclass of engine.keras.callbacks.Callback"
                )
            callback.set_params(params)
            callback.set_model(model)

    def named(self, *names: str) -> list[Callable[..., object]]:
        """Return all methods of these names."""
        return [
            method
            for callback in self._callbacks
            for name in names
            if getattr(method := getattr(callback, name), "__func__", method) is not getattr(Callback, name)
        ]

    def call(self, name: str, *arguments: Any) -> None:
        """Call all methods of a name."""
        for method in self.named(name):
            method(*arguments)


class History(Callback):
    """What `fit` returns: `history` holds the figures of every epoch by their names, `epoch` the epochs' numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.history: dict[str, list[Any]] = {}
        self.epoch: list[int] = []

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)


class LambdaCallback(Callback):
    """A callback made of functions: LambdaCallback(on_epoch_end=lambda epoch, logs: …)."""

    def __init__(self, **functions: Callable[..., object]) -> None:
        super().__init__()
        moments = [name for name in dir(Callback) if name.startswith("on_")]
        for name, function in functions.items():
            if name not in moments:
                raise TypeError(f"LambdaCallback has no argument {name}: It has {', '.join(moments)}")
            setattr(self, name, function)


class TerminateOnNaN(Callback):
    """Ends the training when the loss is no number any more."""

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        loss = (logs or {}).get("loss")
        if loss is not None and not math.isfinite(loss):
            say(f"Batch {batch}: Invalid loss, terminating training\n")
            self.model.stop_training = True


class LearningRateScheduler(Callback):
    """Sets the learning rate at the start of every epoch: `schedule(epoch, learning_rate)`, or `schedule(epoch)`."""

    @only_known
    def __init__(self, schedule: Callable[..., float], verbose: int = 0) -> None:
        super().__init__()
        self.schedule = schedule
        self.verbose = verbose
        ways = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD, Parameter.VAR_POSITIONAL)
        taken = [each for each in signature(schedule).parameters.values() if each.kind in ways]
        self._takes_rate = len(taken) > 1 or any(each.kind is Parameter.VAR_POSITIONAL for each in taken)

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        optimizer = self.model.optimizer
        rate = self.schedule(epoch, optimizer.learning_rate) if self._takes_rate else self.schedule(epoch)
        if not isinstance(rate, float | np.floating):
            raise ValueError(f"LearningRateScheduler: the schedule returned {rate!r:.40}; a float is due")
        optimizer.learning_rate = rate
        if self.verbose:
            say(f"\nEpoch {epoch + 1}: LearningRateScheduler setting learning rate to {rate}.\n")

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        if logs is not None:
            logs["learning_rate"] = self.model.optimizer.learning_rate


class _Watcher(Callback):
    """A callback that goes by one figure, and counts epochs without improvement as the engine's stop rules do.

    Those know figures that should fall: one that should rise is counted with the opposite sign.
    """

    def __init__(self, monitor: str, mode: str, patience: int, min_delta: float) -> None:
        super().__init__()
        if mode not in ("auto", "min", "max"):
            raise ValueError(f"{type(self).__name__}: mode is {mode!r:.40}; 'auto', 'min' or 'max' is due")
        self.monitor = monitor
        self.mode = mode
        self.patience = patience
        self.min_delta = abs(min_delta)
        self._rule = made(type(self).__name__, Plateau, patience=patience, min_delta=float(self.min_delta))
        self._memory = Memory(best=math.inf)

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self._memory = Memory(best=math.inf)

    @property
    def best(self) -> float:
        """The best figure so far."""
        return self._sign * (math.inf if self._memory.best is None else self._memory.best)

    @property
    def wait(self) -> int:
        """How many epochs ago that was."""
        return self._memory.waited

    @property
    def _sign(self) -> float:
        return -1.0 if self._direction == "up" else 1.0

    @property
    def _direction(self) -> Literal["up", "down"]:
        if self.mode != "auto":
            return "up" if self.mode == "max" else "down"
        name = self.monitor.removeprefix("val_")
        metrics: Sequence[Metric] = self.model.metrics
        direction = next((metric.direction for metric in metrics if metric.name == name), None)
        if name == "loss":
            return "down"
        if direction is None:
            raise ValueError(
                f"{type(self).__name__}: whether {self.monitor} should rise or fall is not known; "
                "say mode='max' or mode='min'"
            )
        return direction

    def _figure(self, logs: Logs) -> float | None:
        """Return the figure, so turned that lower is better, or None with a warning where there is none."""
        if self.monitor in logs:
            return self._sign * float(logs[self.monitor])
        warnings.warn(
            f"{type(self).__name__} goes by {self.monitor}, which is not there; there is {', '.join(logs)}",
            stacklevel=3,
        )
        return None

    def _is_over(self, figure: float) -> bool:
        """Count an epoch, and return whether there have been `patience` of them without improvement."""
        return self._rule.is_met(Standing(0, 0, {"loss": figure}), self._memory)


class EarlyStopping(_Watcher):
    """Ends the training when a figure no longer improves, and may take back the weights with which it was best."""

    @only_known
    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        super().__init__(monitor, mode, patience, min_delta)
        self.verbose = verbose
        self.baseline = baseline
        self.restore_best_weights = restore_best_weights
        self.start_from_epoch = start_from_epoch
        self.stopped_epoch = 0
        self.best_epoch = 0
        self.best_weights: list[Any] | None = None

    def on_train_begin(self, logs: Logs | None = None) -> None:
        super().on_train_begin(logs)
        self.stopped_epoch, self.best_epoch, self.best_weights = 0, 0, None

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        figure = self._figure(logs or {})
        if figure is None or epoch < self.start_from_epoch:
            return
        waited = self._memory.waited
        is_over = self._is_over(figure)
        is_best = self._memory.waited == 0
        if is_best:
            self.best_epoch = epoch
            # Worse than the baseline, even the best yet is no reason to wait any longer.
            if self.baseline is not None and figure >= self._sign * self.baseline - self.min_delta:
                self._memory.waited = waited + 1
        if self.restore_best_weights and (is_best or self.best_weights is None):
            self.best_weights = self.model.get_weights()
        if is_over and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs: Logs | None = None) -> None:
        if self.verbose and self.stopped_epoch:
            say(f"Epoch {self.stopped_epoch + 1}: early stopping\n")
        if self.restore_best_weights and self.best_weights is not None:
            if self.verbose:
                say(f"Restoring model weights from the end of the best epoch: {self.best_epoch + 1}.\n")
            self.model.set_weights(self.best_weights)


class ReduceLROnPlateau(_Watcher):
    """Lowers the learning rate when a figure no longer improves."""

    @only_known
    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 0.0001,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ) -> None:
        super().__init__(monitor, mode, patience, min_delta)
        if factor >= 1:
            raise ValueError(f"ReduceLROnPlateau: factor is {factor}; below 1 is due")
        self.factor = factor
        self.verbose = verbose
        self.cooldown = cooldown
        self.min_lr = min_lr
        self.cooldown_counter = 0

    def on_train_begin(self, logs: Logs | None = None) -> None:
        super().on_train_begin(logs)
        self.cooldown_counter = 0

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        logs = {} if logs is None else logs
        optimizer = self.model.optimizer
        logs["learning_rate"] = optimizer.learning_rate
        figure = self._figure(logs)
        if figure is None:
            return
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self._memory.waited = 0
        is_over = self._is_over(figure)
        if self.cooldown_counter > 0:
            self._memory.waited = 0
        elif is_over and optimizer.learning_rate > self.min_lr:
            optimizer.learning_rate = max(optimizer.learning_rate * self.factor, self.min_lr)
            self.cooldown_counter = self.cooldown
            self._memory.waited = 0
            if self.verbose:
                rate = optimizer.learning_rate
                say(f"\nEpoch {epoch + 1}: ReduceLROnPlateau reducing learning rate to {rate}.\n")


__all__ = [
    "Callback",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "LearningRateScheduler",
    "ReduceLROnPlateau",
    "TerminateOnNaN",
]
__getattr__ = missing_from(
    __name__,
    __all__,
    {
        "ModelCheckpoint": "files are not written; EarlyStopping(restore_best_weights=True) keeps the best weights",
        "CSVLogger": "files are not written; the figures of every epoch stand in what fit() returns, as .history",
        "TensorBoard": "the figures of every epoch stand in what fit() returns, as .history",
    },
)
