"""Small samples of the data sets and maps of the features, from which a page draws its thumbnails."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.datasets import PLANE, BuiltInDataset, PlaneDataset
from engine.probes import grid_points
from engine.registry import components

_POINTS = 70
_IMAGES = 8
_FEATURE_PIXELS = 32


def previews() -> dict[str, Any]:
    """Return previews by name, ready for JSON; values of features are 0..255 over their range, row 0 on top."""
    return {
        "datasets": {
            name: _dataset(kind)
            for name, kind in components("dataset").items()
            if issubclass(kind, BuiltInDataset)  # What a user gives can be shown by nobody beforehand.
        },
        "features": {name: _feature(name) for name in components("feature")},
    }


def _dataset(kind: type[BuiltInDataset]) -> dict[str, Any]:
    random = np.random.default_rng(7)
    if kind.inputs == 2:
        dataset = kind.model_validate({"samples": _POINTS} if issubclass(kind, PlaneDataset) else {})
        examples = dataset.examples(random)
        return {
            "inputs": np.round(examples.inputs, 2).tolist(),
            "targets": np.round(examples.targets, 4).tolist(),
            "plane": list(PLANE),
        }
    examples = kind.model_validate({}).examples(random).first(_IMAGES)
    return {"images": examples.inputs.tolist(), "shape": [28, 28], "targets": examples.targets.tolist()}


def _feature(name: str) -> dict[str, Any]:
    x, y = grid_points(_FEATURE_PIXELS).T
    values = components("feature")[name]().values(x, y)
    low, high = float(values.min()), float(values.max())
    scaled = np.rint((values - low) / (high - low) * 255).astype(int)
    return {"shape": [_FEATURE_PIXELS, _FEATURE_PIXELS], "range": [low, high], "values": scaled.tolist()}
