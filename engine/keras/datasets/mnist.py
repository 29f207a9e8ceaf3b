"""MNIST as Keras gives it."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from engine.datasets.mnist import load

Array = NDArray[Any]
Part = tuple[Array, Array]


def load_data(path: str = "mnist.npz") -> tuple[Part, Part]:
    """Return (train_images, train_labels), (test_images, test_labels): uint8 of shape (n, 28, 28) and (n,).

    They come with the engine, so `path`, where Keras keeps its download, means nothing here.
    """
    return _part("train"), _part("t10k")


def _part(name: str) -> Part:
    # Copies, since the engine's own are mapped for reading only.
    return load(f"{name}-images-idx3-ubyte").reshape(-1, 28, 28).copy(), load(f"{name}-labels-idx1-ubyte").copy()
