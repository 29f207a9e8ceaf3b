"""The descent on which optimizers are compared: towards targets that wander, so that gradients keep coming."""

from __future__ import annotations

import math

STEPS = 100
EVERY = 5
START = [1.0, -2.0, 0.5, 3.0]
RATE = 0.05


def gradient(weights: list[float], step: int) -> list[float]:
    """Return the gradient of Σ (wᵢ - cᵢ)² / 2 with cᵢ = sin(0.37 (i + 1) t) at step t, the first being 0."""
    return [weight - math.sin(0.37 * (index + 1) * step) for index, weight in enumerate(weights)]
