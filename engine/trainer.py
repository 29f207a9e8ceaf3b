"""The Trainer: a spec turned into a network that learns, step by step, the same way each time."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from engine.data import PARTS, Data, Part
from engine.feed import Feed
from engine.keeping import carry_over
from engine.metrics import chosen_classes, confusion_matrix, figures_of_classes, figures_of_numbers
from engine.moments import Moment, set_state, state_of
from engine.network import BackwardPass, ForwardPass, Network
from engine.snapshot import Archive, SnapshotError, count, exact, pack
from engine.spec import ExperimentSpec, TrainingSpec
from engine.stop_rules import AfterEpochs, EarlyStopping, Memory, Reason, Standing, StopRule
from engine.updates import Updates

Array = NDArray[Any]

EXACT_UP_TO = 5_000
"""Up to this many training examples the training loss is computed exactly; beyond, it is the epoch's running mean."""

# An evaluation goes in chunks of about this many multiplications, so that nothing waits long for it.
_CHUNK_PRODUCTS = 20_000_000
_MOST_FORWARD_PASSES = 8


class Answers(NamedTuple):
    """What a network said of a part after `step` updates: the class, if any, and the largest output of each example."""

    step: int
    classes: Array
    confidence: Array


class Trainer:
    """A network, its data and its optimizer's state. `step` counts updates, `epoch` finished passes over the data.

    `keeps_running_mean` says that the training figures are the running mean over the epoch, the examples being too
    many; `answers` holds what the network said of each part when it was last evaluated.
    Everything is a function of the spec and of what was called since: the same calls give the same bits.
    """

    def __init__(self, spec: ExperimentSpec, dtype: DTypeLike = "float32", data: Data | None = None) -> None:
        """Make a trainer; `data` is what another one, of the same task, has made of the same `spec.data`."""
        self.dtype = np.dtype(dtype)
        self.data = data or Data(spec, self.dtype)
        self.network = Network(spec.shape, spec.activations, self.dtype)
        self.network.initialize(spec.network.initializer, np.random.default_rng([spec.network.seed, 1]))
        self.parameters: Array = self.network.parameters
        self.step = 0
        self.epoch = 0
        train = self.data.parts["train"]
        order = np.random.default_rng([spec.training.seed, 2])
        self._feed = Feed(train.rows, train.targets, spec.training.batch_size, order)
        self._random = np.random.default_rng([spec.training.seed, 3])  # Of dropout, shifts and noise.
        self.keeps_running_mean = len(self._feed) > EXACT_UP_TO
        self.answers: dict[str, Answers] = {}
        self._begin_mean()
        self._forward_passes: dict[int, ForwardPass] = {}
        self.spec = spec
        self._slots = self._new_slots()
        self._memories = [Memory() for _ in spec.training.stop]
        self._lost_at: int | None = None  # Where a loss was last found to be no number.
        self._judged_step = 0  # Where the stop rules were last asked.
        self._best: Array | None = None  # The weights of the lowest validation loss, where a rule wants them back.
        self._bind()

    # What changes with the training part of the spec, and can change at any step boundary.

    def reconfigure(self, training: TrainingSpec) -> None:
        """Go on from here with another optimizer, loss, regulariser, batch size and so on; the weights stay.

        An optimizer of the same kind keeps its running state, another starts with none; so do stop rules. The seed and
        the output's activation must stay: they belong to the run from its start.
        """
        spec = self.spec.model_copy(update={"training": training})
        if spec.output_activation != self.spec.output_activation or training.seed != self.spec.training.seed:
            raise ValueError("a change of the output's activation or of the order's seed needs a new trainer")
        if training.batch_size != self.spec.training.batch_size:
            self._feed.batch_size = training.batch_size
        former, optimizer = self.spec.training.optimizer, training.optimizer
        known = list(zip(self.spec.training.stop, self._memories, strict=True))
        self._memories = [
            next((memory for other, memory in known if other == rule), Memory()) for rule in training.stop
        ]
        if not any(isinstance(rule, EarlyStopping) for rule in training.stop):
            self._best = None
        self.spec = spec
        if type(optimizer) is not type(former):
            self._slots = self._new_slots()
        elif optimizer.slot_scales != former.slot_scales:
            scales = np.divide(former.slot_scales, optimizer.slot_scales)
            self._slots *= scales.astype(self.dtype)[:, None]
        self._bind()

    def data_for(self, spec: ExperimentSpec) -> Data | None:
        """Return the data here if a trainer of another spec would make the very same of it, else None."""
        mine = self.spec
        is_same = spec.data == mine.data and spec.outputs == mine.outputs and spec.target_range == mine.target_range
        return self.data if is_same else None

    def continued(self, spec: ExperimentSpec) -> tuple[Trainer, int]:
        """Return a trainer of another spec that goes on from here, and how many of the parameters here it keeps.

        It keeps those that have a place in its network; the others are those of a new trainer. `step` and `epoch` go
        on, and so does the order of the examples if they are the same ones, else another epoch begins. The optimizer
        and the rules that watch a figure remember nothing.
        """
        trainer = Trainer(spec, self.dtype, self.data_for(spec))
        kept = carry_over(self.spec, self.network, spec, trainer.network)
        trainer.step = trainer._slots_since = trainer._judged_step = self.step
        trainer.epoch = self.epoch
        known = list(zip(self.spec.training.stop, self._memories, strict=True))
        trainer._memories = [
            next((memory for other, memory in known if other == rule and rule.watched is None), Memory())
            for rule in spec.training.stop
        ]
        has_same_examples = spec.data == self.spec.data.model_copy(update={"features": spec.data.features})
        if has_same_examples and spec.training.seed == self.spec.training.seed:
            trainer._feed.random.bit_generator.state = self._feed.random.bit_generator.state
            trainer._random.bit_generator.state = self._random.bit_generator.state
            if self._feed.cursor:
                trainer._feed.resume(self._feed.cursor, self._feed.order)
                trainer._loss_sum, trainer._right, trainer._counted = self._loss_sum, self._right, self._counted
        return trainer, kept

    def move_to(self, parameters: Array, slots: Array) -> None:
        """Keep the parameters and the optimizer's running state in these arrays from now on."""
        parameters[:], slots[:] = self.parameters, self._slots
        self.parameters = self.network.parameters = parameters
        self._slots = slots
        self._forward_passes.clear()
        self._bind()

    def _new_slots(self) -> Array:
        self._slots_since = self.step  # Updates are counted from here where an optimizer counts them.
        return np.zeros((self.spec.training.optimizer.slots, self.parameters.size), self.dtype)

    def _bind(self) -> None:
        """Prepare what an update uses, as the spec now says."""
        spec = self.spec
        training = spec.training
        self._loss = spec.loss
        self._is_rate_steady = training.has_steady_rate and not training.optimizer.is_timed
        self._threshold = sum(spec.target_range) / 2
        dropout = [layer.dropout for layer in spec.network.layers]
        self._updates = Updates(self.network, spec.loss, training.optimizer, self._slots, dropout, self._random)
        image = spec.data.dataset.image_shape
        if training.input_shift and image is not None:
            self._updates.shift(training.input_shift, image, self._feed.batch_size)
        if training.input_noise:
            self._updates.disturb(training.input_noise, self._feed.batch_size)
        if training.regularizer.is_active:
            self._updates.penalise(training.regularizer)
        if training.clipping.is_active:
            self._updates.clip(training.clipping)

    # Training

    def advance(self, steps: int = 1) -> None:
        """Make `steps` updates, each with the next batch."""
        update = self._update_counting if self.keeps_running_mean else self._updates.__call__
        with np.errstate(all="ignore"):  # A run that diverges is a result, told by `is_finite`.
            while steps > 0:
                self._begin_epoch_if_due()
                dealt = self._feed.cursor
                batches = self._feed.deal(steps)
                steps -= len(batches)
                if self._is_rate_steady:
                    for x, t in batches:
                        update(x, t)
                    self.step += len(batches)
                else:
                    for x, t in batches:
                        self._set_rate(dealt)
                        update(x, t)
                        self.step += 1
                        dealt += x.shape[1]
                if self._feed.cursor == 0:
                    self.epoch += 1

    def advance_examples(self, count: int = 1) -> None:
        """Make `count` updates, each with the next example alone."""
        update = self._update_counting if self.keeps_running_mean else self._updates.__call__
        with np.errstate(all="ignore"):
            for _ in range(count):
                self._begin_epoch_if_due()
                if not self._is_rate_steady:
                    self._set_rate(self._feed.cursor)
                update(*self._feed.deal_one_example())
                self.step += 1
                if self._feed.cursor == 0:
                    self.epoch += 1

    def _update_counting(self, x: Array, t: Array) -> None:
        """Make an update and take its outputs into the running mean."""
        self._count(self._updates(x, t), t)

    def _count(self, outputs: Array, t: Array) -> None:
        """Take outputs and targets, shape (outputs, batch) each, into the running mean."""
        self._loss_sum += self._loss.total(outputs, t)
        self._right += self._count_right(outputs, t)
        self._counted += t.shape[1]

    def _set_rate(self, dealt: int) -> None:
        """Bring the rate up to date for the update after so many examples of the epoch."""
        rate = self._learning_rate_after(dealt)
        self._updates.rate[...] = self.spec.training.optimizer.factors(rate, self.step - self._slots_since + 1)

    def _learning_rate_after(self, dealt: int) -> float:
        count = len(self._feed)
        return self.spec.training.learning_rate_after(self.epoch + dealt / count, self._feed.batch_size / count)

    def _begin_epoch_if_due(self) -> None:
        if self._feed.cursor == 0:
            self._begin_mean()

    def _begin_mean(self) -> None:
        self._loss_sum, self._right, self._counted = 0.0, 0, 0  # Over the epoch's examples so far.

    # Stop rules

    def run(self, steps: int) -> StopRule | None:
        """Make `steps` updates, or fewer where a stop rule ends the run: then return that rule."""
        stop = self.step + steps
        rule = self.judge()
        while rule is None and self.step < stop:
            self.advance(int(min(stop - self.step, self.steps_until_judgement)))
            rule = self.judge()
        return rule

    @property
    def steps_until_judgement(self) -> float:
        """After how many updates at most the stop rules must be asked, at least one; infinite where there are none."""
        silent = not self.spec.training.stop
        left = [rule.steps_left(self.step) for rule, memory in self._rules() if not memory.has_fired]
        return float("inf") if silent else min([self.batches_left, *(steps for steps in left if steps > 0)])

    @property
    def is_judgement_due(self) -> bool:
        """Whether the stop rules must be asked before the next update."""
        if not self.spec.training.stop or self.step == self._judged_step:
            return False
        return self.is_epoch_start or any(
            rule.steps_left(self.step) <= 0 for rule, memory in self._rules() if not memory.has_fired
        )

    def judge(self, known: Mapping[str, float] | None = None) -> StopRule | None:
        """Ask the stop rules if it is time to, and return the one that ends the run here.

        `known` are figures of here that need not be evaluated once more.
        """
        judgement = self.judgement(known or {})
        while True:
            try:
                next(judgement)
            except StopIteration as end:
                rule: StopRule | None = end.value
                return rule

    def judgement(self, known: Mapping[str, float]) -> Generator[None, None, StopRule | None]:
        """Do as `judge`, in pieces of about a millisecond.

        Where the best weights are taken back, they are the parameters when this returns. The network must not change
        in between.
        """
        if not self.is_judgement_due:
            return None
        rules = [(rule, memory) for rule, memory in self._rules() if not memory.has_fired]
        figures: dict[str, float] = {}
        if self.is_epoch_start:
            figures.update(known)
            for rule, _ in rules:
                if rule.watched is not None and rule.watched not in figures:
                    yield from self._add_figures(rule.watched, figures)
        self._judged_step = self.step
        standing = Standing(self.step, self.epoch, figures)
        met: list[StopRule] = []
        for rule, memory in rules:
            memory.has_fired = rule.is_met(standing, memory)
            if memory.has_fired:
                met.append(rule)
            if isinstance(rule, EarlyStopping) and rule.restore_best and rule.watched in figures:
                self._keep_or_take_back(memory)
        return met[0] if met else None

    def stop_reason(self, name: str) -> Reason | None:
        """Return why the stop rule of that name has ended the run here; None where it can't be told which one did."""
        fired = [(rule, memory) for rule, memory in self._rules() if memory.has_fired and rule.name == name]
        return fired[0][0].reason(self.epoch, fired[0][1]) if len(fired) == 1 else None

    def _rules(self) -> Iterator[tuple[StopRule, Memory]]:
        return zip(self.spec.training.stop, self._memories, strict=True)

    def _add_figures(self, name: str, figures: dict[str, float]) -> Generator[None, None, None]:
        part = next((part for part in PARTS[1:] if name.startswith(part)), "train")
        if part == "train" and self.keeps_running_mean:
            figures.update(self.training_metrics())
            return
        for piece in self.evaluation(part):
            figures.update(piece)
            if not piece:
                yield

    def _keep_or_take_back(self, memory: Memory) -> None:
        if memory.has_fired and self._best is not None:
            self.parameters[:] = self._best
            self._best = None
            self.answers.clear()
        elif memory.waited == 0:  # There has been nothing better.
            if self._best is None:
                self._best = np.empty_like(self.parameters)
            self._best[:] = self.parameters

    @property
    def last_epoch(self) -> int | None:
        """The epoch at which a stop rule surely ends the run, if one does."""
        ends = [rule.epochs for rule, memory in self._rules() if isinstance(rule, AfterEpochs) and not memory.has_fired]
        return min(ends, default=None)

    # Where it stands

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next update, as the schedule has it."""
        return self._learning_rate_after(self._feed.cursor)

    @property
    def next_example(self) -> int:
        """The index, among the training examples, of the one that the next update by examples learns from."""
        return self._feed.next_index

    @property
    def is_epoch_start(self) -> bool:
        """Whether nothing of an epoch has been dealt yet, or all of it."""
        return self._feed.cursor == 0

    @property
    def batches_per_epoch(self) -> int:
        return -(-len(self._feed) // self._feed.batch_size)

    @property
    def batches_left(self) -> int:
        """How many updates are left in this epoch; a whole epoch's between epochs."""
        return self._feed.batches_left

    @property
    def nominal_epoch_s(self) -> float:
        """How long an epoch takes on a nominal machine: 20 billion operations a second, 10 µs an update.

        Where points lie depends on this and not on a clock, so that the same run gives the same points everywhere.
        """
        return 6 * self.parameters.size * len(self._feed) / 20e9 + self.batches_per_epoch * 10e-6

    @property
    def examples(self) -> int:
        """How many examples an epoch has."""
        return len(self._feed)

    @property
    def examples_left(self) -> int:
        """How many examples of the current epoch have not been dealt; all of them between epochs."""
        return len(self._feed) - self._feed.cursor

    @property
    def progress(self) -> float:
        """How much of the current epoch has passed, from 0 (also between epochs) to below 1."""
        return self._feed.cursor / len(self._feed)

    @property
    def is_finite(self) -> bool:
        """Whether all parameters, and the losses evaluated here, are numbers of a size that can be computed with."""
        with np.errstate(all="ignore"):
            return self._lost_at != self.step and bool(np.isfinite(np.dot(self.parameters, self.parameters)))

    def predict(self, inputs: ArrayLike) -> Array:
        """Return outputs, shape (n, outputs), for raw inputs: (n, 2) points, or (n, 784) pixels from 0 to 1."""
        with np.errstate(all="ignore"):
            return self.network.predict(self.data.encode_inputs(np.asarray(inputs, self.dtype)))

    def gradient(self, inputs: ArrayLike, targets: ArrayLike) -> Array:
        """Return the gradient of `objective` in the layout of `parameters`."""
        gradient = np.zeros_like(self.parameters)
        rows, t = self._encode(inputs, targets)
        with np.errstate(all="ignore"):
            BackwardPass(self.network, len(rows), self._loss, gradient)(rows.T, t)
            self.spec.training.regularizer.add_gradient(
                self.parameters, self.network.is_weight, gradient, np.empty_like(gradient)
            )
        return gradient

    def objective(self, inputs: ArrayLike, targets: ArrayLike) -> float:
        """Return what training descends: the mean loss of raw inputs and targets, and the regulariser's penalty."""
        rows, t = self._encode(inputs, targets)
        with np.errstate(all="ignore"):
            outputs = ForwardPass(self.network, len(rows))(rows.T)
            loss = self._loss.total(outputs, t) / len(rows)
            return loss + self.spec.training.regularizer.penalty(self.parameters, self.network.is_weight)

    def _encode(self, inputs: ArrayLike, targets: ArrayLike) -> tuple[Array, Array]:
        rows = self.data.encode_inputs(np.asarray(inputs, self.dtype))
        return rows, self.data.encode_targets(np.asarray(targets)).T

    def metrics(self) -> dict[str, float]:
        """Return the loss and every metric of each part of the data that exists, computed now.

        The training part of more than 5,000 examples gives its loss and accuracy, as running means over the epoch.
        """
        figures = self.training_metrics()
        for part in PARTS[1:]:
            for figures_of_part in self.evaluation(part):
                figures |= figures_of_part
        return figures

    def training_metrics(self) -> dict[str, float]:
        """Return the training part's figures: exact, or the running mean, or nothing before the first step."""
        if not self.keeps_running_mean:
            return list(self.evaluation("train"))[-1]
        if not self._counted:
            return {}
        right = {"accuracy": self._right / self._counted} if self.spec.data.dataset.classes else {}
        return self._figures("train", self._loss_sum, self._counted, right)

    def evaluation(self, part: str) -> Iterator[dict[str, float]]:
        """Evaluate a part in pieces of about a millisecond, yielding {} after each and its figures at the end."""
        if part not in self.data.parts:
            return
        examples, has_classes = self.data.parts[part], bool(self.spec.data.dataset.classes)
        chunk = max(64, min(1024, _CHUNK_PRODUCTS // self.parameters.size))
        total = 0.0
        classes: Array = np.zeros(len(examples), np.uint8)
        confidence: Array = np.empty(len(examples), self.dtype)
        for start in range(0, len(examples), chunk):
            stop = min(start + chunk, len(examples))
            with np.errstate(all="ignore"):
                outputs = self.forward_pass(stop - start)(examples.rows.between(start, stop).T)
                total += self._loss.total(outputs, examples.targets[start:stop].T)
                np.max(outputs, axis=0, out=confidence[start:stop])
                if has_classes:
                    classes[start:stop] = chosen_classes(outputs, self._threshold)
            if stop < len(examples):
                yield {}
        self.answers[part] = answers = Answers(self.step, classes, confidence)
        yield self._figures(part, total, len(examples), self._judged(examples, answers))

    def _judged(self, part: Part, answers: Answers) -> dict[str, float]:
        """Return every metric of what was said of a part of which something is known."""
        actual = part.labels(0, len(part))
        if classes := self.spec.data.dataset.classes:
            figures = figures_of_classes(confusion_matrix(actual, answers.classes, classes))
        else:
            with np.errstate(all="ignore"):
                figures = figures_of_numbers(actual, answers.confidence.astype(np.float64))
        return {name: figure for name, figure in figures.items() if math.isfinite(figure)}

    def _count_right(self, outputs: Array, t: Array) -> int:
        said, true = chosen_classes(outputs, self._threshold), chosen_classes(t, self._threshold)
        return int(np.count_nonzero(said == true))

    def forward_pass(self, size: int) -> ForwardPass:
        """Return a forward pass for batches of a size, its buffers kept for the next time."""
        if size not in self._forward_passes:
            if len(self._forward_passes) == _MOST_FORWARD_PASSES:
                self._forward_passes.pop(next(iter(self._forward_passes)))
            self._forward_passes[size] = ForwardPass(self.network, size)
        return self._forward_passes[size]

    def _figures(self, part: str, loss: float, count: int, judged: dict[str, float]) -> dict[str, float]:
        if not math.isfinite(loss):
            self._lost_at = self.step
        prefix = "" if part == "train" else f"{part}_"
        return {f"{prefix}loss": loss / count, **{prefix + name: figure for name, figure in judged.items()}}

    # Moments and snapshots

    def moment(self) -> Moment:
        """Return all that it takes to stand here again: a few microseconds where a snapshot takes hundreds."""
        cursor = self._feed.cursor
        return Moment(
            spec=self.spec,
            dtype=self.dtype.name,
            step=self.step,
            epoch=self.epoch,
            cursor=cursor,
            parameters=self.parameters.copy(),
            slots=self._slots.copy(),
            order=self._feed.order.astype(np.uint32) if cursor else None,
            best=None if self._best is None else self._best.copy(),
            generators=(state_of(self._feed.random), state_of(self._random)),
            slots_since=self._slots_since,
            judged_step=self._judged_step,
            memories=tuple((memory.best, memory.waited, memory.has_fired) for memory in self._memories),
            running=(self._loss_sum, self._right, self._counted),
            lost_at=self._lost_at,
        )

    @classmethod
    def at(cls, moment: Moment, like: Trainer | None = None) -> Trainer:
        """Return a trainer that stands where a moment was taken; from one `like` it, it takes the same data."""
        spec = moment.spec
        trainer = cls(spec, moment.dtype, None if like is None else like.data_for(spec))
        trainer.step, trainer.epoch = moment.step, moment.epoch
        trainer.parameters[:] = moment.parameters
        trainer._slots[:] = moment.slots
        if moment.order is not None:
            trainer._feed.resume(moment.cursor, moment.order.astype(np.int64))
        trainer._best = None if moment.best is None else moment.best.copy()
        set_state(trainer._feed.random, moment.generators[0])
        set_state(trainer._random, moment.generators[1])
        trainer._slots_since, trainer._judged_step = moment.slots_since, moment.judged_step
        trainer._memories = [Memory(*memory) for memory in moment.memories]
        trainer._loss_sum, trainer._right, trainer._counted = moment.running
        trainer._lost_at = moment.lost_at
        return trainer

    def snapshot(self, **extra: Any) -> bytes:
        """Return the whole state as an npz archive, and `extra`, which must fit into JSON, with it."""
        state = {
            "format": 1,
            "spec": self.spec.full(),
            "dtype": self.dtype.name,
            "step": self.step,
            "epoch": self.epoch,
            "cursor": self._feed.cursor,
            "random": self._feed.random.bit_generator.state,
            "noise": self._random.bit_generator.state,
            "slots_since": self._slots_since,
            "judged": self._judged_step,
            "memories": [[memory.best, memory.waited, memory.has_fired] for memory in self._memories],
            "running": [exact(self._loss_sum), self._right, self._counted],
            **extra,
        }
        order = self._feed.order if self._feed.cursor else self._feed.order[:0]
        best = {} if self._best is None else {"best": self._best}
        return pack(state, parameters=self.parameters, slots=self._slots, order=order.astype(np.uint32), **best)

    @classmethod
    def restore(cls, snapshot: bytes) -> Trainer:
        """Return a trainer that goes on as the one that gave the snapshot would have.

        Raises SnapshotError for bytes that are none, and pydantic's ValidationError for a spec that is not valid.
        """
        archive = Archive(snapshot)
        state = archive.state
        trainer = cls(archive.spec, archive.dtype)
        try:
            trainer._take_over(state, archive)
        except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
            raise SnapshotError(f"the snapshot does not fit its own spec: {str(error)[:200]}") from error
        return trainer

    def _take_over(self, state: dict[str, Any], archive: Archive) -> None:
        self.parameters[:] = archive.array("parameters", self.parameters.shape, self.dtype)
        self._slots[:] = archive.array("slots", self._slots.shape, self.dtype)
        cursor = count(state["cursor"], len(self._feed) - 1)
        if cursor:
            order = archive.array("order", (len(self._feed),), np.dtype(np.uint32)).astype(np.int64)
            if not np.array_equal(np.sort(order), np.arange(len(self._feed))):
                raise ValueError("the order is no permutation of the training examples")
            self._feed.resume(cursor, order)
        self._feed.random.bit_generator.state = state["random"]
        self.step = count(state["step"], 2**53)
        self.epoch = count(state["epoch"], 2**53)
        if "noise" in state:  # Snapshots from before there was any have none of these.
            self._random.bit_generator.state = state["noise"]
            self._slots_since = count(state["slots_since"], self.step)
            self._judged_step = count(state["judged"], self.step)
            self._memories = [_memory(*members) for members in state["memories"]]
            if len(self._memories) != len(self.spec.training.stop):
                raise ValueError("there are as many memories as stop rules, no more and no fewer")
        if archive.has("best"):
            self._best = archive.array("best", self.parameters.shape, self.dtype).copy()
        loss, right, counted = state["running"]
        self._loss_sum = float(loss)
        self._right, self._counted = count(right, len(self._feed)), count(counted, len(self._feed))


def _memory(best: Any, waited: Any, has_fired: Any) -> Memory:
    if best is not None and not isinstance(best, float):
        raise ValueError("the best figure is no number")
    return Memory(best, count(waited, 2**53), has_fired is True)
