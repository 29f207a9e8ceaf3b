"""A moment of a run, kept in memory: all that a trainer needs to stand there again, bit for bit, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.random import Generator
from numpy.typing import NDArray

from engine.spec import ExperimentSpec

Array = NDArray[Any]

# What the spec, the generators and the object itself take, about.
_ANY_MOMENT_BYTES = 1024


@dataclass(frozen=True, slots=True)
class Moment:
    """What a trainer was at a step; its spec is shared with others, its arrays are copies of its own."""

    spec: ExperimentSpec
    dtype: str
    step: int
    epoch: int
    cursor: int
    parameters: Array
    slots: Array
    order: Array | None
    """The order of the examples, as uint32; None between epochs."""
    best: Array | None
    generators: tuple[bytes, bytes]
    """Of the order, and of dropout, shifts and noise."""
    slots_since: int
    judged_step: int
    memories: tuple[tuple[float | None, int, bool], ...]
    running: tuple[float, int, int]
    lost_at: int | None

    @property
    def nbytes(self) -> int:
        """About how much memory it takes."""
        arrays = (self.parameters, self.slots, self.order, self.best)
        return _ANY_MOMENT_BYTES + sum(array.nbytes for array in arrays if array is not None)


def state_of(generator: Generator) -> bytes:
    """Return where a PCG64 generator stands, in 37 bytes where its own dictionaries take a thousand."""
    state = generator.bit_generator.state
    numbers = state["state"]
    return b"".join(
        (
            numbers["state"].to_bytes(16, "little"),
            numbers["inc"].to_bytes(16, "little"),
            state["has_uint32"].to_bytes(1, "little"),
            state["uinteger"].to_bytes(4, "little"),
        )
    )


def set_state(generator: Generator, state: bytes) -> None:
    """Let a generator go on from where `state_of` found one."""
    generator.bit_generator.state = {
        "bit_generator": "PCG64",
        "state": {"state": int.from_bytes(state[:16], "little"), "inc": int.from_bytes(state[16:32], "little")},
        "has_uint32": state[32],
        "uinteger": int.from_bytes(state[33:37], "little"),
    }
