"""One example's way through the network and back: every product, every sum, every derivative by its name.

Forward, layer by layer:    z_j = Σ_i x_i w_ij + b_j          a_j = f(z_j)
Backward, from the last:    δ_j = dL/da_j · f'(z_j)           dL/dw_ij = x_i δ_j      dL/db_j = δ_j
                            dL/da_i of the layer before = Σ_j w_ij δ_j
Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, 1986.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.losses import Loss
from engine.network import BackwardPass, Layer
from engine.trainer import Trainer

Array = NDArray[Any]


@dataclass(frozen=True)
class LayerTrace:
    """What one layer does with an example. What lies behind the loss is None where the example has no target.

    `inputs` has the shape (inputs,), `weights` (inputs, units), all others (units,). `errors` are dL/da: None in a last
    layer that is fused with its loss, whose `deltas` come in one step. `slopes` are f'(z): None there, and in a layer
    whose activation mixes its units, so that its derivative is a matrix.
    """

    inputs: Array
    weights: Array
    biases: Array
    sums: Array
    activations: Array
    errors: Array | None
    slopes: Array | None
    deltas: Array | None

    def only(self, unit: int) -> LayerTrace:
        """Return the part of a single unit: every array but `inputs` has one column, or one entry."""
        arrays = {name: array for name, array in vars(self).items() if name != "inputs" and array is not None}
        return replace(self, **{name: array[..., unit : unit + 1] for name, array in arrays.items()})

    @property
    def products(self) -> Array:
        """x_i w_ij, shape (inputs, units): over each column, and the bias, they add up to the sum."""
        return self.inputs[:, None] * self.weights

    @property
    def weight_gradients(self) -> Array | None:
        """dL/dw_ij = x_i δ_j, shape (inputs, units); dL/db_j is δ_j itself."""
        return None if self.deltas is None else self.inputs[:, None] * self.deltas

    @property
    def error_products(self) -> Array | None:
        """w_ij δ_j, shape (inputs, units): over each row, they add up to dL/da_i of the layer before."""
        return None if self.deltas is None else self.weights * self.deltas


@dataclass(frozen=True)
class Trace:
    """Every layer's part, the output's last, and the loss: None where the example has no target.

    `targets` are what the loss compares the outputs with, shape (outputs,). `penalty` is the regulariser's part of the
    gradient, in the layout of the parameters: None where there is no regulariser.
    """

    layers: list[LayerTrace]
    targets: Array | None
    loss: float | None
    is_fused: bool
    penalty: Array | None

    @property
    def outputs(self) -> Array:
        return self.layers[-1].activations


def trace(trainer: Trainer, inputs: ArrayLike, target: ArrayLike | None = None) -> Trace:
    """Return the way of one example, given as `Trainer.predict` and `Trainer.gradient` take it: shapes (n,) and ().

    Dropout and noise belong to training and are left out, as they are where a network is evaluated.
    """
    network, loss = trainer.network, trainer.spec.loss
    row = trainer.data.encode_inputs(np.asarray(inputs, trainer.dtype)[None])
    known = target is not None
    # Without a target, the way back is worked out from some target or other, and nothing of it is told.
    t = trainer.data.encode_targets(np.atleast_1d(np.asarray(target if known else 0))).T
    gradient = np.empty_like(trainer.parameters)
    way = BackwardPass(network, 1, loss, gradient)
    with np.errstate(all="ignore"):
        outputs = way(row.T, t)
        deltas = [layer.matrix(gradient)[-1] for layer in network.layers]  # Of a single example, dL/db is δ.
        is_fused = loss.fuses(network.layers[-1].activation)
        layers: list[LayerTrace] = []
        x = row[0, :-1]
        for index, layer in enumerate(network.layers):
            matrix = layer.matrix(trainer.parameters)
            z, a = x @ matrix[:-1] + matrix[-1], way.forward.activations[index][:, 0].copy()
            is_last = index == len(network.layers) - 1
            tells_errors = known and not (is_last and is_fused)
            errors = slopes = None
            if tells_errors:
                errors = _output_errors(loss, outputs, t) if is_last else _errors(trainer, index + 1, deltas)
                slopes = _slopes(layer, z, a)
            delta = deltas[index] if known else None
            layers.append(LayerTrace(x, matrix[:-1].copy(), matrix[-1].copy(), z, a, errors, slopes, delta))
            x = a
        return Trace(
            layers=layers,
            targets=t[:, 0] if known else None,
            loss=loss.total(outputs, t) if known else None,
            is_fused=is_fused,
            penalty=_penalty(trainer) if known and trainer.spec.training.regularizer.is_active else None,
        )


def _output_errors(loss: Loss, outputs: Array, t: Array) -> Array:
    errors = np.empty_like(outputs)
    loss.gradient(outputs, t, errors, np.array(loss.factor(len(outputs), 1), outputs.dtype))
    return errors[:, 0]


def _errors(trainer: Trainer, following: int, deltas: Sequence[Array]) -> Array:
    """Return dL/da of the layer before the one of this index, shape (units,)."""
    weights = trainer.network.layers[following].matrix(trainer.parameters)[:-1]
    return np.asarray(weights @ deltas[following])


def _slopes(layer: Layer, z: Array, a: Array) -> Array | None:
    if layer.activation.is_layerwise:
        return None
    slopes = np.ones_like(a)
    if not layer.activation.is_identity:
        layer.activation.slope((z if layer.activation.needs_sum else a)[:, None], slopes[:, None])
    return slopes


def _penalty(trainer: Trainer) -> Array:
    penalty = np.zeros_like(trainer.parameters)
    add_gradient = trainer.spec.training.regularizer.add_gradient
    add_gradient(trainer.parameters, trainer.network.is_weight, penalty, np.empty_like(penalty))
    return penalty
