"""Every data set through the whole server: numbers to predict, several classes, truth tables, digits and clothes."""

import json
import math

import numpy as np
import pytest

from engine.datasets import BuiltInDataset
from engine.registry import components

ON_PLANE = {
    name: kind for name, kind in components("dataset").items() if issubclass(kind, BuiltInDataset) and kind.inputs == 2
}


def spec_of(dataset, **fields):
    if "samples" in components("dataset")[dataset].model_fields:
        fields = {"samples": 60, **fields}
    return {"data": {"dataset": {"name": dataset, **fields}}, "network": {"layers": [{"units": 3}]}}


@pytest.fixture
def open_session(server):
    """A function that creates a session, which is deleted at the end."""
    opened = []

    def open_one(spec):
        opened.append(server.create(spec))
        return opened[-1]

    yield open_one
    for session in opened:
        session.request("DELETE")


def header_of(frame):
    length = int.from_bytes(frame[:4], "little")
    return json.loads(frame[4 : 4 + length])


@pytest.mark.parametrize("dataset", ON_PLANE)
def test_every_data_set_of_the_plane_is_learnt_drawn_and_judged(open_session, dataset):
    kind = components("dataset")[dataset]
    session = open_session(spec_of(dataset))
    outputs = session.created["layers"][-1]["units"]
    with session.open_stream() as stream:
        frame = header_of(stream.next_frame())
    session.command(type="run", epochs=2)

    standing, point = session.get().json(), session.get("/history").json()["points"][-1]
    boundary = session.get("/boundary", params={"resolution": 8}).json()
    judged = session.get("/predictions", params={"split": "train"}).json()

    told = {name: judged["figures"][name] for name, metric in components("metric").items() if kind.task in metric.tasks}
    # Nothing is told of what nothing is known of, such as the precision for a class that was never named.
    assert {name: point[name] for name in components("metric") if name in point} == {
        name: figure for name, figure in told.items() if figure is not None
    }
    assert {name: point[name] for name in standing["metrics"]} == standing["metrics"]
    assert point["loss"] == standing["metrics"]["loss"] > 0
    assert {"boundary", "units"} <= {array["name"] for array in frame["arrays"]}
    values, (low, high) = np.array(boundary["values"]), boundary["range"]
    assert values.shape == ((8, 8) if outputs == 1 else (outputs, 8, 8))
    assert low <= values.min() and values.max() <= high and low < high
    assert session.get("/boundary", headers={"Accept": "image/png"}).content.startswith(b"\x89PNG")
    assert len(judged["predicted"]) == len(judged["actual"]) == session.get("/data").json()["total"]
    assert (judged["confusion"] is None) == (kind.task == "regression")


def test_numbers_are_judged_by_their_errors(open_session):
    session = open_session(spec_of("plane", noise=0.1))
    session.command(type="run", epochs=20)

    judged = session.get("/predictions").json()

    said = np.ravel(
        session.post("/predict", json={"inputs": session.get("/data?split=test").json()["inputs"]}).json()["outputs"]
    )
    actual = np.array(judged["actual"])
    np.testing.assert_allclose(judged["predicted"], said, atol=1e-5)
    assert judged["figures"] == {
        "mean_squared_error": pytest.approx(np.mean((said - actual) ** 2), rel=1e-4),
        "mean_absolute_error": pytest.approx(np.mean(abs(said - actual)), rel=1e-4),
        "r_squared": pytest.approx(1 - np.sum((said - actual) ** 2) / np.sum((actual - actual.mean()) ** 2), rel=1e-4),
    }
    assert judged["figures"]["mean_squared_error"] == pytest.approx(
        session.get().json()["metrics"]["test_loss"], rel=1e-4
    )
    assert judged["confidence"] is judged["roc"] is judged["threshold"] is None
    assert session.get("/predictions?threshold=0.5").json()["errors"][0]["field"] == "threshold"


