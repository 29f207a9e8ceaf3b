"""The boundary as a PNG, in the colours of the page: indigo for the low end, amber for the high, paper between."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

# The stops of the page's ramp, from the lowest value to the highest.
_RAMP = ((0x3D, 0x4F, 0xC4), (0xAA, 0xB3, 0xEC), (0xF4, 0xF3, 0xEE), (0xF6, 0xCF, 0x93), (0xE0, 0x8A, 0x16))
# Okabe and Ito's colours, told apart by all common kinds of sight; class k takes the k-th, and around again.
_CLASSES = (
    (0x00, 0x72, 0xB2),
    (0xE6, 0x9F, 0x00),
    (0x00, 0x9E, 0x73),
    (0xCC, 0x79, 0xA7),
    (0x56, 0xB4, 0xE9),
    (0xD5, 0x5E, 0x00),
    (0xF0, 0xE4, 0x42),
)


def boundary_png(values: Array, low: float, high: float) -> bytes:
    """Return a PNG of outputs over the plane, shape (outputs, rows, columns), with `low` and `high` as the ramp's ends.

    Several outputs are blended: each class's colour by its share.
    """
    values = np.nan_to_num(values.astype(np.float64))
    if len(values) == 1:
        share = np.clip((values[0] - low) / ((high - low) or 1.0), 0, 1) * (len(_RAMP) - 1)
        stops = np.arange(len(_RAMP))
        channels = [np.interp(share, stops, [color[channel] for color in _RAMP]) for channel in range(3)]
        return png(np.stack(channels, axis=-1))
    shares = np.clip(values, 0, None)
    shares /= shares.sum(axis=0, keepdims=True) + 1e-12
    colors = np.array([_CLASSES[index % len(_CLASSES)] for index in range(len(values))], np.float64)
    return png(np.einsum("khw,kc->hwc", shares, colors))


def png(pixels: Array) -> bytes:
    """Return pixels of shape (rows, columns, 3), 0 to 255, as a PNG (RFC 2083)."""
    rows, columns, _ = pixels.shape
    lines = np.zeros((rows, 1 + columns * 3), np.uint8)  # Each line begins with its filter: 0, none.
    lines[:, 1:] = np.rint(pixels).astype(np.uint8).reshape(rows, -1)
    header = struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(lines.tobytes(), 6)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )
