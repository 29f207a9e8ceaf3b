"""Initial weights. Biases start at zero, whatever the initializer, as in Keras."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.registry import Component, setting, text

Array = NDArray[Any]


class Initializer(Component):
    """Draws a weight matrix of shape (inputs, outputs)."""

    kind = "initializer"

    def weights(self, inputs: int, outputs: int, random: Generator) -> Array:
        """Return float64 weights of shape (inputs, outputs)."""
        raise NotImplementedError


class Zeros(Initializer):
    name = "zeros"
    label = text("Zeros", "Zeri")
    help = text(
        "Every weight starts at zero: all units of a layer stay alike and learn the same.",
        "Tutti i pesi partono da zero: le unità di uno strato restano uguali e imparano la stessa cosa.",
    )
    formula = "w = 0"

    def weights(self, inputs: int, outputs: int, random: Generator) -> Array:
        return np.zeros((inputs, outputs))


class Constant(Initializer):
    name = "constant"
    label = text("Constant", "Costante")
    help = text(
        "Every weight starts at the same value: all units of a layer stay alike and learn the same.",
        "Tutti i pesi partono dallo stesso valore: le unità di uno strato restano uguali e imparano la stessa cosa.",
    )
    formula = "w = value"
    value: float = setting(
        0.0,
        ge=-10,
        le=10,
        step=0.05,
        label=text("Value", "Valore"),
        help=text("What every weight starts at.", "Da dove parte ogni peso."),
    )

    def weights(self, inputs: int, outputs: int, random: Generator) -> Array:
        return np.full((inputs, outputs), self.value)


class Uniform(Initializer):
    name = "uniform"
    aliases = ("random_uniform",)
    label = text("Uniform", "Uniforme")
    help = text(
        "Weights drawn evenly from an interval around zero.",
        "Pesi estratti uniformemente da un intervallo attorno allo zero.",
    )
    formula = "w ~ U(-limit, limit)"
    limit: float = setting(
        0.5,
        gt=0,
        le=10,
        step=0.05,
        label=text("Limit", "Limite"),
        help=text("The largest initial weight.", "Il peso iniziale più grande."),
    )

    def weights(self, inputs: int, outputs: int, random: Generator) -> Array:
        return random.uniform(-self.limit, self.limit, (inputs, outputs))


class Normal(Initializer):
    name = "normal"
    aliases = ("random_normal",)
    label = text("Normal", "Normale")
    help = text(
        "Weights drawn from the bell curve around zero; now and then a large one.",
        "Pesi estratti dalla curva a campana attorno allo zero; ogni tanto uno grande.",
    )
    formula = "w ~ N(0, stddev^2)"
    stddev: float = setting(
        0.05,
        gt=0,
        le=10,
        step=0.05,
        label=text("Standard deviation", "Deviazione standard"),
        help=text("Two thirds of the weights are smaller.", "Due terzi dei pesi sono più piccoli."),
    )

    def weights(self, inputs: int, outputs: int, random: Generator) -> Array:
        return random.normal(0.0, self.stddev, (inputs, outputs))


class VarianceScaling(Initializer):
    """Weights whose variance is `scale` / n, so that signals keep their size from layer to layer.

    n is a layer's number of inputs, or the mean of its numbers of inputs and outputs. As in Keras, normal weights are
    truncated: those beyond two standard deviations are drawn again, and the deviation is corrected for that.
    """

    scale: ClassVar[float]
    counts: ClassVar[Literal["inputs", "mean"]]
    is_normal: ClassVar[bool] = False

    def weights(self, inputs: int, outputs: int, random: Generator) -> Array:
        n = inputs if self.counts == "inputs" else (inputs + outputs) / 2
        if self.is_normal:
            return math.sqrt(self.scale / n) / _TRUNCATED_DEVIATION * _truncated_normal((inputs, outputs), random)
        limit = math.sqrt(3 * self.scale / n)  # The variance of U(-l, l) is l² / 3.
        return random.uniform(-limit, limit, (inputs, outputs))


# The standard deviation of a standard normal distribution that is cut at ±2.
_TRUNCATED_DEVIATION = 0.87962566103423978


def _truncated_normal(shape: tuple[int, int], random: Generator) -> Array:
    numbers = random.standard_normal(shape)
    while (is_beyond := np.abs(numbers) > 2).any():
        numbers[is_beyond] = random.standard_normal(np.count_nonzero(is_beyond))
    return numbers


class GlorotUniform(VarianceScaling):
    """Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010."""

    name = "glorot_uniform"
    label = text("Glorot uniform", "Glorot uniforme")
    help = text(
        "Keeps signals of one size through layers of tanh or sigmoid.",
        "Mantiene i segnali della stessa grandezza attraverso strati con tanh o sigmoide.",
    )
    formula = "w ~ U(-l, l), l = sqrt(6 / (inputs + outputs))"
    scale = 1.0
    counts = "mean"


class GlorotNormal(VarianceScaling):
    """Glorot and Bengio, 2010."""

    name = "glorot_normal"
    label = text("Glorot normal", "Glorot normale")
    help = text(
        "Like Glorot's uniform weights, from a bell curve that is cut at two standard deviations.",
        "Come i pesi uniformi di Glorot, da una curva a campana tagliata a due deviazioni standard.",
    )
    formula = "w ~ N(0, 2 / (inputs + outputs)), truncated"
    scale = 1.0
    counts = "mean"
    is_normal = True


class HeUniform(VarianceScaling):
    """He et al., Delving deep into rectifiers, 2015."""

    name = "he_uniform"
    label = text("He uniform", "He uniforme")
    help = text(
        "Like Glorot's, for layers of ReLU, which silence half of their inputs.",
        "Come quello di Glorot, per strati ReLU, che azzerano metà degli ingressi.",
    )
    formula = "w ~ U(-l, l), l = sqrt(6 / inputs)"
    scale = 2.0
    counts = "inputs"


class HeNormal(VarianceScaling):
    """He et al., 2015."""

    name = "he_normal"
    label = text("He normal", "He normale")
    help = text(
        "For layers of ReLU, from a bell curve that is cut at two standard deviations.",
        "Per strati ReLU, da una curva a campana tagliata a due deviazioni standard.",
    )
    formula = "w ~ N(0, 2 / inputs), truncated"
    scale = 2.0
    counts = "inputs"
    is_normal = True


class LecunUniform(VarianceScaling):
    """LeCun et al., Efficient BackProp, 1998."""

    name = "lecun_uniform"
    label = text("LeCun uniform", "LeCun uniforme")
    help = text(
        "Gives every unit a sum of about the size of its inputs; for tanh, and for layers that stay linear.",
        "Dà a ogni unità una somma grande circa quanto i suoi ingressi; per tanh e per strati lineari.",
    )
    formula = "w ~ U(-l, l), l = sqrt(3 / inputs)"
    scale = 1.0
    counts = "inputs"


class LecunNormal(VarianceScaling):
    """LeCun et al., 1998."""

    name = "lecun_normal"
    label = text("LeCun normal", "LeCun normale")
    help = text(
        "Like LeCun's uniform weights, from a bell curve that is cut at two standard deviations.",
        "Come i pesi uniformi di LeCun, da una curva a campana tagliata a due deviazioni standard.",
    )
    formula = "w ~ N(0, 1 / inputs), truncated"
    scale = 1.0
    counts = "inputs"
    is_normal = True
