"""What the network need not learn if it is told."""

from __future__ import annotations

from engine.presets.base import adam, layers, preset
from engine.registry import components, text

_EVERY = list(components("feature"))

PRESETS = (
    preset(
        "xor-by-hand",
        "features",
        text("XOR by hand", "XOR fatto a mano"),
        text(
            "Told the product xy, one unit solves what it could never find by itself.",
            "Se le si dà il prodotto xy, una sola unità risolve ciò che da sola non troverebbe mai.",
        ),
        text(
            "Only the weight of xy grows; those of x and y stay small.",
            "Cresce solo il peso di xy; quelli di x e y restano piccoli.",
        ),
        {"data": {"dataset": "xor", "features": ["x", "y", "x_times_y"]}, "network": {"layers": []}},
        epochs=60,
    ),
    preset(
        "circle-by-squares",
        "features",
        text("Circle with x² and y²", "Cerchio con x² e y²"),
        text(
            "A circle is a straight line, seen in x² and y²: one unit is enough.",
            "Un cerchio è una retta, visto in x² e y²: basta una sola unità.",
        ),
        text("The two weights become equal.", "I due pesi diventano uguali."),
        {"data": {"dataset": "circle", "features": ["x_squared", "y_squared"]}, "network": {"layers": []}},
        epochs=100,
    ),
    preset(
        "features-by-l1",
        "features",
        text("L1 picks the features", "L1 sceglie le caratteristiche"),
        text(
            "Given all seven features, L1 keeps x² and y² and switches the others off.",
            "Con tutte e sette le caratteristiche, L1 tiene x² e y² e spegne le altre.",
        ),
        text(
            "Five of seven links fade to nothing.",
            "Cinque collegamenti su sette svaniscono.",
        ),
        {
            "data": {"dataset": "circle", "features": _EVERY},
            "network": {"layers": []},
            "training": {"regularizer": {"name": "l1", "rate": 0.01}},
        },
        epochs=150,
    ),
    preset(
        "spiral-by-hand",
        "features",
        text("Spiral by hand-made features", "Spirale con caratteristiche fatte a mano"),
        text(
            "With squares, products and sines a single hidden layer winds itself up.",
            "Con quadrati, prodotti e seni basta un solo strato nascosto per avvolgersi.",
        ),
        text(
            "Take sin x and sin y away: the arms fall apart.",
            "Togli sin x e sin y: i bracci si sfaldano.",
        ),
        {
            "data": {"dataset": "spiral", "features": _EVERY},
            "network": {"layers": layers(8)},
            "training": {"optimizer": adam(0.02)},
        },
        epochs=200,
    ),
)
