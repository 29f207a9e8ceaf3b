"""Numbers on their way in and out: lists read into arrays, arrays written as JSON or npy, in short pieces."""

from __future__ import annotations

import io
import json
from collections.abc import Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.errors import Problem

Array = NDArray[Any]

# An answer in JSON is written in pieces of so many numbers.
_NUMBERS = 5_000
# As large as a number in a table may be.
_LARGEST = 1e15


def rows_of_numbers(rows: Any, width: int, most: int, field: str) -> Array:
    """Return an array of shape (n, width) from lists. Raises Problem naming the first row or number at fault."""
    if not isinstance(rows, list):
        raise Problem.field(field, "wrong_type", f"{field} must be a list of rows.", rows)
    if len(rows) > most:
        message = f"{field} has {len(rows)} rows; at most {most} on this server."
        raise Problem.field(field, "too_large", message, len(rows), most)
    for index, row in enumerate(rows):
        check_row(row, width, f"{field}[{index}]")
    return np.array(rows, np.float64).reshape(len(rows), width)


def check_row(row: Any, width: int, field: str) -> None:
    """Raise Problem unless `row` is a list of so many numbers."""
    if not isinstance(row, list) or len(row) != width:
        found = len(row) if isinstance(row, list) else row
        raise Problem.field(field, "wrong_shape", f"{field} must be a list of {width} numbers.", found, width)
    for column, entry in enumerate(row):
        check_number(entry, f"{field}[{column}]")


def check_number(entry: Any, field: str) -> None:
    """Raise Problem unless `entry` is a number that can be computed with."""
    if isinstance(entry, bool) or not isinstance(entry, int | float) or not -_LARGEST <= entry <= _LARGEST:
        raise Problem.field(field, "wrong_type", f"{field} must be a number within ±1e15.", entry, _LARGEST)


def written(value: Any) -> Generator[None, None, bytes]:
    """Return an answer as JSON: objects and lists of anything, large arrays row by row; what is no number is null."""
    if isinstance(value, dict):
        members: list[bytes] = []
        for key, entry in value.items():
            text = yield from written(entry)
            members.append(json_bytes(key) + b":" + text)
        return b"{" + b",".join(members) + b"}"
    if isinstance(value, np.ndarray):
        return (yield from written_rows(value)) if value.ndim == 2 else json_bytes(listed(value))
    if isinstance(value, list):
        entries: list[bytes] = []
        for entry in value:
            text = yield from written(entry)
            entries.append(text)
        return b"[" + b",".join(entries) + b"]"
    return json_bytes(plain(value) if isinstance(value, float | np.generic) else value)


def written_rows(array: Array) -> Generator[None, None, bytes]:
    """Return a two-dimensional array as JSON, row by row; what is no number becomes null."""
    texts: list[bytes] = []
    per_piece = max(1, _NUMBERS // max(1, array.shape[1]))
    for start in range(0, len(array), per_piece):
        texts.append(json_bytes(listed(array[start : start + per_piece]))[1:-1])
        yield
    return b"[" + b",".join(texts) + b"]"


def listed(array: Array) -> list[Any]:
    """Return an array as lists, null standing for what is no number."""
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        numbers = array.astype(object)
        numbers[~np.isfinite(array)] = None
        array = numbers
    lists: list[Any] = array.tolist()
    return lists


def plain(figure: Any) -> int | float | None:
    """Return a number as JSON can carry it: None for what is none."""
    number: int | float = figure.item() if isinstance(figure, np.generic) else figure
    return number if np.isfinite(number) else None


def npy_bytes(array: Array) -> bytes:
    """Return an array as an npy file."""
    file = io.BytesIO()
    np.save(file, np.ascontiguousarray(array), allow_pickle=False)
    return file.getvalue()


def json_bytes(value: Any) -> bytes:
    """Return what holds neither arrays nor numbers that are none as JSON."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
