"""Clothes as MNIST shows digits: the first 1,000 test images of Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017).

Nothing is trained on them. They are what a network that knows digits has never seen: what does it say of a shirt?
"""

from __future__ import annotations

import gzip
import struct
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from engine.datasets.base import Array, Examples
from engine.registry import Text, text

_PACKED = Path(__file__).parent / "data" / "fashion-mnist"
_COUNT = 1000

CLASS_NAMES: list[Text] = [
    text("T-shirt", "maglietta"),
    text("trousers", "pantaloni"),
    text("pullover", "maglione"),
    text("dress", "vestito"),
    text("coat", "cappotto"),
    text("sandal", "sandalo"),
    text("shirt", "camicia"),
    text("sneaker", "scarpa da ginnastica"),
    text("bag", "borsa"),
    text("ankle boot", "stivaletto"),
]

FACTS: dict[str, Any] = {
    "name": "fashion_mnist",
    "label": text("Fashion-MNIST", "Fashion-MNIST"),
    "help": text(
        "Clothes instead of digits: a network that knows digits alone names one all the same.",
        "Vestiti invece di cifre: una rete che conosce solo le cifre ne nomina una comunque.",
    ),
    "samples": _COUNT,
    "class_names": CLASS_NAMES,
}


@lru_cache(maxsize=1)
def examples() -> Examples:
    """Return all 1,000 images, as MNIST's, and what they show: places in `CLASS_NAMES`."""
    images = _numbers("images-idx3", struct.pack(">4i", 0x803, _COUNT, 28, 28))
    return Examples(images.reshape(_COUNT, 784), _numbers("labels-idx1", struct.pack(">2i", 0x801, _COUNT)), 1 / 255)


def _numbers(kind: str, header: bytes) -> Array:
    path = _PACKED / f"t10k-first{_COUNT}-{kind}-ubyte.gz"
    content = gzip.decompress(path.read_bytes())
    if not content.startswith(header):
        raise ValueError(f"{path.name} in {_PACKED} is damaged; install the package again.")
    return np.frombuffer(content, np.uint8, offset=len(header))
