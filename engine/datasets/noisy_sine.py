"""A sine, measured badly."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from engine.datasets.base import PLANE, Array, Examples, Surface
from engine.registry import setting, text


class NoisySine(Surface):
    """The number sin x with a normal error at every point; y says nothing of it."""

    name = "noisy_sine"
    label = text("Sine", "Seno")
    help = text(
        "Waves from left to right, measured with errors: a large network learns the errors too.",
        "Onde da sinistra a destra, misurate con errori: una rete grande impara anche gli errori.",
    )
    formula = "sin(x) + noise"
    noise: float = setting(
        0.2,
        ge=0,
        le=0.8,
        step=0.05,
        label=text("Noise", "Rumore"),
        help=text("The standard deviation of the errors.", "La deviazione standard degli errori."),
    )

    def height(self, x: Array, y: Array) -> Array:
        return np.sin(x)

    def examples(self, random: Generator) -> Examples:
        points = random.uniform(*PLANE, (self.samples, 2))
        return Examples(points, self.height(*points.T) + self.noise * random.standard_normal(self.samples))
