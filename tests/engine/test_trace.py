"""One example's way: its products add up to its sums, and its gradients are those that training follows."""

from typing import Any

import numpy as np
import pytest

from engine import ExperimentSpec, Trainer, probes
from engine.registry import components


def trainer_of(dtype: str = "float64", data: dict[str, Any] | None = None, **training: Any) -> Trainer:
    layers = [{"units": 3, "activation": "tanh"}, {"units": 2, "activation": "sigmoid"}]
    spec = {"data": data or {}, "network": {"layers": layers}, "training": training}
    trainer = Trainer(ExperimentSpec.model_validate(spec), dtype)
    trainer.advance(20)
    return trainer


def flat(trainer: Trainer, way: probes.Trace) -> np.ndarray[Any, Any]:
    """Return the trace's gradient in the layout of the parameters."""
    gradient = np.zeros_like(trainer.parameters)
    for layer, traced in zip(trainer.network.layers, way.layers, strict=True):
        layer.matrix(gradient)[:-1] = traced.weight_gradients
        layer.matrix(gradient)[-1] = traced.deltas
    return gradient if way.penalty is None else gradient + way.penalty


@pytest.mark.parametrize("activation", components("activation"))
def test_every_gradient_of_a_trace_is_the_trainers(activation: str) -> None:
    spec = {"network": {"layers": [{"units": 3, "activation": activation}, {"units": 2, "activation": activation}]}}
    trainer = Trainer(ExperimentSpec.model_validate(spec), "float64")
    trainer.advance(5)

    way = probes.trace(trainer, [1.5, -2.0], 1)

    np.testing.assert_allclose(flat(trainer, way), trainer.gradient([[1.5, -2.0]], [1]), rtol=1e-12, atol=1e-300)
    assert way.loss == pytest.approx(trainer.objective([[1.5, -2.0]], [1]), rel=1e-12)
    np.testing.assert_allclose(way.outputs, trainer.predict([[1.5, -2.0]])[0], rtol=1e-12)


@pytest.mark.parametrize("regularizer", components("regularizer"))
def test_the_regularisers_part_of_a_gradient_stands_apart(regularizer: str) -> None:
    trainer = trainer_of(regularizer=regularizer)

    way = probes.trace(trainer, [1.5, -2.0], 0)

    assert (way.penalty is None) == (regularizer == "none")
    np.testing.assert_allclose(flat(trainer, way), trainer.gradient([[1.5, -2.0]], [0]), rtol=1e-12)


def test_products_add_up_to_sums_and_errors_come_from_the_layer_behind() -> None:
    trainer = trainer_of(loss="mean_absolute_error")

    layers: list[Any] = probes.trace(trainer, [3.0, 4.0], 0).layers
    first, second, last = layers

    for layer, activation in ((first, np.tanh), (second, lambda z: 1 / (1 + np.exp(-z)))):
        np.testing.assert_allclose(layer.products.sum(axis=0) + layer.biases, layer.sums, rtol=1e-12)
        np.testing.assert_allclose(activation(layer.sums), layer.activations, rtol=1e-12)
        np.testing.assert_allclose(layer.errors * layer.slopes, layer.deltas, rtol=1e-12)
    np.testing.assert_array_equal(second.inputs, first.activations)
    np.testing.assert_allclose(second.error_products.sum(axis=1), first.errors, rtol=1e-12)
    np.testing.assert_allclose(last.errors, np.sign(last.activations - 0), rtol=1e-12)


def test_a_fused_output_has_a_delta_but_no_error_of_its_own() -> None:
    trainer = trainer_of()

    way: Any = probes.trace(trainer, [3.0, 4.0], 1)

    assert way.is_fused and way.layers[-1].errors is None and way.layers[-1].slopes is None
    np.testing.assert_allclose(way.layers[-1].deltas, way.outputs - way.targets, rtol=1e-12)


def test_without_a_target_there_is_no_way_back() -> None:
    way = probes.trace(trainer_of(), [3.0, 4.0])

    assert way.loss is None and way.targets is None
    assert all(layer.deltas is layer.errors is layer.weight_gradients is None for layer in way.layers)


def test_an_image_is_traced_too() -> None:
    trainer = trainer_of("float32", {"dataset": {"name": "mnist", "samples": 100}})
    image = trainer.data.parts["test"].inputs(0, 1)[0] / 255

    way = probes.trace(trainer, image, 7)

    assert [layer.products.shape for layer in way.layers] == [(784, 3), (3, 2), (2, 10)]
    np.testing.assert_allclose(flat(trainer, way), trainer.gradient([image], [7]), rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("steps", [0, 1, 24, 25])
def test_the_next_example_is_the_one_that_the_next_update_learns_from(steps: int) -> None:
    trainer = trainer_of(data={"dataset": {"name": "xor", "samples": 50}}, batch_size=10)
    trainer.advance_examples(steps)  # There are 25 for training: within an epoch, and where one ends.
    twin = Trainer.restore(trainer.snapshot())

    index = trainer.next_example

    train = trainer.data.parts["train"]
    way = probes.trace(trainer, train.inputs(index, index + 1)[0], train.labels(index, index + 1)[0])
    before, rate = trainer.parameters.copy(), trainer.learning_rate
    trainer.advance_examples()
    np.testing.assert_allclose(trainer.parameters, before - rate * flat(trainer, way), rtol=1e-12)
    twin.advance_examples()
    np.testing.assert_array_equal(trainer.parameters, twin.parameters)  # To look has changed nothing.
