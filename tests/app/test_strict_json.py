"""JSON from outside."""

import json

import pytest

from app.errors import Problem
from app.strict_json import parse_object


def test_an_object_is_returned_as_it_is():
    assert parse_object('{"a": [1, 2.5, "x", null, true]}') == {"a": [1, 2.5, "x", None, True]}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_not_finite_is_refused_by_its_field(number):
    text = f'{{"network": {{"layers": [{{"units": 1}}, {{"units": {number}}}]}}}}'

    with pytest.raises(Problem) as refused:
        parse_object(text)

    assert refused.value.status == 422
    assert [(error["field"], error["code"]) for error in refused.value.errors] == [
        ("network.layers[1].units", "not_finite")
    ]


def test_an_integer_that_no_field_could_hold_is_refused_by_its_field():
    with pytest.raises(Problem) as refused:
        parse_object(f'{{"data": {{"seed": {10**300}}}}}')

    assert refused.value.errors[0]["field"] == "data.seed"
    assert refused.value.errors[0]["code"] == "too_large"
    assert len(json.dumps(refused.value.to_dict())) < 500


@pytest.mark.parametrize(
    "text",
    ["", "{", "{'a': 1}", '{"a": 1,}', '{"a": 1} x', '{"a": "\\ud800"}', b"\xff", '{"a": ' + "9" * 5000 + "}"],
)
def test_what_is_no_json_is_malformed(text):
    with pytest.raises(Problem) as refused:
        parse_object(text)

    assert (refused.value.status, refused.value.code) == (400, "malformed_json")


def test_endless_nesting_is_refused_without_recursion():
    with pytest.raises(Problem) as refused:
        parse_object('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}")

    assert refused.value.status == 400


@pytest.mark.parametrize("text", ["[]", '"text"', "1", "null", "true"])
def test_json_that_is_no_object_is_refused(text):
    with pytest.raises(Problem) as refused:
        parse_object(text)

    assert (refused.value.status, refused.value.code) == (422, "not_an_object")
