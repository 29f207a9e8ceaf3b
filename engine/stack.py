"""Stacks: many networks of one shape trained at once, for races, for a hundred seeds, for sweeps.

An update of a small network is nearly all overhead, that of a call into NumPy. Here each call serves all members: their
parameters are the rows of one matrix, and a layer's products are one `matmul` over a leading axis. It takes as many
calls to train a hundred as to train one.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike, NDArray

from engine.data import Data
from engine.feed import Feed
from engine.network import BackwardPass, Dropout, Network
from engine.optimizers import Optimizer
from engine.snapshot import SnapshotError
from engine.spec import ExperimentSpec
from engine.trainer import Trainer

Array = NDArray[Any]

# An update works through the parameters in blocks of about this many, which stay in the processor's cache.
_UPDATE_BLOCK = 65_536
_MOST_MEMBERS = 10_000
_MARK = b"NNSTACK1"
_LENGTH = struct.Struct("<Q")


class StackError(ValueError):
    """Specs that cannot be trained as one stack; `field` names where they differ, or what a stack cannot do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Stack:
    """Networks that are trained in step with each other, each as its spec says. `step` and `epoch` are those of all.

    The specs must agree in the layers (with their activations and dropout), the loss, the batch size, the kind of
    optimizer and the number of training examples. They may differ in data, seeds, initializer, learning rate,
    schedule, the optimizer's settings, regulariser, clipping and input noise. Stop rules have no say here: a stack
    goes on until it is no longer asked to.

    A member gives the numbers of the same network trained alone but for rounding, products being summed in another
    order: the weights of the first hundred updates agree to about a millionth. One that diverges disturbs no other.
    """

    # The members are trainers whose parameters and optimizer's state are rows of the stack's. They hold data, evaluate
    # and take snapshots; only their updates happen here. What counts along is brought up to date when one is looked at.

    def __init__(self, specs: Sequence[ExperimentSpec], dtype: DTypeLike = "float32") -> None:
        """Make a stack of these specs. Raises StackError where they do not fit together."""
        _check(specs)
        shared: dict[str, Data] = {}
        trainers = []
        for spec in specs:
            data = shared.get(key := spec.data.model_dump_json())
            trainers.append(Trainer(spec, dtype, data))
            shared[key] = trainers[-1].data
        self._begin(trainers)

    def __len__(self) -> int:
        return len(self._members)

    def _begin(self, trainers: Sequence[Trainer]) -> None:
        first = trainers[0]
        spec = first.spec
        sizes = [len(trainer.data.parts["train"]) for trainer in trainers]
        _check_equal("data.dataset.samples", sizes, "training examples")
        self._members = trainers
        self.step, self.epoch = first.step, first.epoch
        self._network = Network(spec.shape, spec.activations, first.dtype, len(trainers))
        self.parameters: Array = self._network.parameters
        """Shape (members, parameters): of each member as `Trainer.parameters`."""
        slots: Array = np.zeros((spec.training.optimizer.slots, *self.parameters.shape), first.dtype)
        for index, trainer in enumerate(trainers):
            trainer.move_to(self.parameters[index], slots[:, index])
        self._feed = _feed(trainers)
        self._gradient: Array = np.zeros_like(self.parameters)
        self._passes: dict[int, BackwardPass] = {}
        self._changes_of_inputs = [
            (index, change) for index, trainer in enumerate(trainers) for change in trainer._updates.changes_of_inputs
        ]
        self._groups = [
            _Group(slice(members[0], members[-1] + 1), [trainers[member].spec for member in members], self, slots)
            for members in _runs_of_settings(trainers)
        ]
        self._is_rate_steady = not spec.training.optimizer.is_timed and all(
            trainer.spec.training.has_steady_rate for trainer in trainers
        )

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.parameters.dtype

    # Training

    def advance(self, steps: int = 1) -> None:
        """Make `steps` updates of every member, each with its next batch."""
        with np.errstate(all="ignore"):  # A run that diverges is a result, told by `is_finite`.
            while steps > 0:
                if self._feed.cursor == 0:
                    for trainer in self._members:
                        trainer._begin_mean()
                dealt = self._feed.cursor
                batches = self._feed.deal(steps)
                steps -= len(batches)
                for x, t in batches:
                    if not self._is_rate_steady:
                        self._set_rates(dealt)
                    self._update(x, t)
                    self.step += 1
                    dealt += x.shape[-1]
                if self._feed.cursor == 0:
                    self.epoch += 1

    def _update(self, x: Array, t: Array) -> None:
        for index, change in self._changes_of_inputs:
            change(x[index])
        size = x.shape[-1]
        outputs = (self._passes.get(size) or self._new_pass(size))(x, t)
        if self._members[0].keeps_running_mean:
            for index, trainer in enumerate(self._members):
                trainer._count(outputs[index], t[index] if t.ndim == outputs.ndim else t)
        for group in self._groups:
            group.update()

    def _new_pass(self, size: int) -> BackwardPass:
        spec, members = self._members[0].spec, len(self)
        draws = _Draws([trainer._random for trainer in self._members])
        dropouts = [
            Dropout(layer.dropout, layer.units, size, self.dtype, draws, (members,)) if layer.dropout else None
            for layer in spec.network.layers
        ]
        self._passes[size] = BackwardPass(self._network, size, spec.loss, self._gradient, dropouts)
        return self._passes[size]

    def _set_rates(self, dealt: int) -> None:
        """Bring the learning rates up to date for the update after so many examples of the epoch."""
        count = len(self._feed)
        for group in self._groups:
            group.set_rates(self.step + 1, self.epoch + dealt / count, self._feed.batch_size / count)

    # Where it stands

    @property
    def batches_per_epoch(self) -> int:
        return -(-len(self._feed) // self._feed.batch_size)

    @property
    def batches_left(self) -> int:
        """How many updates are left in this epoch; a whole epoch's between epochs."""
        return self._feed.batches_left

    @property
    def is_finite(self) -> Array:
        """Whether each member is still computing with numbers, shape (members,)."""
        self._bring_up_to_date()
        return np.array([trainer.is_finite for trainer in self._members])

    def metrics(self) -> list[dict[str, float]]:
        """Return what `Trainer.metrics` says, for each member."""
        self._bring_up_to_date()
        return [trainer.metrics() for trainer in self._members]

    def member(self, index: int) -> Trainer:
        """Return a member as a trainer of its own, which goes on from here alone."""
        self._bring_up_to_date()
        return Trainer.restore(self._members[index].snapshot())

    def _bring_up_to_date(self) -> None:
        """Let the members know where they stand."""
        for trainer in self._members:
            trainer.step, trainer.epoch = self.step, self.epoch
        self._feed.hand_back()

    # Snapshots

    def snapshot(self) -> bytes:
        """Return the whole state: the snapshots of all members, each behind its length."""
        self._bring_up_to_date()
        snapshots = [trainer.snapshot() for trainer in self._members]
        return b"".join([_MARK, *(part for each in snapshots for part in (_LENGTH.pack(len(each)), each))])

    @classmethod
    def restore(cls, snapshot: bytes) -> Stack:
        """Return a stack that goes on as the one that gave the snapshot would have.

        Raises SnapshotError for bytes that are none, and StackError for snapshots of which no stack could be made.
        """
        trainers = [Trainer.restore(each) for each in _cut(snapshot)]
        _check([trainer.spec for trainer in trainers])
        for place in ("step", "epoch", "examples_left", "dtype"):
            if len({getattr(trainer, place) for trainer in trainers}) > 1:
                raise SnapshotError("the members of this stack do not stand at one place")
        stack = cls.__new__(cls)
        stack._begin(trainers)
        return stack


class _Group:
    """Members whose optimizer, regulariser and clipping have the same settings, and so share the calls of an update."""

    def __init__(self, rows: slice, specs: Sequence[ExperimentSpec], stack: Stack, slots: Array) -> None:
        training = specs[0].training
        self._optimizer: Optimizer = training.optimizer
        self._regularizer, self._clipping = training.regularizer, training.clipping
        self._gradient = stack._gradient[rows]
        self._trainings = [spec.training for spec in specs]
        rates = [[spec.training.learning_rate_after(0.0, 0.0)] for spec in specs]
        self._rates: Array = np.array(self._optimizer.factors(np.array(rates), 1), stack.dtype)

        parameters, slots, is_weight = stack.parameters[rows], slots[:, rows], stack._network.is_weight
        count = parameters.shape[1]
        width, height = min(count, _UPDATE_BLOCK), max(1, _UPDATE_BLOCK // count)
        scratch: Array = np.empty((min(height, len(specs)), width), stack.dtype)
        self._blocks = []
        for top in range(0, len(specs), height):
            for left in range(0, count, width):
                down, across = slice(top, top + height), slice(left, left + width)
                block = parameters[down, across]
                room = scratch[: block.shape[0], : block.shape[1]]
                rate = self._rates[..., down, :]
                self._blocks.append((block, self._gradient[down, across], slots[:, down, across], room, rate))
        self._is_weight = [is_weight[left : left + width] for left in range(0, count, width)]

    def set_rates(self, update: int, epochs: float, part: float) -> None:
        """Take the learning rates of update number `update`, which is `part` of an epoch and comes after `epochs`."""
        rates = np.array([[training.learning_rate_after(epochs, part)] for training in self._trainings])
        self._rates[...] = self._optimizer.factors(rates, update)

    def update(self) -> None:
        """Move the parameters, given the gradient of the loss."""
        if self._regularizer.is_active:
            for index, (parameters, gradient, _, scratch, _) in enumerate(self._blocks):
                is_weight = self._is_weight[index % len(self._is_weight)]
                self._regularizer.add_gradient(parameters, is_weight, gradient, scratch)
        if self._clipping.is_active:
            self._clipping.clip(self._gradient)
        for block in self._blocks:
            self._optimizer.update(*block)


class _SharedFeed:
    """Deals the batches of a single feed to members that have the same data and the same order."""

    def __init__(self, feeds: Sequence[Feed]) -> None:
        self._feed, self._others = feeds[0], feeds[1:]
        self.deal = self._feed.deal

    def __len__(self) -> int:
        return len(self._feed)

    @property
    def cursor(self) -> int:
        return self._feed.cursor

    @property
    def batch_size(self) -> int:
        return self._feed.batch_size

    @property
    def batches_left(self) -> int:
        return self._feed.batches_left

    def hand_back(self) -> None:
        """Let the feeds of all members stand where this one does."""
        for feed in self._others:
            feed.resume(self._feed.cursor, self._feed.order)
            feed.random.bit_generator.state = self._feed.random.bit_generator.state


class _StackedFeed(Feed):
    """Deals to every member its own batch: inputs, shape (members, inputs + 1, batch), and targets, likewise."""

    def __init__(self, feeds: Sequence[Feed]) -> None:
        self.members = (len(feeds),)
        self._feeds = feeds
        super().__init__(feeds[0]._rows, feeds[0]._targets, feeds[0].batch_size, feeds[0].random)
        self._is_same_data = all(feed._rows is self._rows for feed in feeds)
        self.resume(feeds[0].cursor, np.stack([feed.order for feed in feeds]))

    def hand_back(self) -> None:
        """Let the feeds of all members stand where this one does."""
        for feed, order in zip(self._feeds, self.order, strict=True):
            feed.resume(self.cursor, order.copy())

    def _shuffle(self) -> None:
        for feed, order in zip(self._feeds, self.order, strict=True):
            order[:] = feed.random.permutation(len(self))

    def _fill(self, indices: Array) -> tuple[Array, Array]:
        if self._is_same_data:
            return super()._fill(indices)
        x, t = self._x[:, : indices.shape[-1]], self._t[:, : indices.shape[-1]]
        for feed, chosen, x_of_member, t_of_member in zip(self._feeds, indices, x, t, strict=True):
            feed._rows.take(chosen, x_of_member)
            np.take(feed._targets, chosen, axis=0, out=t_of_member, mode="clip")
        return x, t


class _Draws:
    """Draws each member's part of an array from the member's own generator."""

    def __init__(self, generators: Sequence[Generator]) -> None:
        self._generators = generators

    def random(self, *, out: Array, dtype: Any) -> None:
        for generator, part in zip(self._generators, out, strict=True):
            generator.random(out=part, dtype=dtype)


def _feed(trainers: Sequence[Trainer]) -> _SharedFeed | _StackedFeed:
    feeds = [trainer._feed for trainer in trainers]
    is_one_order = len({trainer.spec.training.seed for trainer in trainers}) == 1
    is_one_data = all(trainer.data is trainers[0].data for trainer in trainers)
    keeps_inputs = not any(trainer._updates.changes_of_inputs for trainer in trainers)  # Each changes its own.
    return _SharedFeed(feeds) if is_one_order and is_one_data and keeps_inputs else _StackedFeed(feeds)


def _runs_of_settings(trainers: Sequence[Trainer]) -> Iterator[list[int]]:
    """Return the members, one after the other, in runs whose settings differ in the learning rate at most."""

    def settings(member: int) -> Any:
        training = trainers[member].spec.training
        optimizer = training.optimizer.model_dump(exclude={"learning_rate"})
        return optimizer, training.regularizer.model_dump(), training.clipping.model_dump()

    for _, members in groupby(range(len(trainers)), settings):
        yield list(members)


def _check(specs: Sequence[ExperimentSpec]) -> None:
    """Raise StackError unless the specs differ only in what members of a stack may differ in."""
    if not 1 <= len(specs) <= _MOST_MEMBERS:
        raise StackError("specs", f"a stack has 1 to {_MOST_MEMBERS} members, not {len(specs)}")
    for index, spec in enumerate(specs):
        if spec.training.stop:
            raise StackError("training.stop", f"training.stop: a stack obeys no rules; remove those of spec {index}")
    _check_equal("network.layers", [len(spec.network.layers) for spec in specs], "hidden layers")
    for number in range(len(specs[0].network.layers)):
        for name in ("units", "activation", "dropout"):
            found = [getattr(spec.network.layers[number], name) for spec in specs]
            _check_equal(f"network.layers[{number}].{name}", found)
    inputs = [spec.data.network_inputs for spec in specs]
    _check_equal("data.features" if specs[0].data.features else "data.dataset", inputs, "inputs")
    _check_equal("data.dataset", [spec.data.dataset.task for spec in specs], "tasks")
    _check_equal("data.dataset", [spec.outputs for spec in specs], "outputs")
    _check_equal("training.optimizer", [spec.training.optimizer.name for spec in specs])
    _check_equal("network.output_activation", [spec.output_activation for spec in specs])
    _check_equal("training.loss", [spec.loss for spec in specs])
    _check_equal("training.batch_size", [spec.training.batch_size for spec in specs])


def _check_equal(field: str, found: Sequence[Any], of: str = "") -> None:
    other = next((index for index, value in enumerate(found) if value != found[0]), None)
    if other is not None:
        first, second = (getattr(value, "name", value) for value in (found[0], found[other]))
        if first == second:  # Two of a kind that differ in their settings.
            first, second = found[0], found[other]
        raise StackError(
            field,
            f"{field}: members of a stack must agree; spec 0 has {first} {of}".rstrip()
            + f", spec {other} has {second} {of}".rstrip(),
        )


def _cut(snapshot: bytes) -> Iterator[bytes]:
    if not snapshot.startswith(_MARK):
        raise SnapshotError("these bytes are not the snapshot of a stack")
    start, members = len(_MARK), 0
    while start < len(snapshot) or not members:
        members += 1
        if start + _LENGTH.size > len(snapshot) or members > _MOST_MEMBERS:
            raise SnapshotError("the snapshot of a stack is cut off, or has too many members")
        (length,) = _LENGTH.unpack_from(snapshot, start)
        start += _LENGTH.size
        if length > len(snapshot) - start:
            raise SnapshotError("the snapshot of a stack is cut off")
        yield snapshot[start : start + length]
        start += length
