"""Snapshots: a trainer's state as an npz archive, written plainly and read with distrust."""

from __future__ import annotations

import io
import json
import math
import zipfile
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from engine.spec import ExperimentSpec

Array = NDArray[Any]


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
    _MOST_BYTES = 512 * 1024 * 1024

    def __init__(self, snapshot: bytes) -> None:
        """Read what the snapshot says of itself; raises SnapshotError, or ValidationError for its spec."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(snapshot))
            sizes = {entry.filename: entry.file_size for entry in self._zip.infolist()}
            if set(sizes) != {f"{name}.npy" for name in self.NAMES} or len(self._zip.infolist()) != len(sizes):
                raise SnapshotError("this is an archive, but not of a snapshot")
            if sum(sizes.values()) > self._MOST_BYTES:
                raise SnapshotError(f"the snapshot unpacks to more than {self._MOST_BYTES} bytes")
            state = json.loads(bytes(self._read("state")))
            if not isinstance(state, dict) or state.get("format") != 1:
                raise SnapshotError("the snapshot's format is not 1, the one that this version reads")
            self.state: dict[str, Any] = state
            self.dtype = np.dtype({"float32": "float32", "float64": "float64"}[state["dtype"]])
            self.spec = ExperimentSpec.model_validate(state["spec"])
        except (SnapshotError, ValidationError):
            raise
        except (zipfile.BadZipFile, OSError, ValueError, KeyError, TypeError, EOFError, RecursionError) as error:
            raise SnapshotError("these bytes are not a snapshot, or it is damaged") from error
        except (NotImplementedError, RuntimeError) as error:  # Encrypted, or compressed in a way not known here.
            raise SnapshotError("the snapshot is packed in a way that is not read here") from error

    def _read(self, name: str) -> Array:
        with self._zip.open(f"{name}.npy") as file:
            array: Array = np.lib.format.read_array(file, allow_pickle=False)
        return array

    def array(self, name: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        """Return an array that must have this shape and dtype; ValueError where it has not."""
        try:
            array = self._read(name)
        except (zipfile.BadZipFile, OSError, EOFError) as error:
            raise ValueError(f"{name} is damaged") from error
        if array.shape != shape or array.dtype != dtype:
            raise ValueError(f"{name} is {array.dtype} {array.shape} where {dtype} {shape} is due")
        return array


def count(value: Any, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise ValueError(f"{value!r} is no number from 0 to {most}")
    return value


def exact(value: float) -> float | str:
    """Return a float that survives JSON, which knows no infinity and no NaN."""
    return value if math.isfinite(value) else str(value)
