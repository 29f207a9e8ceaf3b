"""What units and layers are good for."""

from __future__ import annotations

from engine.presets.base import adam, layers, preset
from engine.registry import text

PRESETS = (
    preset(
        "circle-two-units",
        "shape",
        text("Circle with two units", "Cerchio con due unità"),
        text(
            "Two hidden units draw two lines, and two lines enclose nothing.",
            "Due unità nascoste tracciano due rette, e due rette non racchiudono nulla.",
        ),
        text(
            "A strip instead of a disc: some points stay wrong for ever. Add one unit and see.",
            "Una striscia al posto di un disco: alcuni punti restano sbagliati. Aggiungi un’unità e guarda.",
        ),
        {
            "data": {"dataset": "circle"},
            "network": {"layers": layers(2)},
            "training": {"optimizer": adam(0.03)},
        },
        epochs=100,
    ),
    preset(
        "circle-three-units",
        "shape",
        text("Circle with three units", "Cerchio con tre unità"),
        text(
            "Three lines make a triangle: the fewest units that can enclose a disc.",
            "Tre rette fanno un triangolo: il minimo di unità per racchiudere un disco.",
        ),
        text(
            "Find the three sides in the maps of the hidden units.",
            "Ritrova i tre lati nelle mappe delle unità nascoste.",
        ),
        {
            "data": {"dataset": "circle"},
            "network": {"layers": layers(3)},
            "training": {"optimizer": adam(0.03)},
        },
        epochs=100,
    ),
    preset(
        "linear-layers",
        "shape",
        text("Many layers, all linear", "Molti strati, tutti lineari"),
        text(
            "Without a bend in its activation a deep network is one straight line, however many units it has.",
            "Senza una curva nell’attivazione una rete profonda è una sola retta, per quante unità abbia.",
        ),
        text(
            "The loss does not fall. Choose tanh for one of the layers.",
            "La perdita non scende. Scegli tanh per uno degli strati.",
        ),
        {"data": {"dataset": "circle"}, "network": {"layers": layers(8, 8, activation="linear")}},
        epochs=100,
    ),
    preset(
        "relu-edges",
        "shape",
        text("ReLU draws with a ruler", "ReLU disegna col righello"),
        text(
            "Units of ReLU make a border of straight pieces with corners.",
            "Le unità ReLU fanno un confine di pezzi dritti, con gli spigoli.",
        ),
        text(
            "Each unit is nothing on one side of its line. Compare with “tanh draws by hand”.",
            "Ogni unità è nulla da un lato della sua retta. Confronta con «tanh disegna a mano libera».",
        ),
        {
            "data": {"dataset": "circle"},
            "network": {"layers": layers(6, activation="relu"), "initializer": "he_uniform"},
            "training": {"optimizer": adam(0.02)},
        },
        epochs=150,
    ),
    preset(
        "tanh-curves",
        "shape",
        text("tanh draws by hand", "tanh disegna a mano libera"),
        text(
            "The same network with tanh: the border is round and soft.",
            "La stessa rete con tanh: il confine è tondo e morbido.",
        ),
        text(
            "It needs a few epochs more than ReLU and has no corners.",
            "Le serve qualche epoca in più di ReLU, e non ha spigoli.",
        ),
        {
            "data": {"dataset": "circle"},
            "network": {"layers": layers(6)},
            "training": {"optimizer": adam(0.02)},
        },
        epochs=150,
    ),
    preset(
        "spiral-deep",
        "shape",
        text("Spiral by a deep network", "Spirale con una rete profonda"),
        text(
            "Three hidden layers find the spiral from x and y alone.",
            "Tre strati nascosti trovano la spirale dalle sole x e y.",
        ),
        text(
            "First lines, then bends, then arms: each layer builds on the one before.",
            "Prima rette, poi curve, poi bracci: ogni strato costruisce sul precedente.",
        ),
        {
            "data": {"dataset": "spiral"},
            "network": {"layers": layers(16, 16, 16)},
            "training": {"optimizer": adam(0.01)},
        },
        epochs=200,
    ),
    preset(
        "checkerboard",
        "shape",
        text("A checkerboard", "Una scacchiera"),
        text(
            "Sixteen squares need many units: XOR, four times over.",
            "Sedici caselle chiedono molte unità: lo XOR, quattro volte.",
        ),
        text(
            "Take units away: from which number on do squares run into each other?",
            "Togli unità: da quante in giù le caselle si confondono?",
        ),
        {
            "data": {"dataset": {"name": "checkerboard", "samples": 1000}},
            "network": {"layers": layers(16, 16)},
            "training": {"optimizer": adam(0.02)},
        },
        epochs=200,
    ),
)
