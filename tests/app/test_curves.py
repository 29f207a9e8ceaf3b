"""Curves of components, over REST."""

import pytest


@pytest.mark.parametrize("kind", ["activation", "loss", "regularizer", "schedule"])
def test_every_component_of_a_kind_with_curves_can_be_asked_for_by_its_name(server, kind):
    for component in server.http.get("/api/v1/catalog").json()["components"][kind]:
        response = server.http.post("/api/v1/curves", json={"kind": kind, "component": component["name"]})

        assert response.status_code == 200
        curve = response.json()
        assert all(len(line["values"]) == len(curve["x"]) for line in curve["lines"])


def test_a_curve_follows_the_fields_of_its_component(server):
    def factor(every):
        component = {"name": "step_decay", "every": every}
        return server.http.post("/api/v1/curves", json={"kind": "schedule", "component": component}).json()

    assert (factor(10)["x"][-1], factor(20)["x"][-1]) == (50, 100)


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"kind": "loss", "component": "nonsense"}, "component", "unknown_name"),
        ({"kind": "loss", "component": {"name": "huber", "delta": -1}}, "component.delta", "too_small"),
        ({"kind": "schedule", "component": "constant", "warmup_epochs": -1}, "warmup_epochs", "too_small"),
        ({"kind": "loss"}, "component", "missing"),
        ({"kind": "loss", "component": 3}, "component", "wrong_type"),
    ],
)
def test_a_curve_that_can_not_be_drawn_names_the_field_at_fault(server, body, field, code):
    response = server.http.post("/api/v1/curves", json=body)

    assert response.status_code == 422
    assert [(error["field"], error["code"]) for error in response.json()["errors"]] == [(field, code)]
