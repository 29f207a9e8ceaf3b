"""Histograms count every weight, saliency is a derivative, a landscape is the loss, a projection is the best one."""

import sys
from collections.abc import Generator
from typing import Any

import numpy as np
import pytest

from engine import ExperimentSpec, Trainer, probes
from engine.features import Feature
from engine.registry import components

TABLE = {"name": "mnist", "samples": 200}


def finished(work: Generator[None, None, Any]) -> Any:
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def trainer_of(steps: int = 30, dtype: str = "float64", **parts: Any) -> Trainer:
    trainer = Trainer(ExperimentSpec.model_validate(parts), dtype)
    trainer.advance(steps)
    return trainer


def digits(steps: int = 30) -> Trainer:
    return trainer_of(steps, "float32", data={"dataset": TABLE}, network={"layers": [{"units": 20}]})


# Histograms


def test_histograms_count_every_weight_and_every_gradient_as_numpy_does() -> None:
    trainer = trainer_of(training={"regularizer": "l2"})
    train = trainer.data.parts["train"]
    gradient = trainer.gradient(train.inputs(0, len(train)), train.labels(0, len(train)))

    layers = finished(probes.histograms(trainer, 7))

    forward = trainer.forward_pass(len(train))
    forward(train.rows.between(0, len(train)).T)
    activations = {layer.start: a for layer, a in zip(trainer.network.layers, forward.activations, strict=True)}
    for layer, found in zip(trainer.network.layers, layers, strict=True):
        known, slopes = layer.matrix(trainer.parameters), layer.matrix(gradient)
        expected = (known[:-1], known[-1], slopes[:-1], slopes[-1])
        for histogram, numbers in zip(found[:-1], expected, strict=True):
            assert histogram.counts.tolist() == np.histogram(numbers, 7)[0].tolist() or numbers.size == 1
            assert histogram.counts.sum() == numbers.size
            assert (histogram.low, histogram.high) == pytest.approx((numbers.min(), numbers.max()), rel=1e-9)
            assert histogram.mean == pytest.approx(numbers.mean(), abs=1e-9)
            assert histogram.deviation == pytest.approx(numbers.std(), abs=1e-7)
        said, bounds = activations[layer.start], layer.activation.bounds
        assert found.activations.counts.tolist() == np.histogram(said, 7, bounds)[0].tolist()
        assert found.activations.mean == pytest.approx(said.mean(), abs=1e-9)


def test_what_is_no_number_is_counted_apart() -> None:
    trainer = trainer_of()
    trainer.parameters[:] = np.nan

    (first, *_) = finished(probes.histograms(trainer, 5))

    assert first.weights.not_finite == 8 and first.weights.counts.sum() == 0


def test_of_a_large_layer_the_activations_of_fewer_examples_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["engine.probes.histograms"], "_MOST_ACTIVATIONS", 4 * 30)
    trainer = trainer_of()

    first, second, last = finished(probes.histograms(trainer, 5))

    counted = [layer.activations.counts.sum() for layer in (first, second, last)]
    assert counted == [4 * 30, 2 * 60, 120]


# The gradient, and what a unit gives


def test_the_mean_gradient_is_that_of_all_training_examples_and_the_penalty() -> None:
    trainer = trainer_of(training={"regularizer": "l1"})
    train = trainer.data.parts["train"]

    gradient = finished(probes.mean_gradient(trainer))

    expected = trainer.gradient(train.inputs(0, len(train)), train.labels(0, len(train)))
    assert gradient == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", [name for name, kind in components("activation").items() if not kind.is_layerwise])
