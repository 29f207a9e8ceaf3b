"""Programs for Keras that run on engine.keras too: each takes the package, and returns what came of it.

Initial weights and data are given and nothing is shuffled, so both must give the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

COUNT = 200
_INPUTS = 4


def inputs() -> Any:
    """Return examples of four numbers from -1 to 1, shape (200, 4)."""
    return np.sin(np.arange(COUNT * _INPUTS, dtype=np.float64) ** 1.5).reshape(COUNT, _INPUTS).astype("float32")


def classes() -> Any:
    """Return which of three each example belongs to, shape (200,)."""
    x = inputs()
    return (x[:, 0] * x[:, 1] > 0).astype(int) + (x[:, 2] > 0.3)


def heights() -> Any:
    """Return a number for each example, shape (200,)."""
    x = inputs()
    return np.sin(2 * x[:, 0]) + 0.5 * x[:, 1] * x[:, 2]


def start(model: Any) -> None:
    """Give a model weights that need no random numbers."""
    weights: list[Any] = []
    for array in model.get_weights():
        numbers = np.cos(1.7 * np.arange(array.size) + len(weights)).reshape(array.shape)
        weights.append((numbers * (0.6 if array.ndim == 2 else 0.1)).astype("float32"))
    model.set_weights(weights)


def outcome(model: Any, history: Any, **more: Any) -> dict[str, Any]:
    """Return the figures of every epoch, the weights at the end, and some answers."""
    return {
        "history": {name: [float(value) for value in values] for name, values in history.history.items()},
        "epoch": list(history.epoch),
        "weights": [array.tolist() for array in model.get_weights()],
        "answers": np.asarray(model.predict(inputs()[:7], verbose=0)).tolist(),
        "parameters": model.count_params(),
        **more,
    }


def digits(keras: Any) -> dict[str, Any]:
    """The course's network, only smaller."""
    network = keras.models.Sequential()
    network.add(keras.layers.Dense(8, activation="relu", input_shape=(_INPUTS,)))
    network.add(keras.layers.Dense(3, activation="softmax"))
    network.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
    start(network)
    x, t = inputs(), keras.utils.to_categorical(classes())
    history = network.fit(x, t, epochs=5, batch_size=32, shuffle=False, validation_split=0.2, verbose=0)
    return outcome(network, history, evaluation=network.evaluate(x, t, verbose=0))


def two_classes(keras: Any) -> dict[str, Any]:
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input(shape=(_INPUTS,)),
            layers.Dense(6, activation="tanh", kernel_regularizer="l2"),
            layers.Dense(5, kernel_regularizer=keras.regularizers.L1(0.002)),
            layers.Activation("sigmoid"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01, clipnorm=0.05),
        loss="binary_crossentropy",
        metrics=["acc", keras.metrics.Precision(), keras.metrics.Recall()],
    )
    start(model)
    x, t = inputs(), classes() == 1
    history = model.fit(
        x[:150], t[:150], epochs=4, shuffle=False, validation_data=(x[150:], t[150:]), validation_freq=2, verbose=0
    )
    on_batch = [float(figure) for figure in model.test_on_batch(x[:40], t[:40])]
    return outcome(model, history, on_batch=on_batch, named=model.evaluate(x, t, verbose=0, return_dict=True))


def numbers(keras: Any) -> dict[str, Any]:
    rates = keras.optimizers.schedules.ExponentialDecay(0.05, decay_steps=10, decay_rate=0.8)
    model = keras.Sequential([keras.layers.Dense(7, activation="elu"), keras.layers.Dense(1)])
    model.build((None, _INPUTS))
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=rates, momentum=0.9, nesterov=True), loss="mse", metrics=["mae"]
    )
    start(model)
    history = model.fit(inputs(), heights(), epochs=6, batch_size=50, shuffle=False, verbose=0)
    return outcome(model, history, rate=float(model.optimizer.learning_rate))


