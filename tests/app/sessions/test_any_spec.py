"""Whatever the spec: it is refused with a field, or trains, and says so when its numbers run away."""

import json
import math
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import Problem
from engine.datasets import BuiltInDataset
from engine.registry import components, field_schemas, kinds
from tests.app.sessions.conftest import Desk

# MNIST and its kin take long to load, and are no other than what the rest tries.
DATASETS = [
    name for name, kind in components("dataset").items() if issubclass(kind, BuiltInDataset) and kind.inputs == 2
]


def field(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return values of a field, its bounds among them; counts stay small, so that trying takes no time."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema["type"] == "boolean":
        return st.booleans()
    low: Any = schema.get("minimum", schema.get("exclusiveMinimum"))
    high: Any = schema.get("maximum", schema.get("exclusiveMaximum"))
    if schema["type"] == "integer":
        return st.integers(low, min(high, max(low, 60))) | st.just(schema["default"]).filter(lambda value: value <= 500)
    ends = st.sampled_from(
        [end for end, name in ((low, "minimum"), (high, "maximum")) if name in schema] or [(low + high) / 2]
    )
    return ends | st.floats(low, high, exclude_min="minimum" not in schema, exclude_max="maximum" not in schema)


def component(kind: Any, names: list[str] | None = None) -> st.SearchStrategy[Any]:
    """Return any component of a kind, with any of its fields set or left out."""
    found = components(kind)
    return st.sampled_from(names or list(found)).flatmap(
        lambda name: st.fixed_dictionaries(
            {"name": st.just(name)},
            optional={key: field(schema) for key, schema in field_schemas(found[name]).items()},
        )
    )


LAYERS = st.lists(
    st.fixed_dictionaries(
        {"units": st.integers(1, 6), "activation": component("activation")},
        optional={"dropout": st.floats(0, 0.9)},
    ),
    max_size=3,
)
TRAINING = {
    "loss": st.just("auto") | component("loss"),
    "optimizer": component("optimizer"),
    "schedule": component("schedule"),
    "warmup_epochs": st.floats(0, 5),
    "clipping": component("clipping"),
    "regularizer": component("regularizer"),
    "input_noise": st.just(0.0) | st.floats(0, 10),
    "stop": st.lists(component("stop_rule"), max_size=3),
    "batch_size": st.integers(1, 70),
    "seed": st.integers(0, 9),
}
SPECS = st.fixed_dictionaries(
    {
        "data": st.fixed_dictionaries(
            {"dataset": component("dataset", DATASETS)},
            optional={"split": st.just({"train": 0.5, "validation": 0.25, "test": 0.25})},
        ),
        "network": st.fixed_dictionaries(
            {"layers": LAYERS, "initializer": component("initializer")},
            optional={"output_activation": st.none() | component("activation")},
        ),
        "training": st.fixed_dictionaries({}, optional=TRAINING),
    }
)


@given(spec=SPECS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_spec_is_refused_with_a_field_or_trains_to_numbers_or_says_that_it_diverged(spec: dict[str, Any]) -> None:
    desk = Desk()
    try:
        desk.ask("create", spec=spec)
    except Problem as problem:
        assert problem.status == 422
        assert all(error["field"] and error["code"] and error["message"] for error in problem.errors)
        return

    desk.command(type="run", epochs=4)
    standing = desk.rest()
    points = desk.history()

    assert standing["state"] in ("done", "diverged")
    figures = [value for point in points for value in point.values()]
    if standing["state"] == "done":
        figures += standing["metrics"].values()
    assert all(value is not None and math.isfinite(value) for value in figures)
    snapshot = desk.ask("snapshot")
    other = Desk()
    other.ask("restore", payload=snapshot)
    assert json.loads(other.ask("standing"))["step"] == standing["step"]


def test_every_kind_of_component_is_tried() -> None:
    # A feature has no settings; those of the plane go in by themselves. Metrics are told, not chosen.
    assert {"dataset", "initializer", "activation", "feature", "metric"} | set(TRAINING) | {"stop_rule"} >= set(kinds())
