"""A network and its loss for one example, written out as an expression: small networks are graphs that one can read."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from engine.activations import Activation, LeakyReLU
from engine.losses import Loss, MeanSquaredError
from engine.trainer import Trainer

# What the graph's functions do not call by the same name, of a sum {z}.
_ACTIVATIONS = {
    "linear": "{z}",
    "sine": "sin({z})",
    "swish": "{z} * sigmoid({z})",
    "mish": "{z} * tanh(softplus({z}))",
    **{name: f"{name}({{z}})" for name in ("step", "sigmoid", "tanh", "relu", "softplus")},
}
# Of an output {a} and its target {t}: the loss is the sum over all outputs, divided by their number.
_LOSSES = {
    "mean_squared_error": "{c} * ({a} - {t})^2",
    "mean_absolute_error": "abs({a} - {t})",
    "hinge": "max(0, 1 - {t} * {a})",
    "perceptron": "max(0, -{t} * {a})",
    "binary_crossentropy": "-({t} * log({a}) + (1 - {t}) * log(1 - {a}))",
}
_CROSSENTROPY = "-{t} * log({a})"


def expression_of(trainer: Trainer, inputs: ArrayLike, target: ArrayLike) -> tuple[str, dict[str, float]]:
    """Return the loss L of one example as an expression, and the values of its variables.

    `x2` is the second input, `w1_2_3` the weight from it to the third unit of the first layer, `b1_3` that unit's bias,
    `z1_3` its sum, `a1_3` its activation; targets are `t1`, … Raises ValueError for activations and losses that the
    graph has no functions for. The regulariser's penalty is left out.
    """
    row = trainer.data.encode_inputs(np.asarray(inputs, trainer.dtype)[None])[0, :-1]
    t = trainer.data.encode_targets(np.atleast_1d(np.asarray(target)))[0]
    values = {f"x{number}": float(x) for number, x in enumerate(row, 1)}
    values |= {f"t{number}": float(wanted) for number, wanted in enumerate(t, 1)}
    lines: list[str] = []
    before = [f"x{number}" for number in range(1, len(row) + 1)]
    for depth, layer in enumerate(trainer.network.layers, 1):
        matrix = layer.matrix(trainer.parameters)
        for unit in range(1, layer.units + 1):
            for source in range(1, layer.inputs + 1):
                values[f"w{depth}_{source}_{unit}"] = float(matrix[source - 1, unit - 1])
            values[f"b{depth}_{unit}"] = float(matrix[-1, unit - 1])
            products = [f"w{depth}_{source}_{unit} * {x}" for source, x in enumerate(before, 1)]
            lines.append(f"z{depth}_{unit} = {' + '.join(products)} + b{depth}_{unit}")
        lines += _activated(layer.activation, depth, layer.units)
        before = [f"a{depth}_{unit}" for unit in range(1, layer.units + 1)]
    return "\n".join([*lines, f"L = {_loss(trainer.spec.loss, before)}"]), values


def _activated(activation: Activation, depth: int, units: int) -> list[str]:
    sums = [f"z{depth}_{unit}" for unit in range(1, units + 1)]
    if activation.name == "softmax":
        total = f"s{depth} = {' + '.join(f'exp({z})' for z in sums)}"
        return [total, *(f"a{depth}_{unit} = exp({z}) / s{depth}" for unit, z in enumerate(sums, 1))]
    if isinstance(activation, LeakyReLU):
        pattern = f"max({{z}}, {activation.negative_slope} * {{z}})"
    elif activation.name in _ACTIVATIONS:
        pattern = _ACTIVATIONS[activation.name]
    else:
        raise ValueError(f"the graph has no function for the activation {activation.name}")
    return [f"a{depth}_{unit} = {pattern.format(z=z)}" for unit, z in enumerate(sums, 1)]


def _loss(loss: Loss, outputs: list[str]) -> str:
    is_categorical = loss.name == "categorical_crossentropy"
    if not is_categorical and loss.name not in _LOSSES:
        raise ValueError(f"the graph has no function for the loss {loss.name}")
    pattern = _CROSSENTROPY if is_categorical else _LOSSES[loss.name]
    if isinstance(loss, MeanSquaredError):
        pattern = pattern.replace("{c} * ", "" if loss.coefficient == 1 else f"{loss.coefficient} * ")
    total = " + ".join(pattern.format(a=a, t=f"t{number}") for number, a in enumerate(outputs, 1))
    return total if is_categorical or len(outputs) == 1 else f"({total}) / {len(outputs)}"
