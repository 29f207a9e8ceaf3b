"""Ready-made experiments, each of which shows one thing. Their tests train them and see whether they do."""

from __future__ import annotations

from engine.presets import digits, features, learning, memory, shape, start, tasks
from engine.presets.base import GROUPS, Preset

PRESETS: dict[str, Preset] = {
    preset.name: preset
    for group in (start, shape, features, learning, memory, tasks, digits)
    for preset in group.PRESETS
}

__all__ = ["GROUPS", "PRESETS", "Preset"]
