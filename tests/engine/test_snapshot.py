"""A file from a stranger: what is no snapshot is refused, at once and without taking the memory that it asks for."""

from __future__ import annotations

import io
import json
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from engine import ExperimentSpec, Trainer
from engine.snapshot import SnapshotError

MB = 2**20
SNAPSHOT = Trainer(ExperimentSpec()).snapshot()
STATE: dict[str, Any] = json.loads(bytes(np.load(io.BytesIO(SNAPSHOT))["state"]))


def repacked(**entries: bytes) -> bytes:
    """Return the snapshot, compressed, with some of its entries replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SNAPSHOT)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, entries.get(name.removesuffix(".npy"), old.read(name)))
    return file.getvalue()


def npy(content: bytes, header: str = "") -> bytes:
    """Return a vector of bytes as a file, or one with a header that says something else."""
    if not header:
        file = io.BytesIO()
        np.save(file, np.frombuffer(content, np.uint8))
        return file.getvalue()
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + content


def shaped(shape: str, dtype: str = "<f4") -> bytes:
    return npy(b"", f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}\n")


def with_state(**changes: Any) -> bytes:
    return repacked(state=npy(json.dumps({**STATE, **changes}).encode()))


def many_entries() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(20_000):
            archive.writestr(str(number), b"")
    return file.getvalue()


def in_directory(place: int, value: int) -> bytes:
    """Return the snapshot with a byte changed in what its directory says of the parameters."""
    content = bytearray(SNAPSHOT)
    begin = content.rfind(b"PK\x01\x02", 0, content.rfind(b"parameters.npy"))
    content[begin + place] = value
    return bytes(content)


def broken_compression() -> bytes:
    content = bytearray(repacked())
    begin = content.find(b"parameters.npy") + 20
    content[begin : begin + 8] = b"\xff" * 8
    return bytes(content)


def with_comment() -> bytes:
    file = io.BytesIO(SNAPSHOT)
    with zipfile.ZipFile(file, "a") as archive:
        archive.comment = b"a comment"
    return file.getvalue()


BAD: dict[str, Callable[[], bytes]] = {
    "spaces without end": lambda: repacked(state=npy(json.dumps(STATE).encode() + b" " * 100 * MB)),
    "lists without end": lambda: repacked(state=npy(b'{"a": [' + b"[]," * 10 * MB + b"0]}")),
    "as many lists as fit": lambda: repacked(state=npy(b'{"a": [' + b"[]," * 5 * MB + b"0]}")),
    "lists within lists": lambda: repacked(state=npy(b"[" * 100_000)),
    "a number of many digits": lambda: repacked(state=npy(b'{"format": 1' + b"0" * 10_000 + b"}")),
    "zeros without end": lambda: repacked(parameters=npy(bytes(200 * MB))),
    "a shape that no memory has": lambda: repacked(parameters=shaped("(1000000000000000,)")),
    "a shape of many digits": lambda: repacked(parameters=shaped(f"({'9' * 5000},)")),
    "a state that no memory has": lambda: repacked(state=shaped("(100000000000,)", "|u1")),
    "a negative shape": lambda: repacked(state=shaped("(-1,)", "|u1")),
    "more numbers than are there": lambda: repacked(parameters=shaped("(25,)")),
    "objects to unpickle": lambda: repacked(parameters=shaped("(25,)", "|O")),
    "a header that is no Python": lambda: repacked(parameters=npy(b"", "{'descr': (((")),
    "a header that is too much for Python": lambda: repacked(parameters=npy(b"", "-" * 9000 + "1")),
    "a header that calls": lambda: repacked(parameters=npy(b"", "__import__('os').abort()")),
    "another version of the header": lambda: repacked(parameters=b"\x93NUMPY\x02\x00" + b"\xff" * 4 + b"(" * 1000),
    "an empty file": lambda: repacked(parameters=b""),
    "thousands of files": many_entries,
    "an encrypted file": lambda: in_directory(8, 1),
    "an unknown compression": lambda: in_directory(10, 99),
    "a compression that nobody uses": lambda: in_directory(10, 14),
    "broken compression": broken_compression,
    "a comment at the end": with_comment,
    "nothing but the end": lambda: SNAPSHOT[-22:],
    "points without end": lambda: with_state(
        spec={"data": {"dataset": {"name": "points", "points": [[0, 0, 0]] * 10**5}}}
    ),
    "layers without end": lambda: with_state(spec={"network": {"layers": [{"units": 1}] * 10**5}}),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_malicious_file_is_refused_soon_and_takes_little(kind: str) -> None:
    content = BAD[kind]()
    assert len(content) < 3 * MB
    tracemalloc.start()
    begin_s = time.process_time()

    try:
        with pytest.raises((SnapshotError, ValidationError)):
            Trainer.restore(content)
        most_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert most_bytes < 250 * MB
    assert time.process_time() - begin_s < 15  # It was a minute; most of what is left is tracing the memory.


def test_a_snapshot_that_was_packed_again_is_still_one() -> None:
    restored = Trainer.restore(repacked())

    assert restored.snapshot() == SNAPSHOT
