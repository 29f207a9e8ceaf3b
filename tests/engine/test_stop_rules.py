"""Stop rules: when each is met, what a trainer makes of several, and what contradicts them."""

import io
import json
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from app.errors import Problem
from engine import ExperimentSpec, SnapshotError, Trainer
from engine.registry import components, find
from engine.spec import TrainingSpec
from engine.stop_rules import EarlyStopping, Memory, Plateau, Standing, StopRule, Target

SPLIT = {"train": 0.5, "validation": 0.2, "test": 0.3}
SMALL: dict[str, dict[str, Any]] = {
    "epochs": {"epochs": 2},
    "steps": {"steps": 5},
    "target": {"metric": "loss", "value": 1000.0},
    "early_stopping": {"patience": 1, "min_delta": 10.0},
    "plateau": {"patience": 1, "min_delta": 10.0},
}


def spec(*rules: Any, split: Any = SPLIT, dataset: Any = "xor", **training: Any) -> ExperimentSpec:
    data = {"dataset": {"name": dataset, "samples": 60}, "split": split}
    return ExperimentSpec.model_validate({"data": data, "training": {"batch_size": 7, **training, "stop": rules}})


def ends_after(rule: StopRule, figures: list[float]) -> int | None:
    """Return at the end of which epoch a rule ends a run with these figures, or None."""
    memory = Memory()
    for epoch, figure in enumerate(figures, 1):
        if rule.is_met(Standing(epoch, epoch, {rule.watched or "": figure}), memory):
            return epoch
    return None


@pytest.mark.parametrize(
    ("patience", "min_delta", "figures", "epoch"),
    [
        (2, 0.0, [5, 4, 4, 4], 4),  # As good as before is no better.
        (2, 0.0, [5, 4, 6, 3, 6, 6], 6),  # Something better, and the count begins anew.
        (0, 0.0, [5, 4, 4], 3),  # As in Keras, 0 does what 1 does.
        (1, 0.0, [5, 4, 4], 3),
        (2, 0.5, [5, 4.8, 4.6, 4.4], 3),  # Improvements count from the best, and must be large enough.
        (2, 0.5, [5, 4.8, 4.4, 4.3, 4.2], 5),
        (3, 0.0, [5, 4, 3, 2, 1], None),
    ],
)
@pytest.mark.parametrize("kind", [EarlyStopping, Plateau])
def test_patience_is_counted_as_keras_counts_it(
    kind: type[EarlyStopping], patience: int, min_delta: float, figures: list[float], epoch: int | None
) -> None:
    assert ends_after(kind(patience=patience, min_delta=min_delta), figures) == epoch


def test_a_target_is_reached_from_above_by_losses_and_from_below_by_accuracies() -> None:
    assert ends_after(Target(metric="test_loss", value=0.3), [0.5, 0.31, 0.3, 0.1]) == 3
    assert ends_after(Target(metric="validation_accuracy", value=0.9), [0.5, 0.89, 0.95]) == 3


@pytest.mark.parametrize("name", components("stop_rule"))
def test_every_rule_can_end_a_run_and_then_stays_silent(name: str) -> None:
    assert name in SMALL, "give it settings with which it ends a run soon"
    trainer = Trainer(spec({"name": name, **SMALL[name]}))

    rule = trainer.run(100)

    assert rule == find("stop_rule", name)(**SMALL[name])
    assert trainer.step < 100
    assert trainer.run(50) is None


@pytest.mark.parametrize("name", components("stop_rule"))
def test_a_rule_is_asked_at_the_same_steps_however_these_are_grouped(name: str) -> None:
    whole, single = (Trainer(spec({"name": name, **SMALL[name]}, "plateau")) for _ in range(2))

    whole.run(100)
    while single.run(1) is None:
        pass

    assert single.snapshot() == whole.snapshot()


def test_without_rules_run_is_advance() -> None:
    one, other = Trainer(spec()), Trainer(spec())

    assert one.run(30) is None
    other.advance(30)

    assert one.snapshot() == other.snapshot()


