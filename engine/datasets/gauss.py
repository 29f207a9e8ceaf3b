"""Two bell-shaped clouds."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from engine.datasets.base import PLANE, Examples, TwoClasses
from engine.registry import setting, text


class Gauss(TwoClasses):
    """Normal clouds about (2, 2) and (-2, -2), their variance from 0.5 to 4 for noise from 0 to 0.5.

    As in TensorFlow Playground; what would lie outside the plane is moved to its edge.
    """

    name = "gauss"
    label = text("Gauss", "Gauss")
    help = text(
        "Two bell-shaped clouds, which noise lets run into each other.",
        "Due nuvole a campana, che il rumore fa confluire l'una nell'altra.",
    )
    noise: float = setting(
        0.0,
        ge=0,
        le=0.8,
        step=0.05,
        label=text("Noise", "Rumore"),
        help=text("How wide the clouds are.", "Quanto sono larghe le nuvole."),
    )

    def examples(self, random: Generator) -> Examples:
        classes = random.permutation(np.arange(self.samples) % 2)
        centre = np.where(classes == 1, 2.0, -2.0)[:, None]
        variance = 0.5 + 7.0 * self.noise
        points = centre + np.sqrt(variance) * random.standard_normal((self.samples, 2))
        return Examples(np.clip(points, *PLANE), classes)
