"""PyTorch, eager, on one thread: its own modules and optimizers, batches cut from tensors already in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from engine import ExperimentSpec
from engine.data import Data

_ACTIVATIONS: dict[str, Any] = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}


def update(spec: ExperimentSpec) -> Callable[[int], None]:
    """Return a function that makes so many updates of the network."""
    torch.set_num_threads(1)
    part = Data(spec, "float32").parts["train"]
    x = torch.from_numpy(part.rows.between(0, len(part))[:, :-1].copy())
    is_classes = spec.data.dataset.task == "multiclass"
    t = torch.from_numpy(part.targets.argmax(axis=1) if is_classes else part.targets.copy())
    modules: list[Any] = []
    for inputs, units, activation in zip(spec.shape, spec.shape[1:], spec.activations, strict=False):
        modules.append(torch.nn.Linear(inputs, units))
        if activation.name in _ACTIVATIONS:  # Softmax is part of the loss.
            modules.append(_ACTIVATIONS[activation.name]())
    model = torch.nn.Sequential(*modules)
    loss: Any = torch.nn.CrossEntropyLoss() if is_classes else torch.nn.MSELoss()
    rate = spec.training.optimizer.learning_rate
    if spec.training.optimizer.name == "rmsprop":
        optimizer: Any = torch.optim.RMSprop(model.parameters(), lr=rate, alpha=0.9, eps=1e-7)
    else:
        optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    batch = spec.training.batch_size
    position, order = 0, torch.randperm(len(x))

    def run(count: int) -> None:
        nonlocal position, order
        for _ in range(count):
            if position >= len(x):
                position, order = 0, torch.randperm(len(x))
            chosen = order[position : position + batch]
            position += batch
            optimizer.zero_grad()
            loss(model(x[chosen]), t[chosen]).backward()
            optimizer.step()

    return run


def mnist_epoch(spec: ExperimentSpec) -> Callable[[int], None]:
    """Return a function that makes so many updates of the course's network."""
    return update(spec)
