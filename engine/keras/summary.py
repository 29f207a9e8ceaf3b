"""The table of a model's layers, as Keras prints it."""

from __future__ import annotations

from collections.abc import Sequence

from engine.keras.layers import InputLayer, Layer

_FLOAT_BYTES = 4
_WIDTH = 65


def summary(name: str, layers: Sequence[Layer]) -> str:
    """Return the table, with a line for every layer."""
    rows = [
        (
            f" {layer.name} ({type(layer).__name__})",
            _shape(layer),
            "0 (unbuilt)" if layer.input_shape is None else str(layer.count_params()),
        )
        for layer in layers
        if not isinstance(layer, InputLayer)
    ]
    heads = (" Layer (type)", "Output Shape", "Param #")
    # The shape is set to the right, against the number of parameters.
    last = max(len(row[2]) for row in (heads, *rows))
    first = max(len(row[0]) for row in (heads, *rows))
    middle = max(_WIDTH - first - last - 1, *(len(row[1]) + 2 for row in (heads, *rows)))
    lines = [f"{row[0]:<{first}}{row[1]:>{middle}} {row[2]:<{last}}".rstrip() for row in (heads, *rows)]
    total = sum(layer.count_params() for layer in layers if layer.input_shape is not None)
    width = first + middle + 1 + last
    return "\n".join(
        [
            f'Model: "{name}"',
            "_" * width,
            lines[0],
            "=" * width,
            *lines[1:],
            "=" * width,
            f"Total params: {total:,} ({_size(total)})",
            f"Trainable params: {total:,} ({_size(total)})",
            "Non-trainable params: 0 (0.00 B)",
            "_" * width,
        ]
    )


def _shape(layer: Layer) -> str:
    if layer.input_shape is None or layer.output_shape is None:
        return "?"
    return f"({', '.join(['None', *(str(size) for size in layer.output_shape)])})"


def _size(parameters: int) -> str:
    size = float(parameters * _FLOAT_BYTES)
    for unit in ("B", "KB", "MB"):
        if size < 1024:
            return f"{size:.2f} {unit}"
        size /= 1024
    return f"{size:.2f} GB"