def test_an_activity_counts_what_the_unit_gives_and_where_its_slope_is_flat(name: str) -> None:
    trainer = trainer_of(network={"layers": [{"units": 3, "activation": name}]})
    train = trainer.data.parts["train"]
    traces = [probes.trace(trainer, row, 0).layers[0] for row in train.inputs(0, len(train))]
    given = np.array([trace.activations[1] for trace in traces])
    slopes = np.array([trace.slopes[1] for trace in traces if trace.slopes is not None])

    found = finished(probes.activity(trainer, 0, 1, 10))

    low, high = trainer.network.layers[0].activation.bounds or (given.min(), given.max())
    assert found.examples == len(train)
    assert (found.activations.low, found.activations.high) == pytest.approx((low, high))
    assert found.activations.counts.tolist() == np.histogram(given, 10, (low, high))[0].tolist()
    assert found.zeros == (given == 0).mean()
    assert found.flat == (np.abs(slopes) < 0.05).mean()


def test_of_a_unit_that_shares_with_others_no_slope_is_told() -> None:
    trainer = trainer_of(data={"dataset": "blobs"})

    found = finished(probes.activity(trainer, len(trainer.network.layers) - 1, 0, 10))

    assert found.flat is None and (found.activations.low, found.activations.high) == (0.0, 1.0)


# Saliency


def central_difference(trainer: Trainer, inputs: list[float], output: int) -> list[float]:
    slopes = []
    for index in range(len(inputs)):
        ends = np.array([inputs, inputs])
        ends[:, index] += (1e-6, -1e-6)
        above, below = trainer.predict(ends)[:, output]
        slopes.append((above - below) / 2e-6)
    return slopes


@pytest.mark.parametrize("feature", components("feature").values())
def test_a_features_slopes_are_its_differences(feature: type[Feature]) -> None:
    x, y = np.random.default_rng(1).uniform(-6, 6, (2, 20))

    along, across = feature().slopes(x, y)

    values = feature().values
    np.testing.assert_allclose(np.zeros(20) + along, (values(x + 1e-6, y) - values(x - 1e-6, y)) / 2e-6, atol=1e-7)
    np.testing.assert_allclose(np.zeros(20) + across, (values(x, y + 1e-6) - values(x, y - 1e-6)) / 2e-6, atol=1e-7)


