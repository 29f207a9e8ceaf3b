"""One unit, and the first thing that it can't do."""

from __future__ import annotations

from typing import Any

from engine.presets.base import layers, preset
from engine.registry import text


def _perceptron(dataset: str) -> dict[str, Any]:
    """Return Rosenblatt's perceptron: one unit that fires or not, from zero, an example at a time."""
    return {
        "data": {"dataset": dataset},
        "network": {"layers": [], "initializer": "zeros"},
        "training": {"optimizer": "perceptron_rule", "batch_size": 1},
    }


PRESETS = (
    preset(
        "perceptron-linear",
        "start",
        text("One unit, linear data", "Una sola unità, dati lineari"),
        text(
            "A single unit finds the line between two clouds, by Rosenblatt's rule: it learns from mistakes alone.",
            "Una sola unità trova la retta tra due nuvole con la regola di Rosenblatt: impara solo dagli errori.",
        ),
        text(
            "The border stops moving once nothing is wrong any more.",
            "Il confine smette di muoversi quando non c’è più nulla di sbagliato.",
        ),
        _perceptron("linear"),
    ),
    preset(
        "perceptron-xor",
        "start",
        text("One unit, XOR", "Una sola unità, XOR"),
        text(
            "A single unit can't solve XOR, however long it tries: Rosenblatt's rule never stops making mistakes.",
            "Una sola unità non può risolvere lo XOR, per quanto ci provi: la regola di Rosenblatt sbaglia sempre.",
        ),
        text(
            "The accuracy hovers about one half, and the line never comes to rest.",
            "L’accuratezza oscilla intorno alla metà, e la retta non si ferma mai.",
        ),
        _perceptron("xor"),
    ),
    preset(
        "xor-2-2-1",
        "start",
        text("XOR with 2-2-1", "XOR con 2-2-1"),
        text(
            "Two hidden units are the fewest that can solve XOR, and often get stuck.",
            "Due unità nascoste sono il minimo per lo XOR, e spesso si bloccano.",
        ),
        text(
            "Press the dice a few times: from some weights it gets nearly nine of ten right, from others two of three.",
            "Premi il dado alcune volte: da certi pesi arriva a quasi nove su dieci, da altri a due su tre.",
        ),
        {"data": {"dataset": "xor"}, "network": {"layers": layers(2)}},
    ),
    preset(
        "xor-2-2-4-1",
        "start",
        text("XOR with 2-2-4-1", "XOR con 2-2-4-1"),
        text("A second hidden layer bends the border.", "Un secondo strato nascosto piega il confine."),
        text(
            "The maps of the second layer are no longer straight.",
            "Le mappe del secondo strato non sono più dritte.",
        ),
        {"data": {"dataset": "xor"}, "network": {"layers": layers(2, 4)}},
    ),
    preset(
        "xor-2-4-8-8-1",
        "start",
        text("XOR with 2-4-8-8-1", "XOR con 2-4-8-8-1"),
        text("Enough units to solve XOR every time.", "Abbastanza unità per risolvere lo XOR ogni volta."),
        text(
            "Whatever weights it starts from, it ends with four quarters.",
            "Da qualunque peso parta, arriva ai quattro quarti.",
        ),
        {"data": {"dataset": "xor"}, "network": {"layers": layers(4, 8, 8)}},
    ),
)
