"""Stacks: a member gives the numbers of the same network trained alone, whatever its neighbours do."""

import time
from typing import Any

import numpy as np
import pytest

from engine import ExperimentSpec, SnapshotError, Stack, StackError, Trainer
from engine.registry import components

# Products are summed in another order than for a single network; what that makes of the weights in a hundred updates,
# relative to the largest of them. Where BLAS takes the same way for both, the numbers are equal to the last bit.
TOLERANCE = {"float32": 2e-5, "float64": 1e-12}


def spec(number: int = 0, **parts: dict[str, Any]) -> ExperimentSpec:
    """Return a spec that differs from others in its seeds, with members of its parts replaced."""
    document: dict[str, Any] = {
        "data": {"dataset": {"name": "xor", "samples": 60, "noise": 0.1}, "seed": number},
        "network": {"layers": [{"units": 4}, {"units": 3}], "seed": number},
        "training": {"batch_size": 7, "seed": number},
    }
    for part, members in parts.items():
        document[part] = {**document[part], **members}
    return ExperimentSpec.model_validate(document)


def agree(stack: Stack, specs: list[ExperimentSpec], steps: int) -> None:
    for index, each in enumerate(specs):
        alone = Trainer(each, stack.dtype)
        alone.advance(steps)
        largest = np.abs(alone.parameters).max()

        assert np.abs(stack.parameters[index] - alone.parameters).max() <= TOLERANCE[stack.dtype.name] * largest
        assert stack.metrics()[index] == pytest.approx(alone.metrics(), rel=1e-4, abs=1e-6)
        assert (stack.step, stack.epoch) == (alone.step, alone.epoch)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", components("optimizer"))
def test_a_member_gives_the_numbers_of_the_same_network_trained_alone(optimizer: str, dtype: str) -> None:
    layers: dict[str, Any] = {"layers": []} if optimizer == "perceptron_rule" else {}
    specs = [
        spec(
            number,
            network={"seed": number, **layers},
            training={"seed": number, "batch_size": 7, "optimizer": {"name": optimizer, "learning_rate": rate}},
        )
        for number, rate in enumerate((0.001, 0.01, 0.02))
    ]
    stack = Stack(specs, dtype)

    for steps in (1, 30, 69):
        stack.advance(steps)

    agree(stack, specs, 100)


@pytest.mark.parametrize("activation", components("activation"))
def test_every_activation_works_on_members(activation: str) -> None:
    layers = [{"units": 4, "activation": activation}, {"units": 3, "activation": activation, "dropout": 0.2}]
    specs = [spec(number, network={"layers": layers, "seed": number}) for number in range(3)]
    stack = Stack(specs)

    stack.advance(30)

    agree(stack, specs, 30)


@pytest.mark.parametrize("loss", components("loss"))
@pytest.mark.parametrize("dataset", ["xor", "blobs", "plane"])
def test_every_loss_works_on_members(loss: str, dataset: str) -> None:
    if dataset not in components("dataset"):
        pytest.skip(f"there is no data set {dataset}")
    data = {"dataset": {"name": dataset, "samples": 60}}
    try:
        specs = [spec(number, data={**data, "seed": number}, training={"loss": loss}) for number in range(3)]
    except ValueError:
        return  # This loss does not fit the task.
    stack = Stack(specs)

    stack.advance(30)

    agree(stack, specs, 30)


DIFFERENCES: dict[str, list[dict[str, Any]]] = {
    "optimizer": [{"name": "momentum", "momentum": value} for value in (0.5, 0.9, 0.9)],
    "regularizer": [{"name": "l2", "rate": 0.01}, {"name": "l1"}, {"name": "none"}],
    "clipping": [{"name": "clip_norm", "norm": 0.1}, {"name": "clip_value", "value": 0.01}, {"name": "none"}],
    "schedule": [{"name": "step_decay", "every": 1}, {"name": "exponential_decay"}, {"name": "constant"}],
}


@pytest.mark.parametrize("field", DIFFERENCES)
def test_members_may_differ_in_their_settings(field: str) -> None:
    specs = [spec(n, training={"batch_size": 7, field: value}) for n, value in enumerate(DIFFERENCES[field])]
    stack = Stack(specs)

    stack.advance(40)

    agree(stack, specs, 40)


def test_members_may_differ_in_warm_up_noise_initializer_and_data() -> None:
    specs = [
        spec(1, training={"warmup_epochs": 2, "input_noise": 0.3}),
        spec(2, network={"initializer": "normal", "layers": [{"units": 4}, {"units": 3}]}),
        spec(3, data={"dataset": {"name": "circle", "samples": 60}}),
    ]
    specs = [
        ExperimentSpec.model_validate({**each.full(), "training": {**each.training.model_dump(), "batch_size": 7}})
        for each in specs
    ]
    stack = Stack(specs)

    stack.advance(40)

    agree(stack, specs, 40)


def test_members_with_the_same_data_in_the_same_order_share_their_batches() -> None:
    specs = [
        spec(
            4, network={"seed": number}, training={"batch_size": 7, "optimizer": {"name": "sgd", "learning_rate": rate}}
        )
        for number, rate in enumerate((0.01, 0.1, 0.5))
    ]
    stack = Stack(specs)

    stack.advance(33)

    agree(stack, specs, 33)
    assert stack.member(2).snapshot() == Stack.restore(stack.snapshot()).member(2).snapshot()


