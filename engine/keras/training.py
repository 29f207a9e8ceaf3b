"""What `compile` and the layers come to: updates of the engine, and the figures that are gathered meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.activations import Sigmoid
from engine.keras.assembly import Assembly
from engine.keras.losses import Loss
from engine.keras.metrics import (
    BinaryAccuracy,
    CategoricalAccuracy,
    Mean,
    Metric,
    Precision,
    SparseCategoricalAccuracy,
)
from engine.keras.optimizers import Optimizer
from engine.keras.state import generator
from engine.network import ForwardPass, Network
from engine.updates import Updates

Array = NDArray[Any]

_MOST_FORWARD_PASSES = 8


class Training:
    """A network on its way: `update` moves it, `evaluate` does not; both gather `figures` until `begin` is called.

    Batches have the shape (inputs + 1, batch) with a last row of ones, their targets (outputs, batch).
    """

    def __init__(
        self, assembly: Assembly, network: Network, loss: Loss, optimizer: Optimizer, metrics: Sequence[Metric]
    ) -> None:
        self.loss = loss
        self.optimizer = optimizer
        self.metrics = metrics
        self._network = _trainable(assembly, network, loss)
        self._forward_passes: dict[int, ForwardPass] = {}
        self._regularizers = [
            (regularizer, slice(layer.start, layer.stop))
            for regularizer, layer in zip(assembly.regularizers, network.layers, strict=True)
            if regularizer is not None
        ]
        self._penalty = 0.0  # Of the weights that gave the newest outputs.
        self._is_weight = network.is_weight if self._regularizers else np.zeros(0)
        self._updates = Updates(
            self._network,
            loss.component,
            optimizer.component,
            optimizer.slots_for(network.parameters),
            assembly.dropout,
            generator(assembly.dropout_seed),
        )
        self._updates.changes_of_inputs += assembly.changes_of_inputs()
        self._add_changes_of_gradient(assembly)
        # A metric sees what the model says; where that is a sum, the fused output has made a probability of it.
        self._sees_sums = loss.from_logits and isinstance(self._network.layers[-1].activation, Sigmoid)
        self._check_metrics()
        self._mean_loss = Mean(name="loss")
        self.begin()

    def _add_changes_of_gradient(self, assembly: Assembly) -> None:
        changes, gradient = self._updates.changes_of_gradient, self._updates.gradient
        if self._regularizers:
            changes.append(self._add_penalty_gradients)
        views = [layer.matrix(gradient) for layer in self._network.layers]
        without = [view[-1] for stage, view in zip(assembly.stages, views, strict=True) if not stage.dense.use_bias]
        changes += [lambda biases=biases: biases.fill(0) for biases in without]  # type: ignore[misc]
        if (part_clipping := self.optimizer.part_clipping) is not None:
            for layer in self._network.layers:
                end = layer.stop - layer.units
                for part in (gradient[layer.start : end], gradient[end : layer.stop]):
                    changes.append(lambda part=part: part_clipping.clip(part))  # type: ignore[misc]
        if self.optimizer.clipping is not None:
            self._updates.clip(self.optimizer.clipping)

    def _check_metrics(self) -> None:
        fitting: tuple[type[Metric], ...] = (CategoricalAccuracy, SparseCategoricalAccuracy)
        fitting += (BinaryAccuracy, Precision) if self._sees_sums else ()
        for metric in self.metrics:
            if self.loss.from_logits and not isinstance(metric, fitting):
                raise ValueError(
                    f"the metric {metric.name} is not there with from_logits=True; give the last Dense its activation"
                )

    # Batches

    def update(self, x: Array, t: Array) -> None:
        """Move the network by a batch."""
        optimizer = self.optimizer
        self._updates.rate[...] = optimizer.component.factors(optimizer.learning_rate, optimizer.iterations + 1)
        outputs = self._updates(x, t)
        optimizer.iterations += 1
        self._gather(outputs, t)

    def evaluate(self, x: Array, t: Array) -> None:
        """Take a batch into the figures."""
        if self._regularizers:
            self._penalty = self._penalties()
        self._gather(self._forward_pass(x.shape[1])(x), t)

    def _forward_pass(self, size: int) -> ForwardPass:
        if size not in self._forward_passes:
            if len(self._forward_passes) == _MOST_FORWARD_PASSES:
                self._forward_passes.clear()
            self._forward_passes[size] = ForwardPass(self._network, size)
        return self._forward_passes[size]

    def _add_penalty_gradients(self) -> None:
        self._penalty = self._penalties()
        parameters, gradient = self._network.parameters, self._updates.gradient
        for regularizer, cut in self._regularizers:
            scratch = np.empty_like(gradient[cut])
            regularizer.add_gradient(parameters[cut], self._is_weight[cut], gradient[cut], scratch)

    def _penalties(self) -> float:
        """Return what Keras adds to the loss of every batch."""
        parameters = self._network.parameters
        return sum(
            regularizer.penalty(parameters[cut], self._is_weight[cut]) for regularizer, cut in self._regularizers
        )

    # Figures

    def begin(self) -> None:
        """Forget what has been gathered."""
        self._mean_loss.reset_state()
        for metric in self.metrics:
            metric.reset_state()

    def figures(self) -> dict[str, float]:
        """Return the loss and the metrics over all batches since `begin`, by their names."""
        return {metric.name: float(metric.result()) for metric in (self._mean_loss, *self.metrics)}

    def _gather(self, outputs: Array, t: Array) -> None:
        size = t.shape[1]
        self._mean_loss.add(self.loss.component.total(outputs, t) / size + self._penalty, size)
        if not self.metrics:
            return
        said = np.log(outputs / (1 - outputs)) if self._sees_sums else outputs
        for metric in self.metrics:
            metric.update_state(t.T, said.T)


def _trainable(assembly: Assembly, network: Network, loss: Loss) -> Network:
    """Return the network with the output that the loss wants. Raises ValueError where the two do not go together."""
    last, wanted = assembly.stages[-1], loss.output_activation
    if wanted is None or (last.activation == wanted and not loss.from_logits):
        return network
    name = type(loss).__name__
    if not loss.from_logits:
        raise ValueError(
            f"{name} needs probabilities: give {last.dense.name}, the last Dense, activation='{wanted.name}' "
            f"instead of '{last.activation.name}', or the loss from_logits=True"
        )
    if not last.activation.is_identity:
        raise ValueError(
            f"{name}: from_logits=True needs a last Dense without activation, and {last.dense.name} has "
            f"'{last.activation.name}'"
        )
    return assembly.with_output(network, wanted)
