"""More than two classes, and numbers instead of classes."""

from __future__ import annotations

from engine.presets.base import adam, layers, preset
from engine.registry import text

PRESETS = (
    preset(
        "three-classes",
        "tasks",
        text("Three classes", "Tre classi"),
        text(
            "Three clouds, three outputs that share out one certainty: softmax, without any hidden layer.",
            "Tre nuvole, tre uscite che si spartiscono una sola certezza: softmax, senza strati nascosti.",
        ),
        text(
            "Three straight borders meet in one point, where the network is least sure.",
            "Tre confini dritti si incontrano in un punto, dove la rete è meno sicura.",
        ),
        {"data": {"dataset": {"name": "blobs", "noise": 0.1}}, "network": {"layers": []}},
        epochs=60,
    ),
    preset(
        "three-arms",
        "tasks",
        text("A spiral of three classes", "Una spirale di tre classi"),
        text(
            "Three arms wound into one another, parted by two hidden layers.",
            "Tre bracci avvolti l’uno nell’altro, separati da due strati nascosti.",
        ),
        text("Each output has its own map: look at all three.", "Ogni uscita ha la sua mappa: guardale tutte e tre."),
        {
            "data": {"dataset": "spiral_arms"},
            "network": {"layers": layers(16, 16)},
            "training": {"optimizer": adam(0.02)},
        },
        epochs=200,
    ),
    preset(
        "plane-by-one-unit",
        "tasks",
        text("A plane as regression", "Un piano come regressione"),
        text(
            "A number instead of a class: a single linear unit finds the tilted plane.",
            "Un numero al posto di una classe: una sola unità lineare trova il piano inclinato.",
        ),
        text(
            "Both weights end at 0.1, the slope of the plane.",
            "Entrambi i pesi arrivano a 0,1, la pendenza del piano.",
        ),
        {
            "data": {"dataset": "plane"},
            "network": {"layers": []},
            "training": {"optimizer": {"name": "sgd", "learning_rate": 0.003}},
        },
        epochs=60,
    ),
    preset(
        "hills",
        "tasks",
        text("Hills and hollows", "Colline e conche"),
        text(
            "Three hills and three hollows, modelled from points with a height.",
            "Tre colline e tre conche, modellate da punti con un’altezza.",
        ),
        text(
            "The hidden units are walls; the output adds them up to hills.",
            "Le unità nascoste sono pareti; l’uscita le somma in colline.",
        ),
        {
            "data": {"dataset": {"name": "multi_gauss", "samples": 1000}},
            "network": {"layers": layers(16, 16)},
            "training": {"optimizer": adam(0.01)},
        },
        epochs=200,
    ),
    preset(
        "noisy-sine",
        "tasks",
        text("A wave behind noise", "Un’onda dietro il rumore"),
        text(
            "Eight units find the sine in measurements with errors, and no more than the sine.",
            "Otto unità trovano il seno in misure con errori, e nulla più del seno.",
        ),
        text(
            "The loss stays near 0.04, the noise squared: better is not possible, only by heart.",
            "La perdita resta vicina a 0,04, il quadrato del rumore: di meglio c’è solo la memoria.",
        ),
        {
            "data": {"dataset": "noisy_sine"},
            "network": {"layers": layers(8)},
            "training": {"optimizer": adam(0.02)},
        },
        epochs=200,
    ),
)