def test_the_best_weights_come_back_bit_for_bit() -> None:
    rule = {"name": "early_stopping", "patience": 3}
    optimizer = {"name": "adam", "learning_rate": 0.3}
    trainer, twin = (Trainer(spec(rule, optimizer=optimizer)) for _ in range(2))
    kept: dict[float, bytes] = {}
    while trainer.run(5) is None:
        pass
    while twin.step < trainer.step:
        twin.advance(5)
        if twin.is_epoch_start:
            kept.setdefault(twin.metrics()["validation_loss"], twin.parameters.tobytes())

    assert trainer.parameters.tobytes() == kept[min(kept)]
    assert trainer.parameters.tobytes() != twin.parameters.tobytes()


def test_the_last_weights_stay_where_the_best_are_not_asked_for() -> None:
    rule = {"name": "early_stopping", "patience": 3, "restore_best": False}
    trainer, twin = (Trainer(spec(rule, optimizer={"name": "adam", "learning_rate": 0.3})) for _ in range(2))

    trainer.run(1000)
    twin.advance(trainer.step)

    assert trainer.parameters.tobytes() == twin.parameters.tobytes()


def test_rules_that_stay_remember_when_others_change() -> None:
    trainer = Trainer(spec({"name": "plateau", "patience": 4, "min_delta": 10.0}))
    trainer.run(3 * trainer.batches_per_epoch)

    document = trainer.spec.training.model_dump(mode="json")
    document["stop"] = [{"name": "steps", "steps": 1000}, *document["stop"]]
    trainer.reconfigure(TrainingSpec.model_validate(document))

    rule = trainer.run(1000)
    assert (rule and rule.name, trainer.epoch) == ("plateau", 5)


@pytest.mark.parametrize(
    ("rules", "choices", "remedy"),
    [
        (["epochs", "early_stopping"], {"split": {"train": 0.5, "test": 0.5}}, "data.split.validation"),
        (
            ["epochs", {"name": "target", "metric": "test_loss"}],
            {"split": {"train": 1.0, "test": 0.0}},
            "data.split.test",
        ),
        (["epochs", "target"], {"dataset": "plane"}, "choose a loss"),
        (["early_stopping", {"name": "early_stopping", "patience": 3}], {}, "remove"),
        (["plateau", "plateau"], {}, "remove"),
    ],
    ids=str,
)
def test_a_rule_that_can_not_be_asked_is_refused_with_a_remedy(rules: list[Any], choices: Any, remedy: str) -> None:
    with pytest.raises(ValidationError) as caught:
        spec(*rules, **choices)

    (error,) = Problem.from_validation(caught.value).errors
    assert error["field"] == "training.stop[1]"
    assert remedy in error["message"]


@pytest.mark.parametrize(
    "changes",
    [
        {"memories": []},
        {"memories": [["0", 1, False]]},
        {"memories": [[None, -1, False]]},
        {"memories": 3},
        {"judged": -1},
        {"judged": 10**6},
        {"slots_since": 10**6},
        {"noise": {"bit_generator": "PCG64"}},
    ],
    ids=str,
)
def test_a_snapshot_that_lies_about_its_rules_is_refused(changes: dict[str, Any]) -> None:
    trainer = Trainer(spec("early_stopping"))
    trainer.run(20)
    arrays = dict(np.load(io.BytesIO(trainer.snapshot())))
    state = {**json.loads(bytes(arrays["state"])), **changes}
    file = io.BytesIO()
    np.savez(file, **{**arrays, "state": np.frombuffer(json.dumps(state).encode(), np.uint8)})

    assert "best" in arrays
    with pytest.raises(SnapshotError):
        Trainer.restore(file.getvalue())


def test_a_snapshot_from_before_there_were_rules_is_still_read() -> None:
    trainer = Trainer(spec(optimizer="rmsprop"))
    trainer.advance(11)
    arrays = dict(np.load(io.BytesIO(trainer.snapshot())))
    state = json.loads(bytes(arrays["state"]))
    for name in ("noise", "slots_since", "judged", "memories"):
        del state[name]
    for name in ("schedule", "warmup_epochs", "clipping", "input_noise", "stop"):
        del state["spec"]["training"][name]
    file = io.BytesIO()
    np.savez(file, **{**arrays, "state": np.frombuffer(json.dumps(state).encode(), np.uint8)})

    assert Trainer.restore(file.getvalue()).snapshot() == trainer.snapshot()
