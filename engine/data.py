"""The data of an experiment: examples made from the spec, split, and turned into what the network takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.datasets import Examples
from engine.feed import Rows, extend
from engine.registry import find
from engine.spec import ExperimentSpec

Array = NDArray[Any]

PARTS = ("train", "validation", "test")


@dataclass(frozen=True)
class Part:
    """One part of the split: raw examples, the rows that a network takes, and targets of shape (n, outputs)."""

    raw: Examples
    chosen: Array | None
    rows: Rows
    targets: Array

    def __len__(self) -> int:
        return len(self.targets)

    def inputs(self, start: int, stop: int) -> Array:
        """Return raw inputs of a range of this part's examples, shape (n, inputs)."""
        return self.raw.inputs[start:stop] if self.chosen is None else self.raw.inputs[self.chosen[start:stop]]

    def labels(self, start: int, stop: int) -> Array:
        """Return raw targets of a range, shape (n,)."""
        return self.raw.targets[start:stop] if self.chosen is None else self.raw.targets[self.chosen[start:stop]]


class Data:
    """The parts of a spec's data that exist, by name."""

    def __init__(self, spec: ExperimentSpec, dtype: DTypeLike) -> None:
        self._spec = spec
        self._dtype = np.dtype(dtype)
        random = np.random.default_rng([spec.data.seed, 0])
        examples = spec.data.dataset.examples(random)
        counts = spec.data.split.counts(len(examples))
        self.parts: dict[str, Part] = {}
        if counts["train"] == len(examples):
            self.parts["train"] = self._part(examples, None)
        else:
            order = random.permutation(len(examples))
            if spec.data.dataset.classes:
                order = _stratified(order, examples.targets)
            start = 0
            for name, count in counts.items():
                if count:
                    self.parts[name] = self._part(examples, order[start : start + count])
                start += count
        own_validation = spec.data.dataset.validation_examples()
        if own_validation is not None:
            self.parts["validation"] = self._part(own_validation, None)
        if spec.data.dataset.has_own_test:
            self.parts["test"] = self._part(spec.data.dataset.test_examples(), None)
        self.parts = {name: self.parts[name] for name in PARTS if name in self.parts}

    def part_of(self, examples: Examples) -> Part:
        """Return examples from elsewhere as if they were a part of this data."""
        return self._part(examples, None)

    def _part(self, examples: Examples, chosen: Array | None) -> Part:
        labels = examples.targets if chosen is None else examples.targets[chosen]
        if self._spec.data.features:
            inputs = examples.inputs if chosen is None else examples.inputs[chosen]
            rows = Rows(self._featured(inputs), 1.0, self._dtype)
        else:
            rows = Rows(examples.inputs, examples.scale, self._dtype, chosen)
        return Part(examples, chosen, rows, self.encode_targets(labels))

    def _featured(self, points: Array) -> Array:
        x, y = points[:, 0], points[:, 1]
        features = [find("feature", name)().values(x, y) for name in self._spec.data.features]
        return np.stack(features, axis=1)

    def encode_inputs(self, inputs: Array) -> Array:
        """Return what the network takes, shape (n, network inputs + 1) with a last column of ones, for raw inputs."""
        if inputs.ndim != 2 or inputs.shape[1] != self._spec.data.dataset.inputs:
            raise ValueError(f"inputs have the shape {inputs.shape}; (n, {self._spec.data.dataset.inputs}) is due")
        return extend(self._featured(inputs) if self._spec.data.features else inputs, self._dtype)

    def encode_targets(self, targets: Array) -> Array:
        """Return targets of shape (n, outputs) as the loss takes them.

        Takes class numbers or figures of shape (n,) or (n, 1); what already has several columns is left as it is.
        """
        if targets.ndim == 2 and targets.shape[1] > 1:
            return targets.astype(self._dtype)
        targets = targets.reshape(-1)
        task = self._spec.data.dataset.task
        if task == "multiclass":
            return np.eye(self._spec.outputs, dtype=self._dtype)[targets.astype(np.int64)]
        if task == "binary":
            low, high = self._spec.target_range
            return np.where(targets > 0.5, high, low).astype(self._dtype)[:, None]
        return targets.astype(self._dtype)[:, None]


def _stratified(order: Array, classes: Array) -> Array:
    """Return the same examples so arranged that every stretch of them holds the classes in their proportions.

    Of n examples of a class, each with its place in `order`, the one at place k comes at the share k / n of the whole.
    So the first of every class come first, and a first part as large as there are classes lacks none of them.
    """
    shares: Array = np.empty(len(order))
    for number in np.unique(classes):
        places = np.flatnonzero(classes[order] == number)
        shares[places] = np.arange(len(places)) / len(places)
    return order[np.argsort(shares, kind="stable")]
