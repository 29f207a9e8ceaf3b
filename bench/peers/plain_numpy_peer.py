"""Clear NumPy as in a textbook, one new array for every result."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from engine import ExperimentSpec
from engine.data import Data


def update(spec: ExperimentSpec) -> Callable[[int], None]:
    """Return a function that makes so many updates of the toy network."""
    part = Data(spec, "float32").parts["train"]
    x, t = part.rows.between(0, len(part))[:, :-1].copy(), part.targets
    random = np.random.default_rng(7)
    sizes = spec.shape
    weights = [random.normal(0, 0.5, (a, b)).astype(np.float32) for a, b in pairwise(sizes)]
    biases = [np.zeros(b, np.float32) for b in sizes[1:]]
    rate = spec.training.optimizer.learning_rate
    batch = spec.training.batch_size
    position, order = 0, random.permutation(len(x))

    def once() -> None:
        nonlocal position, order
        if position >= len(x):
            position, order = 0, random.permutation(len(x))
        chosen = order[position : position + batch]
        position += batch
        activations: list[Any] = [x[chosen]]
        for w, b in zip(weights, biases, strict=True):
            activations.append(np.tanh(activations[-1] @ w + b))
        delta = 2 * (activations[-1] - t[chosen]) / len(chosen) * (1 - activations[-1] ** 2)
        for layer in reversed(range(len(weights))):
            weight_gradient, bias_gradient = activations[layer].T @ delta, delta.sum(axis=0)
            if layer:
                delta = (delta @ weights[layer].T) * (1 - activations[layer] ** 2)
            weights[layer] -= rate * weight_gradient
            biases[layer] -= rate * bias_gradient

    def run(count: int) -> None:
        for _ in range(count):
            once()

    return run
