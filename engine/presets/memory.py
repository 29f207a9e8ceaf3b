"""Learning by heart, and what helps against it."""

from __future__ import annotations

from typing import Any

from engine.presets.base import adam, layers, preset
from engine.registry import text

# Few examples, much noise, many weights.
_SPEC: dict[str, Any] = {
    "data": {
        "dataset": {"name": "moons", "samples": 200, "noise": 0.4},
        "split": {"train": 0.3, "validation": 0.0, "test": 0.7},
    },
    "network": {"layers": layers(16, 16)},
    "training": {"optimizer": adam(0.02)},
}

PRESETS = (
    preset(
        "overfitting",
        "memory",
        text("Overfitting on noise", "Sovradattamento al rumore"),
        text(
            "A large network learns sixty noisy points by heart: training gets better, the test gets worse.",
            "Una rete grande impara a memoria sessanta punti rumorosi: l’addestramento migliora, il test peggiora.",
        ),
        text(
            "The two curves part, and the border makes room for single points.",
            "Le due curve si separano, e il confine fa posto a singoli punti.",
        ),
        _SPEC,
        epochs=300,
    ),
    preset(
        "regularised",
        "memory",
        text("What regularisation does", "Che cosa fa la regolarizzazione"),
        text(
            "The same points and network with L2: weights stay small, the border smooth, and the test good.",
            "Gli stessi punti e la stessa rete con L2: i pesi restano piccoli, il confine liscio, il test buono.",
        ),
        text(
            "The curves stay together. Turn the rate down to zero while it runs.",
            "Le curve restano insieme. Porta l’intensità a zero mentre corre.",
        ),
        {**_SPEC, "training": {**_SPEC["training"], "regularizer": {"name": "l2", "rate": 0.01}}},
        epochs=300,
    ),
    preset(
        "few-examples",
        "memory",
        text("Ten examples", "Dieci esempi"),
        text(
            "Ten points are learned without a mistake, and say little of the other 490.",
            "Dieci punti si imparano senza errori, e dicono poco degli altri 490.",
        ),
        text(
            "Give it more to train on: at which share does the test follow?",
            "Dagliene di più per l’addestramento: da quale quota il test lo segue?",
        ),
        {
            "data": {"dataset": "circle", "split": {"train": 0.02, "validation": 0.0, "test": 0.98}},
            "network": {"layers": layers(8)},
            "training": {"optimizer": adam(0.02)},
        },
        epochs=150,
    ),
)
