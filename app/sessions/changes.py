"""What changes a trainer between its steps, and the log from which its state can be made again.

Spec and log determine the state bit for bit: live sessions and replays apply commands by the same function.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import Any

from pydantic import ValidationError

from app.errors import Problem
from app.messages import Configure, Edit, Step, parse_command
from app.sessions.checkpoint import Tail
from engine import ExperimentSpec, Trainer
from engine.spec import TrainingSpec

# Updates are made again in pieces of so long on a nominal machine.
_PIECE_S = 0.0004

Entry = dict[str, Any]
"""``{"step", "command"}``: a command and the step before which it took effect."""


class Log:
    """The commands that have shaped a trainer since its origin, a spec or, once the log was full, a snapshot.

    `count` is how many have been logged since the run began, those before the origin included.
    """

    def __init__(self, spec: ExperimentSpec, most: int) -> None:
        self._most = most
        self.restart(spec, 0)

    def restart(
        self, origin: ExperimentSpec | bytes, step: int, entries: list[Entry] | None = None, before: int = 0
    ) -> None:
        """Begin anew from a trainer's present state, or from an older one with what has happened since.

        `before`: how many commands of the run lie before that.
        """
        self.origin, self.origin_step, self.entries = origin, step, entries or []
        self.before = before
        self._weight = sum(map(_weight, self.entries))
        self._told = 0  # So many entries have been part of a checkpoint,
        self._has_new_origin = True  # unless it began elsewhere.

    @property
    def count(self) -> int:
        return self.before + len(self.entries)

    def has_room_for(self, command: dict[str, Any]) -> bool:
        """Whether the next command can be added without beginning anew."""
        return self._weight + _weight({"command": command}) <= self._most

    def add(self, trainer: Trainer, command: dict[str, Any]) -> None:
        """Log a command that is about to take effect; a full log starts again from a snapshot of before."""
        if not self.has_room_for(command):
            self.restart(trainer.snapshot(), trainer.step, before=self.count)
        entry = {"step": trainer.step, "command": command}
        self.entries.append(entry)
        self._weight += _weight(entry)

    def cut(self, step: int) -> None:
        """Forget what was done after a step."""
        self.restart(self.origin, self.origin_step, until(self.entries, step), self.before)

    def since(self, count: int) -> list[Entry] | None:
        """Return the entries after the first `count` of the run; None if some of them are gone."""
        return self.entries[count - self.before :] if count >= self.before else None

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


def until(entries: list[Entry], step: int) -> list[Entry]:
    """Return the log as it would be if the session had been left at a step, with all that was done to it there.

    Of steps by examples that lead beyond, those up to there.
    """
    kept: list[Entry] = []
    for entry in entries:
        left = step - entry["step"]
        if left < 0:
            break
        command = entry["command"]
        if command["type"] == "step" and command["count"] > left:
            if left:
                kept.append({"step": entry["step"], "command": {**command, "count": left}})
            break
        kept.append(entry)
    return kept


def replay(origin: ExperimentSpec | bytes, entries: list[Entry], step: int) -> Trainer:
    """Return a trainer that has gone from its origin through the logged commands to `step`."""
    return finished(replaying(begun(origin), entries, step))


def finished(work: Generator[None, None, Trainer]) -> Trainer:
    """Do work to its end at once, and return what it gives."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            trainer: Trainer = end.value
            return trainer


def begun(origin: ExperimentSpec | bytes) -> Trainer:
    """Return a trainer where a log begins."""
    return Trainer.restore(origin) if isinstance(origin, bytes) else Trainer(origin)


def replaying(trainer: Trainer, entries: list[Entry], step: int) -> Generator[None, None, Trainer]:
    """Do as `replay` with a trainer that stands where these entries begin, in pieces of about a millisecond."""
    for entry in until(entries, step):
        yield from _training_until(trainer, entry["step"])
        command = entry["command"]
        if command.get("keep"):
            trainer, _ = trainer.continued(with_entry(trainer.spec, entry))
        elif command["type"] == "configure":
            apply_training(trainer, with_entry(trainer.spec, entry).training)
        else:
            change = parse_command(command)
            assert isinstance(change, Edit | Step)
            if isinstance(change, Step):
                yield from trainer.judgement({})
            apply(trainer, change)
            if isinstance(change, Step):
                yield from trainer.judgement({})
        yield
    yield from _training_until(trainer, step)
    return trainer


def nominal_step_s(trainer: Trainer) -> float:
    """Return how long an update takes on a nominal machine."""
    return trainer.nominal_epoch_s / trainer.batches_per_epoch


def _training_until(trainer: Trainer, step: int) -> Generator[None, None, None]:
    """Train on to a step, as a session does that is set going again wherever a stop rule has ended its run."""
    if trainer.step >= step:
        return
    piece = max(1, int(_PIECE_S / nominal_step_s(trainer)))
    yield from trainer.judgement({})
    while trainer.step < step:
        trainer.advance(int(min(step - trainer.step, trainer.steps_until_judgement, piece)))
        yield from trainer.judgement({})
        yield


def logged_configure(training: TrainingSpec) -> dict[str, Any]:
    """Return a change of the training settings as it is logged: whole, so that its meaning depends on nothing else."""
    patch = {"training": training.model_dump(mode="json")}
    return Configure(type="configure", patch=patch).model_dump(exclude_defaults=True)


def logged_rebuild(before: ExperimentSpec, after: ExperimentSpec) -> dict[str, Any]:
    """Return how a network built anew that keeps what it can is logged: with every section that changes, whole."""
    old, new = before.full(), after.full()
    patch = {section: new[section] for section in new if new[section] != old[section]}
    return Configure(type="configure", patch=patch, keep=True).model_dump()


def with_entry(spec: ExperimentSpec, entry: Entry) -> ExperimentSpec:
    """Return a spec as a logged `configure` leaves it."""
    patch = entry["command"]["patch"]
    if entry["command"].get("keep"):
        return ExperimentSpec.model_validate({**spec.full(), **patch})
    return spec.model_copy(update={"training": TrainingSpec.model_validate(patch["training"])})


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
