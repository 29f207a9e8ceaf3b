"""How large an experiment may be on this server; what is possible at all stands in the spec's own bounds."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.errors import FieldError, Problem, field_error
from engine import ExperimentSpec
from engine.datasets import PlaneDataset
from engine.footprint import footprint_bytes


def check_limits(spec: ExperimentSpec, limits: Mapping[str, int]) -> None:
    """Raise Problem 422 naming each field of `spec` that goes beyond `limits` (keys as in the catalogue)."""
    errors = list(_excesses(spec, limits))
    if errors:
        detail = " ".join(error["message"] for error in errors[:5])
        raise Problem(422, "over_limit", "More than this server takes", detail, errors)


def _excesses(spec: ExperimentSpec, limits: Mapping[str, int]) -> Iterator[FieldError]:
    layers = spec.network.layers
    if len(layers) > limits["layers"]:
        message = f"network.layers has {len(layers)} entries; at most {limits['layers']} on this server."
        yield field_error("network.layers", "too_large", message, len(layers), limits["layers"])
    for index, layer in enumerate(layers):
        if layer.units > limits["units"]:
            yield _too_large(f"network.layers[{index}].units", layer.units, limits["units"])
    if spec.parameter_count > limits["parameters"]:
        message = (
            f"network has {spec.parameter_count} parameters; at most {limits['parameters']} on this server. "
            "Take fewer layers or units."
        )
        yield field_error("network", "too_large", message, spec.parameter_count, limits["parameters"])
    footprint = footprint_bytes(spec)
    if footprint > limits["session_bytes"]:
        training = spec.training.model_copy(update={"batch_size": 1})
        has_room = footprint_bytes(spec.model_copy(update={"training": training})) <= limits["session_bytes"]
        field, remedy = ("training.batch_size", "smaller batches") if has_room else ("network", "fewer layers or units")
        message = (
            f"{field}: the session would take about {footprint:,} bytes of memory; at most {limits['session_bytes']:,} "
            f"on this server. Take {remedy}."
        )
        yield field_error(field, "too_large", message, footprint, limits["session_bytes"])
    # Data sets that are drawn cost what they hold; images lie on disk, shared by all; tables were limited when given.
    dataset = spec.data.dataset
    if isinstance(dataset, PlaneDataset) and dataset.samples > limits["samples"]:
        yield _too_large("data.dataset.samples", dataset.samples, limits["samples"])


def _too_large(field: str, value: Any, limit: int) -> FieldError:
    return field_error(field, "too_large", f"{field} is {value}; at most {limit} on this server.", value, limit)
