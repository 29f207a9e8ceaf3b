"""Inputs changed so little that a person hardly sees it, and so that a network errs.

No number of an input changes by more than ε (the L∞ norm), and none leaves the range that the data have.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.datasets import PLANE
from engine.probes.saliency import InputGradient
from engine.trainer import Trainer

Array = NDArray[Any]


def fast_gradient_sign(
    trainer: Trainer, inputs: ArrayLike, targets: ArrayLike, epsilon: float, targeted: bool = False
) -> Generator[None, None, Array]:
    """Return inputs of the same shape (n, width), each changed by a single step of its loss's gradient.

    Goodfellow, Shlens and Szegedy, Explaining and harnessing adversarial examples, 2015:
    x' = x + ε sign(dL/dx), where L is the loss for the example's own target. `targeted` goes down instead, towards
    targets that the examples do not have: x' = x - ε sign(dL/dx).
    """
    return (yield from iterated_gradient_sign(trainer, inputs, targets, epsilon, 1, targeted))


def iterated_gradient_sign(
    trainer: Trainer, inputs: ArrayLike, targets: ArrayLike, epsilon: float, steps: int, targeted: bool = False
) -> Generator[None, None, Array]:
    """Return inputs of the same shape (n, width), changed in several small steps, each from where the last one led.

    Kurakin, Goodfellow and Bengio, Adversarial examples in the physical world, 2017:
    x ← clip(x + α sign(dL/dx)), where clip takes x back to within ε of the original and into the data's range.
    With α = 2.5 ε / steps, as in Madry et al., Towards deep learning models resistant to adversarial attacks, 2018,
    but without their random start; a single step is the fast gradient sign, and has α = ε.
    """
    originals = np.asarray(inputs, trainer.dtype)
    t = trainer.data.encode_targets(np.asarray(targets))
    gradient = InputGradient(trainer, trainer.spec.loss)
    low, high = data_range(trainer)
    alpha = epsilon if steps == 1 else 2.5 * epsilon / steps
    changed = originals.copy()
    for row, original, target in zip(changed, originals, t, strict=True):
        # An original beyond the data's range stays possible: the range is widened to it.
        least = np.maximum(original - epsilon, np.minimum(low, original)).astype(trainer.dtype)
        most = np.minimum(original + epsilon, np.maximum(high, original)).astype(trainer.dtype)
        for _ in range(steps):
            step = np.nan_to_num(np.sign(gradient(row, target[:, None])))
            row += (-alpha if targeted else alpha) * step
            np.clip(row, least, most, out=row)
            yield
    return changed


def data_range(trainer: Trainer) -> tuple[Array, Array]:
    """Return the least and the greatest number that each input may be, shape (width,) each.

    Grey values go from 0 to 1, points lie on the plane; elsewhere the training examples tell.
    """
    dataset = trainer.spec.data.dataset
    ends: Any = (0.0, 1.0) if dataset.image_shape else PLANE
    if dataset.image_shape or dataset.inputs == 2:
        return np.full(dataset.inputs, ends[0], trainer.dtype), np.full(dataset.inputs, ends[1], trainer.dtype)
    part = trainer.data.parts["train"]
    inputs = part.inputs(0, len(part)) * part.raw.scale
    return inputs.min(axis=0).astype(trainer.dtype), inputs.max(axis=0).astype(trainer.dtype)
