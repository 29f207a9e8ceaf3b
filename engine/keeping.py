"""What one network keeps of what another has learned: the parameters that have a place in both."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.network import Network
from engine.spec import ExperimentSpec

Array = NDArray[Any]


def carry_over(before: ExperimentSpec, source: Network, after: ExperimentSpec, target: Network) -> int:
    """Copy into `target` what has a place there, and return how many parameters that are; the rest stay as they are.

    A weight has a place where both its ends have one, a bias where its unit has. Inputs are told by their names (of
    features and columns, pixels by their place), hidden units by their layer, counted from the inputs, and their number
    in it, outputs by their number where the task and the number of outputs are the same.
    """
    ends_before, ends_after = _ends(before), _ends(after)
    kept = 0
    for depth, old in enumerate(source.layers):
        is_output = old is source.layers[-1]
        # The output layer is always the last, wherever that is.
        place = len(target.layers) - 1 if is_output else depth
        if not is_output and depth >= len(target.layers) - 1:
            continue
        new = target.layers[place]
        rows = _shared(ends_before[depth], ends_after[place])
        columns = _shared(ends_before[depth + 1], ends_after[place + 1])
        from_, to = old.matrix(source.parameters), new.matrix(target.parameters)
        to[np.ix_(rows[1], columns[1])] = from_[np.ix_(rows[0], columns[0])]
        to[-1, columns[1]] = from_[-1, columns[0]]
        kept += (len(rows[0]) + 1) * len(columns[0])
    return kept


def _ends(spec: ExperimentSpec) -> list[list[tuple[Any, ...]]]:
    """Return the names of what weights lead from and to: the inputs, each hidden layer's units, the outputs."""
    hidden = [
        [("unit", depth, number) for number in range(layer.units)] for depth, layer in enumerate(spec.network.layers)
    ]
    outputs = [("output", spec.data.dataset.task, spec.outputs, number) for number in range(spec.outputs)]
    return [_inputs(spec), *hidden, outputs]


def _inputs(spec: ExperimentSpec) -> list[tuple[Any, ...]]:
    if spec.data.features:
        return [("feature", name) for name in spec.data.features]
    columns = getattr(spec.data.dataset, "columns", None)
    if columns is not None:
        return [("column", name) for name in columns]
    return [("pixel", number) for number in range(spec.data.network_inputs)]


def _shared(before: list[tuple[Any, ...]], after: list[tuple[Any, ...]]) -> tuple[list[int], list[int]]:
    """Return the places of the names that occur in both, in the one and in the other."""
    places = {name: place for place, name in enumerate(before)}
    pairs = [(places[name], place) for place, name in enumerate(after) if name in places]
    return [old for old, _ in pairs], [new for _, new in pairs]
