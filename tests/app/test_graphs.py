"""Expressions sent over REST come back as graphs, and what is wrong with one is told by letter."""

import pytest


def graph_of(server, expression, values=None, **members):
    return server.http.post("/api/v1/graphs", json={"expression": expression, "values": values, **members})


def test_the_course_s_first_graph_comes_with_every_step(server):
    response = graph_of(server, "f = (x + y) * z", {"x": -2, "y": 5, "z": -4})

    graph = response.json()
    assert response.status_code == 200
    assert graph["variables"] == {"x": 0, "y": 1, "z": 3} and graph["names"]["f"] == graph["result"] == 4
    assert [node["value"] for node in graph["nodes"]] == [-2, 5, 3, -4, -12]
    assert [node["gradient"] for node in graph["nodes"]] == [-4, -4, -4, 3, 1]
    assert [node["formula"] for node in graph["nodes"]] == [None, None, "a + b", None, "a * b"]
    assert graph["forward"] == [{"node": 2, "value": 3}, {"node": 4, "value": -12}]
    assert graph["backward"][0] == {"edge": 2, "upstream": 1, "product": -4, "gradient": -4}
    assert graph["edges"][2] == {"source": 2, "target": 4, "place": 0, "derivative": "b", "slope": -4}
    parts = [(node["start"], node["stop"]) for node in graph["nodes"]]
    assert ["f = (x + y) * z"[start:stop] for start, stop in parts] == ["x", "y", "x + y", "z", "(x + y) * z"]


def test_without_values_there_is_the_graph_alone(server):
    graph = graph_of(server, "f = sigmoid(w * x + b)").json()

    assert list(graph["variables"]) == ["w", "x", "b"]
    assert {node["value"] for node in graph["nodes"]} == {None}
    assert graph["forward"] == graph["backward"] == graph["edges"] == []


@pytest.mark.parametrize(
    ("expression", "values", "field", "code", "position"),
    [
        ("x + ", {"x": 1}, "expression", "unexpected", 4),
        ("foo(1)", {}, "expression", "unknown_function", 0),
        ("1 / x", {"x": 0}, "expression", "undefined", 0),
        ("x", {}, "values.x", "no_value", 0),
        ("x", {"x": 1, "y": 1}, "values.y", "unknown_variable", 0),
        ("x" + "+x" * 2000, {"x": 1}, "expression", "too_many_nodes", None),
        ("x" * 6000, {}, "expression", "too_long", None),
        ("(" * 200, {}, "expression", "too_deep", None),
    ],
)
def test_what_is_wrong_is_told_by_letter_and_in_codes(server, expression, values, field, code, position):
    response = graph_of(server, expression, values)

    (error,) = response.json()["errors"]
    assert response.status_code == 422 and response.json()["code"] == "invalid"
    assert (error["field"], error["code"]) == (field, code)
    assert position is None or error["position"] == position
    assert isinstance(error["expected"], list)


def test_numbers_and_texts_are_what_they_say(server):
    assert graph_of(server, "x", {"x": 1e300}).json()["errors"][0]["code"] == "too_large"
    assert graph_of(server, "x", {"x": "1"}).json()["errors"][0]["code"] == "wrong_type"
    assert graph_of(server, 5).json()["errors"][0]["code"] == "wrong_type"
    assert graph_of(server, "x", {"x": 1}, more=1).json()["errors"][0]["code"] == "unknown_field"
