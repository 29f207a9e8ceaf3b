"""The content of a table: named columns of numbers or of texts, as bytes and back, known by the bytes' own checksum.

The engine keeps no tables: whoever does adds a source, in which they are looked for by their id.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from engine.datasets.base import Array, DatasetUnavailable

_FORMAT = 1
_LENGTH = struct.Struct("<I")


@dataclass(frozen=True, eq=False)
class Column:
    """Numbers as float64, shape (rows,), NaN where one is missing; or texts as places in `texts`, -1 for none.

    `texts` are the different ones that occur, sorted; of a column of numbers there are none.
    """

    name: str
    values: Array
    texts: tuple[str, ...] = ()

    @property
    def kind(self) -> Literal["number", "text"]:
        return "number" if self.values.dtype.kind == "f" else "text"

    @property
    def is_missing(self) -> Array:
        """Where nothing stands, shape (rows,)."""
        missing: Array = np.isnan(self.values) if self.kind == "number" else self.values < 0
        return missing

    @property
    def different(self) -> Array:
        """The different values that occur, sorted."""
        return np.unique(self.values[~self.is_missing])

    @classmethod
    def of_numbers(cls, name: str, numbers: Sequence[float]) -> Column:
        """Return a column of numbers; NaN stands for a missing one."""
        return cls(name, np.array(numbers, "<f8") + 0.0)  # Of two zeros, the one without a sign.

    @classmethod
    def of_texts(cls, name: str, texts: Sequence[str | None]) -> Column:
        """Return a column of texts; None stands for a missing one."""
        different = sorted({entry for entry in texts if entry is not None})
        places: dict[str | None, int] = {entry: place for place, entry in enumerate(different)} | {None: -1}
        return cls(name, np.array([places[entry] for entry in texts], "<i4"), tuple(different))

    def entries(self, most: int | None = None) -> list[Any]:
        """Return what stands in the rows, or in the first `most`: numbers or texts, None where nothing does."""
        values = self.values[:most].tolist()
        if self.kind == "number":
            return [value if value == value else None for value in values]  # NaN is unlike itself.
        return [self.texts[value] if value >= 0 else None for value in values]


@dataclass(frozen=True, eq=False)
class TableContent:
    """Columns of one length, their names all different."""

    columns: tuple[Column, ...]

    def __len__(self) -> int:
        return len(self.columns[0].values)

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by their names, in their order."""
        return {column.name: column for column in self.columns}

    def rows(self, most: int | None = None) -> list[list[Any]]:
        """Return the rows, or the first `most`, as lists of numbers, texts and None."""
        return [list(row) for row in zip(*(column.entries(most) for column in self.columns), strict=True)]

    def to_bytes(self) -> bytes:
        """Return the whole content; equal content gives equal bytes."""
        columns: list[dict[str, Any]] = [{"name": column.name, "kind": column.kind} for column in self.columns]
        for entry, column in zip(columns, self.columns, strict=True):
            if column.kind == "text":
                entry["texts"] = column.texts
        header = {"format": _FORMAT, "rows": len(self), "columns": columns}
        text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
        return b"".join([_LENGTH.pack(len(text)), text, *(column.values.tobytes() for column in self.columns)])

    @classmethod
    def from_bytes(cls, content: bytes) -> TableContent:
        """Return what `to_bytes` wrote, as views of these bytes. Raises ValueError where it did not write them."""
        try:
            (length,) = _LENGTH.unpack_from(content)
            header = json.loads(content[_LENGTH.size : _LENGTH.size + length])
            if header["format"] != _FORMAT:
                raise ValueError(f"its format is {header['format']!r:.40}, not {_FORMAT}")
            offset, rows = _LENGTH.size + length, int(header["rows"])
            columns = []
            for entry in header["columns"]:
                dtype = np.dtype("<f8" if entry["kind"] == "number" else "<i4")
                values = np.frombuffer(content, dtype, rows, offset)
                columns.append(Column(entry["name"], values, tuple(entry.get("texts", ()))))
                offset += values.nbytes
        except (struct.error, ValueError, KeyError, TypeError) as error:
            raise ValueError(f"these bytes are no table: {error}") from None
        return cls(tuple(columns))


def content_id(content: bytes) -> str:
    """Return the id of a table with this content."""
    return f"sha256-{hashlib.sha256(content).hexdigest()}"


Source = Callable[[str], TableContent | None]

sources: list[Source] = []
"""Where tables are looked for; each returns the table of an id, or None where it has none."""


def find_table(table_id: str) -> TableContent:
    """Return a table's content. Raises DatasetUnavailable where no source has it."""
    for source in tuple(sources):  # Another thread may add or remove one meanwhile.
        content = source(table_id)
        if content is not None:
            return content
    raise DatasetUnavailable(f"There is no table {table_id} here; upload it again, or choose another data set.")