@pytest.mark.parametrize("features", [["x", "y"], list(components("feature"))])
def test_saliency_is_how_the_output_changes_with_what_is_given(features: list[str]) -> None:
    trainer = trainer_of(data={"features": features}, network={"layers": [{"units": 5}]})

    gradient = probes.saliency(trainer, [0.7, -1.2], 0)

    np.testing.assert_allclose(gradient, central_difference(trainer, [0.7, -1.2], 0), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("output", [0, 2])
def test_saliency_of_one_class_of_several(output: int) -> None:
    trainer = trainer_of(data={"dataset": {"name": "blobs", "classes": 3}})

    gradient = probes.saliency(trainer, [0.7, -1.2], output)

    np.testing.assert_allclose(gradient, central_difference(trainer, [0.7, -1.2], output), rtol=1e-5, atol=1e-9)


def test_before_softmax_a_class_alone_counts() -> None:
    trainer = trainer_of(data={"dataset": {"name": "blobs", "classes": 3}}, network={"layers": []})

    gradient = probes.saliency(trainer, [0.7, -1.2], 1, before_activation=True)

    np.testing.assert_array_equal(gradient, trainer.network.layers[0].matrix(trainer.parameters)[:-1, 1])


# The landscape


def loss_at(trainer: Trainer, parameters: Any) -> float:
    before = trainer.parameters.copy()
    trainer.parameters[:] = parameters
    loss = trainer.metrics()["loss"]
    trainer.parameters[:] = before
    return loss


def test_a_landscape_is_the_loss_at_each_of_its_points() -> None:
    trainer = trainer_of()
    along, across = finished(probes.filter_normalized(trainer, 3))
    before = trainer.parameters.copy()

    surface = finished(probes.landscape(trainer, (along, across), 5, 0.8))

    np.testing.assert_array_equal(trainer.parameters, before)
    np.testing.assert_allclose(surface.coordinates, [-0.8, -0.4, 0, 0.4, 0.8], atol=1e-12)
    assert surface.losses[2, 2] == pytest.approx(trainer.metrics()["loss"], rel=1e-12)
    assert surface.losses[0, 0] == pytest.approx(loss_at(trainer, before - 0.8 * along + 0.8 * across), rel=1e-9)
    assert surface.losses[4, 3] == pytest.approx(loss_at(trainer, before + 0.4 * along - 0.8 * across), rel=1e-9)


def test_random_directions_are_as_long_as_every_units_weights_and_leave_biases_alone() -> None:
    trainer = trainer_of()

    first, second = finished(probes.filter_normalized(trainer, 3))

    for layer in trainer.network.layers:
        lengths = np.linalg.norm(layer.matrix(trainer.parameters)[:-1], axis=0)
        for direction in (first, second):
            np.testing.assert_allclose(np.linalg.norm(layer.matrix(direction)[:-1], axis=0), lengths, rtol=1e-6)
            assert not layer.matrix(direction)[-1].any()
    assert abs(first @ second) < 0.9 * (first @ first)
    np.testing.assert_array_equal(first, finished(probes.filter_normalized(trainer, 3))[0])


def test_two_chosen_weights_are_two_axes() -> None:
    trainer = trainer_of()

    surface = finished(probes.landscape(trainer, probes.weight_directions(trainer, 1, 4), 3, 0.5))

    moved = trainer.parameters.copy()
    moved[1] += 0.5
    assert surface.losses[1, 2] == pytest.approx(loss_at(trainer, moved), rel=1e-9)


def test_a_path_on_the_slice_is_found_and_one_off_it_is_seen_in_part() -> None:
    trainer = trainer_of()
    along, across = finished(probes.filter_normalized(trainer, 3))
    off = np.zeros_like(along)
    off[trainer.network.layers[0].stop - 1] = 1  # A bias: no random direction has any of it.

    on_the_slice = trainer.parameters + 0.3 * along - 0.2 * across
    coordinates, seen = probes.projected(
        trainer, (along, across), [trainer.parameters, on_the_slice, on_the_slice + off, trainer.parameters + off]
    )

    np.testing.assert_allclose(coordinates, np.array([[0, 0], [0.3, -0.2], [0.3, -0.2], [0, 0]]), atol=1e-12)
    np.testing.assert_allclose(seen[[0, 1, 3]], [1, 1, 0], atol=1e-12)
    assert 0 < seen[2] < 1


def test_a_slice_of_a_large_network_comes_in_short_pieces() -> None:
    pieces = 0
    trainer = digits()
    for _ in probes.landscape(trainer, finished(probes.filter_normalized(trainer, 0)), 3, 1.0):
        pieces += 1

    assert pieces >= 9


# The plane of principal components


def best_plane(rows: Any) -> Any:
    """Return coordinates and shares of variance by NumPy's own decomposition."""
    left, lengths, _ = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    return (left * lengths)[:, :2], lengths[:2] ** 2 / (lengths**2).sum()


@pytest.mark.parametrize("layer", [None, 0, 1])
def test_a_projection_is_the_best_one(layer: int | None) -> None:
    trainer = digits()
    part = trainer.data.parts["test"]
    rows: Any = part.rows.between(0, 150)[:, :-1].astype(np.float64)
    if layer is not None:
        for index in range(layer + 1):
            way = [probes.trace(trainer, inputs / 255).layers[index] for inputs in part.inputs(0, 150)]
            rows = np.array([step.activations for step in way], np.float64)

    found = finished(probes.projection(trainer, "test", 150, layer))

    points, explained = best_plane(rows)
    np.testing.assert_allclose(found.explained, explained, rtol=1e-5)
    np.testing.assert_allclose(np.abs(found.points), np.abs(points), atol=2e-3 * np.abs(points).max())
    np.testing.assert_allclose((rows - found.mean) @ found.components.T, found.points, atol=1e-4)


def test_a_layer_of_one_unit_has_one_component() -> None:
    trainer = trainer_of()

    found = finished(probes.projection(trainer, "train", 50, len(trainer.network.layers) - 1))

    assert found.explained.tolist() == pytest.approx([1, 0])
    assert not found.points[:, 1].any()


def test_of_a_network_beyond_all_numbers_nothing_is_seen() -> None:
    trainer = trainer_of()
    trainer.parameters[:] = np.nan

    assert not finished(probes.projection(trainer, "train", 50, 0)).points.any()
    assert np.isnan(
        finished(probes.landscape(trainer, finished(probes.filter_normalized(trainer, 0)), 2, 1.0)).losses
    ).all()


# The space as a layer sees it


def activations_of(trainer: Trainer, layer: int, inputs: Any) -> Any:
    forward = trainer.forward_pass(len(inputs))
    forward(trainer.data.encode_inputs(np.asarray(inputs, trainer.dtype)).T)
    return forward.activations[layer].T.copy()


def test_a_layer_of_two_units_is_seen_by_its_units_with_the_outputs_behind() -> None:
    trainer = trainer_of(network={"layers": [{"units": 4}, {"units": 2, "activation": "tanh"}]})
    train = trainer.data.parts["train"].inputs(0, 60)

    seen = finished(probes.space(trainer, "train", 60, 1, 7, 5))

    np.testing.assert_allclose(seen.projection.points, activations_of(trainer, 1, train), rtol=1e-12)
    np.testing.assert_allclose(seen.grid.reshape(-1, 2), activations_of(trainer, 1, probes.grid_points(7)), rtol=1e-12)
    assert seen.ranges == ((-1, 1), (-1, 1)) and not seen.is_projected
    matrix = trainer.network.layers[2].matrix(trainer.parameters)[:, 0]
    first, second = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(1, -1, 5))
    expected = 1 / (1 + np.exp(-(matrix[0] * first + matrix[1] * second + matrix[2])))
    np.testing.assert_allclose(seen.field[0], expected, rtol=1e-9)


