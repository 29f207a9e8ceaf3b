"""Initial weights. Biases start at zero, whatever the initializer, as in Keras."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.registry import Component, setting, text


class Initializer(Component):
    """Draws a weight matrix of shape (inputs, outputs)."""

    kind = "initializer"

    def weights(self, inputs: int, outputs: int, random: Generator) -> NDArray[Any]:
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

    def weights(self, inputs: int, outputs: int, random: Generator) -> NDArray[Any]:
        return np.zeros((inputs, outputs))


class Uniform(Initializer):
    name = "uniform"
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

    def weights(self, inputs: int, outputs: int, random: Generator) -> NDArray[Any]:
        return random.uniform(-self.limit, self.limit, (inputs, outputs))


class GlorotUniform(Initializer):
    """Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010."""

    name = "glorot_uniform"
    label = text("Glorot uniform", "Glorot uniforme")
    help = text(
        "Keeps signals of one size through layers of tanh or sigmoid.",
        "Mantiene i segnali della stessa grandezza attraverso strati con tanh o sigmoide.",
    )
    formula = "w ~ U(-l, l), l = sqrt(6 / (inputs + outputs))"

    def weights(self, inputs: int, outputs: int, random: Generator) -> NDArray[Any]:
        limit = np.sqrt(6 / (inputs + outputs))
        return random.uniform(-limit, limit, (inputs, outputs))


class HeUniform(Initializer):
    """He et al., Delving deep into rectifiers, 2015."""

    name = "he_uniform"
    label = text("He uniform", "He uniforme")
    help = text(
        "Like Glorot's, for layers of ReLU, which silence half of their inputs.",
        "Come quello di Glorot, per strati ReLU, che azzerano metà degli ingressi.",
    )
    formula = "w ~ U(-l, l), l = sqrt(6 / inputs)"

    def weights(self, inputs: int, outputs: int, random: Generator) -> NDArray[Any]:
        limit = np.sqrt(6 / inputs)
        return random.uniform(-limit, limit, (inputs, outputs))
