"""Layers put together: what Keras has as a layer each, the engine has as properties of a few."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.activations import Activation as EngineActivation
from engine.activations import Linear
from engine.keras.layers import Activation, Dense, Dropout, Flatten, GaussianNoise, InputLayer, Layer
from engine.keras.state import generator
from engine.network import Dropout as Mask
from engine.network import Network
from engine.regularizers import Regularizer

Array = NDArray[Any]
Change = Callable[[Array], object]


@dataclass
class Stage:
    """A Dense with the activation and the dropout that follow it."""

    dense: Dense
    activation: EngineActivation
    dropout: Dropout | None = None


@dataclass
class Assembly:
    """The stages of a network, and what stands before the first: noise and dropout of its inputs, in their order."""

    stages: list[Stage] = field(default_factory=list)
    before: list[Layer] = field(default_factory=list)

    @classmethod
    def of(cls, layers: Sequence[Layer]) -> Assembly:
        """Return what layers come to. Raises ValueError where the engine has nothing of the kind."""
        assembly = cls()
        for layer in layers:
            assembly._take(layer)
        return assembly

    def _take(self, layer: Layer) -> None:
        last = self.stages[-1] if self.stages else None
        if isinstance(layer, Dense):
            self.stages.append(Stage(layer, layer.activation.component))
        elif isinstance(layer, Activation):
            if last is None or last.dropout is not None:
                raise ValueError(f"{layer.name}: an activation is there right after a Dense only")
            if not isinstance(last.activation, Linear):
                raise ValueError(
                    f"{layer.name}: {last.dense.name} has the activation {last.activation.name} already; "
                    "give it none, or leave this one out"
                )
            last.activation = layer.activation.component
        elif isinstance(layer, Dropout):
            if layer.rate and last is None:
                self.before.append(layer)
            elif layer.rate and last is not None:
                if last.dropout is not None:
                    raise ValueError(
                        f"{layer.name}: {last.dropout.name} is there already; one is enough, at a higher rate"
                    )
                last.dropout = layer
        elif isinstance(layer, GaussianNoise):
            if last is not None:
                raise ValueError(
                    f"{layer.name}: noise is there before the first Dense only; take Dropout between layers"
                )
            self.before.append(layer)
        elif not isinstance(layer, Flatten | InputLayer):
            raise TypeError(f"{layer!r:.80} is no layer of engine.keras.layers; subclasses of Layer are not there")

    def network(self) -> Network:
        """Return a network with the layers' weights, which are views of its parameters from now on.

        Raises ValueError for a network that cannot be trained.
        """
        if not self.stages:
            raise ValueError("there is nothing to learn: add a Dense")
        last = self.stages[-1]
        if last.dropout is not None:
            raise ValueError(f"{last.dropout.name}: after the last Dense it would silence answers; put it before that")
        for stage in self.stages:
            if stage.activation.is_layerwise and stage.dense.units < 2:
                raise ValueError(
                    f"{stage.dense.name}: {stage.activation.name} shares 1 out among units, and here is one alone; "
                    "take sigmoid, or more units"
                )
        network = self._network([stage.activation for stage in self.stages])
        for stage, layer in zip(self.stages, network.layers, strict=True):
            matrix = layer.matrix(network.parameters)
            matrix[...] = stage.dense.matrix
            stage.dense.matrix = matrix
        return network

    def with_output(self, network: Network, output: EngineActivation) -> Network:
        """Return a network on the same parameters whose last activation is another."""
        other = self._network([*(stage.activation for stage in self.stages[:-1]), output])
        other.parameters = network.parameters
        return other

    def _network(self, activations: Sequence[EngineActivation]) -> Network:
        first = self.stages[0].dense
        assert first.input_shape is not None
        shape = [first.input_shape[0], *(stage.dense.units for stage in self.stages)]
        return Network(shape, activations, np.float32)

    @property
    def dropout(self) -> list[float]:
        """The share of units that each hidden layer silences."""
        return [stage.dropout.rate if stage.dropout else 0.0 for stage in self.stages[:-1]]

    @property
    def dropout_seed(self) -> int | None:
        """The seed of the first Dropout that has one: they all draw from one generator."""
        return next((stage.dropout.seed for stage in self.stages if stage.dropout and stage.dropout.seed), None)

    @property
    def regularizers(self) -> list[Regularizer | None]:
        """Each layer's regulariser."""
        found = [stage.dense.kernel_regularizer for stage in self.stages]
        return [regularizer.component if regularizer else None for regularizer in found]

    def changes_of_inputs(self) -> list[Change]:
        """Return what is done to the inputs of each batch, shape (inputs + 1, batch), the last row being ones."""
        return [_noise(layer) if isinstance(layer, GaussianNoise) else _input_dropout(layer) for layer in self.before]


def _noise(layer: GaussianNoise) -> Change:
    random = generator(layer.seed)

    def add_noise(x: Array) -> None:
        noise = random.standard_normal(x[:-1].shape, dtype=np.float32)
        x[:-1] += layer.stddev * noise

    return add_noise


def _input_dropout(layer: Any) -> Change:
    random = generator(layer.seed)
    masks: dict[int, Mask] = {}

    def drop(x: Array) -> None:
        inputs, size = x.shape[0] - 1, x.shape[1]
        if size not in masks:
            masks[size] = Mask(layer.rate, inputs, size, np.float32, random)
        masks[size](x[:-1])
        np.copyto(x, masks[size].extended)

    return drop
