"""Figures that are gathered batch by batch. Classes are chosen as the engine's own accuracy chooses them."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.keras.absent import missing_from, only_known, unknown_name
from engine.metrics import chosen_classes

Array = NDArray[Any]


class Metric:
    """A figure of what was true, shape (n, outputs) as the loss takes it, and what was said, of the same shape.

    `direction` says which way is better. Subclasses of one's own write `update_state`, `result` and `reset_state`.
    """

    direction: ClassVar[Literal["up", "down"] | None] = None

    def __init__(self, name: str | None = None) -> None:
        self.name = name or type(self).__name__
        self.reset_state()

    def reset_state(self) -> None:
        """Forget all batches."""
        raise NotImplementedError

    def update_state(self, y_true: ArrayLike, y_pred: ArrayLike) -> None:
        """Take a batch in."""
        raise NotImplementedError

    def result(self) -> float:
        """Return the figure for all batches since `reset_state`."""
        raise NotImplementedError


class _Mean(Metric):
    """The mean of a figure that every example has."""

    usual_name: ClassVar[str]

    @only_known
    def __init__(self, name: str | None = None) -> None:
        super().__init__(name or self.usual_name)

    def reset_state(self) -> None:
        self.total, self.count = 0.0, 0

    def update_state(self, y_true: ArrayLike, y_pred: ArrayLike) -> None:
        a = np.asarray(y_pred)
        a = a.reshape(len(a), -1)
        t = np.asarray(y_true)
        self.total += float(self.sum(t.reshape(len(a), -1), a))
        self.count += len(a)

    def result(self) -> float:
        return self.total / self.count if self.count else 0.0

    def sum(self, t: Array, a: Array) -> float:
        """Return the sum over the batch."""
        raise NotImplementedError


class Mean(_Mean):
    """The running mean of numbers that each stand for a whole batch."""

    usual_name = "mean"

    def add(self, value: float, examples: int) -> None:
        self.total += value * examples
        self.count += examples


class BinaryAccuracy(_Mean):
    """The share of outputs on the right side of `threshold`."""

    direction = "up"
    usual_name = "binary_accuracy"

    @only_known
    def __init__(self, name: str | None = None, threshold: float = 0.5) -> None:
        super().__init__(name)
        self.threshold = threshold

    def sum(self, t: Array, a: Array) -> float:
        return float(np.count_nonzero((a > self.threshold) == (t > 0.5)) / a.shape[1])


class CategoricalAccuracy(_Mean):
    """The share of examples whose largest output is that of the true class."""

    direction = "up"
    usual_name = "categorical_accuracy"

    def sum(self, t: Array, a: Array) -> float:
        return float(np.count_nonzero(_classes(a) == _classes(t)))


class SparseCategoricalAccuracy(_Mean):
    """As CategoricalAccuracy; what is true may be given as class numbers too."""

    direction = "up"
    usual_name = "sparse_categorical_accuracy"

    def sum(self, t: Array, a: Array) -> float:
        true = t[:, 0] if t.shape[1] == 1 else _classes(t)
        return float(np.count_nonzero(_classes(a) == true))


def _classes(outputs: Array) -> Array:
    return chosen_classes(outputs.T, 0.5)


class MeanSquaredError(_Mean):
    direction = "down"
    usual_name = "mean_squared_error"

    def sum(self, t: Array, a: Array) -> float:
        return float(np.square(a - t).sum() / a.shape[1])


class RootMeanSquaredError(MeanSquaredError):
    usual_name = "root_mean_squared_error"

    def result(self) -> float:
        return math.sqrt(super().result())


class MeanAbsoluteError(_Mean):
    direction = "down"
    usual_name = "mean_absolute_error"

    def sum(self, t: Array, a: Array) -> float:
        return float(np.abs(a - t).sum() / a.shape[1])


class Precision(Metric):
    """Of all outputs above the threshold, the share that should be."""

    direction = "up"

    @only_known
    def __init__(self, thresholds: float | None = None, name: str | None = None) -> None:
        super().__init__(name or type(self).__name__.lower())
        self.threshold = 0.5 if thresholds is None else thresholds

    def reset_state(self) -> None:
        self.true_positives, self.called, self.actual = 0, 0, 0

    def update_state(self, y_true: ArrayLike, y_pred: ArrayLike) -> None:
        said, true = np.asarray(y_pred) > self.threshold, np.asarray(y_true) > 0.5
        self.true_positives += int(np.count_nonzero(said & true.reshape(said.shape)))
        self.called += int(np.count_nonzero(said))
        self.actual += int(np.count_nonzero(true))

    def result(self) -> float:
        return self.true_positives / self.called if self.called else 0.0


class Recall(Precision):
    """Of all outputs that should be above the threshold, the share that is."""

    def result(self) -> float:
        return self.true_positives / self.actual if self.actual else 0.0


_BY_NAME: dict[str, type[Metric]] = {
    "binary_accuracy": BinaryAccuracy,
    "categorical_accuracy": CategoricalAccuracy,
    "sparse_categorical_accuracy": SparseCategoricalAccuracy,
    "mean_squared_error": MeanSquaredError,
    "mse": MeanSquaredError,
    "root_mean_squared_error": RootMeanSquaredError,
    "mean_absolute_error": MeanAbsoluteError,
    "mae": MeanAbsoluteError,
    "precision": Precision,
    "recall": Recall,
}

__all__ = ["Mean", "Metric", "get", *sorted({kind.__name__ for kind in _BY_NAME.values()})]


def get(identifier: Any, outputs: int = 1) -> Metric:
    """Return the metric that a name, a class or an object means. Raises ValueError.

    Which accuracy it is depends on the number of outputs, as in Keras.
    """
    if isinstance(identifier, Metric):
        return identifier
    if isinstance(identifier, str) and identifier.lower() in ("accuracy", "acc"):
        return BinaryAccuracy(name=identifier) if outputs == 1 else CategoricalAccuracy(name=identifier)
    if isinstance(identifier, type) and issubclass(identifier, Metric):
        return identifier()
    known = {**_BY_NAME, "MSE": MeanSquaredError, "MAE": MeanAbsoluteError}
    known |= {kind.__name__: kind for kind in _BY_NAME.values()}
    if isinstance(identifier, str) and identifier in known:
        kind: type[Any] = known[identifier]
        named: Metric = kind(name=identifier)
        return named
    raise unknown_name("metric", identifier, ["accuracy", *_BY_NAME])


__getattr__ = missing_from(__name__, __all__, {"Accuracy": "take BinaryAccuracy or CategoricalAccuracy"})
