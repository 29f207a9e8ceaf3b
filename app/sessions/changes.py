"""What changes a trainer between its steps, and the log from which its state can be made again.

Spec and log determine the state bit for bit: live sessions and replays apply commands by the same function.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from app.errors import Problem
from app.messages import Configure, Edit, Step, parse_command
from app.sessions.checkpoint import Tail
from engine import ExperimentSpec, Trainer
from engine.spec import TrainingSpec

Entry = dict[str, Any]
"""``{"step", "command"}``: a command and the step before which it took effect."""


class Log:
    """The commands that have shaped a trainer since its origin, a spec or, once the log was full, a snapshot."""

    def __init__(self, spec: ExperimentSpec, most: int) -> None:
        self._most = most
        self.restart(spec, 0)

    def restart(self, origin: ExperimentSpec | bytes, step: int, entries: list[Entry] | None = None) -> None:
        """Begin anew from a trainer's present state, or from an older one with what has happened since."""
        self.origin, self.origin_step, self.entries = origin, step, entries or []
        self._weight = sum(map(_weight, self.entries))
        self._told = 0  # So many entries have been part of a checkpoint,
        self._has_new_origin = True  # unless it began elsewhere.

    def add(self, trainer: Trainer, command: dict[str, Any]) -> None:
        """Log a command that is about to take effect; a full log starts again from a snapshot of before."""
        entry = {"step": trainer.step, "command": command}
        if self._weight + _weight(entry) > self._most:
            self.restart(trainer.snapshot(), trainer.step)
        self.entries.append(entry)
        self._weight += _weight(entry)

    def news(self) -> tuple[Tail, bytes | None]:
        """Return the entries since the last call; where the log has begun anew, all of them and its origin."""
        news = Tail.of(self.entries[self._told :], is_whole=self._has_new_origin)
        origin = encode_origin(self.origin) if self._has_new_origin else None
        self._told, self._has_new_origin = len(self.entries), False
        return news, origin


def _weight(entry: Entry) -> int:
    """Return for how many commands one counts: the long ones, which hold data, for more."""
    patch = entry["command"].get("patch")
    return 1 if patch is None else 1 + len(json.dumps(patch)) // 2048


def encode_origin(origin: ExperimentSpec | bytes) -> bytes:
    """Return where a log begins as bytes: a snapshot as it is, a spec as JSON."""
    return origin if isinstance(origin, bytes) else origin.model_dump_json().encode()


def decode_origin(origin: bytes) -> ExperimentSpec | bytes:
    """Return where a log begins; a snapshot is told from JSON by its first byte.

    Raises Problem where the spec no longer means anything: a table that it names may be gone.
    """
    if not origin.startswith(b"{"):
        return origin
    try:
        return ExperimentSpec.model_validate_json(origin)
    except ValidationError as error:
        raise Problem.from_validation(error, "spec") from None


def replay(origin: ExperimentSpec | bytes, entries: list[Entry], step: int) -> Trainer:
    """Return a trainer that has gone from its origin through the logged commands to `step`."""
    trainer = Trainer.restore(origin) if isinstance(origin, bytes) else Trainer(origin)
    for entry in entries:
        _train_until(trainer, entry["step"])
        command = entry["command"]
        if command.get("keep"):
            trainer, _ = trainer.continued(_changed(trainer.spec, command["patch"]))
        elif command["type"] == "configure":
            apply_training(trainer, TrainingSpec.model_validate(command["patch"]["training"]))
        else:
            change = parse_command(command)
            assert isinstance(change, Edit | Step)
            if isinstance(change, Step):
                trainer.judge()
            apply(trainer, change)
            if isinstance(change, Step):
                trainer.judge()
    _train_until(trainer, step)
    return trainer


def _train_until(trainer: Trainer, step: int) -> None:
    """Train on to a step, as a session does that is set going again wherever a stop rule has ended its run."""
    while trainer.step < step:
        trainer.run(step - trainer.step)


def logged_configure(training: TrainingSpec) -> dict[str, Any]:
    """Return a change of the training settings as it is logged: whole, so that its meaning depends on nothing else."""
    patch = {"training": training.model_dump(mode="json")}
    return Configure(type="configure", patch=patch).model_dump(exclude_defaults=True)


def logged_rebuild(before: ExperimentSpec, after: ExperimentSpec) -> dict[str, Any]:
    """Return how a network built anew that keeps what it can is logged: with every section that changes, whole."""
    old, new = before.full(), after.full()
    patch = {section: new[section] for section in new if new[section] != old[section]}
    return Configure(type="configure", patch=patch, keep=True).model_dump()


def _changed(spec: ExperimentSpec, patch: dict[str, Any]) -> ExperimentSpec:
    return ExperimentSpec.model_validate({**spec.full(), **patch})


def apply_training(trainer: Trainer, training: TrainingSpec) -> None:
    """Let new training settings take effect."""
    trainer.reconfigure(training)


def check(trainer: Trainer, command: Edit | Step) -> None:
    """Raise Problem for an edit of a parameter that does not exist."""
    if isinstance(command, Edit):
        parameter_index(trainer, command)


def apply(trainer: Trainer, command: Edit | Step) -> None:
    """Let an edit, or a step by examples, take effect."""
    if isinstance(command, Edit):
        trainer.parameters[parameter_index(trainer, command)] = command.value
    else:
        trainer.advance_examples(command.count)


def parameter_index(trainer: Trainer, edit: Edit) -> int:
    """Return an edited parameter's place in the flat vector. Raises Problem naming the index that is out of range."""
    layers = trainer.network.layers
    _check("layer", edit.layer, len(layers))
    layer = layers[edit.layer]
    if edit.bias is not None:
        _check("bias", edit.bias, layer.units)
        return layer.start + layer.inputs * layer.units + edit.bias
    assert edit.from_ is not None and edit.to is not None
    _check("from", edit.from_, layer.inputs)
    _check("to", edit.to, layer.units)
    return layer.start + edit.from_ * layer.units + edit.to


def _check(field: str, index: int, count: int) -> None:
    if index >= count:
        raise Problem.field(field, "too_large", f"{field} is {index}; at most {count - 1} here.", index, count - 1)
