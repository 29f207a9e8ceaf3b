"""Figures that say how well a network does: pure functions of what is true and what was said.

A ratio of which nothing is known, such as the precision for a class that was never named, is NaN.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def chosen_classes(outputs: Array, threshold: float) -> Array:
    """Return the class, shape (batch,), that outputs of shape (outputs, batch) mean; encoded targets as well.

    One output is compared with `threshold`; of several the largest is the answer.
    """
    classes: Array = outputs[0] > threshold if len(outputs) == 1 else outputs.argmax(axis=0)
    return classes


def confusion_matrix(actual: Array, predicted: Array, classes: int) -> Array:
    """Return how many of each actual class (row) were taken for which (column), for class numbers of shape (n,)."""
    pairs = actual.astype(np.int64) * classes + predicted.astype(np.int64)
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def accuracy(confusion: Array) -> float:
    """Return the share of examples whose class was named."""
    return float(_ratio(np.trace(confusion), confusion.sum()))


class ClassFigures(NamedTuple):
    """How well each class is told from all others; every member has the shape (classes,).

    For two classes, those of class 1 are what is meant where one speaks of the precision or the recall.
    """

    true_positives: Array
    false_positives: Array
    true_negatives: Array
    false_negatives: Array
    precision: Array
    recall: Array
    f1: Array
    jaccard: Array


def class_figures(confusion: Array) -> ClassFigures:
    """Return the figures of every class of a confusion matrix."""
    hit = np.diagonal(confusion)
    false_alarm, missed = confusion.sum(axis=0) - hit, confusion.sum(axis=1) - hit
    return ClassFigures(
        true_positives=hit,
        false_positives=false_alarm,
        true_negatives=confusion.sum() - hit - false_alarm - missed,
        false_negatives=missed,
        precision=_ratio(hit, hit + false_alarm),
        recall=_ratio(hit, hit + missed),
        f1=_ratio(2 * hit, 2 * hit + false_alarm + missed),  # The harmonic mean of precision and recall.
        jaccard=_ratio(hit, hit + false_alarm + missed),  # Intersection over union.
    )


class Roc(NamedTuple):
    """The receiver operating characteristic: for each threshold, falling, what is called positive above it.

    Every member has the shape (points,). The first point is (0, 0), where the threshold is the highest score; the last
    is (1, 1), where it is -inf.
    """

    false_positive_rate: Array
    true_positive_rate: Array
    thresholds: Array

    @property
    def auc(self) -> float:
        """The area under the curve: how likely a positive scores more than a negative, a tie counting half."""
        return float(np.trapezoid(self.true_positive_rate, self.false_positive_rate))

    def thinned(self, most: int) -> Roc:
        """Return at most so many of the points, both ends among them."""
        places = np.unique(np.linspace(0, len(self.thresholds) - 1, most).astype(np.int64))
        return Roc(*(member[places] for member in self))


def roc(scores: Array, is_positive: Array) -> Roc | None:
    """Return the curve for scores, shape (n,), and whether each is of class 1.

    None if one of the classes is missing, or a score is no number.
    """
    if is_positive.all() or not is_positive.any() or not np.isfinite(scores).all():
        return None
    order = np.argsort(scores)[::-1]
    falling, positives = scores[order], np.cumsum(is_positive[order])
    # Examples with equal scores lie on the same side of every threshold: a point after the last of each.
    ends = np.append(np.flatnonzero(np.diff(falling)), len(scores) - 1)
    true = np.append(0, positives[ends])
    false = np.append(0, ends + 1) - true
    return Roc(false / false[-1], true / true[-1], np.append(falling[np.append(0, ends[:-1] + 1)], -np.inf))


def mean_squared_error(actual: Array, predicted: Array) -> float:
    """Return the mean of the squared errors."""
    return float(np.mean(np.square(predicted - actual)))


def mean_absolute_error(actual: Array, predicted: Array) -> float:
    """Return the mean of the errors' sizes."""
    return float(np.mean(np.abs(predicted - actual)))


def r_squared(actual: Array, predicted: Array) -> float:
    """Return R² = 1 - Σ (t - a)² / Σ (t - mean t)²: 1 is perfect, 0 no better than always saying the mean."""
    return 1.0 - float(_ratio(np.sum(np.square(actual - predicted)), np.sum(np.square(actual - actual.mean()))))


def _ratio(part: Any, whole: Any) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio: Array = np.where(whole == 0, np.nan, np.divide(part, whole))
    return ratio
