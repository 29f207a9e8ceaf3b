"""Ready-made experiments."""

from __future__ import annotations

from typing import Any, NamedTuple

from engine.registry import Text, text
from engine.spec import ExperimentSpec


class Preset(NamedTuple):
    """A spec with a name and a sentence, and for how many epochs it is worth training."""

    name: str
    label: Text
    help: Text
    spec: ExperimentSpec
    epochs: int


def _preset(name: str, label: Text, help: Text, spec: dict[str, Any], epochs: int = 300) -> Preset:
    return Preset(name, label, help, ExperimentSpec.model_validate(spec), epochs)


def _layers(*units: int, activation: str = "tanh") -> list[dict[str, Any]]:
    return [{"units": count, "activation": activation} for count in units]


def _perceptron(dataset: str) -> dict[str, Any]:
    """Return Rosenblatt's perceptron: one unit that fires or not, from zero, an example at a time."""
    return {
        "data": {"dataset": dataset},
        "network": {"layers": [], "initializer": "zeros"},
        "training": {"optimizer": "perceptron_rule", "batch_size": 1},
    }


_ALL = [
    _preset(
        "perceptron-linear",
        text("One unit, linear data", "Una sola unità, dati lineari"),
        text(
            "A single unit finds the line between two clouds, by Rosenblatt's rule: it learns from mistakes alone.",
            "Una sola unità trova la retta tra due nuvole con la regola di Rosenblatt: impara solo dagli errori.",
        ),
        _perceptron("linear"),
    ),
    _preset(
        "perceptron-xor",
        text("One unit, XOR", "Una sola unità, XOR"),
        text(
            "A single unit can't solve XOR, however long it tries: Rosenblatt's rule never stops making mistakes.",
            "Una sola unità non può risolvere lo XOR, per quanto ci provi: la regola di Rosenblatt sbaglia sempre.",
        ),
        _perceptron("xor"),
    ),
    _preset(
        "xor-2-2-1",
        text("XOR with 2-2-1", "XOR con 2-2-1"),
        text(
            "Two hidden units are the fewest that can solve XOR, and often get stuck.",
            "Due unità nascoste sono il minimo per lo XOR, e spesso si bloccano.",
        ),
        {"data": {"dataset": "xor"}, "network": {"layers": _layers(2)}},
    ),
    _preset(
        "xor-2-2-4-1",
        text("XOR with 2-2-4-1", "XOR con 2-2-4-1"),
        text("A second hidden layer bends the border.", "Un secondo strato nascosto piega il confine."),
        {"data": {"dataset": "xor"}, "network": {"layers": _layers(2, 4)}},
    ),
    _preset(
        "xor-2-4-8-8-1",
        text("XOR with 2-4-8-8-1", "XOR con 2-4-8-8-1"),
        text("Enough units to solve XOR every time.", "Abbastanza unità per risolvere lo XOR ogni volta."),
        {"data": {"dataset": "xor"}, "network": {"layers": _layers(4, 8, 8)}},
    ),
    _preset(
        "keras-mnist",
        text("MNIST as in the course", "MNIST come nel corso"),
        text(
            "784-512-10 with RMSprop, five epochs: Keras's classic first program.",
            "784-512-10 con RMSprop, cinque epoche: il classico primo programma in Keras.",
        ),
        {
            "data": {"dataset": "mnist"},
            "network": {"layers": _layers(512, activation="relu"), "initializer": "glorot_uniform"},
            "training": {"optimizer": "rmsprop", "loss": "categorical_crossentropy", "batch_size": 128},
        },
        epochs=5,
    ),
    _preset(
        "mnist-best",
        text("MNIST, better", "MNIST, meglio"),
        text(
            "784-224-224-10 with AdamW, on digits that move by a pixel: half the mistakes in at most twice the time.",
            "784-224-224-10 con AdamW, su cifre che si spostano di un pixel: metà degli errori nel doppio del tempo.",
        ),
        # The numbers were chosen with the last 10,000 training digits for validation.
        {
            "data": {"dataset": "mnist"},
            "network": {"layers": _layers(224, 224, activation="relu"), "initializer": "he_uniform"},
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
]

PRESETS: dict[str, Preset] = {preset.name: preset for preset in _ALL}
