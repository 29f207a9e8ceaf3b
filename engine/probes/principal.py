"""Data with many inputs seen on the plane along which they differ most: that of the first two principal components.

Pearson, On lines and planes of closest fit to systems of points in space, 1901. The components are found by subspace
iteration, which needs nothing but products with the data and so goes in pieces: Halko, Martinsson and Tropp, Finding
structure with randomness, 2011, algorithm 4.4.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.network import ForwardPass
from engine.trainer import Trainer

Array = NDArray[Any]

# A few directions more than are asked for let the first ones settle sooner.
_DIRECTIONS = 12
_MOST_ROUNDS = 200
_SETTLED = 1e-9
_PIECE_PRODUCTS = 2_000_000


@dataclass(frozen=True)
class Projection:
    """`points`, shape (n, 2): the examples, less their `mean` of shape (width,), times the `components`, (2, width).

    `explained`, shape (2,), are the shares of the variance that lie along each component.
    """

    points: Array
    components: Array
    mean: Array
    explained: Array


def projection(trainer: Trainer, split: str, count: int, layer: int | None = None) -> Generator[None, None, Projection]:
    """Return the first `count` examples of a part on the plane of their first two principal components.

    They are taken as the network is given them, or as a layer makes them, by its index: 0 is the first hidden one.
    """
    rows = yield from layer_rows(trainer, split, count, layer)
    return (yield from principal_plane(rows))


def layer_rows(trainer: Trainer, split: str, count: int, layer: int | None) -> Generator[None, None, Array]:
    """Return inputs or activations, shape (count, width), in float64."""
    part = trainer.data.parts[split]
    count = min(count, len(part))
    width = trainer.spec.shape[0] if layer is None else trainer.network.layers[layer].units
    rows: Array = np.empty((count, width))
    size = max(1, min(count, _PIECE_PRODUCTS * 10 // trainer.parameters.size, _PIECE_PRODUCTS // trainer.spec.shape[0]))
    for start in range(0, count, size):
        inputs = part.rows.between(start, min(start + size, count))
        if layer is None:
            rows[start : start + size] = inputs[:, :-1]
        else:
            forward = ForwardPass(trainer.network, len(inputs))
            with np.errstate(all="ignore"):
                forward(inputs.T)
            rows[start : start + size] = forward.activations[layer].T
        yield
    return rows


def principal_plane(rows: Array) -> Generator[None, None, Projection]:
    """Return the projection of rows, shape (n, width), by their own components; one that does not exist is zero."""
    count, width = rows.shape
    np.nan_to_num(rows, copy=False, posinf=0.0, neginf=0.0)  # Of a network that has diverged nothing is to be seen.
    mean = rows.mean(axis=0)
    rows -= mean
    total = float(np.einsum("ij,ij->", rows, rows))
    directions = min(_DIRECTIONS, count, width)
    basis = np.linalg.qr(np.random.default_rng(0).standard_normal((width, directions)))[0]
    lengths = np.zeros(directions)
    size = max(1, _PIECE_PRODUCTS // (width * directions))
    cuts = [slice(start, start + size) for start in range(0, count, size)]
    yield
    for _ in range(_MOST_ROUNDS if total else 0):
        image = np.zeros((width, directions))
        for cut in cuts:
            image += rows[cut].T @ (rows[cut] @ basis)  # One round: basis ← orthonormal(XᵀX · basis)
            yield
        basis, triangle = np.linalg.qr(image)
        # Turned to where XᵀX is diagonal, the columns come in the order of their variances.
        left, now, _ = np.linalg.svd(triangle)
        basis = basis @ left
        has_settled = np.allclose(now[:2], lengths[:2], rtol=_SETTLED, atol=0)
        lengths = now
        if has_settled:
            break
    components: Array = np.zeros((2, width))
    found = int((lengths[:2] > total * 1e-12).sum())
    components[:found] = basis.T[:found]
    # Of a component and its opposite, take the one whose largest entry is positive: the same picture each time.
    largest = np.abs(components).argmax(axis=1)
    components *= np.where(components[range(2), largest] < 0, -1.0, 1.0)[:, None]
    points = np.empty((count, 2))
    for cut in cuts:
        points[cut] = rows[cut] @ components.T
        yield
    explained = np.square(points).sum(axis=0) / (total or 1.0)
    return Projection(points, components, mean, explained)
