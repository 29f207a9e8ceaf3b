"""The space as a layer sees it: examples and a grid of the plane where the layer puts them.

A layer of two units has a plane of its own, its units being the axes. Larger ones are seen on the plane of the first
two principal components of what they make of the examples. Everything behind a layer of two units depends on these two
numbers alone, so that the network's outputs can be drawn as a field behind them.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.network import ForwardPass, Network
from engine.probes.plane import grid
from engine.probes.principal import Projection, layer_rows, principal_plane
from engine.trainer import Trainer

Array = NDArray[Any]
Range = tuple[float, float]

# A block of grid points is as wide as keeps its activations in the processor's second-level cache.
_BLOCK_NUMBERS = 65_536
# The ends of an axis without bounds are round numbers, so that the axis does not move with every update.
_ROUND = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


@dataclass(frozen=True)
class Space:
    """`projection` has the examples' points; `grid`, shape (n, n, 2), is where the grid's points are, row by row.

    `is_projected` says whether the axes are principal components rather than units. `ranges` are those of the picture.
    `field`, shape (outputs, m, m), are the network's outputs over it, where there are any; row 0 is the largest y.
    """

    projection: Projection
    is_projected: bool
    grid: Array | None
    ranges: tuple[Range, Range]
    field: Array | None


def space(
    trainer: Trainer, split: str, count: int, layer: int, lines: int, resolution: int
) -> Generator[None, None, Space]:
    """Return where a layer puts the first `count` examples of a part, and the `lines`² points of a grid of the plane.

    Without a plane, or with no `lines`, there is no grid; a field of `resolution`² points there is where the layer has
    two units and another behind it.
    """
    rows = yield from layer_rows(trainer, split, count, layer)
    units = rows.shape[1]
    if units > 2:
        seen = yield from principal_plane(rows)
    else:
        np.nan_to_num(rows, copy=False, posinf=0.0, neginf=0.0)
        seen = _as_it_is(rows)
    has_grid = lines > 0 and bool(trainer.spec.data.features)
    places = (yield from _grid(trainer, layer, lines, seen)) if has_grid else None
    ranges = _ranges(trainer, layer, seen.points if places is None else np.vstack([seen.points, places.reshape(-1, 2)]))
    field = None
    if units == 2 and layer < len(trainer.network.layers) - 1:
        field = yield from _field(trainer, layer, resolution, ranges)
    return Space(seen, units > 2, places, ranges, field)


def _as_it_is(rows: Array) -> Projection:
    """Return what one or two units say as points of a plane; the second number of a single unit is zero."""
    count, units = rows.shape
    points = np.zeros((count, 2))
    points[:, :units] = rows
    variances = points.var(axis=0)
    return Projection(points, np.eye(2, units), np.zeros(units), variances / (variances.sum() or 1.0))


def _grid(trainer: Trainer, layer: int, lines: int, seen: Projection) -> Generator[None, None, Array]:
    rows = grid(lines, trainer.spec.data.features, trainer.dtype.name)
    places: Array = np.empty((len(rows), 2))
    size = max(64, _BLOCK_NUMBERS // sum(trainer.spec.shape[1:]))
    for start in range(0, len(rows), size):
        cut = slice(start, min(start + size, len(rows)))
        forward = ForwardPass(trainer.network, cut.stop - cut.start)
        with np.errstate(all="ignore"):
            forward(rows[cut].T)
            places[cut] = (forward.activations[layer].T.astype(np.float64) - seen.mean) @ seen.components.T
        yield
    np.nan_to_num(places, copy=False, posinf=0.0, neginf=0.0)
    return places.reshape(lines, lines, 2)


def _ranges(trainer: Trainer, layer: int, points: Array) -> tuple[Range, Range]:
    """Return the ends of both axes: the bounds of the units where they are the axes, else round numbers."""
    entry = trainer.network.layers[layer]
    low, high = points.min(axis=0), points.max(axis=0)
    bounds = entry.activation.bounds if entry.units <= 2 else None
    first, second = (bounds or _round_range(float(a), float(b)) for a, b in zip(low, high, strict=True))
    return first, second if entry.units > 1 else (-1.0, 1.0)


def _round_range(low: float, high: float) -> Range:
    return min(0.0, -_round_up(-low)), max(0.0, _round_up(high)) or (1.0 if low >= 0 else 0.0)


def _round_up(value: float) -> float:
    """Return the next round number that is not smaller than `value`; 0 for what is not positive."""
    if value <= 0 or not np.isfinite(value):
        return 0.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(power * next(step for step in _ROUND if step * power >= value * (1 - 1e-9)))


def _field(trainer: Trainer, layer: int, resolution: int, ranges: tuple[Range, Range]) -> Generator[None, None, Array]:
    start = trainer.network.layers[layer].stop
    behind = Network(trainer.spec.shape[layer + 1 :], trainer.spec.activations[layer + 1 :], trainer.dtype)
    behind.parameters[:] = trainer.parameters[start:]
    first, second = np.meshgrid(np.linspace(*ranges[0], resolution), np.linspace(*ranges[1], resolution)[::-1])
    rows = np.stack([first.ravel(), second.ravel(), np.ones(first.size)], axis=1).astype(trainer.dtype)
    values: Array = np.empty((trainer.spec.outputs, len(rows)), trainer.dtype)
    size = max(64, _BLOCK_NUMBERS // sum(trainer.spec.shape[layer + 2 :]))
    for begin in range(0, len(rows), size):
        cut = slice(begin, min(begin + size, len(rows)))
        with np.errstate(all="ignore"):
            values[:, cut] = behind.predict(rows[cut]).T
        yield
    return values.reshape(-1, resolution, resolution)
