"""Pictures agree with predictions, and lie the right way up."""

from collections.abc import Generator
from typing import Any

import numpy as np
import pytest

from engine import ExperimentSpec, Trainer, probes
from engine.registry import components


def finished(work: Generator[None, None, Any]) -> Any:
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def trained(**network: Any) -> Trainer:
    trainer = Trainer(ExperimentSpec.model_validate({"network": network, "training": {"loss": "mean_squared_error"}}))
    trainer.advance(200)
    return trainer


def test_the_boundary_is_the_prediction_at_every_point_of_the_grid() -> None:
    trainer = trained()

    values = finished(probes.boundary(trainer, 23))

    points = probes.grid_points(23)
    np.testing.assert_allclose(values[0].ravel(), trainer.predict(points)[:, 0], atol=1e-6)


def test_row_0_is_the_largest_y_and_column_0_the_smallest_x() -> None:
    points = probes.grid_points(5).reshape(5, 5, 2)

    assert points[0, 0].tolist() == [-6, 6]
    assert points[-1, -1].tolist() == [6, -6]
    assert points[0, :, 0].tolist() == [-6, -3, 0, 3, 6]


@pytest.mark.parametrize("output", [name for name in components("activation") if name != "softmax"])
def test_bytes_over_their_range_are_the_values_to_half_a_step(output: str) -> None:
    trainer = trained(output_activation=output)
    values = finished(probes.boundary(trainer, 41))[0]

    pictures, ranges = finished(probes.boundary_map(trainer, 41))

    low, high = ranges[0]
    assert pictures.shape == (1, 41, 41) and pictures.dtype == np.uint8
    np.testing.assert_allclose(low + pictures[0] / 255 * (high - low), values, atol=(high - low) / 255 * 0.51 + 1e-6)


@pytest.mark.parametrize("activation", components("activation"))
def test_units_come_in_layer_order_with_the_output_last(activation: str) -> None:
    trainer = trained(layers=[{"units": 3, "activation": activation}, {"units": 2, "activation": "tanh"}])

    pictures, ranges = finished(probes.unit_maps(trainer, 16))

    output, output_ranges = finished(probes.boundary_map(trainer, 16))
    assert pictures.shape == (6, 16, 16) and len(ranges) == 6
    np.testing.assert_array_equal(pictures[-1], output[0])
    assert ranges[-1] == output_ranges[0]
    first = trainer.network.layers[0]
    z = probes.grid(16, ("x", "y"), "float32") @ first.matrix(trainer.parameters)
    a = np.empty_like(z.T)
    first.activation.forward(np.ascontiguousarray(z.T), a)
    for unit in range(3):
        low, high = ranges[unit]
        step = (high - low) / 255 or 1e-6
        np.testing.assert_allclose(low + pictures[unit] / 255 * (high - low), a[unit].reshape(16, 16), atol=step * 0.52)


def test_a_network_beyond_all_numbers_still_gives_a_picture() -> None:
    trainer = trained(layers=[{"units": 3, "activation": "relu"}], output_activation="linear")
    trainer.parameters[:] = np.nan

    pictures, ranges = finished(probes.unit_maps(trainer, 8))

    assert pictures.shape == (4, 8, 8) and ranges == [(0.0, 0.0)] * 4


def test_the_first_layer_of_mnist_is_seen_as_images() -> None:
    spec = ExperimentSpec.model_validate(
        {"data": {"dataset": {"name": "mnist", "samples": 100}}, "network": {"layers": [{"units": 5}]}}
    )

    images, ranges = probes.first_layer(Trainer(spec), 4)

    assert images.shape == (4, 28, 28) and images.dtype == np.uint8
    assert all(low < 0 < high for low, high in ranges)
