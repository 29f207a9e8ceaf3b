"""What gradient descent needs, and how it fails."""

from __future__ import annotations

from engine.presets.base import layers, preset
from engine.registry import text

PRESETS = (
    preset(
        "rate-too-low",
        "learning",
        text("Too low a learning rate", "Un tasso di apprendimento troppo basso"),
        text(
            "With 0.0001 it goes the right way, in steps too small to see.",
            "Con 0,0001 va nella direzione giusta, a passi troppo piccoli per vederli.",
        ),
        text(
            "Pull the learning rate up while it runs, tenfold at a time.",
            "Alza il tasso di apprendimento mentre corre, dieci volte alla volta.",
        ),
        {"data": {"dataset": "circle"}, "training": {"optimizer": {"name": "sgd", "learning_rate": 0.0001}}},
        epochs=100,
    ),
    preset(
        "rate-too-high",
        "learning",
        text("Too high a learning rate", "Un tasso di apprendimento troppo alto"),
        text(
            "With 10 every step overshoots: the loss jumps and the network never settles.",
            "Con 10 ogni passo va oltre: la perdita salta e la rete non si assesta mai.",
        ),
        text(
            "Bring the rate down to 0.1 and reset: the same network solves it.",
            "Abbassa il tasso a 0,1 e riparti: la stessa rete lo risolve.",
        ),
        {"data": {"dataset": "circle"}, "training": {"optimizer": {"name": "sgd", "learning_rate": 10.0}}},
        epochs=100,
    ),
    preset(
        "all-zero",
        "learning",
        text("All weights start at zero", "Tutti i pesi partono da zero"),
        text(
            "From zero no unit ever learns anything: there is no slope to follow.",
            "Da zero nessuna unità impara mai nulla: non c’è pendenza da seguire.",
        ),
        text(
            "Nothing moves. Choose random initial weights.",
            "Non si muove nulla. Scegli pesi iniziali casuali.",
        ),
        {"data": {"dataset": "circle"}, "network": {"layers": layers(4), "initializer": "zeros"}},
        epochs=50,
    ),
    preset(
        "all-alike",
        "learning",
        text("All weights start alike", "Tutti i pesi partono uguali"),
        text(
            "Units that start alike stay alike: four do the work of one.",
            "Unità che partono uguali restano uguali: quattro fanno il lavoro di una.",
        ),
        text(
            "The four maps are the same picture, in every epoch.",
            "Le quattro mappe sono la stessa immagine, a ogni epoca.",
        ),
        {
            "data": {"dataset": "xor"},
            "network": {"layers": layers(4), "initializer": {"name": "constant", "value": 0.5}},
        },
        epochs=100,
    ),
    preset(
        "vanishing-gradients",
        "learning",
        text("Vanishing gradients", "Gradienti che svaniscono"),
        text(
            "Through six layers of sigmoids the slope is lost on its way back: the first layers learn nothing.",
            "Attraverso sei strati di sigmoidi la pendenza si perde tornando indietro: i primi strati non imparano.",
        ),
        text(
            "The loss stays at 0.693, the logarithm of 2: it only guesses. Compare with ReLU.",
            "La perdita resta a 0,693, il logaritmo di 2: tira a indovinare. Confronta con ReLU.",
        ),
        {
            "data": {"dataset": "circle"},
            "network": {"layers": layers(6, 6, 6, 6, 6, 6, activation="sigmoid")},
        },
        epochs=100,
    ),
    preset(
        "deep-relu",
        "learning",
        text("The same depth with ReLU", "La stessa profondità con ReLU"),
        text(
            "ReLU and He’s initial weights let the slope through: six layers learn within seconds.",
            "ReLU e i pesi iniziali di He lasciano passare la pendenza: sei strati imparano in pochi secondi.",
        ),
        text(
            "Go back to Glorot’s weights or to sigmoids and see what is lost.",
            "Torna ai pesi di Glorot o alle sigmoidi e guarda che cosa si perde.",
        ),
        {
            "data": {"dataset": "circle"},
            "network": {"layers": layers(6, 6, 6, 6, 6, 6, activation="relu"), "initializer": "he_uniform"},
        },
        epochs=100,
    ),
    preset(
        "one-at-a-time",
        "learning",
        text("One example at a time", "Un esempio alla volta"),
        text(
            "Batches of one look at a single example each: the steps are many, and they stagger.",
            "Un batch di uno guarda un solo esempio: i passi sono tanti, e barcollano.",
        ),
        text(
            "The curve of the loss is ragged. With a batch of 250 it is smooth, and slow.",
            "La curva della perdita è frastagliata. Con un batch di 250 è liscia, e lenta.",
        ),
        {
            "data": {"dataset": {"name": "moons", "noise": 0.3}},
            "network": {"layers": layers(4)},
            "training": {"optimizer": {"name": "sgd", "learning_rate": 0.1}, "batch_size": 1},
        },
        epochs=60,
    ),
)
