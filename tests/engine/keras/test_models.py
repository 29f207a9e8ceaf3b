"""Sequential: layers put together, trained, asked."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine import keras
from engine.keras import layers

Array = NDArray[Any]
X: Array = np.random.default_rng(1).normal(size=(90, 4)).astype(np.float32)
Y: Array = (X[:, 0] > X[:, 1]).astype(int)


def small(*more: layers.Layer) -> keras.Sequential:
    """Return a compiled model with two classes."""
    model = keras.Sequential([layers.Dense(5, "tanh", input_shape=(4,)), *more, layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy", ["accuracy"])
    return model


def table(model: keras.Sequential) -> list[str]:
    """Return the lines of a model's summary."""
    lines: list[str] = []
    model.summary(print_fn=lines.append)
    return "\n".join(lines).splitlines()


def test_the_summary_tells_shapes_and_parameters() -> None:
    keras.backend.clear_session()
    model = keras.Sequential(
        [layers.Input(shape=(28, 28)), layers.Flatten(), layers.Dense(512, "relu"), layers.Dropout(0.2)], name="digits"
    )
    model.add(layers.Dense(10))
    model.add(layers.Softmax())

    lines = table(model)

    assert lines[0] == 'Model: "digits"'
    assert [" ".join(line.split()) for line in lines[4:9]] == [
        "flatten (Flatten) (None, 784) 0",
        "dense (Dense) (None, 512) 401920",
        "dropout (Dropout) (None, 512) 0",
        "dense_1 (Dense) (None, 10) 5130",
        "softmax (Softmax) (None, 10) 0",
    ]
    assert "Total params: 407,050 (1.55 MB)" in lines
    assert (model.input_shape, model.output_shape, model.count_params()) == ((None, 28, 28), (None, 10), 407_050)


def test_a_model_that_does_not_know_its_inputs_says_so_until_it_sees_some() -> None:
    model = keras.Sequential([layers.Dense(3), layers.Dense(2)])

    assert not model.built
    assert all(line.endswith("? 0 (unbuilt)") for line in table(model)[4:6])
    assert model.get_weights() == []
    assert model.predict(X, verbose=0).shape == (90, 2)
    assert model.count_params() == 4 * 3 + 3 + 3 * 2 + 2


def test_weights_go_out_and_in_as_copies() -> None:
    model, other = small(), small()

    other.set_weights(model.get_weights())
    model.get_weights()[0][...] = 9

    assert [array.shape for array in model.get_weights()] == [(4, 5), (5,), (5, 1), (1,)]
    np.testing.assert_array_equal(model.predict(X, verbose=0), other.predict(X, verbose=0))
    other.layers[0].set_weights([np.zeros((4, 5)), np.ones(5)])
    np.testing.assert_allclose(other.layers[0].get_weights()[1], 1)
    with pytest.raises(ValueError, match="takes 4 arrays, and was given 2"):
        model.set_weights(other.get_weights()[:2])
    with pytest.raises(ValueError, match=r"the shapes \(4, 5\), \(5,\), and was given \(5, 4\), \(5,\)"):
        model.layers[0].set_weights([np.zeros((5, 4)), np.ones(5)])


def test_a_layer_shows_the_weights_that_the_model_trains() -> None:
    model = small()
    first: Any = model.layers[0]
    before = first.kernel.copy()

    model.fit(X, Y, verbose=0)

    np.testing.assert_array_equal(first.kernel, model.get_weights()[0])
    assert not np.array_equal(first.kernel, before)
    with pytest.raises(ValueError, match="belongs to"):
        keras.Sequential([first])


def test_adding_and_taking_away_layers_keeps_the_other_weights() -> None:
    model = small()
    model.fit(X, Y, verbose=0)
    kept = model.get_weights()[:2]

    model.pop()
    model.add(layers.Dense(3, "softmax"))
    model.compile("adam", "sparse_categorical_crossentropy")

    for array, before in zip(model.get_weights(), kept, strict=False):
        np.testing.assert_array_equal(array, before)
    model.fit(X, Y, verbose=0)
    assert model.predict(X, verbose=0).shape == (90, 3)


@pytest.mark.parametrize("batch_size", [1, 7, 32, 90, 1000])
def test_predictions_do_not_depend_on_the_batches(batch_size: int) -> None:
    model = small()

    by_batches = model.predict(X, batch_size=batch_size, verbose=0)

    np.testing.assert_allclose(by_batches, model(X), rtol=1e-6)
    np.testing.assert_allclose(by_batches[:9], model.predict_on_batch(X[:9]), rtol=1e-6)


def test_the_same_seed_gives_the_same_run_and_other_seeds_others() -> None:
    def run(seed: int | None) -> tuple[Any, Array]:
        if seed is not None:
            keras.utils.set_random_seed(seed)
        model = small(layers.Dropout(0.3))
        return model.fit(X, Y, epochs=3, verbose=0).history, model.get_weights()[0]

    (history, weights), (same_history, same_weights) = run(5), run(5)

    assert history == same_history
    np.testing.assert_array_equal(weights, same_weights)
    assert run(None)[0] != history  # The process goes on to others.
    assert run(6)[0] != history


def test_a_program_that_sets_no_seed_gives_the_same_run_each_time() -> None:
    drawn = "from engine.keras.state import generator; print(generator().random(), generator().random())"
    printed = [subprocess.run([sys.executable, "-c", drawn], capture_output=True, check=True).stdout for _ in "ab"]

    first, second = printed[0].split()
    assert printed[0] == printed[1]
    assert first != second


def test_an_initializer_with_a_seed_draws_the_same_weights_each_time() -> None:
    seeded = [layers.Dense(3, kernel_initializer=keras.initializers.HeNormal(seed=4), input_shape=(4,)) for _ in "ab"]
    first, second = (keras.Sequential([layer]).get_weights()[0] for layer in seeded)

    np.testing.assert_array_equal(first, second)


