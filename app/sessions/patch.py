"""Changing a spec by a JSON merge patch (RFC 7396), with the care that named components need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from app.errors import Problem
from app.limits import check_limits
from engine import ExperimentSpec
from engine.datasets import Dataset
from engine.registry import Component, components
from engine.spec import DataSpec, lacking

Adjustment = dict[str, Any]

# Where components with fields stand in a spec; a layer's activation comes with its list, which is replaced whole.
_COMPONENTS = {
    "data.dataset": "dataset",
    "network.initializer": "initializer",
    "network.output_activation": "activation",
    "training.optimizer": "optimizer",
    "training.schedule": "schedule",
    "training.clipping": "clipping",
    "training.loss": "loss",
    "training.regularizer": "regularizer",
}


def patched(
    spec: ExperimentSpec, patch: dict[str, Any], limits: Mapping[str, int]
) -> tuple[ExperimentSpec, list[Adjustment]]:
    """Return the changed spec and what had to be adjusted on the way. Raises Problem, and then nothing has changed.

    Where a component's name changes, fields that the new one lacks are dropped and shared ones kept; what contradicts a
    new data set, or belongs to the table before, returns to its default, and so does the perceptron rule where layers
    are added.
    """
    adjusted: list[Adjustment] = []
    document = _merge(spec.full(), patch, "", adjusted)
    if all(isinstance(document.get(section), dict) for section in ("data", "network", "training")):
        _suit_dataset(document, spec, patch, adjusted)
        _suit_perceptron_rule(document, spec, patch, adjusted)
    try:
        changed = ExperimentSpec.model_validate(document)
    except ValidationError as error:
        raise Problem.from_validation(error) from None
    check_limits(changed, limits)
    full = changed.full()
    for entry in adjusted:
        if entry["code"] == "default":  # Some defaults follow from the data, and are known only now.
            entry["to"] = _value(full, entry["field"])
    return changed, adjusted


def is_live(before: ExperimentSpec, after: ExperimentSpec) -> bool:
    """Return whether the change can be made while the weights stay."""
    return (
        before.data == after.data
        and before.network == after.network
        and before.output_activation == after.output_activation
        and before.training.seed == after.training.seed
    )


def differences(before: Any, after: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Return the fields in which two full specs differ, lists as a whole: their paths, old and new values."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            yield from differences(before.get(key), after.get(key), f"{path}.{key}" if path else key)
    elif before != after:
        yield path, before, after


def _merge(target: Any, patch: Any, path: str, adjusted: list[Adjustment]) -> Any:
    kind = _COMPONENTS.get(path)
    if kind is not None and isinstance(patch, str):
        patch = {"name": patch}
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    if kind is not None and patch.get("name", merged.get("name")) != merged.get("name"):
        merged = _shared_fields(kind, merged, patch, path, adjusted)
    elif kind is not None and patch.get("id", merged.get("id")) != merged.get("id"):
        merged = _without_table(merged, patch, path, adjusted)
    for key, value in patch.items():
        inner = f"{path}.{key}" if path else key
        # In a merge patch null takes a member away, so that its default stands again; but a data set with a test set
        # of its own is told by `test: null`, and an output without an override by its null.
        if value is None and inner not in ("data.split.test", "network.output_activation"):
            merged.pop(key, None)
        else:
            merged[key] = _merge(merged.get(key), value, inner, adjusted)
    return merged


def _shared_fields(
    kind: Any, old: dict[str, Any], patch: dict[str, Any], path: str, adjusted: list[Adjustment]
) -> dict[str, Any]:
    """Return what a component of another name takes over from the old one."""
    chosen: type[Component] | None = components(kind).get(patch["name"]) if isinstance(patch["name"], str) else None
    former: type[Component] | None = components(kind).get(old.get("name", ""))
    kept: dict[str, Any] = {}
    if chosen is None or former is None:
        return kept
    # Points of the plane and images have numbers of quite another size.
    is_other_world = former.facts().get("inputs") != chosen.facts().get("inputs")
    for field, value in old.items():
        if field == "name" or field in patch:
            continue
        if field not in chosen.model_fields:
            adjusted.append({"field": f"{path}.{field}", "from": value, "to": None, "code": "dropped"})
            continue
        if is_other_world or not _accepts(chosen, field, value):
            adjusted.append({"field": f"{path}.{field}", "from": value, "to": None, "code": "default"})
        else:
            kept[field] = value
    return kept


def _without_table(old: dict[str, Any], patch: dict[str, Any], path: str, adjusted: list[Adjustment]) -> dict[str, Any]:
    """Return what is left of a table when another takes its place: no column of the old one means anything there."""
    adjusted += [
        {"field": f"{path}.{field}", "from": value, "to": None, "code": "default"}
        for field, value in old.items()
        if field not in ("name", "id", *patch)
    ]
    return {"name": old["name"]}


def _accepts(component: type[Component], field: str, value: Any) -> bool:
    try:
        component.model_validate({"name": component.name, field: value})
    except ValidationError as error:
        return not any(line["loc"][:1] == (field,) for line in error.errors())
    return True


def _suit_dataset(
    document: dict[str, Any], before: ExperimentSpec, patch: dict[str, Any], adjusted: list[Adjustment]
) -> None:
    """Let fields that contradict a new data set return to their defaults, unless the patch itself sets them."""
    try:
        dataset = Dataset.model_validate(document["data"].get("dataset", before.data.dataset))
    except ValidationError:
        return  # The whole document's validation says it with the right path.
    former = before.data.dataset
    split = document["data"].get("split")
    share = split.get("validation") if isinstance(split, dict) else 0
    stale = []
    has_other_parts = (dataset.has_own_test, dataset.is_whole) != (former.has_own_test, former.is_whole)
    if has_other_parts or (share and dataset.validation_examples() is not None):
        stale.append("split")
    if (dataset.inputs == 2) != (former.inputs == 2):
        stale.append("features")
    natural = DataSpec.model_validate({"dataset": dataset}).model_dump(mode="json")
    for field in stale:
        if field not in patch.get("data", {}):
            _replace(document, f"data.{field}", natural[field], adjusted)
    if dataset.image_shape is None and "input_shift" not in patch.get("training", {}):
        _replace(document, "training.input_shift", 0, adjusted)
    if dataset.task != before.data.dataset.task:
        if "loss" not in patch.get("training", {}) and dataset.task not in before.training.loss.tasks:
            _replace(document, "training.loss", {"name": "auto"}, adjusted)
        if "output_activation" not in patch.get("network", {}):
            _replace(document, "network.output_activation", None, adjusted)
    if dataset != former and "stop" not in patch.get("training", {}):
        _suit_stop_rules(document, before, adjusted)


def _suit_stop_rules(document: dict[str, Any], before: ExperimentSpec, adjusted: list[Adjustment]) -> None:
    """Leave out the stop rules that look at what a new data set has not."""
    try:
        data = DataSpec.model_validate(document["data"])
    except ValidationError:
        return
    kept = [rule.model_dump(mode="json") for rule in before.training.stop if lacking(rule, data) is None]
    _replace(document, "training.stop", kept, adjusted)


def _suit_perceptron_rule(
    document: dict[str, Any], before: ExperimentSpec, patch: dict[str, Any], adjusted: list[Adjustment]
) -> None:
    """Let the optimizer return to its default where a network or data set is asked for that its rule can't train."""
    if not before.follows_perceptron_rule or "optimizer" in patch.get("training", {}):
        return
    try:
        task = Dataset.model_validate(document["data"].get("dataset", before.data.dataset)).task
    except ValidationError:
        return
    if task != "binary" or document["network"].get("layers"):
        _replace(document, "training.optimizer", ExperimentSpec().full()["training"]["optimizer"], adjusted)


def _value(document: dict[str, Any], path: str) -> Any:
    for key in path.split("."):
        document = document[key]
    return document


def _replace(document: dict[str, Any], path: str, value: Any, adjusted: list[Adjustment]) -> None:
    section, field = path.split(".")
    old = document[section].get(field)
    if old != value:
        document[section][field] = value
        adjusted.append({"field": path, "from": old, "to": value, "code": "default"})
