"""Handwritten digits."""

from __future__ import annotations

from engine.presets.base import layers, preset
from engine.registry import text

PRESETS = (
    preset(
        "keras-mnist",
        "digits",
        text("MNIST as in the course", "MNIST come nel corso"),
        text(
            "784-512-10 with RMSprop, five epochs: Keras's classic first program.",
            "784-512-10 con RMSprop, cinque epoche: il classico primo programma in Keras.",
        ),
        text(
            "The test accuracy passes 0.97 in the second epoch.",
            "L’accuratezza sul test supera 0,97 alla seconda epoca.",
        ),
        {
            "data": {"dataset": "mnist"},
            "network": {"layers": layers(512, activation="relu"), "initializer": "glorot_uniform"},
            "training": {"optimizer": "rmsprop", "loss": "categorical_crossentropy", "batch_size": 128},
        },
        epochs=5,
    ),
    preset(
        "mnist-best",
        "digits",
        text("MNIST, better", "MNIST, meglio"),
        text(
            "784-224-224-10 with AdamW, on digits that move by a pixel: half the mistakes in at most twice the time.",
            "784-224-224-10 con AdamW, su cifre che si spostano di un pixel: metà degli errori nel doppio del tempo.",
        ),
        text(
            "Training is worse than the test at first: its digits move, those of the test don’t.",
            "All’inizio l’addestramento va peggio del test: le sue cifre si muovono, quelle del test no.",
        ),
        # The numbers were chosen with the last 10,000 training digits for validation.
        {
            "data": {"dataset": "mnist"},
            "network": {"layers": layers(224, 224, activation="relu"), "initializer": "he_uniform"},
            "training": {
                "optimizer": {"name": "adamw", "learning_rate": 0.004, "weight_decay": 0.2},
                "warmup_epochs": 1.0,
                "schedule": {"name": "cosine_decay", "epochs": 11},
                "loss": "categorical_crossentropy",
                "batch_size": 192,
                "input_shift": 1,
            },
        },
        epochs=12,
    ),
)
