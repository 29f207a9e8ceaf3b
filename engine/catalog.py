"""The catalogue: every component, field and preset with its words and bounds, for whoever draws the controls."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from engine import spec
from engine.presets import GROUPS, PRESETS
from engine.registry import Component, components, field_schemas, kinds


def catalog() -> dict[str, Any]:
    """Return the catalogue, ready for JSON; the limits of a server are not the engine's to know."""
    return {
        "version": 1,
        "components": {kind: [_entry(component) for component in components(kind).values()] for kind in kinds()},
        "fields": _fields(),
        "defaults": spec.ExperimentSpec().full(),
        "presets": [
            {
                "name": preset.name,
                "group": GROUPS[preset.group],
                "label": preset.label,
                "help": preset.help,
                "look": preset.look,
                "spec": preset.spec.full(),
                "epochs": preset.epochs,
            }
            for preset in PRESETS.values()
        ],
        "schema": spec.ExperimentSpec.model_json_schema(),
    }


def _entry(component: type[Component]) -> dict[str, Any]:
    return {
        "name": component.name,
        "label": component.label,
        "help": component.help,
        "formula": component.formula,
        "fields": field_schemas(component),
        **component.facts(),
    }


# The models that make up a spec, by the path at which their plain fields stand.
_MODELS: dict[str, type[BaseModel]] = {
    "data": spec.DataSpec,
    "data.split": spec.SplitSpec,
    "network": spec.NetworkSpec,
    "network.layers[]": spec.LayerSpec,
    "training": spec.TrainingSpec,
}


def _fields() -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for path, model in _MODELS.items():
        for name, info in model.model_fields.items():
            extra = info.json_schema_extra
            if isinstance(extra, dict) and "scale" in extra:
                fields[f"{path}.{name}"] = field_schemas(model)[name]
    return fields
