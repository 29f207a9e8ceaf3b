"""What engine.keras has not says so by name, with what comes nearest."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine import keras

# Looked at without their types, which know already what is wrong below.
whole: Any = keras
activations, callbacks, layers = whole.activations, whole.callbacks, whole.layers
losses, optimizers = whole.losses, whole.optimizers

MODULES = [keras, *(getattr(keras, name) for name in ("layers", "models", "optimizers", "losses", "callbacks"))]
MODULES += [keras.datasets, keras.utils, keras.initializers, keras.regularizers, keras.metrics, keras.activations]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_a_module_names_what_it_has_not_and_what_it_has(module: Any) -> None:
    assert not hasattr(module, "Conv7D")
    with pytest.raises(AttributeError, match=rf"{module.__name__} has no Conv7D: .*\b{module.__all__[0]}\b"):
        _ = module.Conv7D
    with pytest.raises(ImportError, match=f"{module.__name__} has no Conv7D: "):
        exec(f"from {module.__name__} import Conv7D")


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_a_module_has_all_that_it_names(module: Any) -> None:
    for name in module.__all__:
        assert getattr(module, name) is not None


@pytest.mark.parametrize(
    ("attempt", "error", "words"),
    [
        (
            lambda: layers.Conv2D,
            AttributeError,
            "Conv2D: take Flatten and then Dense. A multilayer perceptron has Activ",
        ),
        (lambda: layers.Dens, AttributeError, "did you mean Dense"),
        (lambda: optimizers.Lion, AttributeError, "engine.keras.optimizers has no Lion"),
        (lambda: activations.selu, AttributeError, "has no selu"),
        (lambda: callbacks.ModelCheckpoint, AttributeError, r"EarlyStopping\(restore_best_weights=True\)"),
        (lambda: keras.models.Model, AttributeError, "take Sequential"),
        (lambda: keras.Sequential().save("x.keras"), AttributeError, "Sequential has no save: .*get_weights"),
        (lambda: keras.Sequential().sumary(), AttributeError, "did you mean summary"),
        (lambda: layers.Dense(3, kernal_initializer="zeros"), TypeError, "did you mean kernel_initializer"),
        (lambda: layers.Dense(3, kernel_constraint="unit_norm"), TypeError, "Dense has no argument kernel_constraint"),
        (lambda: optimizers.Adam(amsgrad=True), TypeError, "Adam has no argument amsgrad: .*clipnorm"),
        (lambda: optimizers.RMSprop(momentum=0.9), ValueError, "RMSprop: momentum is not there; take Adam"),
        (lambda: optimizers.SGD(clipnorm=1, clipvalue=1), ValueError, "only one of clipnorm, clipvalue"),
        (lambda: optimizers.SGD(-1.0), ValueError, "SGD: learning_rate is -1.0. .*greater than 0"),
        (lambda: keras.Sequential().compile("rmsporp"), ValueError, "'rmsporp': did you mean rmsprop"),
        (lambda: keras.Sequential().compile(loss="poisson"), ValueError, "there is no loss 'poisson': .*huber"),
        (lambda: keras.Sequential().compile(metrics=["acuracy"]), ValueError, "did you mean accuracy"),
        (lambda: layers.Dense(3, "rellu"), ValueError, "did you mean relu"),
        (lambda: layers.Dense(3, lambda x: x), ValueError, "there is no activation <function"),
        (lambda: layers.Dense(3, kernel_initializer="orthogonal"), ValueError, "no initializer 'orthogonal'"),
        (lambda: layers.Dense(3, kernel_regularizer="l3"), ValueError, "no regularizer 'l3'"),
        (lambda: layers.Dense(3)(np.ones((1, 2))), TypeError, "the functional interface is not there"),
        (lambda: losses.BinaryCrossentropy(label_smoothing=0.1), TypeError, "has no argument label_smoothing"),
    ],
)
def test_what_is_not_there_says_so(attempt: Callable[[], object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        attempt()


def test_arguments_that_ask_for_nothing_are_passed_over() -> None:
    layer = layers.Dense(3, kernel_constraint=None, activity_regularizer=None)
    optimizer = optimizers.Adam(amsgrad=False, weight_decay=None)

    assert layer.units == 3
    assert optimizer.learning_rate == 0.001


@pytest.mark.parametrize(
    ("stack", "words"),
    [
        ([layers.Dense(2), layers.Dropout(0.5)], "after the last Dense it would silence answers"),
        ([layers.Dense(2), layers.Dropout(0.5), layers.Dropout(0.5), layers.Dense(1)], "one is enough"),
        ([layers.Dense(2), layers.GaussianNoise(0.1), layers.Dense(1)], "take Dropout between layers"),
        ([layers.Dense(2, "relu"), layers.Activation("tanh"), layers.Dense(1)], "has the activation relu already"),
        ([layers.Activation("tanh"), layers.Dense(1)], "right after a Dense only"),
        ([layers.Dense(1, "softmax")], "shares 1 out among units"),
        ([layers.Flatten()], "add a Dense"),
    ],
)
def test_layers_that_the_engine_cannot_put_together_say_why(stack: list[Any], words: str) -> None:
    for layer in stack:
        layer.model = None  # As made anew; the parameters above are made once.
    with pytest.raises(ValueError, match=words):
        keras.Sequential(stack).predict(np.ones((3, 2)))


def test_a_loss_says_which_output_and_which_targets_it_needs() -> None:
    x = np.ones((5, 4))
    model = keras.Sequential([layers.Dense(3)])
    model.compile(loss="categorical_crossentropy")

    with pytest.raises(ValueError, match=r"to_categorical\(y, 3\) first"):
        model.fit(x, np.ones(5))
    with pytest.raises(ValueError, match="activation='softmax' instead of 'linear', or the loss from_logits=True"):
        model.fit(x, np.eye(3)[[0, 1, 2, 0, 1]])
    with pytest.raises(ValueError, match="exactly one 1"):
        model.fit(x, np.ones((5, 3)))
    with pytest.raises(ValueError, match="softer ones are not there"):
        model.fit(x, np.full((5, 3), 1 / 3))
    model.compile(loss="sparse_categorical_crossentropy")
    with pytest.raises(ValueError, match="from 0 to 2, as many as the network has outputs; they go from 3 to 3"):
        model.fit(x, np.full(5, 3))


def test_inputs_that_do_not_fit_say_what_would() -> None:
    model = keras.Sequential([layers.Dense(1, input_shape=(4,))])

    with pytest.raises(ValueError, match=r"reshape\(\(5, 4\)\), or begin with layers.Flatten"):
        model.predict(np.ones((5, 2, 2)))
    with pytest.raises(ValueError, match=r"the shape \(4,\), and was given \(3,\)"):
        model.predict(np.ones((5, 3)))
    with pytest.raises(ValueError, match=r"put layers.Flatten\(\) first"):
        keras.Sequential([layers.Dense(1, input_shape=(2, 2))])
    with pytest.raises(ValueError, match=r"has no loss: call compile"):
        model.fit(np.ones((5, 4)), np.ones(5))
