"""scikit-learn: its perceptron with SGD, an epoch for each `partial_fit`. Its output is linear, where ours is tanh."""

from __future__ import annotations

from collections.abc import Callable

from sklearn.neural_network import MLPRegressor

from engine import ExperimentSpec
from engine.data import Data


def update(spec: ExperimentSpec) -> Callable[[int], None]:
    """Return a function that makes so many updates, in whole epochs, of the toy network."""
    part = Data(spec, "float32").parts["train"]
    x, t = part.rows.between(0, len(part))[:, :-1].copy(), part.targets[:, 0]
    batch = spec.training.batch_size
    model = MLPRegressor(
        hidden_layer_sizes=tuple(spec.shape[1:-1]),
        activation="tanh",
        solver="sgd",
        alpha=0.0,
        batch_size=batch,
        learning_rate_init=2 * spec.training.optimizer.learning_rate,  # Its loss is half the squared error.
        momentum=0.0,
        nesterovs_momentum=False,
        random_state=7,
    )

    def run(updates: int) -> None:
        for _ in range(updates // -(-len(x) // batch)):
            model.partial_fit(x, t)

    return run
