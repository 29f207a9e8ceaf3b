"""A trainer takes about as much memory as was told beforehand."""

import gc
import tracemalloc

import pytest

from engine import ExperimentSpec, Trainer, probes
from engine.footprint import footprint_bytes


def spec_of(units, batch_size, samples=500, optimizer="sgd", dataset="xor", activation="relu", dropout=0.0, **training):
    return ExperimentSpec.model_validate(
        {
            "data": {"dataset": {"name": dataset, **({} if dataset == "mnist" else {"samples": samples})}},
            "network": {"layers": [{"units": count, "activation": activation, "dropout": dropout} for count in units]},
            "training": {"optimizer": optimizer, "batch_size": batch_size, **training},
        }
    )


@pytest.mark.parametrize(
    "spec",
    [
        spec_of([100] * 10, 10),
        spec_of([440] * 10, 10),
        spec_of([440] * 10, 1000, samples=10_000, optimizer="rmsprop"),
        spec_of([100] * 10, 4999, samples=10_000),
        spec_of([100] * 10, 4998, samples=10_000, activation="gelu"),
        spec_of([100] * 10, 4997, samples=10_000, activation="sine"),
        spec_of([512], 128, optimizer="rmsprop", dataset="mnist"),
        spec_of([512], 8192, dataset="mnist"),
        spec_of([440] * 10, 2000, samples=5000, optimizer="nadam", dropout=0.5),
        spec_of([512], 2048, dataset="mnist", optimizer="adam", dropout=0.2, input_noise=0.1),
        spec_of([64], 8192, dataset="mnist", input_shift=2),
    ],
    ids=lambda spec: f"{spec.data.dataset.name}-{spec.parameter_count}-{spec.training.batch_size}",
)
def test_the_footprint_of_what_takes_megabytes_is_right_within_a_factor_of_two(spec):
    gc.collect()
    tracemalloc.start()
    trainer = Trainer(spec)
    trainer.advance(2)
    for part in trainer.data.parts:
        for _ in trainer.evaluation(part):
            pass
    if spec.data.dataset.inputs == 2:
        for _ in probes.unit_maps(trainer, 32):
            pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert 0.5 < peak / footprint_bytes(spec) < 2
