"""What travels on a stream: commands from the client, and the codec of binary frames."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from app.errors import Problem

Count = Annotated[int, Field(strict=True, ge=1, le=10_000_000)]
Index = Annotated[int, Field(strict=True, ge=0, le=2**31)]
Name = Annotated[str, Field(strict=True, min_length=1, max_length=100)]
PastStep = Annotated[int, Field(strict=True, ge=0, le=2**53)]
MOST_EDITED = 1e6
ARRAYS = ("boundary", "units", "parameters", "first_layer", "gradients")


class Message(BaseModel):
    """A command; `changes_state` marks one that a viewer may not give."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    changes_state: ClassVar[bool] = True


class Run(Message):
    """Train, for so many epochs or steps or until paused, at `speed` epochs a second or as fast as is fair."""

    type: Literal["run"]
    epochs: Count | None = None
    steps: Count | None = None
    speed: Annotated[float, Field(strict=True, ge=0.001, le=1_000_000)] | None = None

    @model_validator(mode="after")
    def _check(self) -> Run:
        if self.epochs is not None and self.steps is not None:
            raise PydanticCustomError("contradiction", "give epochs or steps, not both")
        return self


class Pause(Message):
    """Stop training at the next step boundary."""

    type: Literal["pause"]


class Step(Message):
    """Train for `count` epochs, batches or examples, and pause."""

    type: Literal["step"]
    unit: Literal["epoch", "batch", "example"] = "epoch"
    count: Annotated[int, Field(strict=True, ge=1, le=100_000)] = 1


class Reset(Message):
    """Go back to step 0 with the initial weights or with new ones."""

    type: Literal["reset"]
    weights: Literal["same", "new"] = "same"


class Configure(Message):
    """Change the spec by a JSON merge patch; a network built anew keeps what it has learned only with `keep`."""

    type: Literal["configure"]
    patch: dict[str, Any]
    keep: Annotated[bool, Field(strict=True)] = False


class View(Message):
    """Say which pictures this stream wants; what is left out stays as it was."""

    changes_state = False
    type: Literal["view"]
    resolution: Annotated[int, Field(strict=True, ge=2)] | None = None
    unit_resolution: Annotated[int, Field(strict=True, ge=2)] | None = None
    fps: Annotated[float, Field(strict=True, ge=0)] | None = None
    first_layer_units: Annotated[int, Field(strict=True, ge=1)] | None = None
    arrays: (
        Annotated[list[Literal["boundary", "units", "parameters", "first_layer", "gradients"]], Field(max_length=8)]
        | None
    ) = None


class Seen(Message):
    """Acknowledge the newest frame drawn."""

    changes_state = False
    type: Literal["seen"]
    seq: Index


class Edit(Message):
    """Set one weight (`from`, `to`) or one bias of a layer; 0 is the first hidden layer."""

    type: Literal["edit"]
    layer: Index
    from_: Annotated[Index | None, Field(alias="from")] = None
    to: Index | None = None
    bias: Index | None = None
    value: Annotated[float, Field(strict=True, ge=-MOST_EDITED, le=MOST_EDITED)]

    @model_validator(mode="after")
    def _check(self) -> Edit:
        names_weight = self.from_ is not None and self.to is not None
        if names_weight == (self.bias is not None) or (self.from_ is None) != (self.to is None):
            raise PydanticCustomError("contradiction", "name a weight by from and to, or a bias by bias")
        return self


class Seek(Message):
    """Go to a step of the session's own past, or forward again."""

    type: Literal["seek"]
    step: PastStep


class Branch(Message):
    """Make a new session that goes on from a step of this one, which stays as it is."""

    type: Literal["branch"]
    step: PastStep


class Undo(Message):
    """Take the last change of the setup back."""

    type: Literal["undo"]


class Redo(Message):
    """Make the change again that was undone last."""

    type: Literal["redo"]


class Remember(Message):
    """Remember the network as it stands, with all its settings, under a name; one of that name is replaced."""

    type: Literal["remember"]
    moment: Name


class Recall(Message):
    """Bring a remembered network back, at rest; what it takes the place of can be brought back by undo."""

    type: Literal["recall"]
    moment: Name


class Forget(Message):
    """Remember a network no longer."""

    type: Literal["forget"]
    moment: Name


Command = (
    Run
    | Pause
    | Step
    | Reset
    | Configure
    | View
    | Seen
    | Edit
    | Seek
    | Branch
    | Undo
    | Redo
    | Remember
    | Recall
    | Forget
)

_COMMANDS: dict[str, type[Command]] = {
    get_args(kind.model_fields["type"].annotation)[0]: kind for kind in get_args(Command)
}


def parse_command(data: Any) -> Command:
    """Return the command that a decoded message is; an `id` is passed over. Raises Problem."""
    if not isinstance(data, dict):
        raise Problem.field("body", "wrong_type", "A command is a JSON object with a type.", data)
    name = data.get("type")
    if not isinstance(name, str) or name not in _COMMANDS:
        known = list(_COMMANDS)
        message = f"type is {name!r:.40}; it must be one of {', '.join(known)}."
        raise Problem.field("type", "unknown_name", message, name, known)
    try:
        return _COMMANDS[name].model_validate({key: value for key, value in data.items() if key != "id"})
    except ValidationError as error:
        raise Problem.from_validation(error) from None


_ALIGNMENT = 8


def encode_frame(about: Mapping[str, float], arrays: Sequence[tuple[str, NDArray[Any], dict[str, Any]]]) -> bytes:
    """Return a frame: header length, JSON header, arrays, all on multiples of 8 bytes.

    `about` holds `seq`, `step`, `epoch` and what else the header says; each array comes with its name and what its
    entry says beside dtype and shape.
    """
    entries = [
        {"name": name, "dtype": array.dtype.name, "shape": list(array.shape), **extra} for name, array, extra in arrays
    ]
    header = {"v": 1, **about, "arrays": entries}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(4 + len(text)) % _ALIGNMENT)
    parts = [struct.pack("<I", len(text)), text]
    for _, array, _ in arrays:
        parts.append(array.tobytes())
        parts.append(b"\0" * (-array.nbytes % _ALIGNMENT))
    return b"".join(parts)


def decode_frame(frame: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return a frame's header and its arrays by name."""
    (length,) = struct.unpack_from("<I", frame)
    header = json.loads(frame[4 : 4 + length])
    offset = 4 + length
    arrays: dict[str, NDArray[Any]] = {}
    for entry in header["arrays"]:
        dtype = np.dtype(entry["dtype"]).newbyteorder("<")
        count = int(np.prod(entry["shape"]))
        arrays[entry["name"]] = np.frombuffer(frame, dtype, count, offset).reshape(entry["shape"])
        offset += count * dtype.itemsize
        offset += -offset % _ALIGNMENT
    return header, arrays
