"""Snapshots: a trainer's state as an npz archive, written plainly and read with distrust."""

from __future__ import annotations

import io
import json
import math
import re
import struct
import zipfile
import zlib
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from engine.spec import ExperimentSpec

Array = NDArray[Any]

_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGES = (zipfile.BadZipFile, zlib.error, OSError, EOFError)


class SnapshotError(ValueError):
    """A snapshot that cannot be restored; the message says why."""


def pack(state: dict[str, Any], **arrays: Array) -> bytes:
    """Return an archive of arrays and of a state that fits into JSON."""
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, state=np.frombuffer(json.dumps(state).encode(), np.uint8), **arrays)
    return file.getvalue()


class Archive:
    """A snapshot's bytes, opened with distrust: sizes are checked before anything is read, and nothing is unpickled."""

    NAMES = ("state", "parameters", "slots", "order")
    OPTIONAL = "best"
    # Compressed zeros and brackets take a thousandth of what they unfold to, and a minute to do so.
    _MOST_BYTES = 512 * 1024 * 1024
    _MOST_STATE_BYTES = 16 * 1024 * 1024
    _MOST_STATE_BRACKETS = 500_000

    def __init__(self, snapshot: bytes) -> None:
        """Read what the snapshot says of itself; raises SnapshotError, or ValidationError for its spec."""
        try:
            _check_directory(snapshot)
            self._zip = zipfile.ZipFile(io.BytesIO(snapshot))
            sizes = {entry.filename: entry.file_size for entry in self._zip.infolist()}
            if set(sizes) - {f"{self.OPTIONAL}.npy"} != {f"{name}.npy" for name in self.NAMES} or len(
                self._zip.infolist()
            ) != len(sizes):
                raise SnapshotError("this is an archive, but not of a snapshot")
            if any(entry.compress_type not in _PACKINGS or entry.flag_bits & 1 for entry in self._zip.infolist()):
                raise SnapshotError("the snapshot is packed in a way that is not read here")
            if sum(sizes.values()) > self._MOST_BYTES:
                raise SnapshotError(f"the snapshot unpacks to more than {self._MOST_BYTES} bytes")
            state = json.loads(self._state_text(sizes["state.npy"]))
            if not isinstance(state, dict) or state.get("format") != 1:
                raise SnapshotError("the snapshot's format is not 1, the one that this version reads")
            self.state: dict[str, Any] = state
            self.dtype = np.dtype({"float32": "float32", "float64": "float64"}[state["dtype"]])
            self.spec = ExperimentSpec.model_validate(state["spec"])
        except (SnapshotError, ValidationError):
            raise
        except (*_DAMAGES, ValueError, KeyError, TypeError, RecursionError, NotImplementedError) as error:
            raise SnapshotError("these bytes are not a snapshot, or it is damaged") from error

    def has(self, name: str) -> bool:
        """Return whether there is an array of this name."""
        return f"{name}.npy" in self._zip.namelist()

    def array(self, name: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        """Return an array that must have this shape and dtype; ValueError where it has not."""
        try:
            return self._read(name, shape, dtype)
        except _DAMAGES as error:
            raise ValueError(f"{name} is damaged") from error

    def _state_text(self, size: int) -> bytes:
        if size > self._MOST_STATE_BYTES:
            raise SnapshotError(f"its state is larger than {self._MOST_STATE_BYTES} bytes")
        text = self._read("state", None, np.dtype(np.uint8)).tobytes()
        if text.count(b"[") + text.count(b"{") > self._MOST_STATE_BRACKETS:
            raise SnapshotError(f"its state has more than {self._MOST_STATE_BRACKETS} lists and objects")
        return text

    def _read(self, name: str, shape: tuple[int, ...] | None, dtype: np.dtype[Any]) -> Array:
        """Return an array whose header says what is due (None: any vector); only then is room made for it."""
        with self._zip.open(f"{name}.npy") as file:
            found_shape, is_fortran, found_dtype = _read_header(file)
            if shape is None and len(found_shape) == 1:
                shape = found_shape
            if found_shape != shape or found_dtype != dtype.str:
                raise ValueError(f"{name} is {found_dtype} {found_shape} where {dtype.str} {shape} is due")
            size = math.prod(shape) * dtype.itemsize
            # Whatever the header says, no more comes than the archive's directory admits.
            content = file.read(min(size, self._MOST_BYTES) + 1)
        if len(content) != size:
            raise ValueError(f"{name} has another size than its header says")
        return np.frombuffer(content, dtype).reshape(shape, order="F" if is_fortran else "C")


_HEADER = re.compile(r"\{'descr': '(\S{2,4})', 'fortran_order': (True|False), 'shape': \(([0-9, ]*)\), \}\s*")
# What ends an archive: a mark, five numbers of which the last is how many bytes its directory has, two more.
_END = struct.Struct("<4s4HLLH")
_MOST_DIRECTORY_BYTES = 4096


def _read_header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, str]:
    """Return shape, order and dtype as NumPy writes them; its own reader would take the text for Python."""
    mark = file.read(10)
    if mark[:8] != b"\x93NUMPY\x01\x00" or len(mark) < 10:
        raise ValueError("an array has no header")
    header = _HEADER.fullmatch(file.read(int.from_bytes(mark[8:], "little")).decode("latin-1"))
    if header is None:
        raise ValueError("an array has another header than NumPy writes")
    dtype, is_fortran, shape = header.groups()
    return tuple(int(length) for length in shape.split(",") if length.strip()), is_fortran == "True", dtype


def _check_directory(snapshot: bytes) -> None:
    """Refuse an archive with a directory longer than a few entries need: zipfile would read a million first."""
    if len(snapshot) >= _END.size:
        mark, *_, directory_bytes, _, comment_bytes = _END.unpack(snapshot[-_END.size :])
        is_plain = mark == b"PK\x05\x06" and comment_bytes == 0
        is_large = snapshot[-_END.size - 20 :].startswith(b"PK\x06\x07")  # Its true end stands elsewhere.
        if is_plain and not is_large and directory_bytes <= _MOST_DIRECTORY_BYTES:
            return
    raise SnapshotError("these bytes are not a snapshot, or it is damaged")


def count(value: Any, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise ValueError(f"{value!r} is no number from 0 to {most}")
    return value


def exact(value: float) -> float | str:
    """Return a float that survives JSON, which knows no infinity and no NaN."""
    return value if math.isfinite(value) else str(value)