def test_the_last_examples_are_split_off_before_any_are_shuffled() -> None:
    order = np.argsort(Y, kind="stable")  # So that another part would have quite another loss.
    model = small()

    history = model.fit(X[order], Y[order], epochs=40, validation_split=0.2, verbose=0).history

    assert list(history) == ["accuracy", "loss", "val_accuracy", "val_loss"]
    np.testing.assert_allclose(model.evaluate(X[order][72:], Y[order][72:], verbose=0)[0], history["val_loss"][-1])


def test_a_second_fit_goes_on_where_the_first_one_ended() -> None:
    once, twice = (keras.Sequential([layers.Dense(1, "sigmoid", input_shape=(4,))]) for _ in "ab")
    for model in (once, twice):
        model.compile("adam", "binary_crossentropy")
    twice.set_weights(once.get_weights())

    once.fit(X, Y, epochs=4, shuffle=False, verbose=0)
    first = twice.fit(X, Y, epochs=2, shuffle=False, verbose=0)
    second = twice.fit(X, Y, epochs=4, initial_epoch=2, shuffle=False, verbose=0)

    assert (first.epoch, second.epoch) == ([0, 1], [2, 3])
    assert twice.optimizer.iterations == once.optimizer.iterations == 12
    np.testing.assert_array_equal(once.get_weights()[0], twice.get_weights()[0])


def test_a_batch_can_be_trained_and_tested_by_itself() -> None:
    model = small()

    before = model.test_on_batch(X, Y)
    reported = model.train_on_batch(X, Y)
    after = model.test_on_batch(X, Y, return_dict=True)

    assert reported == before
    assert after["loss"] < before[0]
    assert list(after) == ["accuracy", "loss"]


def test_dropout_and_noise_disturb_training_only() -> None:
    model = keras.Sequential(
        [
            layers.Input(shape=(4,)),
            layers.Dropout(0.5),
            layers.GaussianNoise(0.5),
            layers.Dense(5, "relu"),
            layers.Dropout(0.5),
            layers.Dense(1, "sigmoid"),
        ]
    )
    model.compile(keras.optimizers.SGD(1e-9), "binary_crossentropy")

    losses = {round(model.train_on_batch(X, Y), 6) for _ in range(5)}

    assert len(losses) == 5
    assert len({model.test_on_batch(X, Y) for _ in range(5)}) == 1


def test_training_leaves_the_given_arrays_as_they_are() -> None:
    x, y = X.copy(), Y.copy()
    model = keras.Sequential([layers.Input(shape=(4,)), layers.GaussianNoise(1.0), layers.Dense(1, "sigmoid")])
    model.compile("sgd", "binary_crossentropy")

    model.fit(x, y, verbose=0)
    model.train_on_batch(x, y)

    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(y, Y)


@pytest.mark.parametrize("dtype", ["uint8", "int64", "float64", "bool"])
def test_inputs_of_any_numbers_are_taken(dtype: str) -> None:
    model = small()
    x = (X > 0).astype(dtype)

    model.fit(x, Y, epochs=2, batch_size=13, verbose=0)

    np.testing.assert_allclose(model.predict(x, verbose=0), model.predict(x.astype("float32"), verbose=0))


def test_weights_without_biases_stay_without_them() -> None:
    model = keras.Sequential([layers.Dense(1, "sigmoid", use_bias=False, input_shape=(4,))])
    model.compile(keras.optimizers.AdamW(0.1), "binary_crossentropy")

    model.fit(X, Y, epochs=3, verbose=0)

    assert [array.shape for array in model.get_weights()] == [(4, 1)]
    assert model.predict(np.zeros((1, 4)), verbose=0).item() == 0.5


def test_large_arrays_of_floats_are_not_copied_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    model, other = small(), small()
    other.set_weights(model.get_weights())
    model.fit(X, Y, epochs=2, shuffle=False, verbose=0)
    monkeypatch.setattr("engine.feed._COPIED_BYTES", 100)

    other.fit(X, Y, epochs=2, shuffle=False, verbose=0)

    np.testing.assert_array_equal(model.get_weights()[0], other.get_weights()[0])


def test_labels_become_rows_of_zeros_with_a_one() -> None:
    np.testing.assert_array_equal(keras.utils.to_categorical([1, 0, 2]), np.eye(3)[[1, 0, 2]])
    np.testing.assert_array_equal(keras.utils.to_categorical([[1], [0]], 4), np.eye(4)[[1, 0]])


def test_digits_come_as_keras_gives_them() -> None:
    (train_images, train_labels), (test_images, test_labels) = keras.datasets.mnist.load_data()

    arrays = [train_images, train_labels, test_images, test_labels]
    assert [array.shape for array in arrays] == [(60_000, 28, 28), (60_000,), (10_000, 28, 28), (10_000,)]
    assert {str(array.dtype) for array in arrays} == {"uint8"}
    assert train_labels[:5].tolist() == [5, 0, 4, 1, 9]
    test_images[0] = 0  # They are the caller's own.


def test_functions_and_losses_can_be_called() -> None:
    np.testing.assert_allclose(keras.activations.relu([-1.0, 2.0]), [0, 2])
    np.testing.assert_allclose(keras.activations.get("softmax")([[0.0, 0.0], [1.0, 1.0]]), 0.5)
    assert keras.losses.MeanSquaredError()([[1.0], [2.0]], [[2.0], [4.0]]) == pytest.approx(2.5)
    assert keras.losses.get("categorical_crossentropy")([[0, 1]], [[0.5, 0.5]]) == pytest.approx(np.log(2))