def test_a_larger_layer_is_seen_by_the_principal_components_of_its_examples() -> None:
    trainer = trainer_of(network={"layers": [{"units": 5, "activation": "relu"}, {"units": 3}]})
    rows = activations_of(trainer, 0, trainer.data.parts["train"].inputs(0, 80))
    grid = activations_of(trainer, 0, probes.grid_points(4))

    seen = finished(probes.space(trainer, "train", 80, 0, 4, 5))

    plane = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)[2][:2]
    np.testing.assert_allclose(np.abs(seen.projection.components @ plane.T), np.eye(2), atol=1e-6)
    np.testing.assert_allclose(
        seen.grid.reshape(-1, 2), (grid - rows.mean(axis=0)) @ seen.projection.components.T, atol=1e-9
    )
    assert seen.is_projected and seen.field is None
    points = np.vstack([seen.projection.points, seen.grid.reshape(-1, 2)])
    for (low, high), least, greatest in zip(seen.ranges, points.min(axis=0), points.max(axis=0), strict=True):
        assert low <= least < greatest <= high


ELEMENTWISE = [name for name, kind in components("activation").items() if not kind.is_layerwise]


@pytest.mark.parametrize("activation", ELEMENTWISE)
def test_of_a_single_unit_and_of_the_output_there_is_a_line(activation: str) -> None:
    trainer = trainer_of(network={"layers": [{"units": 1, "activation": activation}]})

    hidden, output = (finished(probes.space(trainer, "train", 20, layer, 3, 5)) for layer in (0, 1))

    for seen in (hidden, output):
        assert not seen.projection.points[:, 1].any() and seen.field is None
        assert seen.ranges[0][0] < seen.ranges[0][1] and seen.ranges[1] == (-1, 1)


def test_examples_that_are_no_points_of_the_plane_have_no_grid() -> None:
    seen = finished(probes.space(digits(), "test", 30, 0, 9, 5))

    assert seen.grid is None and seen.projection.points.shape == (30, 2)
