"""Clouds of several classes."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from engine.datasets.base import PLANE, Examples, PlaneDataset
from engine.registry import setting, text


class Blobs(PlaneDataset):
    """Normal clouds of deviation 0.5 about centres that are evenly spread on a circle of radius 3.6."""

    name = "blobs"
    label = text("Blobs", "Nuvole")
    help = text(
        "Three to six clouds, each a class of its own.",
        "Da tre a sei nuvole, ognuna una classe a sé.",
    )
    task = "multiclass"
    classes: int = setting(
        3,
        ge=3,
        le=6,
        step=1,
        label=text("Classes", "Classi"),
        help=text("How many clouds there are.", "Quante nuvole ci sono."),
    )

    def examples(self, random: Generator) -> Examples:
        classes = random.permutation(np.arange(self.samples) % self.classes)
        angle = 2 * np.pi * classes / self.classes
        centres = 3.6 * np.stack([np.sin(angle), np.cos(angle)], axis=1)
        points = centres + 0.5 * random.standard_normal((self.samples, 2)) + self.jitter(random, self.samples)
        return Examples(np.clip(points, *PLANE), classes)
