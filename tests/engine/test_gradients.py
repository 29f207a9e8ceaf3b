"""The gradient that training follows, against central differences, for everything that is registered."""

import itertools

import numpy as np
import pytest
from pydantic import ValidationError

from engine import ExperimentSpec, Trainer
from engine.datasets import BuiltInDataset
from engine.registry import components

HIDDEN = 3
STEP = 1e-5


def spec(activation: str, loss: str, initializer: str, regularizer: str) -> ExperimentSpec | None:
    """Return a small experiment with these components, or None where no task admits their combination."""
    built_in = [name for name, kind in components("dataset").items() if issubclass(kind, BuiltInDataset)]
    for dataset in built_in:
        for output in (None, *components("activation")):
            try:
                return ExperimentSpec.model_validate(
                    {
                        "data": {"dataset": {"name": dataset, "samples": 100}},
                        "network": {
                            "layers": [{"units": HIDDEN, "activation": activation}] * 2,
                            "initializer": initializer,
                            "output_activation": output,
                        },
                        "training": {"loss": loss, "regularizer": regularizer},
                    }
                )
            except ValidationError:
                continue
    return None


def relative_error(spec: ExperimentSpec, examples: int = 5) -> float:
    """Return how far the gradient is from central differences, at a few parameters."""
    trainer = Trainer(spec, "float64")
    random = np.random.default_rng(3)
    # Away from zero weights, where ReLU and L1 have a corner.
    trainer.parameters[:] += random.choice([-1, 1], trainer.parameters.size) * random.uniform(
        0.01, 0.1, trainer.parameters.size
    )
    part = trainer.data.parts["train"]
    inputs = part.inputs(0, examples) * part.raw.scale
    targets = part.labels(0, examples)
    gradient = trainer.gradient(inputs, targets)
    chosen = random.choice(gradient.size, min(40, gradient.size), replace=False)
    differences = np.empty(len(chosen))
    for place, index in enumerate(chosen):
        value = trainer.parameters[index]
        trainer.parameters[index] = value + STEP
        above = trainer.objective(inputs, targets)
        trainer.parameters[index] = value - STEP
        differences[place] = (above - trainer.objective(inputs, targets)) / (2 * STEP)
        trainer.parameters[index] = value
    norm = float(np.linalg.norm(gradient[chosen]) + np.linalg.norm(differences))
    return float(np.linalg.norm(gradient[chosen] - differences)) / max(norm, 1e-9)


@pytest.mark.parametrize(("activation", "loss"), list(itertools.product(components("activation"), components("loss"))))
def test_the_gradient_is_that_of_the_objective(activation: str, loss: str) -> None:
    tried = 0
    for initializer, regularizer in itertools.product(components("initializer"), components("regularizer")):
        experiment = spec(activation, loss, initializer, regularizer)
        assert experiment is not None, "no task admits this"
        tried += 1

        assert relative_error(experiment) < 1e-6, (initializer, regularizer)
    assert tried == len(components("initializer")) * len(components("regularizer"))


@pytest.mark.parametrize("output", [name for name in components("activation") if name != "softmax"])
@pytest.mark.parametrize("dataset", ["xor"])
def test_the_gradient_holds_for_every_output_with_squared_error(output: str, dataset: str) -> None:
    experiment = ExperimentSpec.model_validate(
        {
            "data": {"dataset": {"name": dataset, "samples": 100}},
            "network": {"output_activation": output},
            "training": {"loss": "mean_squared_error"},
        }
    )

    assert relative_error(experiment) < 1e-6


def test_the_gradient_holds_for_softmax_with_squared_error_on_several_classes() -> None:
    experiment = ExperimentSpec.model_validate(
        {
            "data": {"dataset": {"name": "mnist", "samples": 100}},
            "network": {"layers": [{"units": 4}]},
            "training": {"loss": "mean_squared_error"},
        }
    )

    assert relative_error(experiment) < 1e-6


def test_the_gradient_has_the_layout_of_the_parameters() -> None:
    trainer = Trainer(ExperimentSpec.model_validate({"network": {"layers": []}}), "float64")
    x, y = 1.5, -0.5

    gradient = trainer.gradient([[x, y]], [1])

    slope = trainer.predict([[x, y]])[0, 0] - 1.0  # Cross-entropy with a sigmoid: dL/dz = a - t.
    np.testing.assert_allclose(gradient, [slope * x, slope * y, slope], rtol=1e-12)
