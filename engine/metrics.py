"""Figures that say how well a network does: pure functions of what is true and what was said.

A metric is one class; its place in this file is its place among the others. A figure of which nothing is known, such as
the precision for a class that was never named, is NaN.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.registry import Component, components, text

Array = NDArray[Any]
Ratio = tuple[Any, Any]
"""A part and its whole: numbers, or arrays of them."""


def chosen_classes(outputs: Array, threshold: float) -> Array:
    """Return the class, shape (batch,), that outputs of shape (outputs, batch) mean; encoded targets as well.

    One output is compared with `threshold`; of several the largest is the answer.
    """
    classes: Array = outputs[0] > threshold if len(outputs) == 1 else outputs.argmax(axis=0)
    return classes


def confusion_matrix(actual: Array, predicted: Array, classes: int) -> Array:
    """Return how many of each actual class (row) were taken for which (column), for class numbers of shape (n,)."""
    pairs = actual.astype(np.int64, copy=False) * classes + predicted
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


class Metric(Component):
    """A figure that is told beside the loss, of every part of the data that is evaluated whole.

    `tasks` are those that it judges; `range` is the least and the greatest that it can be, None where there is no end;
    `is_averaged` marks one that more than two classes have as the mean of what it is for each.
    """

    kind = "metric"
    tasks: ClassVar[tuple[str, ...]]
    range: ClassVar[tuple[float | None, float | None]]
    is_averaged: ClassVar[bool] = False

    @classmethod
    def facts(cls) -> dict[str, Any]:
        return {"tasks": list(cls.tasks), "range": list(cls.range), "averaged": cls.is_averaged}


Counts = tuple[int, int, int]
"""Of a class: how many examples of it were taken for it, how many of all were, and how many there are."""


class ClassMetric(Metric):
    """A share of examples whose class matters."""

    tasks = ("binary", "multiclass")
    range = (0.0, 1.0)

    @classmethod
    def of(cls, classes: Sequence[Counts]) -> float:
        """Return the figure of all classes."""
        raise NotImplementedError


class Accuracy(ClassMetric):
    name = "accuracy"
    label = text("Accuracy", "Accuratezza")
    help = text("Those that are right, of all.", "Le risposte giuste, su tutte.")

    @classmethod
    def of(cls, classes: Sequence[Counts]) -> float:
        return _share(sum(hits for hits, _, _ in classes), sum(actual for _, _, actual in classes))


class ClassRatio(ClassMetric):
    """What each class has of its own: of two classes that of class 1 counts, of more the mean of all."""

    is_averaged = True

    @staticmethod
    def ratio(hits: Any, said: Any, actual: Any) -> Ratio:
        """Return part and whole for the counts of a class, or for arrays of them."""
        raise NotImplementedError

    @classmethod
    def of(cls, classes: Sequence[Counts]) -> float:
        if len(classes) == 2:
            return _share(*cls.ratio(*classes[1]))
        return sum(_share(*cls.ratio(*counts)) for counts in classes) / len(classes)


class Precision(ClassRatio):
    name = "precision"
    label = text("Precision", "Precisione")
    help = text(
        "Those that are right, of all that are taken for the class.",
        "Le risposte giuste, su tutte quelle che indicano la classe.",
    )

    @staticmethod
    def ratio(hits: Any, said: Any, actual: Any) -> Ratio:
        return hits, said


class Recall(ClassRatio):
    name = "recall"
    label = text("Recall", "Richiamo")
    help = text("Those that are found, of all of the class.", "Gli esempi trovati, su tutti quelli della classe.")

    @staticmethod
    def ratio(hits: Any, said: Any, actual: Any) -> Ratio:
        return hits, actual


class F1(ClassRatio):
    name = "f1"
    label = text("F1", "F1")
    help = text("The harmonic mean of precision and recall.", "La media armonica di precisione e richiamo.")

    @staticmethod
    def ratio(hits: Any, said: Any, actual: Any) -> Ratio:
        return 2 * hits, said + actual


class Jaccard(ClassRatio):
    """The Jaccard index, intersection over union."""

    name = "jaccard"
    label = text("Jaccard, IoU", "Jaccard, IoU")
    help = text(
        "What truth and answer have in common, of all that either has.",
        "Ciò che verità e risposta hanno in comune, su tutto ciò che ha l’una o l’altra.",
    )

    @staticmethod
    def ratio(hits: Any, said: Any, actual: Any) -> Ratio:
        return hits, said + actual - hits


def figures_of_classes(confusion: Array) -> dict[str, float]:
    """Return every figure of classes by its name, for a confusion matrix."""
    rows = confusion.tolist()  # So few numbers are added up faster without arrays.
    hits = [row[place] for place, row in enumerate(rows)]
    classes = list(zip(hits, map(sum, zip(*rows, strict=True)), map(sum, rows), strict=True))
    return {metric.name: metric.of(classes) for metric in _OF_CLASSES}


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
    hits, said, actual = confusion.diagonal(), confusion.sum(axis=0), confusion.sum(axis=1)

    def ratio(metric: type[ClassRatio]) -> Array:
        part, whole = metric.ratio(hits, said, actual)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(whole == 0, np.nan, np.divide(part, whole))

    return ClassFigures(
        true_positives=hits,
        false_positives=said - hits,
        true_negatives=confusion.sum() - said - actual + hits,
        false_negatives=actual - hits,
        precision=ratio(Precision),
        recall=ratio(Recall),
        f1=ratio(F1),
        jaccard=ratio(Jaccard),
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


class Errors(NamedTuple):
    """How far predictions a are from what is true, t: sums over the examples."""

    examples: int
    absolute: float
    """Σ |a - t|."""
    squared: float
    """Σ (a - t)²."""
    spread: float
    """Σ (t - mean t)²: what always saying the mean would give."""


class NumberMetric(Metric):
    """How far numbers are from those that are true."""

    tasks = ("regression",)

    @classmethod
    def of(cls, errors: Errors) -> float:
        """Return the figure for sums over all examples."""
        raise NotImplementedError


class RSquared(NumberMetric):
    name = "r_squared"
    label = text("R²", "R²")
    help = text(
        "1 is perfect, 0 no better than always saying the mean: "
        "1 − sum of (predicted − actual)² / sum of (mean − actual)².",
        "1 è perfetto, 0 non è meglio che dire sempre la media: "
        "1 − somma di (previsto − vero)² / somma di (media − vero)².",
    )
    range = (None, 1.0)

    @classmethod
    def of(cls, errors: Errors) -> float:
        return 1 - _share(errors.squared, errors.spread)


class MeanAbsoluteError(NumberMetric):
    name = "mean_absolute_error"
    label = text("MAE", "MAE")
    help = text(
        "Mean absolute error: the mean of |predicted − actual|.",
        "Errore assoluto medio: la media di |previsto − vero|.",
    )
    range = (0.0, None)

    @classmethod
    def of(cls, errors: Errors) -> float:
        return _share(errors.absolute, errors.examples)


class MeanSquaredError(NumberMetric):
    name = "mean_squared_error"
    label = text("MSE", "MSE")
    help = text(
        "Mean squared error: the mean of (predicted − actual)².",
        "Errore quadratico medio: la media di (previsto − vero)².",
    )
    range = (0.0, None)

    @classmethod
    def of(cls, errors: Errors) -> float:
        return _share(errors.squared, errors.examples)


def figures_of_numbers(actual: Array, predicted: Array) -> dict[str, float]:
    """Return every figure of numbers by its name; both arrays have the shape (n,), and are float64."""
    errors, deviations = predicted - actual, actual - actual.sum() / len(actual)
    sums = Errors(len(actual), float(np.abs(errors).sum()), float(errors @ errors), float(deviations @ deviations))
    return {metric.name: metric.of(sums) for metric in _OF_NUMBERS}


_OF_CLASSES = [metric for metric in components("metric").values() if issubclass(metric, ClassMetric)]
_OF_NUMBERS = [metric for metric in components("metric").values() if issubclass(metric, NumberMetric)]


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