def test_a_member_that_diverges_does_not_disturb_the_others() -> None:
    def pair(rate: float) -> list[ExperimentSpec]:
        settings = {"batch_size": 7, "loss": "mean_squared_error"}
        linear = {"layers": [{"units": 4, "activation": "linear"}], "output_activation": "linear"}
        return [
            spec(
                number,
                network={**linear, "seed": number},
                training={**settings, "seed": number, "optimizer": {"name": "sgd", "learning_rate": chosen}},
            )
            for number, chosen in enumerate((0.001, rate, 0.001))
        ]

    wild, tame = Stack(pair(100.0)), Stack(pair(0.001))

    wild.advance(200)
    tame.advance(200)

    assert wild.is_finite.tolist() == [True, False, True]
    assert wild.parameters[[0, 2]].tobytes() == tame.parameters[[0, 2]].tobytes()


def test_a_stack_that_is_cut_at_any_step_and_restored_goes_on_as_if_nothing_had_happened() -> None:
    layers = [{"units": 4, "dropout": 0.2}]
    specs = [
        spec(number, network={"layers": layers}, training={"batch_size": 7, "optimizer": "adam", "seed": number})
        for number in range(3)
    ]
    uncut = Stack(specs)
    for _ in range(12):
        ahead, uncut_ahead = Stack.restore(uncut.snapshot()), Stack(specs)

        ahead.advance(9)
        uncut_ahead.advance(uncut.step + 9)

        assert ahead.snapshot() == uncut_ahead.snapshot()
        uncut.advance(1)


def test_an_opened_member_goes_on_alone() -> None:
    specs = [spec(number) for number in range(3)]
    stack = Stack(specs)
    stack.advance(11)

    member = stack.member(1)
    member.advance(11)

    alone = Trainer(specs[1])
    alone.advance(22)
    assert member.parameters == pytest.approx(alone.parameters, rel=2e-5)
    assert (stack.step, member.step) == (11, 22)


def test_a_stack_keeps_the_running_mean_of_large_data() -> None:
    data = {"dataset": {"name": "xor", "samples": 6000}, "split": {"train": 1.0, "test": 0.0}}
    specs = [spec(number, data=data, training={"batch_size": 500}) for number in range(2)]
    stack = Stack(specs)

    stack.advance(5)

    agree(stack, specs, 5)
    assert all("loss" in figures for figures in stack.metrics())


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("network.layers", {"network": {"layers": [{"units": 4}]}}),
        ("network.layers[1].units", {"network": {"layers": [{"units": 4}, {"units": 2}]}}),
        ("network.layers[1].activation", {"network": {"layers": [{"units": 4}, {"units": 3, "activation": "relu"}]}}),
        ("network.layers[0].dropout", {"network": {"layers": [{"units": 4, "dropout": 0.1}, {"units": 3}]}}),
        (
            "network.output_activation",
            {"network": {"layers": [{"units": 4}, {"units": 3}], "output_activation": "tanh"}},
        ),
        ("data.features", {"data": {"features": ["x"]}}),
        ("data.dataset", {"data": {"dataset": "plane"}}),
        ("data.dataset.samples", {"data": {"dataset": {"name": "xor", "samples": 50}}}),
        ("training.batch_size", {"training": {"batch_size": 8}}),
        ("training.optimizer", {"training": {"optimizer": "adam", "batch_size": 7}}),
        ("training.loss", {"training": {"loss": "mean_squared_error", "batch_size": 7}}),
        ("training.stop", {"training": {"stop": ["epochs"], "batch_size": 7}}),
    ],
)
def test_specs_that_do_not_fit_together_are_refused_by_the_name_of_the_field(field: str, other: dict[str, Any]) -> None:
    with pytest.raises(StackError) as refusal:
        Stack([spec(), spec(1, **other)])

    assert refusal.value.field == field
    assert str(refusal.value).startswith(field)


def test_a_stack_of_none_is_refused() -> None:
    with pytest.raises(StackError, match="1 to"):
        Stack([])


def test_what_is_no_snapshot_of_a_stack_is_refused() -> None:
    snapshot = Stack([spec(), spec(1)]).snapshot()

    for damaged in (b"", b"NNSTACK1", snapshot[:-1], snapshot[:12], snapshot[8:], Trainer(spec()).snapshot()):
        with pytest.raises(SnapshotError):
            Stack.restore(damaged)
    one, other = Stack([spec()]), Stack([spec(1)])
    other.advance(1)
    with pytest.raises(SnapshotError, match="one place"):
        Stack.restore(one.snapshot() + other.snapshot()[8:])


def test_a_stack_takes_far_less_time_than_its_members_one_by_one() -> None:
    specs = [spec(number, data={"seed": 0, "dataset": {"name": "xor", "samples": 500}}) for number in range(100)]
    stack, alone = Stack(specs), Trainer(specs[0])

    def seconds(run: Any) -> float:
        times = []
        for _ in range(5):
            start = time.perf_counter()
            run(72)
            times.append(time.perf_counter() - start)
        return min(times)

    assert seconds(stack.advance) < 0.6 * len(specs) * seconds(alone.advance)
