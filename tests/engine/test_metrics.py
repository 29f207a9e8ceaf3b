"""Metrics, against values worked out by hand."""

import math

import numpy as np
import pytest

from engine import metrics

# Three classes; rows are actual: 3 of class 0 (2 right), 4 of class 1 (3 right), 2 of class 2 (none right).
CONFUSION = np.array([[2, 1, 0], [0, 3, 1], [1, 1, 0]])


def test_a_confusion_matrix_counts_actual_by_row_and_predicted_by_column() -> None:
    actual = np.array([0, 0, 0, 1, 1, 1, 1, 2, 2], np.uint8)
    predicted = np.array([0, 0, 1, 1, 1, 1, 2, 0, 1], np.uint8)

    np.testing.assert_array_equal(metrics.confusion_matrix(actual, predicted, 3), CONFUSION)


def test_each_class_is_judged_against_all_others() -> None:
    figures = metrics.class_figures(CONFUSION)

    assert metrics.accuracy(CONFUSION) == pytest.approx(5 / 9)
    assert figures.true_positives.tolist() == [2, 3, 0]
    assert figures.false_positives.tolist() == [1, 2, 1]
    assert figures.true_negatives.tolist() == [5, 3, 6]
    assert figures.false_negatives.tolist() == [1, 1, 2]
    np.testing.assert_allclose(figures.precision, [2 / 3, 3 / 5, 0])
    np.testing.assert_allclose(figures.recall, [2 / 3, 3 / 4, 0])
    np.testing.assert_allclose(figures.f1, [2 / 3, 2 * 0.6 * 0.75 / 1.35, 0])
    np.testing.assert_allclose(figures.jaccard, [2 / 4, 3 / 6, 0])


def test_what_nothing_is_known_of_is_not_a_number() -> None:
    figures = metrics.class_figures(np.array([[4, 0], [0, 0]]))

    assert all(math.isnan(number) for number in (figures.precision[1], figures.recall[1], figures.f1[1]))
    assert math.isnan(metrics.accuracy(np.zeros((2, 2), int)))
    assert math.isnan(metrics.r_squared(np.ones(3), np.zeros(3)))


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

    assert metrics.mean_squared_error(actual, predicted) == pytest.approx(1.25 / 4)
    assert metrics.mean_absolute_error(actual, predicted) == pytest.approx(1.5 / 4)
    assert metrics.r_squared(actual, predicted) == pytest.approx(1 - 1.25 / 14)
    assert metrics.r_squared(actual, np.full(4, 3.0)) == 0
