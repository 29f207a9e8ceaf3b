"""The route that reads experiments written down elsewhere, and the reader of specs as JSON."""

from __future__ import annotations

import json

import pytest

from app.errors import Problem
from app.importers import import_spec
from app.settings import Settings
from engine import ExperimentSpec
from engine.presets import PRESETS

LIMITS = Settings.model_construct().limits()


def ask(server, source, text):
    return server.http.post("/api/v1/specs/import", json={"format": source, "text": text})


def test_a_link_comes_back_as_a_spec_that_a_session_can_be_made_of(server):
    answer = ask(server, "tf-playground", "#dataset=spiral&noise=80&networkShape=3,2&playButton_hide=true&foo=bar")

    imported = answer.json()
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert imported["view"] == {"hidden": ["play"], "show_others": False, "discretise": False}
    note = next(note for note in imported["notes"] if note["field"] == "foo")
    assert note["code"] == "unknown_key" and note["value"] == "bar" and note["message"]
    made = server.http.post("/api/v1/sessions", json={"spec": imported["spec"]})
    assert made.status_code == 201 and made.json()["spec"] == imported["spec"]


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.name)
def test_a_saved_spec_comes_back_whole(preset):
    for text in (json.dumps(preset.spec.full()), json.dumps({"spec": preset.spec.full()})):
        imported = import_spec("json", text, LIMITS)

        assert imported.spec == preset.spec and imported.notes == []


def test_what_is_wrong_in_a_spec_is_left_out_and_noted(server):
    spec = {
        "data": {"dataset": {"name": "moons", "noise": 9, "samples": 200}, "colour": "red"},
        "network": {"layers": [{"units": 3}, {"units": -1}, {"units": 5000}, {"units": 2, "activation": "magic"}]},
        "training": {"loss": "categorical_crossentropy", "batch_size": 7},
    }

    imported = ask(server, "json", json.dumps(spec)).json()

    assert {(note["field"], note["code"]) for note in imported["notes"]} == {
        ("data.dataset.noise", "too_large"),
        ("data.colour", "unknown_field"),
        ("network.layers[1].units", "too_small"),
        ("network.layers[2].units", "too_large"),
        ("network.layers[3].activation", "unknown_name"),
        ("training.loss", "contradiction"),
    }
    taken = imported["spec"]
    assert taken["data"]["dataset"] == {"name": "moons", "samples": 200, "noise": 0.0}
    assert [layer["units"] for layer in taken["network"]["layers"]] == [3, 4, 4, 2]
    assert taken["training"]["batch_size"] == 7


def test_a_table_that_is_gone_is_one_note_and_all_else_is_taken():
    given = {
        "data": {"dataset": {"name": "table", "id": "sha256-" + 64 * "a"}, "seed": 3},
        "training": {"batch_size": 7},
    }

    imported = import_spec("json", json.dumps(given), LIMITS)

    assert [(note.field, note.code) for note in imported.notes] == [("data.dataset.id", "unavailable")]
    expected = {"data": {"seed": 3}, "training": {"batch_size": 7}}
    assert imported.spec == ExperimentSpec.model_validate(expected)


@pytest.mark.parametrize(
    "text",
    [
        '{"version": 2}',
        '{"data": 5, "network": [], "training": "x"}',
        '{"data": {"dataset": {"name": "table"}}}',
        '{"data": {"split": {"train": 0.9}}}',
        '{"data": {"dataset": "truth_table", "split": {"train": 0.5}}}',
        '{"network": {"layers": ' + json.dumps([{"units": 1000}] * 40) + "}}",
        '{"training": {"optimizer": "perceptron_rule"}}',
        '{"spec": {"spec": {}}}',
        '{"data": {"features": ["x", "x", "nothing"]}}',
        "{}",
    ],
)
def test_a_spec_that_contradicts_itself_is_mended_until_it_is_one(text):
    imported = import_spec("json", text, LIMITS)

    assert ExperimentSpec.model_validate(imported.spec.full()) == imported.spec
    assert imported.notes or text == "{}"


@pytest.mark.parametrize(
    ("source", "text", "status", "code"),
    [
        ("json", "{", 422, "malformed_json"),
        ("json", "[]", 422, "not_an_object"),
        ("json", '{"training": {"optimizer": {"learning_rate": NaN}}}', 422, "not_finite"),
        ("json", "[" * 5000, 422, "malformed_json"),
        ("json", " " * 100_001, 422, "too_long"),
        ("tf-playground", "a" * 8_001, 422, "too_long"),
        ("keras", "", 422, "unknown_name"),
        ("", "", 422, "unknown_name"),
        (5, "", 422, "wrong_type"),
        ("json", None, 422, "wrong_type"),
    ],
)
def test_what_says_nothing_is_refused_in_words(server, source, text, status, code):
    answer = ask(server, source, text)

    problem = answer.json()
    assert answer.status_code == status
    assert code in {problem["code"], *(error["code"] for error in problem.get("errors", []))}


def test_a_format_that_is_not_known_is_answered_with_those_that_are():
    with pytest.raises(Problem) as caught:
        import_spec("rot13", "", LIMITS)

    assert "tf-playground" in str(caught.value) and "json" in str(caught.value)
    assert caught.value.errors[0]["limit"] == "tf-playground, json"


def test_a_link_of_a_thousand_strange_keys_has_notes_that_end(server):
    notes = ask(server, "tf-playground", "&".join(f"k{number}=1" for number in range(700))).json()["notes"]

    assert len(notes) == 101 and notes[-1]["code"] == "more_notes"
