"""JAX on one thread: an epoch is one compiled scan over its batches; of many networks, one `vmap` over all of them.

The order of an epoch's examples is drawn by NumPy, which is faster at that than JAX on a processor.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} --xla_cpu_multi_thread_eigen=false".strip()
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp
import numpy as np

from engine import ExperimentSpec
from engine.data import Data


def update(spec: ExperimentSpec) -> Callable[[int], None]:
    """Return a function that makes so many updates, in whole epochs, of the toy network."""
    return _epochs(spec, ())


def stack(specs: Sequence[ExperimentSpec]) -> Callable[[int], None]:
    """Return a function that makes so many updates, in whole epochs, of so many toy networks at once."""
    return _epochs(specs[0], (len(specs),))


def _epochs(spec: ExperimentSpec, members: tuple[int, ...]) -> Callable[[int], None]:
    part = Data(spec, "float32").parts["train"]
    x, t = jnp.asarray(part.rows.between(0, len(part))[:, :-1]), jnp.asarray(part.targets)
    count, batch, rate = len(part), spec.training.batch_size, spec.training.optimizer.learning_rate
    random = np.random.default_rng(7)

    def loss(parameters: Any, chosen: Any) -> Any:
        a = x[chosen]
        for w, b in parameters:
            a = jnp.tanh(a @ w + b)
        return jnp.mean((a - t[chosen]) ** 2)

    def descend(parameters: Any, chosen: Any) -> Any:
        return jax.tree.map(lambda w, g: w - rate * g, parameters, jax.grad(loss)(parameters, chosen))

    step = jax.vmap(descend) if members else descend
    whole = count // batch * batch  # What is left over is a batch of its own, of another size.

    @partial(jax.jit, donate_argnums=0)
    def epoch(parameters: Any, batches: Any, rest: Any) -> Any:
        parameters = jax.lax.scan(lambda carry, chosen: (step(carry, chosen), None), parameters, batches)[0]
        return step(parameters, rest) if rest.shape[-1] else parameters

    parameters: Any = [
        (
            jnp.asarray(random.normal(0, 0.5, (*members, a, b)), jnp.float32),
            jnp.zeros((*members, b), jnp.float32),
        )
        for a, b in pairwise(spec.shape)
    ]

    def draw_order() -> Any:
        if not members:
            return random.permutation(count).astype(np.int32)
        return np.stack([random.permutation(count) for _ in range(members[0])]).astype(np.int32)

    def run(updates: int) -> None:
        nonlocal parameters
        for _ in range(updates // -(-count // batch)):
            order = draw_order()
            batches = np.moveaxis(order[..., :whole].reshape(*members, -1, batch), -2, 0)
            parameters = epoch(parameters, batches, order[..., whole:])
        jax.block_until_ready(parameters)

    return run
