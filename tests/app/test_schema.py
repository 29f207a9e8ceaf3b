"""The committed descriptions are current, and answers and events are as described."""

import json
from pathlib import Path
from typing import get_args

import pytest
from openapi_spec_validator import validate

from app.api import schemas
from app.events import EVENTS
from app.schema import asyncapi_text, openapi_text

ROOT = Path(__file__).resolve().parents[2]
REMEDY = "Run `python -m app.schema` and commit what it writes."


def test_openapi_json_is_current():
    assert (ROOT / "openapi.json").read_text(encoding="utf-8") == openapi_text(), REMEDY


def test_asyncapi_yaml_is_current():
    assert (ROOT / "asyncapi.yaml").read_text(encoding="utf-8") == asyncapi_text(), REMEDY


def test_openapi_json_is_valid_openapi():
    validate(json.loads(openapi_text()))


def test_every_operation_has_a_name_a_summary_and_a_sentence():
    for path, operations in json.loads(openapi_text())["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], path
            assert operation["description"].endswith("."), path
            assert operation["operationId"].isidentifier(), path
            assert "default" in operation["responses"], f"{method} {path} names no error"


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("", schemas.SessionRead),
        ("/data", schemas.Data),
        ("/history", schemas.History),
        ("/log", schemas.Log),
        ("/boundary", schemas.Boundary),
        ("/parameters", schemas.Parameters),
        ("/predictions", schemas.Predictions),
    ],
)
def test_what_is_read_is_as_described(session, path, model):
    session.command(type="run", epochs=2)

    assert_as_described(session.get(path).json(), model)


def test_what_is_answered_is_as_described(server, session):
    created = server.http.post("/api/v1/sessions").json()
    patched = session.request("PATCH", "/spec", json={"training": {"optimizer": "rmsprop"}}).json()
    problem = session.request("PATCH", "/spec", json={"training": {"optimizer": "nothing"}}).json()

    assert_as_described(created, schemas.SessionCreated)
    assert_as_described(patched, schemas.Configured)
    assert_as_described(problem, schemas.ProblemDocument)
    assert_as_described(session.command(type="step"), schemas.CommandDone)
    assert_as_described(session.post("/predict", json={"inputs": [[1, 2]]}).json(), schemas.Prediction)
    assert_as_described(server.http.get("/api/v1/catalog").json(), schemas.Catalog)
    assert_as_described(server.http.get("/api/v1/catalog/previews").json(), schemas.Previews)
    assert_as_described(server.http.get("/healthz").json(), schemas.Health)


def test_what_a_stream_tells_is_as_described(session):
    models = {get_args(model.model_fields["type"].annotation)[0]: model for model in EVENTS}
    with session.stream() as stream:
        seen = [stream.hello(session.token)]
        stream.command(type="run", epochs=3)
        seen.append(stream.next("done"))
        stream.command(type="configure", patch={"network": {"layers": [{"units": 3}]}})
        seen.append(stream.next("rebuilt"))
        stream.command(type="configure", patch={"training": {"optimizer": {"learning_rate": 1.0}}})
        stream.send(type="nothing", id=99)
        seen.append(stream.next("error"))
        stream.send(type="reset")
        seen.append(stream.next("ack"))
        seen += [stream.next("state"), *stream.events]

    assert {event["type"] for event in seen} >= {"welcome", "state", "points", "done", "rebuilt", "ack", "error"}
    for event in seen:
        assert_as_described(event, models[event["type"]])


def assert_as_described(document, model):
    """The document fits, and says nothing that the description leaves out."""
    parsed = model.model_validate(document)
    undescribed = set(document) - {field.alias or name for name, field in type(parsed).model_fields.items()}
    assert not undescribed, f"{model.__name__} does not mention {undescribed}"
