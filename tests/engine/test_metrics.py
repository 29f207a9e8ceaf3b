"""Metrics, against values worked out by hand."""

import math

import numpy as np
import pytest

from engine import metrics
from engine.registry import components

# Three classes; rows are actual: 3 of class 0 (2 right), 4 of class 1 (3 right), 2 of class 2 (none right).
CONFUSION = np.array([[2, 1, 0], [0, 3, 1], [1, 1, 0]])


def test_a_confusion_matrix_counts_actual_by_row_and_predicted_by_column() -> None:
    actual = np.array([0, 0, 0, 1, 1, 1, 1, 2, 2], np.uint8)
    predicted = np.array([0, 0, 1, 1, 1, 1, 2, 0, 1], np.uint8)

    np.testing.assert_array_equal(metrics.confusion_matrix(actual, predicted, 3), CONFUSION)


def test_each_class_is_judged_against_all_others() -> None:
    figures = metrics.class_figures(CONFUSION)

    assert figures.true_positives.tolist() == [2, 3, 0]
    assert figures.false_positives.tolist() == [1, 2, 1]
    assert figures.true_negatives.tolist() == [5, 3, 6]
    assert figures.false_negatives.tolist() == [1, 1, 2]
    np.testing.assert_allclose(figures.precision, [2 / 3, 3 / 5, 0])
    np.testing.assert_allclose(figures.recall, [2 / 3, 3 / 4, 0])
    np.testing.assert_allclose(figures.f1, [2 / 3, 2 * 0.6 * 0.75 / 1.35, 0])
    np.testing.assert_allclose(figures.jaccard, [2 / 4, 3 / 6, 0])


def test_several_classes_are_judged_by_the_mean_of_all() -> None:
    figures = metrics.figures_of_classes(CONFUSION)

    assert figures == pytest.approx(
        {
            "accuracy": 5 / 9,
            "precision": (2 / 3 + 3 / 5 + 0) / 3,
            "recall": (2 / 3 + 3 / 4 + 0) / 3,
            "f1": (2 / 3 + 2 * 0.6 * 0.75 / 1.35 + 0) / 3,
            "jaccard": (2 / 4 + 3 / 6 + 0) / 3,
        }
    )


def test_two_classes_are_judged_by_class_1() -> None:
    figures = metrics.figures_of_classes(np.array([[5, 1], [2, 4]]))

    assert figures == pytest.approx(
        {"accuracy": 9 / 12, "precision": 4 / 5, "recall": 4 / 6, "f1": 8 / 11, "jaccard": 4 / 7}
    )


def test_every_metric_stays_within_its_range_and_judges_the_task_that_it_says() -> None:
    random = np.random.default_rng(3)
    actual, predicted = random.integers(0, 4, 60), random.integers(0, 4, 60)
    told = {
        "multiclass": metrics.figures_of_classes(metrics.confusion_matrix(actual, predicted, 4)),
        "regression": metrics.figures_of_numbers(actual.astype(float), predicted.astype(float)),
    }

    for name, metric in components("metric").items():
        low, high = metric.range
        for task, figures in told.items():
            assert (name in figures) == (task in metric.tasks)
            if name in figures:
                assert (low is None or low <= figures[name]) and (high is None or figures[name] <= high)


def test_what_nothing_is_known_of_is_not_a_number() -> None:
    figures = metrics.class_figures(np.array([[4, 0], [0, 0]]))

    assert all(math.isnan(number) for number in (figures.precision[1], figures.recall[1], figures.f1[1]))
    assert math.isnan(metrics.figures_of_classes(np.array([[4, 0], [0, 0]]))["precision"])
    assert math.isnan(metrics.figures_of_classes(np.array([[3, 0, 1], [0, 2, 0], [0, 0, 0]]))["recall"])
    assert math.isnan(metrics.figures_of_classes(np.zeros((2, 2), int))["accuracy"])
    assert math.isnan(metrics.figures_of_numbers(np.ones(3), np.zeros(3))["r_squared"])


def test_a_curve_has_a_point_for_every_threshold() -> None:
    scores = np.array([0.9, 0.8, 0.7, 0.7, 0.4, 0.1])
    is_positive = np.array([True, True, False, True, True, False])

    curve = metrics.roc(scores, is_positive)

    assert curve is not None
    # Above 0.9 lies nothing; above 0.8 one positive; above 0.7 two; above 0.4 a tie of both kinds more; and so on.
    assert curve.thresholds.tolist() == [0.9, 0.8, 0.7, 0.4, 0.1, -math.inf]
    assert curve.true_positive_rate.tolist() == [0, 0.25, 0.5, 0.75, 1, 1]
    assert curve.false_positive_rate.tolist() == [0, 0, 0, 0.5, 0.5, 1]
    for threshold, share in zip(curve.thresholds, curve.true_positive_rate, strict=True):
        assert np.mean(scores[is_positive] > threshold) == share
    # Of eight pairs, six and a half are in order: 0.9 and 0.8 beat both, 0.7 ties one and beats one, 0.4 beats one.
    assert curve.auc == pytest.approx(6.5 / 8)


@pytest.mark.parametrize(("scores", "area"), [([1, 2, 3, 4], 1.0), ([4, 3, 2, 1], 0.0), ([1, 1, 1, 1], 0.5)])
def test_the_area_tells_order_from_disorder(scores: list[float], area: float) -> None:
    curve = metrics.roc(np.array(scores, float), np.array([False, False, True, True]))

    assert curve is not None and curve.auc == area


def test_there_is_no_curve_for_one_class_or_for_no_numbers() -> None:
    assert metrics.roc(np.array([0.1, 0.2]), np.array([True, True])) is None
    assert metrics.roc(np.array([0.1, np.nan]), np.array([True, False])) is None


def test_a_long_curve_is_thinned_and_keeps_its_ends() -> None:
    random = np.random.default_rng(1)
    curve = metrics.roc(random.random(5000), random.random(5000) < 0.5)

    assert curve is not None
    thinned = curve.thinned(200)
    assert len(thinned.thresholds) == 200
    assert (thinned.false_positive_rate[0], thinned.false_positive_rate[-1]) == (0, 1)
    assert thinned.auc == pytest.approx(curve.auc, abs=0.01)
    assert len(thinned.thinned(1000).thresholds) == 200


def test_errors_of_numbers_are_what_they_are_by_hand() -> None:
    actual, predicted = np.array([1.0, 2.0, 3.0, 6.0]), np.array([1.5, 2.0, 2.0, 6.0])

    assert metrics.figures_of_numbers(actual, predicted) == pytest.approx(
        {"mean_squared_error": 1.25 / 4, "mean_absolute_error": 1.5 / 4, "r_squared": 1 - 1.25 / 14}
    )
    assert metrics.figures_of_numbers(actual, np.full(4, 3.0))["r_squared"] == 0
