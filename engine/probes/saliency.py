"""How an output, or the loss, changes with the inputs: the gradient taken one step further back than the weights'."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.activations import Activation
from engine.losses import Loss
from engine.network import BackwardPass
from engine.registry import find
from engine.trainer import Trainer

Array = NDArray[Any]


class Output(Loss):
    """One output taken as if it were the loss, or the sum z from which it comes, if it is `before_activation`."""

    output: int
    before_activation: bool = False

    def total(self, a: Array, t: Array) -> float:
        return float(a[self.output].sum())

    def factor(self, outputs: int, batch: int) -> float:
        return 1 / batch

    def gradient(self, a: Array, t: Array, out: Array, factor: Array) -> None:
        out.fill(0)
        out[self.output] = factor

    def fuses(self, activation: Activation) -> bool:
        return self.before_activation  # What `gradient` writes is then dL/dz, whatever the activation.


class InputGradient:
    """dL/dx of single examples, in buffers made once."""

    def __init__(self, trainer: Trainer, loss: Loss) -> None:
        self._trainer = trainer
        self._gradient: Array = np.empty_like(trainer.parameters)
        self._way = BackwardPass(trainer.network, 1, loss, self._gradient)
        first = trainer.network.layers[0]
        self._weights = first.matrix(trainer.parameters)[:-1]
        self._delta = first.matrix(self._gradient)[-1]  # Of a single example, dL/db is δ.

    def __call__(self, inputs: Array, t: Array) -> Array:
        """Return dL/dx, shape (n,), for raw inputs of that shape, as `Trainer.predict` takes them.

        `t` are the encoded targets, shape (outputs, 1).
        """
        row = self._trainer.data.encode_inputs(inputs[None])
        with np.errstate(all="ignore"):
            self._way(row.T, t)
            slope = self._weights @ self._delta  # dL/dx_i = Σ_j w_ij δ_j
            return self._through_features(inputs, slope)

    def _through_features(self, inputs: Array, slope: Array) -> Array:
        names = self._trainer.spec.data.features
        if not names:
            return slope
        x, y = inputs
        slopes = [find("feature", name)().slopes(x, y) for name in names]
        return np.asarray(slope @ np.array(slopes, slope.dtype))  # dL/dx = Σ_f dL/df · df/dx


def saliency(trainer: Trainer, inputs: ArrayLike, output: int, before_activation: bool = False) -> Array:
    """Return the gradient of an output with respect to raw inputs, both of shape (n,).

    Simonyan, Vedaldi and Zisserman, Deep inside convolutional networks: visualising image classification models and
    saliency maps, 2014. They take a class's score before softmax, which is the sum z: `before_activation`.
    """
    # It has no name by which a spec could choose it, so that it is not looked up either.
    loss = Output.model_construct(output=output, before_activation=before_activation)
    gradient = InputGradient(trainer, loss)
    return gradient(np.asarray(inputs, trainer.dtype), np.zeros((trainer.spec.outputs, 1), trainer.dtype))
