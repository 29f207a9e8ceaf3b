"""Handwritten digits: MNIST's 60,000 training and 10,000 test images (LeCun, Cortes and Burges, 1998).

The four original files lie compressed in the package. They are decompressed once into a cache, verified, and
memory-mapped from there, so that all processes share one copy of the images.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import struct
import tempfile
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator

from engine.datasets import fashion_mnist
from engine.datasets.base import Array, BuiltInDataset, DatasetUnavailable, Examples
from engine.registry import setting, text

_PACKED = Path(__file__).parent / "data" / "mnist"

# MD5 of the uncompressed bytes, as published with the data.
_CHECKSUMS = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
_BYTES = {
    "train-images-idx3-ubyte": 16 + 60_000 * 784,
    "train-labels-idx1-ubyte": 8 + 60_000,
    "t10k-images-idx3-ubyte": 16 + 10_000 * 784,
    "t10k-labels-idx1-ubyte": 8 + 10_000,
}
_HEADER_BYTES = {"idx3": 16, "idx1": 8}
# The first eight bytes: what kind of file it is, and how many examples it holds.
_HEADERS = {
    "train-images-idx3-ubyte": struct.pack(">2i", 0x803, 60_000),
    "train-labels-idx1-ubyte": struct.pack(">2i", 0x801, 60_000),
    "t10k-images-idx3-ubyte": struct.pack(">2i", 0x803, 10_000),
    "t10k-labels-idx1-ubyte": struct.pack(">2i", 0x801, 10_000),
}


class MNIST(BuiltInDataset):
    name = "mnist"
    label = text("MNIST", "MNIST")
    help = text(
        "Handwritten digits, 28 by 28 pixels, 60,000 to learn from and 10,000 to be tested with.",
        "Cifre scritte a mano, 28 per 28 pixel, 60.000 per imparare e 10.000 per la prova.",
    )
    task = "multiclass"
    inputs = 784
    classes: ClassVar[int] = 10
    has_own_test = True
    image_shape = (28, 28)

    samples: int = setting(
        60_000,
        ge=100,
        le=60_000,
        step=100,
        label=text("Training examples", "Esempi di addestramento"),
        help=text("The first so many of the training images.", "Le prime immagini di addestramento, in questo numero."),
    )

    def examples(self, random: Generator) -> Examples:
        return Examples(load("train-images-idx3-ubyte"), load("train-labels-idx1-ubyte"), 1 / 255).first(self.samples)

    def test_examples(self) -> Examples:
        return Examples(load("t10k-images-idx3-ubyte"), load("t10k-labels-idx1-ubyte"), 1 / 255)

    def unknown_examples(self) -> Examples:
        return fashion_mnist.examples()

    @classmethod
    def facts(cls) -> dict[str, Any]:
        return {**super().facts(), "unknown": fashion_mnist.FACTS}


def load(name: str) -> Array:
    """Return one of the four files, memory-mapped: images as uint8 (n, 784), labels as uint8 (n,).

    Raises DatasetUnavailable where no folder takes the unpacked files, and ValueError where the packed bytes are not
    MNIST's.
    """
    header = _HEADER_BYTES[name.split("-")[2]]
    # A plain array over the mapping: np.memmap's own indexing costs a Python call at each batch.
    flat = np.asarray(np.memmap(_unpacked(name), dtype=np.uint8, mode="r", offset=header))
    return flat.reshape(-1, 784) if header == _HEADER_BYTES["idx3"] else flat


def prepare() -> None:
    """Unpack and verify all four files, so that loading them later takes no time; a damaged one is replaced.

    Raises as `load` does, and OSError where a damaged one cannot be replaced.
    """
    for name, checksum in _CHECKSUMS.items():
        path = _unpacked(name)
        if _checksum(path.read_bytes()) != checksum:
            _write(_content(name), path)


def _unpacked(name: str) -> Path:
    """Return the path of the decompressed file, made first where the first folder that takes it has none."""
    content = b""
    refusals = []
    for folder in _folders():
        path = folder / name
        if _seems_right(path):
            return path
        content = content or _content(name)
        try:
            return _write(content, path)
        except OSError as error:
            refusals.append(f"{folder} ({error.strerror or error})")
    raise DatasetUnavailable(
        f"MNIST takes {sum(_BYTES.values()) / 1e6:.0f} MB when it is unpacked, and no folder takes it: "
        f"{', '.join(refusals)}. Free some space, or let the server write there."
    )


def _seems_right(path: Path) -> bool:
    """Return whether a file has the size and the header of the one of its name; `prepare` looks at every byte."""
    try:
        with path.open("rb") as file:
            return path.stat().st_size == _BYTES[path.name] and file.read(8) == _HEADERS[path.name]
    except OSError:
        return False


def _content(name: str) -> bytes:
    content = gzip.decompress((_PACKED / f"{name}.gz").read_bytes())
    if _checksum(content) != _CHECKSUMS[name]:
        raise ValueError(f"{name}.gz in {_PACKED} is damaged: its checksum is wrong; install the package again.")
    return content


def _write(content: bytes, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and renamed, so that another process never maps half a file.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        return Path(temporary).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def _checksum(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _folders() -> list[Path]:
    """Return where unpacked files may lie: PLAYGROUND_CACHE_DIR, the user's cache, a temporary folder."""
    chosen = os.environ.get("PLAYGROUND_CACHE_DIR")
    folders = [Path(chosen)] if chosen else []
    with contextlib.suppress(RuntimeError):  # A user without a home.
        folders.append(Path.home() / ".cache" / "nn-playground")
    return [*folders, Path(tempfile.gettempdir()) / "nn-playground"]
