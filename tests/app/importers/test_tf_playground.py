"""Links of TensorFlow Playground, read as it reads them itself."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.importers import Imported, import_spec
from app.importers.tf_playground import HIDE_KEYS, STATE_KEYS
from app.settings import Settings
from engine import ExperimentSpec, Trainer

LIMITS = Settings.model_construct().limits()

# What the program itself writes into its address on a first visit.
FIRST = (
    "#activation=tanh&batchSize=10&dataset=circle&regDataset=reg-plane&learningRate=0.03&regularizationRate=0&noise=0"
    "&networkShape=4,2&seed=0.08187&showTestData=false&discretize=false&percTrainData=50&x=true&y=true&xTimesY=false"
    "&xSquared=false&ySquared=false&cosX=false&sinX=false&cosY=false&sinY=false&collectStats=false"
    "&problem=classification&initZero=false&hideText=false"
)
# Differences that no link can say, so that every import tells them.
ALWAYS = {"biases_at_zero", "order_shuffled"}


def imported(text: str) -> Imported:
    return import_spec("tf-playground", text, LIMITS)


def spec_of(text: str) -> dict[str, Any]:
    return imported(text).spec.full()


def codes(text: str) -> set[tuple[str, str]]:
    return {(note.field, note.code) for note in imported(text).notes if note.code not in ALWAYS}


def at(document: Any, path: str) -> Any:
    for part in path.split("."):
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


def test_its_own_first_link_is_the_same_experiment() -> None:
    spec = spec_of(FIRST)

    assert spec["data"]["dataset"] == {"name": "circle", "samples": 500, "noise": 0.0}
    assert spec["data"]["split"] == {"train": 0.5, "validation": 0.0, "test": 0.5}
    assert spec["data"]["features"] == ["x", "y"]
    assert [layer["units"] for layer in spec["network"]["layers"]] == [4, 2]
    assert {layer["activation"]["name"] for layer in spec["network"]["layers"]} == {"tanh"}
    assert spec["network"]["output_activation"] == {"name": "tanh"}
    assert spec["network"]["initializer"] == {"name": "uniform", "limit": 0.5}
    assert spec["training"]["optimizer"]["name"] == "sgd"
    assert spec["training"]["optimizer"]["learning_rate"] == 0.03
    assert spec["training"]["loss"] == {"name": "mean_squared_error", "coefficient": 0.5}
    assert spec["training"]["batch_size"] == 10
    assert spec["training"]["regularizer"] == {"name": "none"}
    assert codes(FIRST) == {("seed", "other_numbers")}


def test_an_empty_fragment_is_its_default_experiment() -> None:
    without_seed = FIRST.replace("&seed=0.08187", "")

    assert spec_of("") == spec_of("#") == spec_of(without_seed)


def test_a_whole_address_and_a_bare_fragment_say_the_same() -> None:
    bare = "dataset=spiral&noise=10"

    assert spec_of(f"https://playground.tensorflow.org/#{bare}") == spec_of(f"#{bare}") == spec_of(bare)


@pytest.mark.parametrize(
    ("fragment", "path", "value"),
    [
        ("activation=relu", "network.layers.0.activation.name", "relu"),
        ("activation=sigmoid", "network.layers.1.activation.name", "sigmoid"),
        ("activation=linear", "network.layers.0.activation.name", "linear"),
        ("regularization=L1&regularizationRate=0.01", "training.regularizer", {"name": "l1", "rate": 0.01}),
        # Half the square there, the square here.
        ("regularization=L2&regularizationRate=0.01", "training.regularizer", {"name": "l2", "rate": 0.005}),
        ("regularization=L2&regularizationRate=10", "training.regularizer", {"name": "l2", "rate": 5.0}),
        ("regularization=L2", "training.regularizer", {"name": "l2", "rate": 0.0}),
        ("batchSize=30", "training.batch_size", 30),
        ("dataset=xor", "data.dataset.name", "xor"),
        ("dataset=gauss", "data.dataset.name", "gauss"),
        ("dataset=spiral", "data.dataset.name", "spiral"),
        ("problem=regression", "data.dataset", {"name": "plane", "samples": 1200, "noise": 0.0}),
        ("problem=regression&regDataset=reg-gauss", "data.dataset.name", "multi_gauss"),
        ("problem=regression", "network.output_activation.name", "linear"),
        ("problem=regression&dataset=xor", "data.dataset.name", "plane"),
        ("regDataset=reg-gauss", "data.dataset.name", "circle"),
        ("learningRate=0.00001", "training.optimizer.learning_rate", 0.00001),
        ("learningRate=10", "training.optimizer.learning_rate", 10.0),
        ("noise=50", "data.dataset.noise", 0.5),
        ("noise=80", "data.dataset.noise", 0.8),
        ("networkShape=", "network.layers", []),
        ("networkShape=8,8,8,8,8,8", "network.layers.5.units", 8),
        ("networkShape=1", "network.layers.0.units", 1),
        ("seed=0.52931", "data.seed", 52931),
        ("seed=0.52931", "network.seed", 52931),
        ("seed=0.52931", "training.seed", 52931),
        ("percTrainData=10", "data.split", {"train": 0.1, "validation": 0.0, "test": 0.9}),
        ("percTrainData=90", "data.split", {"train": 0.9, "validation": 0.0, "test": 0.1}),
        ("x=false", "data.features", ["y"]),
        ("x=false&y=false&xTimesY=true", "data.features", ["x_times_y"]),
        (
            "xTimesY=true&xSquared=true&ySquared=true&sinX=true&sinY=true",
            "data.features",
            ["x", "y", "x_squared", "y_squared", "x_times_y", "sin_x", "sin_y"],
        ),
        # Anything but false is true there.
        ("sinX=1", "data.features", ["x", "y", "sin_x"]),
        ("sinX=", "data.features", ["x", "y"]),
        ("initZero=true", "network.initializer", {"name": "zeros"}),
        # The last of equal keys counts; what comes after a second = does not.
        ("noise=10&noise=20", "data.dataset.noise", 0.2),
        ("noise=10=20", "data.dataset.noise", 0.1),
    ],
)
def test_each_key_means_what_it_means_there(fragment: str, path: str, value: Any) -> None:
    assert at(spec_of(fragment), path) == value
    told = codes(fragment) - {("seed", "other_numbers")}
    assert {code for _, code in told} <= {"rate_halved", "no_dead_weights"}


@pytest.mark.parametrize(
    ("fragment", "note", "path", "value"),
    [
        ("noise=90", ("noise", "adjusted"), "data.dataset.noise", 0.5),
        ("noise=-1", ("noise", "adjusted"), "data.dataset.noise", 0.0),
        ("noise=NaN", ("noise", "not_a_number"), "data.dataset.noise", 0.0),
        ("noise=1e999", ("noise", "not_a_number"), "data.dataset.noise", 0.0),
        ("learningRate=Infinity", ("learningRate", "not_a_number"), "training.optimizer.learning_rate", 0.03),
        ("learningRate=0", ("learningRate", "adjusted"), "training.optimizer.learning_rate", 0.03),
        ("learningRate=-1", ("learningRate", "adjusted"), "training.optimizer.learning_rate", 0.03),
        ("learningRate=1_0", ("learningRate", "not_a_number"), "training.optimizer.learning_rate", 0.03),
        ("batchSize=0", ("batchSize", "adjusted"), "training.batch_size", 10),
        ("batchSize=2.5", ("batchSize", "adjusted"), "training.batch_size", 2),
        ("batchSize=1e300", ("batchSize", "adjusted"), "training.batch_size", 65_536),
        ("percTrainData=0", ("percTrainData", "adjusted"), "data.split.train", 0.01),
        ("percTrainData=1000", ("percTrainData", "adjusted"), "data.split.train", 1.0),
        ("activation=swish", ("activation", "unknown_value"), "network.layers.0.activation.name", "tanh"),
        ("dataset=moons", ("dataset", "unknown_value"), "data.dataset.name", "circle"),
        ("problem=both", ("problem", "unknown_value"), "data.dataset.name", "circle"),
        ("regularization=l2", ("regularization", "unknown_value"), "training.regularizer.name", "none"),
        ("regularizationRate=0.1", ("regularizationRate", "without_effect"), "training.regularizer.name", "none"),
        (
            "regularization=L1&regularizationRate=99",
            ("regularizationRate", "adjusted"),
            "training.regularizer",
            {"name": "l1", "rate": 10.0},
        ),
        (
            "regularization=L1&regularizationRate=0.1",
            ("regularization", "no_dead_weights"),
            "training.regularizer.rate",
            0.1,
        ),
        (
            "regularization=L2&regularizationRate=0.1",
            ("regularizationRate", "rate_halved"),
            "training.regularizer.rate",
            0.05,
        ),
        ("networkShape=4,NaN,0,-3,2", ("networkShape", "not_a_number"), "network.layers.1.units", 2),
        ("networkShape=99999", ("networkShape", "adjusted"), "network.layers.0.units", LIMITS["units"]),
        ("networkShape=1e308,1", ("networkShape", "adjusted"), "network.layers.0.units", LIMITS["units"]),
        (
            "networkShape=" + "1," * 900 + "1",
            ("networkShape", "adjusted"),
            f"network.layers.{LIMITS['layers'] - 1}.units",
            1,
        ),
        ("networkShape=" + "1024," * 9 + "1024", ("networkShape", "over_limit"), "network.layers.1.units", 2),
        ("x=false&y=false", ("x", "no_features"), "data.features", ["x", "y"]),
        ("cosX=true", ("cosX", "no_such_feature"), "data.features", ["x", "y"]),
        ("cosY=true", ("cosY", "no_such_feature"), "data.features", ["x", "y"]),
        ("x_hide=true", ("x_hide", "hidden_feature"), "data.features", ["y"]),
        ("collectStats=true", ("collectStats", "no_counterpart"), "data.dataset.name", "circle"),
        ("tutorial=dp", ("tutorial", "no_counterpart"), "data.dataset.name", "circle"),
        ("momentum=0.9", ("momentum", "unknown_key"), "data.dataset.name", "circle"),
        ("optimizer_hide=true", ("optimizer_hide", "nothing_to_hide"), "data.dataset.name", "circle"),
    ],
)
def test_what_can_not_be_taken_is_noted_and_the_rest_is_taken(
    fragment: str, note: tuple[str, str], path: str, value: Any
) -> None:
    assert note in codes(fragment)
    assert at(spec_of(fragment), path) == value


def test_what_is_hidden_there_is_hidden_here() -> None:
    everything = imported("&".join(f"{key}=true" for key in HIDE_KEYS) + "&showTestData=true&discretize=true")
    nothing = imported("&".join(f"{key}=false" for key in HIDE_KEYS))

    assert len(set(everything.view.hidden)) == len(HIDE_KEYS)
    assert {"play", "step", "reset", "noise", "batch", "split"} <= set(everything.view.hidden)
    assert everything.view.show_others and everything.view.discretise
    assert nothing.view.hidden == () and not nothing.view.show_others and not nothing.view.discretise
    assert imported("hideText=true").view.hidden == ("header", "help")


def test_the_same_seed_is_the_same_experiment_and_any_text_is_a_seed() -> None:
    assert spec_of("seed=0.1") == spec_of("seed=0.1") != spec_of("seed=0.2")
    assert spec_of("seed=never mind") == spec_of("seed=never mind") != spec_of("seed=mind")


def test_its_first_update_is_the_one_made_there() -> None:
    """weight -= rate (mean of (a - t) slope input + regularisation · w), biases without regularisation."""
    text = "dataset=gauss&networkShape=&learningRate=0.3&regularization=L2&regularizationRate=0.1&batchSize=250"
    trainer = Trainer(imported(text).spec, "float64")
    before = trainer.parameters.copy()
    part = trainer.data.parts["train"]
    inputs, targets = part.inputs(0, 250), 2.0 * part.labels(0, 250) - 1
    outputs = trainer.predict(inputs)[:, 0]
    errors = (outputs - targets) * (1 - outputs**2)
    slopes = np.array([*(errors @ inputs / 250), errors.mean()])

    trainer.advance(1)

    expected = before - 0.3 * (slopes + 0.1 * before * [1, 1, 0])
    assert trainer.parameters == pytest.approx(expected, rel=1e-9)


KEYS = st.sampled_from([*STATE_KEYS, *HIDE_KEYS, "foo", "", "session", "token"])
VALUES = st.one_of(
    st.sampled_from(
        ["true", "false", "", "4,2", "L1", "L2", "regression", "spiral", "reg-gauss", "NaN", "-0", "1e309"]
    ),
    st.floats().map(str),
    st.integers().map(str),
    st.lists(st.integers(-5, 5000), max_size=12).map(lambda shape: ",".join(map(str, shape))),
    st.text(max_size=30),
)


@given(st.lists(st.tuples(KEYS, VALUES), max_size=20))
def test_whatever_a_link_says_comes_out_as_a_valid_spec(pairs: list[tuple[str, str]]) -> None:
    found = imported("#" + "&".join(f"{key}={value}" for key, value in pairs))

    document = json.loads(json.dumps(found.to_dict()))
    assert ExperimentSpec.model_validate(document["spec"]) == found.spec
    assert all(note["message"] and note["code"] for note in document["notes"])


@given(st.text(max_size=300))
def test_any_text_at_all_comes_out_as_a_valid_spec(text: str) -> None:
    assert imported(text).spec.data.dataset.name in ("circle", "xor", "gauss", "spiral", "plane", "multi_gauss")
