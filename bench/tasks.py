"""The work that is measured, as specs: the same for this engine and for its peers."""

from __future__ import annotations

from engine import ExperimentSpec
from engine.presets import PRESETS

LAYERS = {"small": [4, 2], "large": [8] * 6}
TRAINING_POINTS = 250


def toy(size: str, batch_size: int) -> ExperimentSpec:
    """Return the toy network of a size: tanh throughout, squared error, plain gradient descent."""
    return ExperimentSpec.model_validate(
        {
            "data": {"dataset": {"name": "xor", "samples": 2 * TRAINING_POINTS, "noise": 0.1}},
            "network": {
                "layers": [{"units": units, "activation": "tanh"} for units in LAYERS[size]],
                "output_activation": "tanh",
            },
            "training": {
                "optimizer": {"name": "sgd", "learning_rate": 0.03},
                "loss": "mean_squared_error",
                "batch_size": batch_size,
            },
        }
    )


def toys(size: str, batch_size: int, count: int) -> list[ExperimentSpec]:
    """Return so many toy networks of a size on the same data, each with its own weights and its own order."""
    document = toy(size, batch_size).full()
    for part in ("network", "training"):
        document[part] = {**document[part]}
    specs = []
    for seed in range(1, count + 1):
        document["network"]["seed"] = document["training"]["seed"] = seed
        specs.append(ExperimentSpec.model_validate(document))
    return specs


def mnist() -> ExperimentSpec:
    """Return the course's network for MNIST."""
    return PRESETS["keras-mnist"].spec
