"""What one stream wants to see of a session, how much it has been sent, and the frame that is due to it."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.errors import Problem
from app.messages import View as ViewCommand
from app.messages import encode_frame
from engine import Trainer, probes

Array = NDArray[Any]

MOST_UNSEEN = 2
"""A stream is sent at most so many frames that it has not yet drawn."""

DEFAULTS: dict[str, Any] = {"resolution": 100, "unit_resolution": 32, "first_layer_units": 64, "fps": 20.0}
"""What a stream sees without asking, besides the arrays that its session has."""

_LEAST_RESOLUTION = 2
_FIELD_OF_SIZE = {"boundary": "resolution", "units": "unit_resolution", "first_layer": "first_layer_units"}
_MANY_PARAMETERS = 4096
# Arrays that take much come at most so often.
_MANY_PARAMETERS_PERIOD_S = 1.0
_GRADIENTS_PERIOD_S = 0.25


class View:
    """The pictures that a stream asked for. It gets a frame when one is due, has changed, and has credit."""

    def __init__(self, limits: Mapping[str, int], trainer: Trainer) -> None:
        self._limits = limits
        self.resolution: int = DEFAULTS["resolution"]
        self.unit_resolution: int = DEFAULTS["unit_resolution"]
        self.first_layer_units: int = DEFAULTS["first_layer_units"]
        self.fps: float = DEFAULTS["fps"]
        self.arrays: list[str] = default_arrays(trainer)
        self._has_chosen = False
        self._wanted_unit_resolution = self.unit_resolution
        self._fit_frame(trainer)
        self._has_many = trainer.parameters.size > _MANY_PARAMETERS
        self.seq = 0
        self._seen = 0
        self._due_s = 0.0
        self._rare_due_s: dict[str, float] = {}  # Of the arrays that come more rarely than frames do.
        self._shown: dict[str, object] = {}  # What each array showed when it was last sent.

    def change(self, command: ViewCommand, trainer: Trainer) -> None:
        """Take over what the command sets. Raises Problem, and then nothing has changed."""
        for field, limit in (
            ("resolution", self._limits["resolution"]),
            ("unit_resolution", self._limits["unit_resolution"]),
            ("first_layer_units", self._limits["units"]),
            ("fps", self._limits["fps"]),
        ):
            value = getattr(command, field)
            if value is not None and value > limit:
                message = f"{field} is {value:g}; at most {limit} on this server."
                raise Problem.field(field, "too_large", message, value, limit)
        if command.arrays is not None:
            offered = offered_arrays(trainer)
            for index, name in enumerate(command.arrays):
                if name not in offered:
                    message = f"this session has no {name}; it offers {', '.join(offered)}."
                    raise Problem.field(f"arrays[{index}]", "unknown_name", message, name, offered)
        wanted = {
            "resolution": command.resolution or self.resolution,
            "unit_resolution": command.unit_resolution or self.unit_resolution,
            "first_layer_units": command.first_layer_units or self.first_layer_units,
        }
        arrays: list[str] = self.arrays if command.arrays is None else list(dict.fromkeys(command.arrays))
        sizes = {name: array_bytes(name, trainer, **wanted) for name in arrays}
        if sum(sizes.values()) > self._limits["frame_bytes"]:
            largest = max(sizes, key=lambda name: sizes[name])
            field = _FIELD_OF_SIZE.get(largest, "arrays")
            limit, total = self._limits["frame_bytes"], sum(sizes.values())
            message = f"{field}: a frame would take {total:,} bytes; at most {limit:,} on this server. Ask for less."
            raise Problem.field(field, "too_large", message, total, limit)
        self.resolution, self.unit_resolution, self.first_layer_units = wanted.values()
        self._wanted_unit_resolution = self.unit_resolution
        if command.arrays is not None:
            self.arrays, self._has_chosen = arrays, True
        self.fps = self.fps if command.fps is None else command.fps
        self._shown = {}
        self._due_s = 0.0

    def fit(self, trainer: Trainer) -> None:
        """Ask for what the session offers now, after it was rebuilt."""
        offered = offered_arrays(trainer)
        kept = [name for name in self.arrays if name in offered]
        # A choice stands, as far as it still can; whoever has made none gets what suits the session.
        self.arrays = kept if self._has_chosen and (kept or not self.arrays) else default_arrays(trainer)
        self._fit_frame(trainer)
        self._has_many = trainer.parameters.size > _MANY_PARAMETERS
        self._shown = {}
        self._due_s = 0.0

    def _fit_frame(self, trainer: Trainer) -> None:
        """Show a network with very many units in smaller pictures, or without them."""
        self.unit_resolution = self._wanted_unit_resolution
        while self.unit_resolution > _LEAST_RESOLUTION and self._frame_bytes(trainer) > self._limits["frame_bytes"]:
            self.unit_resolution = max(_LEAST_RESOLUTION, self.unit_resolution // 2)
        while self._frame_bytes(trainer) > self._limits["frame_bytes"]:
            self.arrays = self.arrays[:-1]

    def _frame_bytes(self, trainer: Trainer) -> int:
        sizes = (self.resolution, self.unit_resolution, self.first_layer_units)
        return sum(array_bytes(name, trainer, *sizes) for name in self.arrays)

    def acknowledge(self, seq: int) -> None:
        """Note that frames up to `seq` have been drawn."""
        self._seen = max(self._seen, min(seq, self.seq))

    def due_s(self, state: object) -> float | None:
        """Return when this stream's next frame is due, or None where none is wanted before something happens."""
        if not self.fps or self.seq - self._seen >= MOST_UNSEEN:
            return None
        # An array that comes rarely is due after the others have been sent, too: of a state of rest all are seen.
        due = [self._rare_due_s.get(name, 0.0) for name in self.arrays if self._shown.get(name) != state]
        return max(self._due_s, min(due)) if due else None

    def frame(self, trainer: Trainer, state: object, now_s: float) -> Generator[None, None, bytes]:
        """Make the next frame, in pieces; `state` stands for what it shows."""
        arrays: list[tuple[str, Array, dict[str, Any]]] = []
        for name in self.arrays:
            if now_s < self._rare_due_s.get(name, 0.0):
                continue
            self._shown[name] = state
            if (period_s := self._period_s(name)) is not None:
                self._rare_due_s[name] = now_s + period_s
            if name == "boundary":
                values, ranges = yield from probes.boundary_map(trainer, self.resolution)
                if len(values) == 1:
                    arrays.append((name, values[0], {"range": list(ranges[0])}))
                else:
                    arrays.append((name, values, {"range": list(ranges[0]), "ranges": [list(pair) for pair in ranges]}))
            elif name == "units":
                values, ranges = yield from probes.unit_maps(trainer, self.unit_resolution)
                arrays.append((name, values, {"ranges": ranges}))
            elif name == "first_layer":
                values, ranges = probes.first_layer(trainer, self.first_layer_units)
                arrays.append((name, values, {"ranges": ranges}))
            elif name == "gradients":
                gradient = yield from probes.mean_gradient(trainer)
                arrays.append((name, gradient.astype(np.float32), {}))
            else:
                arrays.append((name, trainer.parameters.astype(np.float32), {}))
        self.seq += 1
        # The next is due a period after this one was, so that lateness does not add up; but none is made up for.
        period_s = 1 / self.fps if self.fps else 0.0  # The view may have been stilled while the frame was made.
        self._due_s = max(self._due_s + period_s, now_s)
        about = {"seq": self.seq, "step": trainer.step, "epoch": trainer.epoch, "progress": trainer.progress}
        return encode_frame(about, arrays)

    def _period_s(self, name: str) -> float | None:
        """Return how long an array does not come again; None: it is in every frame."""
        if name not in ("parameters", "gradients"):
            return None
        if self._has_many:
            return _MANY_PARAMETERS_PERIOD_S
        return _GRADIENTS_PERIOD_S if name == "gradients" else None

    def to_dict(self) -> dict[str, Any]:
        """Return what the client is told of its view."""
        return {
            "resolution": self.resolution,
            "unit_resolution": self.unit_resolution,
            "first_layer_units": self.first_layer_units,
            "fps": self.fps,
            "arrays": self.arrays,
        }


def offered_arrays(trainer: Trainer) -> list[str]:
    """Return the arrays that a session has."""
    dataset = trainer.spec.data.dataset
    if dataset.inputs == 2:
        return ["boundary", "units", "parameters", "gradients"]
    pictures = [] if dataset.image_shape is None else ["first_layer"]
    return ["parameters", *pictures, "gradients"]


def array_bytes(name: str, trainer: Trainer, resolution: int, unit_resolution: int, first_layer_units: int) -> int:
    """Return how many bytes an array takes in a frame."""
    units = [layer.units for layer in trainer.network.layers]
    return {
        "boundary": trainer.spec.outputs * resolution**2,
        "units": sum(units) * unit_resolution**2,
        "parameters": 4 * trainer.parameters.size,
        "gradients": 4 * trainer.parameters.size,
        "first_layer": min(first_layer_units, units[0]) * trainer.spec.data.dataset.inputs,
    }[name]


def default_arrays(trainer: Trainer) -> list[str]:
    """Return the arrays that a stream gets without asking."""
    if trainer.spec.data.dataset.inputs != 2:
        return []
    most = _MANY_PARAMETERS
    return ["boundary", "units", "parameters"] if trainer.parameters.size <= most else ["boundary", "units"]
