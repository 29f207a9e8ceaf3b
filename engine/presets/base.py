"""What a preset is."""

from __future__ import annotations

from typing import Any, NamedTuple

from engine.registry import Text, text
from engine.spec import ExperimentSpec

GROUPS: dict[str, Text] = {
    "start": text("First steps", "Primi passi"),
    "shape": text("Units and layers", "Unità e strati"),
    "features": text("Features by hand", "Caratteristiche a mano"),
    "learning": text("How it learns, and when it doesn’t", "Come impara, e quando no"),
    "memory": text("Learning by heart", "Imparare a memoria"),
    "tasks": text("Several classes, and numbers", "Più classi, e numeri"),
    "digits": text("Handwritten digits", "Cifre scritte a mano"),
}
"""What presets are about, in the order of the gallery."""


class Preset(NamedTuple):
    """A spec worth a minute: a name, what it shows in one sentence, what to look for, and for how many epochs."""

    name: str
    group: str
    label: Text
    help: Text
    look: Text
    spec: ExperimentSpec
    epochs: int


def preset(
    name: str, group: str, label: Text, help: Text, look: Text, spec: dict[str, Any], epochs: int = 300
) -> Preset:
    """Return a preset of a partial spec."""
    return Preset(name, group, label, help, look, ExperimentSpec.model_validate(spec), epochs)


def layers(*units: int, activation: str = "tanh") -> list[dict[str, Any]]:
    """Return hidden layers of so many units."""
    return [{"units": count, "activation": activation} for count in units]


def adam(learning_rate: float) -> dict[str, Any]:
    """Return Adam with a learning rate of its own."""
    return {"name": "adam", "learning_rate": learning_rate}