def test_two_classes_are_judged_at_any_threshold(open_session):
    session = open_session(spec_of("gauss", noise=0.5))
    session.command(type="run", epochs=5)

    natural = session.get("/predictions").json()
    low, high = (session.get("/predictions", params={"threshold": number}).json() for number in (-1, 2))

    assert (natural["threshold"], low["threshold"]) == (0.5, -1)
    assert natural["figures"]["accuracy"] == pytest.approx(session.get().json()["metrics"]["test_accuracy"])
    assert (low["figures"]["recall"], high["figures"]["recall"], high["figures"]["precision"]) == (1, 0, None)
    (true_negatives, false_positives), (false_negatives, true_positives) = natural["confusion"]
    positive = natural["figures"]["classes"][1]
    assert positive["true_positives"] == true_positives and positive["true_negatives"] == true_negatives
    assert positive["false_positives"] == false_positives and positive["false_negatives"] == false_negatives
    assert positive["precision"] == natural["figures"]["precision"]
    curve = natural["roc"]
    assert (curve["false_positive_rate"][0], curve["true_positive_rate"][-1], curve["thresholds"][-1]) == (0, 1, None)
    # What a threshold of the curve promises is what one gets for it.
    place = len(curve["thresholds"]) // 2
    there = session.get("/predictions", params={"threshold": curve["thresholds"][place]}).json()
    assert there["figures"]["recall"] == pytest.approx(curve["true_positive_rate"][place])
    assert 0 <= natural["figures"]["auc"] <= 1


def test_targets_of_both_signs_are_told_apart_at_zero(open_session):
    session = open_session({**spec_of("gauss"), "training": {"loss": "hinge"}})
    session.command(type="run", epochs=20)

    judged = session.get("/predictions").json()

    assert session.created["layers"][-1]["activation"] == "linear"
    assert judged["threshold"] == 0
    assert judged["figures"]["accuracy"] > 0.9


def test_several_classes_are_judged_by_the_mean_of_all(open_session):
    session = open_session(spec_of("blobs", classes=4))
    session.command(type="run", epochs=5)

    judged = session.get("/predictions").json()

    each = judged["figures"]["classes"]
    assert len(each) == len(judged["confusion"]) == 4
    recalls = [figures["recall"] for figures in each]
    assert judged["figures"]["recall"] == pytest.approx(sum(recalls) / 4)
    assert judged["roc"] is judged["threshold"] is judged["figures"]["auc"] is None


def test_a_network_of_digits_may_be_asked_about_clothes(open_session):
    session = open_session(
        {"data": {"dataset": {"name": "mnist", "samples": 100}}, "network": {"layers": [{"units": 4}]}}
    )

    clothes = session.get("/data", params={"split": "unknown", "offset": 998, "limit": 5}).json()
    said = session.post("/predict", json={"inputs": (np.array(clothes["inputs"]) / 255).tolist()}).json()["outputs"]

    assert clothes["total"] == 1000 and clothes["split"] == ["unknown"] * 2
    assert len(clothes["inputs"][0]) == 784 and max(clothes["inputs"][0]) > 200
    assert len(said) == 2 and math.isclose(sum(said[0]), 1, rel_tol=1e-4)


def test_the_plane_has_nothing_of_another_kind(session):
    answer = session.get("/data", params={"split": "unknown"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "split"


def test_a_change_of_the_data_takes_the_split_that_suits_them(open_session):
    session = open_session(spec_of("xor"))

    def change(dataset):
        answer = session.request("PATCH", "/spec", json={"data": {"dataset": dataset}}).json()
        return answer["spec"]["data"]["split"], [entry["field"] for entry in answer["adjusted"]]

    assert change("truth_table") == (
        {"train": 1.0, "validation": 0.0, "test": 0.0},
        ["data.dataset.samples", "data.dataset.noise", "data.split"],
    )
    assert change("circle") == (
        {"train": 0.5, "validation": 0.0, "test": 0.5},
        ["data.dataset.gate", "data.split"],
    )
