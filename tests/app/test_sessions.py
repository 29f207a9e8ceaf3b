"""Sessions over REST, route by route."""

import concurrent.futures
import time

import numpy as np
import pytest

from engine import ExperimentSpec
from engine.presets import PRESETS
from tests.app.conftest import wait_until


def test_a_session_is_created_from_a_spec(server):
    spec = {"data": {"dataset": "circle"}, "network": {"layers": [{"units": 3, "activation": "relu"}]}}

    response = server.http.post("/api/v1/sessions", json={"spec": spec})

    created = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/api/v1/sessions/{created['id']}"
    assert response.headers["cache-control"] == "no-store"
    assert created["spec"] == ExperimentSpec.model_validate(spec).full()
    assert created["state"] == "idle"
    assert created["step"] == 0
    assert created["parameters"] == 13
    assert [layer["units"] for layer in created["layers"]] == [3, 1]
    assert len({created["id"], created["token"], created["viewer_token"]}) == 3


@pytest.mark.parametrize(
    "body",
    [{}, {"content": b"{}", "headers": {"Content-Type": "application/json"}}, {"json": {"spec": {}}}, {"json": {}}],
)
def test_without_a_spec_the_default_one_is_taken(server, body):
    response = server.http.post("/api/v1/sessions", **body)

    assert response.status_code == 201
    assert response.json()["spec"] == ExperimentSpec().full()


@pytest.mark.parametrize("name", ["xor-2-2-1", "xor-2-2-4-1", "xor-2-4-8-8-1", "perceptron-linear"])
def test_a_session_is_created_from_a_preset(server, name):
    response = server.http.post("/api/v1/sessions", json={"preset": name})

    assert response.status_code == 201
    assert response.json()["spec"] == PRESETS[name].spec.full()


def test_reading_a_session_tells_everything_but_the_tokens(session):
    read = session.get().json()

    tokens = {"token", "viewer_token"}
    assert read == {**{key: value for key, value in session.created.items() if key not in tokens}, "role": "owner"}


def test_a_deleted_session_is_gone(server):
    session = server.create()

    assert session.request("DELETE").status_code == 204
    assert session.get().status_code == 404
    assert session.post("/commands", json={"type": "run"}).status_code == 404
    assert session.request("DELETE").status_code == 404


@pytest.mark.parametrize("content_type", ["application/json", "application/merge-patch+json", "Application/JSON; a=b"])
def test_a_patch_changes_the_spec_and_leaves_the_rest(session, content_type):
    patch = b'{"training": {"optimizer": {"learning_rate": 0.5}}}'

    response = session.request("PATCH", "/spec", content=patch, headers={"Content-Type": content_type})

    assert response.status_code == 200
    changed = response.json()
    assert changed["rebuilt"] is False
    assert changed["adjusted"] == []
    assert changed["spec"]["training"]["optimizer"] == {"name": "sgd", "learning_rate": 0.5}
    assert changed["spec"]["network"] == session.created["spec"]["network"]
    assert session.get().json()["spec"] == changed["spec"]


def test_a_patch_that_needs_other_weights_rebuilds(session):
    changed = session.request("PATCH", "/spec", json={"network": {"layers": [{"units": 3}, {"units": 2}]}}).json()

    assert changed["rebuilt"] is True
    assert session.get().json()["parameters"] == 20
    assert session.get().json()["run"] > session.created["run"]


def test_a_patch_that_keeps_goes_on_with_the_weights_there_are(session):
    session.command(type="run", epochs=3)
    patch = {"network": {"layers": [{"units": 3}]}}

    answer = session.request("PATCH", "/spec?keep=1", json=patch).json()

    # Two units with their two weights and a bias each, and the output's weights from them with its bias.
    assert (answer["rebuilt"], answer["kept"]) == (True, 2 * 3 + 3)
    assert session.get().json()["epoch"] == 3


def test_a_patch_to_another_optimizer_says_what_it_dropped(session):
    session.request("PATCH", "/spec", json={"training": {"optimizer": {"name": "momentum", "learning_rate": 0.2}}})

    changed = session.request("PATCH", "/spec", json={"training": {"optimizer": {"name": "sgd"}}}).json()

    assert changed["spec"]["training"]["optimizer"] == {"name": "sgd", "learning_rate": 0.2}
    assert {entry["code"] for entry in changed["adjusted"]} == {"dropped"}


def test_a_command_is_waited_for(session):
    answer = session.command(type="run", epochs=7)

    assert answer["done"] is True
    assert answer["state"] == "done"
    assert answer["epoch"] == 7
    assert answer["metrics"]["loss"] > 0
    assert session.get().json()["epoch"] == 7


def test_waiting_ends_when_the_time_is_up(session):
    began_s = time.monotonic()

    answer = session.command(wait=0.3, type="run")

    assert answer["done"] is False
    assert answer["state"] == "running"
    assert 0.25 < time.monotonic() - began_s < 5
    assert session.command(type="pause")["state"] == "paused"


def test_a_stopping_server_answers_those_who_wait(start):
    server = start()
    session = server.create()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(session.command, wait=60, type="run")
        wait_until(lambda: session.get().json()["state"] == "running")

        server.stop()

        answer = waiting.result(timeout=10)
    assert (answer["done"], answer["state"]) == (False, "running")


def test_without_waiting_the_answer_comes_at_once(session):
    assert session.command(wait=0, type="run", speed=1.0)["state"] == "running"


def test_steps_are_counted_by_their_unit(session):
    assert session.command(type="step", unit="batch", count=3)["step"] == 3
    assert session.command(type="step", unit="epoch", count=1)["epoch"] >= 1


def test_a_reset_goes_back_to_the_same_weights_or_to_new_ones(session):
    first = session.get("/parameters").content
    session.command(type="run", epochs=2)
    assert session.get("/parameters").content != first

    session.command(type="reset", weights="same")
    assert session.get("/parameters").content == first

    session.command(type="reset", weights="new")
    assert session.get("/parameters").content != first


def test_a_weight_is_edited(session):
    session.command(type="edit", layer=0, **{"from": 1, "to": 0}, value=2.5)

    vector = np.load(_file(session.get("/parameters", headers={"Accept": "application/x-npy"}).content))
    assert vector[2] == 2.5


def test_the_log_repeats_what_changed_the_session(session):
    session.command(type="run", epochs=2)
    session.command(type="edit", layer=0, bias=0, value=0.5)

    log = session.get("/log").json()["log"]

    assert [entry["command"]["type"] for entry in log][-1] == "edit"


def test_sessions_do_not_wait_for_each_other(server):
    sessions = [server.create() for _ in range(8)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda session: session.command(type="run", epochs=3), sessions))

    assert [answer["epoch"] for answer in answers] == [3] * 8
    for session in sessions:
        session.request("DELETE")


def test_one_session_more_than_allowed_is_refused(start):
    server = start(max_sessions=2, max_queue=0)
    kept = [server.create(), server.create()]

    refused = server.http.post("/api/v1/sessions")

    assert refused.status_code in (429, 503)
    assert refused.headers["content-type"] == "application/problem+json"
    kept[0].request("DELETE")
    assert server.http.post("/api/v1/sessions").status_code == 201


def _file(content):
    import io

    return io.BytesIO(content)
