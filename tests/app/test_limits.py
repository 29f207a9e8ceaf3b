"""How large an experiment may be on this server: every limit at one less, exactly, and one more."""

import pytest

from app.errors import Problem
from app.limits import check_limits
from engine import ExperimentSpec

LIMITS = {"layers": 3, "units": 8, "parameters": 100, "samples": 200}


def spec_of(*units, samples=100):
    layers = [{"units": count} for count in units]
    return ExperimentSpec.model_validate(
        {"data": {"dataset": {"name": "xor", "samples": samples}}, "network": {"layers": layers}}
    )


@pytest.mark.parametrize(
    "spec", [spec_of(), spec_of(7), spec_of(8), spec_of(1, 1, 1), spec_of(1, samples=199), spec_of(1, samples=200)]
)
def test_a_spec_within_the_limits_passes(spec):
    check_limits(spec, LIMITS)


@pytest.mark.parametrize(
    ("spec", "field", "value", "limit"),
    [
        (spec_of(1, 1, 1, 1), "network.layers", 4, 3),
        (spec_of(2, 9), "network.layers[1].units", 9, 8),
        (spec_of(1, samples=201), "data.dataset.samples", 201, 200),
    ],
)
def test_one_more_than_a_limit_is_refused_by_field_value_and_limit(spec, field, value, limit):
    with pytest.raises(Problem) as refused:
        check_limits(spec, LIMITS)

    assert refused.value.status == 422
    (error,) = refused.value.errors
    assert (error["field"], error["code"], error["value"], error["limit"]) == (field, "too_large", value, limit)


def test_the_message_reads_as_the_style_guide_wants_it():
    with pytest.raises(Problem) as refused:
        check_limits(spec_of(1, 1, 9), LIMITS)

    assert refused.value.errors[0]["message"] == "network.layers[2].units is 9; at most 8 on this server."


def test_parameters_are_counted_over_the_whole_network():
    exact = spec_of(8, 8)  # (2 + 1) 8 + (8 + 1) 8 + (8 + 1) 1 = 105
    assert exact.parameter_count == 105
    check_limits(exact, {**LIMITS, "parameters": 105})

    with pytest.raises(Problem) as refused:
        check_limits(exact, {**LIMITS, "parameters": 104})

    assert refused.value.errors[0]["field"] == "network"
    assert refused.value.errors[0]["limit"] == 104


def test_all_excesses_are_told_at_once():
    with pytest.raises(Problem) as refused:
        check_limits(spec_of(9, 9, 9, 9, samples=201), LIMITS)

    assert len(refused.value.errors) == 7
