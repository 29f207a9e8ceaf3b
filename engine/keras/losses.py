"""The engine's losses under Keras's names, and how each takes its targets."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine import losses as engine_losses
from engine.activations import Activation, Sigmoid, Softmax
from engine.keras.absent import made, missing_from, only_known, unknown_name

Array = NDArray[Any]


class Loss:
    """A loss of the engine, and whether it takes sums for the probabilities that follow from them (`from_logits`)."""

    component: engine_losses.Loss
    from_logits: bool = False

    def targets(self, y: Array, outputs: int) -> Array:
        """Return targets of shape (n, outputs) as the engine takes them. Raises ValueError for others."""
        columns = y.reshape(len(y), -1) if y.ndim < 2 else y
        if columns.shape != (len(y), outputs):
            raise ValueError(
                f"{type(self).__name__}: targets have the shape {y.shape}, but the network has {outputs} "
                f"output{'s' if outputs > 1 else ''}{self._remedy(y, outputs)}"
            )
        return columns.astype(np.float32)

    def _remedy(self, y: Array, outputs: int) -> str:
        return ""

    @property
    def output_activation(self) -> Activation | None:
        """The only output activation that the loss can be trained with, or None where any will do."""
        return None

    def __call__(self, y_true: ArrayLike, y_pred: ArrayLike) -> float:
        """Return the mean loss of predictions, shape (n, outputs)."""
        a = np.atleast_2d(np.array(y_pred, np.float64)).T
        t = self.targets(np.asarray(y_true), len(a)).T.astype(np.float64)
        if self.from_logits and self.output_activation is not None:
            self.output_activation.forward(a, a)
        return float(self.component.total(a, t) / a.shape[1])


class MeanSquaredError(Loss):
    @only_known
    def __init__(self) -> None:
        self.component = engine_losses.MeanSquaredError()


class MeanAbsoluteError(Loss):
    @only_known
    def __init__(self) -> None:
        self.component = engine_losses.MeanAbsoluteError()


class Huber(Loss):
    @only_known
    def __init__(self, delta: float = 1.0) -> None:
        self.component = made("Huber", engine_losses.Huber, delta=float(delta))


class Hinge(Loss):
    """Targets are -1 and 1; 0 and 1 are taken for them."""

    @only_known
    def __init__(self) -> None:
        self.component = engine_losses.Hinge()

    def targets(self, y: Array, outputs: int) -> Array:
        targets = super().targets(y, outputs)
        return 2.0 * targets - 1.0 if ((targets == 0) | (targets == 1)).all() else targets


class Crossentropy(Loss):
    """A loss of probabilities; targets are 0 and 1."""

    def targets(self, y: Array, outputs: int) -> Array:
        targets = super().targets(y, outputs)
        if not ((targets == 0) | (targets == 1)).all():
            raise ValueError(f"{type(self).__name__}: targets must be 0 or 1; softer ones are not there")
        return targets


class BinaryCrossentropy(Crossentropy):
    @only_known
    def __init__(self, from_logits: bool = False) -> None:
        self.component = engine_losses.BinaryCrossentropy()
        self.from_logits = from_logits

    @property
    def output_activation(self) -> Activation:
        return Sigmoid()


class CategoricalCrossentropy(Crossentropy):
    """Targets have a column for every class: a 1 in that of the true one."""

    @only_known
    def __init__(self, from_logits: bool = False) -> None:
        self.component = engine_losses.CategoricalCrossentropy()
        self.from_logits = from_logits

    @property
    def output_activation(self) -> Activation:
        return Softmax()

    def targets(self, y: Array, outputs: int) -> Array:
        targets = super().targets(y, outputs)
        if not (targets.sum(axis=1) == 1).all():
            raise ValueError(f"{type(self).__name__}: every example needs exactly one 1 among its targets")
        return targets

    def _remedy(self, y: Array, outputs: int) -> str:
        if y.size != len(y):
            return ""
        return f"; call to_categorical(y, {outputs}) first, or take sparse_categorical_crossentropy"


class SparseCategoricalCrossentropy(CategoricalCrossentropy):
    """Targets are the numbers of the true classes, from 0."""

    def targets(self, y: Array, outputs: int) -> Array:
        if y.size != len(y):
            raise ValueError(
                f"{type(self).__name__}: targets have the shape {y.shape}; class numbers of shape ({len(y)},) are due, "
                "or take categorical_crossentropy"
            )
        classes = y.reshape(-1)
        if not ((classes >= 0) & (classes < outputs) & (classes == np.floor(classes))).all():
            raise ValueError(
                f"{type(self).__name__}: targets must be class numbers from 0 to {outputs - 1}, as many as the network "
                f"has outputs; they go from {classes.min()} to {classes.max()}"
            )
        return np.eye(outputs, dtype=np.float32)[classes.astype(np.int64)]


_BY_NAME: dict[str, type[Loss]] = {
    "mean_squared_error": MeanSquaredError,
    "mse": MeanSquaredError,
    "mean_absolute_error": MeanAbsoluteError,
    "mae": MeanAbsoluteError,
    "huber": Huber,
    "hinge": Hinge,
    "binary_crossentropy": BinaryCrossentropy,
    "categorical_crossentropy": CategoricalCrossentropy,
    "sparse_categorical_crossentropy": SparseCategoricalCrossentropy,
}

__all__ = ["Loss", "get", *sorted({kind.__name__ for kind in _BY_NAME.values()})]


def get(identifier: Any) -> Loss:
    """Return the loss that a name, a class or an object means. Raises ValueError."""
    if isinstance(identifier, Loss):
        return identifier
    known = {**_BY_NAME, "MSE": MeanSquaredError, "MAE": MeanAbsoluteError}
    known |= {kind.__name__: kind for kind in _BY_NAME.values()}
    if isinstance(identifier, type) and identifier in known.values():
        kind: type[Any] = identifier
    elif isinstance(identifier, str) and identifier in known:
        kind = known[identifier]
    else:
        raise unknown_name("loss", identifier, _BY_NAME)
    loss: Loss = kind()
    return loss


__getattr__ = missing_from(__name__, __all__, {}, {name: kind() for name, kind in _BY_NAME.items()})
