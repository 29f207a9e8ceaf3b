"""Presets keep what they promise."""

from engine import ExperimentSpec, Trainer
from engine.presets import PRESETS

REDUCED_EPOCHS = 3


def test_the_better_network_for_digits_learns_fast() -> None:
    document = PRESETS["mnist-best"].spec.full()
    document["training"]["schedule"]["epochs"] = REDUCED_EPOCHS - 1
    trainer = Trainer(ExperimentSpec.model_validate(document))

    trainer.advance(REDUCED_EPOCHS * trainer.batches_per_epoch)

    # `bench --only mnist_best` trains to the end, with three seeds.
    assert trainer.metrics()["test_accuracy"] >= 0.98


def test_a_falling_learning_rate_reaches_the_bottom_when_the_preset_ends() -> None:
    best = PRESETS["mnist-best"]
    trainer = Trainer(best.spec)
    steps = best.epochs * trainer.batches_per_epoch
    rates = [
        best.spec.training.learning_rate_after(step / trainer.batches_per_epoch)
        for step in (steps - 1, steps, steps + 9)
    ]

    assert 0 < rates[0] < 1e-4 * best.spec.training.optimizer.learning_rate
    assert rates[1:] == [0, 0]
