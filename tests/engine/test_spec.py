"""The ExperimentSpec: its defaults, its full form, and what it says of mistakes."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import PydanticUndefined

from app.errors import Problem
from engine import ExperimentSpec, Trainer
from engine.catalog import _MODELS, catalog
from engine.datasets import GivenDataset, PlaneDataset
from engine.registry import components, field_schemas, kinds

DEFAULTS_OF_VERSION_1 = {
    "version": 1,
    "data": {
        "dataset": {"name": "xor", "samples": 500, "noise": 0.1},
        "split": {"train": 0.5, "validation": 0.0, "test": 0.5},
        "features": ["x", "y"],
        "seed": 7,
    },
    "network": {
        "layers": [
            {"units": 4, "activation": {"name": "tanh"}, "dropout": 0.0},
            {"units": 2, "activation": {"name": "tanh"}, "dropout": 0.0},
        ],
        "initializer": {"name": "glorot_uniform"},
        "output_activation": None,
        "seed": 7,
    },
    "training": {
        "optimizer": {"name": "sgd", "learning_rate": 0.03},
        "schedule": {"name": "constant"},
        "warmup_epochs": 0.0,
        "loss": {"name": "auto"},
        "batch_size": 10,
        "regularizer": {"name": "none"},
        "clipping": {"name": "none"},
        "input_shift": 0,
        "input_noise": 0.0,
        "stop": [],
        "seed": 7,
    },
}
FIELD_DEFAULTS_OF_VERSION_1 = {
    "dataset": {
        "xor": {"samples": 500, "noise": 0.0},
        "linear": {"samples": 500, "noise": 0.0},
        "circle": {"samples": 500, "noise": 0.0},
        **{
            name: {"samples": 500, "noise": 0.0}
            for name in ("gauss", "spiral", "moons", "rings", "spiral_arms", "plane", "multi_gauss", "saddle")
        },
        "checkerboard": {"samples": 500, "noise": 0.0, "squares": 4},
        "sides": {"samples": 500, "noise": 0.0, "function": "sine"},
        "truth_table": {"gate": "and"},
        "blobs": {"samples": 500, "noise": 0.0, "classes": 3},
        "noisy_sine": {"samples": 500, "noise": 0.2},
        "mnist": {"samples": 60_000},
        # What has no default of its own must be given, or follows from the other fields.
        "points": {"points": PydanticUndefined, "task": PydanticUndefined},
        "table": {
            "id": PydanticUndefined,
            "split_column": None,
            "target": PydanticUndefined,
            "columns": PydanticUndefined,
            "task": PydanticUndefined,
            "scaled": True,
        },
    },
    "optimizer": {
        "sgd": {"learning_rate": 0.01},
        "momentum": {"learning_rate": 0.01, "momentum": 0.9},
        "nesterov": {"learning_rate": 0.01, "momentum": 0.9},
        "adagrad": {"learning_rate": 0.001, "initial_accumulator_value": 0.1, "epsilon": 1e-7},
        "adadelta": {"learning_rate": 0.001, "rho": 0.95, "epsilon": 1e-7},
        "rmsprop": {"learning_rate": 0.001, "rho": 0.9, "epsilon": 1e-7},
        "adam": {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
        "adamw": {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "weight_decay": 0.004},
        "nadam": {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
        "perceptron_rule": {"learning_rate": 1.0},
    },
    "schedule": {
        "constant": {},
        "step_decay": {"factor": 0.5, "every": 10},
        "exponential_decay": {"rate": 0.96},
        "cosine_decay": {"epochs": 100, "floor": 0.0},
        "inverse_time_decay": {"rate": 0.1},
    },
    "clipping": {"none": {}, "clip_norm": {"norm": 1.0}, "clip_value": {"value": 0.5}},
    "stop_rule": {
        "epochs": {"epochs": 100},
        "steps": {"steps": 1000},
        "target": {"metric": "accuracy", "value": 0.95},
        "early_stopping": {"patience": 10, "min_delta": 0.0, "restore_best": True},
        "plateau": {"patience": 20, "min_delta": 0.0001},
    },
    "activation": {
        "linear": {},
        "step": {},
        "sigmoid": {},
        "tanh": {},
        "relu": {},
        "leaky_relu": {"negative_slope": 0.2},
        "elu": {"alpha": 1.0},
        "gelu": {},
        "softplus": {},
        "swish": {},
        "mish": {},
        "sine": {},
        "softmax": {},
    },
    "loss": {
        "auto": {},
        "mean_squared_error": {"coefficient": 1.0},
        "mean_absolute_error": {},
        "huber": {"delta": 1.0},
        "hinge": {},
        "perceptron": {},
        "binary_crossentropy": {},
        "categorical_crossentropy": {},
    },
    "regularizer": {"none": {}, "l1": {"rate": 0.001}, "l2": {"rate": 0.001}, "l1_l2": {"l1": 0.001, "l2": 0.001}},
    "initializer": {
        "zeros": {},
        "constant": {"value": 0.0},
        "uniform": {"limit": 0.5},
        "normal": {"stddev": 0.05},
        "glorot_uniform": {},
        "glorot_normal": {},
        "he_uniform": {},
        "he_normal": {},
        "lecun_uniform": {},
        "lecun_normal": {},
    },
}


def errors(document: Any) -> list[dict[str, Any]]:
    """Return the fields at fault in a document, as a client is told."""
    with pytest.raises(ValidationError) as caught:
        ExperimentSpec.model_validate(document)
    return Problem.from_validation(caught.value).errors


def test_the_defaults_belong_to_the_version() -> None:
    assert ExperimentSpec().full() == DEFAULTS_OF_VERSION_1
    assert ExperimentSpec.model_validate({}).full() == DEFAULTS_OF_VERSION_1


@pytest.mark.parametrize("kind", FIELD_DEFAULTS_OF_VERSION_1)
def test_the_defaults_of_components_belong_to_the_version(kind: Any) -> None:
    found = {
        name: {field: info.default for field, info in component.model_fields.items()}
        for name, component in components(kind).items()
    }

    assert found == FIELD_DEFAULTS_OF_VERSION_1[kind]


def test_a_bare_name_is_taken_for_the_component_and_answered_in_full() -> None:
    spec = ExperimentSpec.model_validate(
        {"data": {"dataset": "circle", "features": [{"name": "x"}, "sin_y"]}, "training": {"optimizer": "rmsprop"}}
    )

    assert spec.full()["data"]["dataset"] == {"name": "circle", "samples": 500, "noise": 0.0}
    assert spec.full()["data"]["features"] == ["x", "sin_y"]
    assert spec.full()["training"]["optimizer"]["rho"] == 0.9


def test_other_peoples_names_are_understood_and_answered_with_ours() -> None:
    for kind in kinds():
        for name, component in components(kind).items():
            base: Any = next(parent for parent in component.__mro__ if "kind" in vars(parent))
            for alias in component.aliases:
                assert alias not in components(kind)
                assert base.model_validate(alias) == component.model_validate(name)
    spec = ExperimentSpec.model_validate({"network": {"output_activation": "silu"}, "training": {"loss": "mse"}})
    assert spec.full()["network"]["output_activation"] == {"name": "swish"}
    assert spec.full()["training"]["loss"] == {"name": "mean_squared_error", "coefficient": 1.0}


@pytest.mark.parametrize("loss", ["hinge", "perceptron"])
def test_a_loss_that_needs_signs_takes_a_linear_output_unless_told_otherwise(loss: str) -> None:
    natural = ExperimentSpec.model_validate({"training": {"loss": loss}})
    chosen = ExperimentSpec.model_validate({"training": {"loss": loss}, "network": {"output_activation": "tanh"}})

    assert (natural.output_activation.name, natural.target_range) == ("linear", (-1.0, 1.0))
    assert (chosen.output_activation.name, chosen.target_range) == ("tanh", (-1.0, 1.0))


def test_the_full_form_means_the_same_spec() -> None:
    for preset in catalog()["presets"]:
        spec = ExperimentSpec.model_validate(preset["spec"])

        assert ExperimentSpec.model_validate(json.loads(json.dumps(spec.full()))) == spec


def test_a_data_set_with_a_test_set_of_its_own_takes_null_for_the_share_of_it() -> None:
    spec = ExperimentSpec.model_validate({"data": {"dataset": "mnist", "split": {"validation": 0.1}}})

    assert spec.full()["data"]["split"] == {"train": 0.9, "validation": 0.1, "test": None}
    assert errors({"data": {"dataset": "mnist", "split": {"train": 0.5, "test": 0.5}}})[0]["field"] == "data.split.test"


@pytest.mark.parametrize(
    ("document", "field", "code"),
    [
        ({"colour": 1}, "colour", "unknown_field"),
        ({"version": 2}, "version", "unknown_name"),
        ({"network": {"layers": [{}, {}, {"units": 0}]}}, "network.layers[2].units", "too_small"),
        ({"network": {"layers": [{"units": 10**9}]}}, "network.layers[0].units", "too_large"),
        ({"network": {"layers": [{"units": "4"}]}}, "network.layers[0].units", "wrong_type"),
        ({"network": {"layers": [{"units": True}]}}, "network.layers[0].units", "wrong_type"),
        ({"network": {"layers": [{"activation": "softplus2"}]}}, "network.layers[0].activation", "unknown_name"),
        ({"network": {"layers": 3}}, "network.layers", "wrong_type"),
        ({"training": {"optimizer": {"name": "sgd", "learning_rate": float("nan")}}},
         "training.optimizer.learning_rate", "not_finite"),
        ({"training": {"optimizer": {"name": "sgd", "learning_rate": -1}}},
         "training.optimizer.learning_rate", "too_small"),
        ({"training": {"optimizer": {"name": "sgd", "rho": 0.5}}}, "training.optimizer.rho", "unknown_field"),
        ({"training": {"optimizer": {}}}, "training.optimizer", "missing"),
        ({"training": {"optimizer": 3}}, "training.optimizer", "wrong_type"),
        ({"training": {"loss": "categorical_crossentropy"}}, "training.loss", "contradiction"),
        ({"training": {"loss": "binary_crossentropy"}, "network": {"output_activation": "tanh"}},
         "network.output_activation", "contradiction"),
        ({"network": {"output_activation": "softmax"}}, "network.output_activation", "contradiction"),
        ({"training": {"loss": "hinge"}, "network": {"output_activation": "sigmoid"}},
         "network.output_activation", "contradiction"),
        ({"training": {"loss": "perceptron"}, "network": {"output_activation": "step"}},
         "network.output_activation", "contradiction"),
        ({"data": {"dataset": "mnist"}, "training": {"loss": "hinge"}}, "training.loss", "contradiction"),
        ({"network": {"layers": [{"units": 1, "activation": "softmax"}]}}, "network.layers[0]", "contradiction"),
        ({"data": {"split": {"train": 0.9}}}, "data.split", "split_sum"),
        ({"data": {"dataset": {"name": "xor", "samples": 10},
                   "split": {"train": 0.46, "validation": 0.04, "test": 0.5}}},
         "data.split.validation", "contradiction"),
        ({"data": {"dataset": {"name": "xor", "samples": 10}, "split": {"train": 0.96, "test": 0.04}}},
         "data.split.test", "contradiction"),
        ({"data": {"dataset": {"name": "blobs", "samples": 10, "classes": 6}}}, "data.split.train", "contradiction"),
        ({"data": {"dataset": "truth_table", "split": {"train": 0.5, "test": 0.5}}},
         "data.split.train", "contradiction"),
        ({"data": {"dataset": "truth_table", "split": {"train": 0.8, "test": 0.2}}},
         "data.split.train", "contradiction"),
        ({"data": {"dataset": "plane"}, "training": {"loss": "binary_crossentropy"}}, "training.loss", "contradiction"),
        ({"data": {"dataset": "plane"}, "training": {"loss": "hinge"}}, "training.loss", "contradiction"),
        ({"data": {"dataset": "plane"}, "network": {"output_activation": "softmax"}},
         "network.output_activation", "contradiction"),
        ({"data": {"dataset": {"name": "truth_table", "gate": "nand"}}}, "data.dataset.gate", "unknown_name"),
        ({"data": {"features": []}}, "data.features", "too_small"),
        ({"data": {"features": ["x", "x"]}}, "data.features", "duplicate"),
        ({"data": {"features": ["x", "z"]}}, "data.features[1]", "unknown_name"),
        ({"data": {"dataset": "mnist", "features": ["x"]}}, "data.features", "contradiction"),
        ({"training": {"input_shift": 1}}, "training.input_shift", "contradiction"),
        ({"data": {"seed": -1}}, "data.seed", "too_small"),
        ([], "body", "wrong_type"),
        (None, "body", "wrong_type"),
    ],
    ids=str,
)  # fmt: skip
def test_a_mistake_is_answered_with_field_and_code(document: Any, field: str, code: str) -> None:
    found = errors(document)

    assert [(error["field"], error["code"]) for error in found] == [(field, code)]
    assert found[0]["message"]


def test_unknown_names_are_answered_with_the_valid_ones() -> None:
    (error,) = errors({"training": {"optimizer": "adamax"}})

    assert error["limit"] == list(components("optimizer"))
    assert "momentum" in error["message"]


def test_all_mistakes_are_told_at_once() -> None:
    found = errors({"network": {"layers": [{"units": -1}], "seed": -1}, "training": {"batch_size": 0}})

    assert {error["field"] for error in found} == {"network.layers[0].units", "network.seed", "training.batch_size"}


def bounded_fields() -> list[tuple[Any, str, dict[str, Any]]]:
    """Return every numeric field of a component or of a part of a spec: its model, its name and its schema."""
    models = [component for kind in kinds() for component in components(kind).values()]
    return [
        (model, field, schema)
        for model in [*models, *_MODELS.values()]
        if not issubclass(model, GivenDataset)  # Their fields are no sliders.
        for field, schema in field_schemas(model).items()
        if schema.get("type") in ("number", "integer")
    ]


@pytest.mark.parametrize(
    ("model", "field", "schema"), bounded_fields(), ids=lambda value: getattr(value, "__name__", str(value)[:20])
)
def test_every_number_has_bounds_that_hold(model: Any, field: str, schema: Any) -> None:
    step = 1 if schema["type"] == "integer" else 1e-6
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    assert low is not None and high is not None, "a field without bounds has no slider and no limit"

    for value, is_valid in (
        (low - step, False),
        (low, "minimum" in schema),
        (low + step, True),
        (high - step, True),
        (high, "maximum" in schema),
        (high + step, False),
    ):
        if is_valid:
            model.model_validate({field: value})
        else:
            with pytest.raises(ValidationError):
                model.model_validate({field: value})


def choices() -> list[tuple[str, str, str, dict[str, Any]]]:
    return [
        (kind, name, field, schema)
        for kind in kinds()
        for name, component in components(kind).items()
        for field, schema in field_schemas(component).items()
        if "enum" in schema and not issubclass(component, GivenDataset)
    ]


@pytest.mark.parametrize(("kind", "name", "field", "schema"), choices(), ids=lambda value: str(value)[:20])
def test_every_choice_has_words_and_takes_nothing_else(kind: Any, name: str, field: str, schema: Any) -> None:
    for choice in schema["enum"]:
        assert all(schema["choices"][choice][language] for language in ("en", "it"))
        components(kind)[name].model_validate({field: choice})
    with pytest.raises(ValidationError):
        components(kind)[name].model_validate({field: "another"})


def component_strategy(kind: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(list(components(kind)))


@given(
    dataset=st.sampled_from([name for name, kind in components("dataset").items() if issubclass(kind, PlaneDataset)]),
    samples=st.integers(10, 60),
    layers=st.lists(st.tuples(st.integers(1, 5), component_strategy("activation")), max_size=4),
    output=st.none() | component_strategy("activation"),
    optimizer=component_strategy("optimizer"),
    learning_rate=st.floats(1e-3, 100, exclude_min=True),
    loss=component_strategy("loss"),
    regularizer=component_strategy("regularizer"),
    initializer=component_strategy("initializer"),
    batch_size=st.integers(1, 70),
    train=st.sampled_from([0.1, 0.5, 1.0]),
)
@settings(max_examples=150, deadline=None)
def test_a_spec_is_refused_with_a_field_or_trains_to_numbers_or_says_that_it_diverged(
    dataset: str, samples: int, layers: list[Any], output: Any, optimizer: str, learning_rate: float, loss: str,
    regularizer: str, initializer: str, batch_size: int, train: float,
) -> None:  # fmt: skip
    document = {
        "data": {
            "dataset": {"name": dataset, "samples": samples},
            "split": {"train": train, "validation": 0.0, "test": 1 - train},
        },
        "network": {
            "layers": [{"units": units, "activation": activation} for units, activation in layers],
            "output_activation": output,
            "initializer": initializer,
        },
        "training": {
            "optimizer": {"name": optimizer, "learning_rate": learning_rate},
            "loss": loss,
            "regularizer": regularizer,
            "batch_size": batch_size,
        },
    }
    try:
        spec = ExperimentSpec.model_validate(document)
    except ValidationError as error:
        assert all(entry["field"] and entry["code"] for entry in Problem.from_validation(error).errors)
        return
    trainer = Trainer(spec)

    trainer.advance(20)

    figures = trainer.metrics()
    assert not trainer.is_finite or all(value == value and abs(value) < float("inf") for value in figures.values())