def sums(keras: Any) -> dict[str, Any]:
    """Sums instead of probabilities, layers without biases, examples of two dimensions, classes by number."""
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input(shape=(2, 2)),
            layers.Flatten(),
            layers.Dense(6, activation="gelu", use_bias=False),
            layers.Dense(4, activation="silu"),
            layers.Dense(3, use_bias=False),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.AdamW(learning_rate=0.01, weight_decay=0.1, global_clipnorm=0.5),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy", "sparse_categorical_accuracy"],
    )
    start(model)
    x = inputs().reshape(COUNT, 2, 2)
    history = model.fit(x, classes(), epochs=3, batch_size=64, shuffle=False, verbose=0)
    evaluation = model.evaluate(x, classes(), batch_size=13, verbose=0)
    return {
        **outcome_without_answers(model, history),
        "evaluation": evaluation,
        "answers": np.asarray(model.predict(x[:7], batch_size=2, verbose=0)).tolist(),
    }


def outcome_without_answers(model: Any, history: Any) -> dict[str, Any]:
    """Return what `outcome` does, for a model that takes other inputs."""
    return {
        "history": {name: [float(value) for value in values] for name, values in history.history.items()},
        "epoch": list(history.epoch),
        "weights": [array.tolist() for array in model.get_weights()],
        "parameters": model.count_params(),
    }


def binary_sums(keras: Any) -> dict[str, Any]:
    model = keras.Sequential([keras.layers.Dense(5, activation="mish", input_shape=(_INPUTS,)), keras.layers.Dense(1)])
    model.compile(
        optimizer=keras.optimizers.Nadam(clipvalue=0.02),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    start(model)
    history = model.fit(inputs(), classes() > 0, epochs=3, shuffle=False, verbose=0)
    return outcome(model, history)


def others(keras: Any) -> dict[str, Any]:
    """Each of the other optimizers and losses, and each of the other activations, once."""
    found: dict[str, Any] = {}
    chosen = [
        ("adagrad", "mae", "softplus"),
        ("adadelta", keras.losses.Huber(delta=0.3), "leaky_relu"),
        (keras.optimizers.SGD(0.1), "hinge", "tanh"),
        (keras.optimizers.SGD(0.1, momentum=0.8), "mean_squared_error", "softmax"),
    ]
    for place, (optimizer, loss, activation) in enumerate(chosen):
        model = keras.Sequential(
            [keras.layers.Dense(5, activation=activation, input_shape=(_INPUTS,)), keras.layers.Dense(1)]
        )
        model.compile(optimizer=optimizer, loss=loss)
        start(model)
        targets = heights() if loss != "hinge" else classes() > 0
        found[str(place)] = outcome(model, model.fit(inputs(), targets, epochs=2, shuffle=False, verbose=0))
    return found


def stopped(keras: Any) -> dict[str, Any]:
    """A learning rate so high that it is lowered, and an end before the last epoch: the best weights come back."""
    model = keras.Sequential([keras.layers.Dense(6, activation="relu", input_shape=(_INPUTS,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.5), loss="mse", metrics=["mae"])
    start(model)
    stop = keras.callbacks.EarlyStopping(patience=4, min_delta=0.001, restore_best_weights=True, start_from_epoch=2)
    lower = keras.callbacks.ReduceLROnPlateau(monitor="val_mae", factor=0.5, patience=1, cooldown=1, min_lr=0.01)
    history = model.fit(
        inputs(), heights(), epochs=60, shuffle=False, validation_split=0.25, callbacks=[stop, lower], verbose=0
    )
    return outcome(model, history, stopped=stop.stopped_epoch, best=stop.best_epoch)


def scheduled(keras: Any) -> dict[str, Any]:
    model = keras.Sequential([keras.layers.Dense(3, activation="softmax", input_shape=(_INPUTS,))])
    model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    start(model)
    rate = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5 if epoch > 2 else 0.3)
    stop = keras.callbacks.EarlyStopping(monitor="accuracy", patience=3, baseline=0.9)
    history = model.fit(
        inputs(), classes(), epochs=30, initial_epoch=1, shuffle=False, callbacks=[rate, stop], verbose=0
    )
    return outcome(model, history, rate=float(model.optimizer.learning_rate))


PROGRAMS: dict[str, Callable[[Any], dict[str, Any]]] = {
    program.__name__: program
    for program in (digits, two_classes, numbers, sums, binary_sums, others, stopped, scheduled)
}
