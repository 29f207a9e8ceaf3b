"""What a picture needs: the network's outputs and units over the plane.

Row 0 of a picture is the largest y, column 0 the smallest x.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.datasets import PLANE
from engine.feed import extend
from engine.network import ForwardPass
from engine.registry import components
from engine.trainer import Trainer

Array = NDArray[Any]
Ranges = list[tuple[float, float]]

# A block of grid points is as wide as keeps its activations in the processor's second-level cache.
_BLOCK_NUMBERS = 65_536


@lru_cache(maxsize=32)
def grid(resolution: int, features: tuple[str, ...], dtype: str) -> Array:
    """Return network inputs over the plane, shape (resolution², features + 1), the last column being ones."""
    x, y = grid_points(resolution).T
    chosen = [components("feature")[name]() for name in features]
    rows = extend(np.stack([feature.values(x, y) for feature in chosen], axis=1), dtype)
    rows.flags.writeable = False
    return rows


def grid_points(resolution: int) -> Array:
    """Return the points of the grid, shape (resolution², 2), row by row from the largest y."""
    axis = np.linspace(*PLANE, resolution)
    x, y = np.meshgrid(axis, axis[::-1])
    return np.stack([x.ravel(), y.ravel()], axis=1)


def boundary(trainer: Trainer, resolution: int) -> Generator[None, None, Array]:
    """Return the outputs over the plane, shape (outputs, resolution, resolution)."""
    rows = _grid_of(trainer, resolution)
    values: Array = np.empty((trainer.spec.outputs, len(rows)), trainer.dtype)
    for cut, forward in _blocks(trainer, rows):
        values[:, cut] = forward(rows[cut].T)
        yield
    return values.reshape(-1, resolution, resolution)


def boundary_map(trainer: Trainer, resolution: int) -> Generator[None, None, tuple[Array, Ranges]]:
    """Return the outputs as uint8, shape (outputs, resolution, resolution), and the range of each."""
    return (yield from _map(trainer, resolution, len(trainer.network.layers) - 1))


def unit_maps(trainer: Trainer, resolution: int) -> Generator[None, None, tuple[Array, Ranges]]:
    """Return all hidden and output units as uint8, shape (units, resolution, resolution), and the range of each."""
    return (yield from _map(trainer, resolution, 0))


def first_layer(trainer: Trainer, most: int) -> tuple[Array, Ranges]:
    """Return the first layer's weights as uint8 images, shape (units, rows, columns), and the range of each.

    The data must be images. Of a layer with more than `most` units, the first so many are shown.
    """
    shape = trainer.spec.data.dataset.image_shape
    assert shape is not None
    weights = trainer.network.layers[0].matrix(trainer.parameters)[:-1, :most].T
    with np.errstate(all="ignore"):
        ranges = _measured(weights)
        return _quantised(weights, ranges).reshape(-1, *shape), ranges


def _map(trainer: Trainer, resolution: int, first: int) -> Generator[None, None, tuple[Array, Ranges]]:
    """Return the units from layer `first` on as uint8, each over its range.

    Where an activation is bounded, its bounds are the range and numbers become bytes block by block; elsewhere the
    range is what the grid shows, so they are kept until the last block.
    """
    rows = _grid_of(trainer, resolution)
    layers = trainer.network.layers[first:]
    pictures: Array = np.empty((sum(layer.units for layer in layers), len(rows)), np.uint8)
    ranges: Ranges = []
    open_ended: list[tuple[int, slice, Array]] = []
    bounded: list[tuple[int, slice, float, float]] = []
    start = 0
    for index, layer in enumerate(layers, first):
        span = slice(start, start + layer.units)
        bounds = layer.activation.bounds
        if bounds is None:
            open_ended.append((index, span, np.empty((layer.units, len(rows)), trainer.dtype)))
        else:
            scale = 255 / (bounds[1] - bounds[0])
            bounded.append((index, span, scale, 0.5 - bounds[0] * scale))
        ranges += [bounds or (0.0, 0.0)] * layer.units
        start = span.stop

    for cut, forward in _blocks(trainer, rows):
        with np.errstate(all="ignore"):
            forward(rows[cut].T)
            for index, span, scale, offset in bounded:
                a = forward.activations[index]
                np.multiply(a, scale, a)  # The activations are of no further use: scale them where they are.
                np.add(a, offset, a)
                pictures[span, cut] = a
            for index, _, values in open_ended:
                values[:, cut] = forward.activations[index]
        yield
    with np.errstate(all="ignore"):
        for _, span, values in open_ended:
            ranges[span] = measured = _measured(values)
            pictures[span] = _quantised(values, measured)
    return pictures.reshape(-1, resolution, resolution), ranges


def _grid_of(trainer: Trainer, resolution: int) -> Array:
    return grid(resolution, trainer.spec.data.features, trainer.dtype.name)


def _blocks(trainer: Trainer, rows: Array) -> Generator[tuple[slice, ForwardPass], None, None]:
    most = max(64, min(len(rows), _BLOCK_NUMBERS // sum(trainer.spec.shape[1:])))
    for start in range(0, len(rows), most):
        cut = slice(start, min(start + most, len(rows)))
        yield cut, trainer.forward_pass(cut.stop - cut.start)


def _measured(values: Array) -> Ranges:
    """Return each row's least and largest value; (0, 0) where they are no numbers."""
    lows, highs = values.min(axis=1), values.max(axis=1)
    finite = np.isfinite(lows) & np.isfinite(highs)
    return [
        (float(low), float(high)) if is_finite else (0.0, 0.0)
        for low, high, is_finite in zip(lows, highs, finite, strict=True)
    ]


def _quantised(values: Array, ranges: Sequence[tuple[float, float]]) -> Array:
    """Return rows as 0..255 over their ranges."""
    lows = np.array([low for low, _ in ranges], values.dtype)[:, None]
    spans = np.array([(high - low) or 1.0 for low, high in ranges], values.dtype)[:, None]
    scaled: Array = (values - lows) * (255 / spans) + 0.5
    return np.asarray(np.nan_to_num(np.clip(scaled, 0, 255)), np.uint8)
