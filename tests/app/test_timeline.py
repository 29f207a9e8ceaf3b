"""The past of a session over REST and the stream: what can be gone back to, going there, branching, undoing."""

import io

import numpy as np
import pytest


@pytest.fixture
def trained(session):
    """A session that has trained for ten epochs of two steps, with a change after the fourth."""
    session.command(type="run", epochs=4)
    session.request("PATCH", "/spec", json={"training": {"optimizer": {"learning_rate": 0.1}}})
    session.command(type="run", epochs=6)
    return session


def vector(session):
    answer = session.get("/parameters", headers={"Accept": "application/x-npy"})
    return np.load(io.BytesIO(answer.content))


def test_the_timeline_tells_what_can_be_gone_back_to_and_what_was_changed(trained):
    timeline = trained.get("/timeline").json()

    assert (timeline["first"], timeline["newest"], timeline["newest_epoch"]) == (0, 20, 10)
    assert (timeline["step"], timeline["is_past"], timeline["line"]) == (20, False, [])
    assert [entry["epoch"] for entry in timeline["snapshots"]] == list(range(11))
    assert timeline["snapshots"][-1]["until"] == 20
    assert [point["epoch"] for point in timeline["points"]] == list(range(1, 11))
    assert timeline["changes"] == [
        {
            "step": 8,
            "type": "configured",
            "fields": [{"field": "training.optimizer.learning_rate", "from": 0.03, "to": 0.1}],
        }
    ]


def test_going_back_over_rest_answers_when_it_is_there(trained):
    newest = vector(trained)

    answer = trained.command(type="seek", step=7)

    assert (answer["step"], answer["state"], answer["timeline"]["is_past"]) == (7, "paused", True)
    read = trained.get().json()
    assert (read["step"], read["epoch"], read["timeline"]["newest"]) == (7, 3, 20)
    assert read["spec"]["training"]["optimizer"]["learning_rate"] == 0.03
    assert not np.array_equal(vector(trained), newest)
    trained.command(type="seek", step=20)
    assert np.array_equal(vector(trained), newest)


def test_one_weight_s_history_is_read_along_the_timeline(trained):
    path = trained.get("/timeline/parameters?places=3,0").json()

    assert path["epochs"] == list(range(11))
    assert path["places"] == [3, 0]
    everything = trained.get("/timeline/parameters", headers={"Accept": "application/x-npy"})
    vectors = np.load(io.BytesIO(everything.content))
    assert vectors.shape == (11, 9)
    np.testing.assert_allclose(path["values"], vectors[:, [3, 0]], rtol=1e-6)
    np.testing.assert_array_equal(vectors[-1], vector(trained))
    trained.command(type="seek", step=6)
    np.testing.assert_array_equal(vectors[3], vector(trained))


@pytest.mark.parametrize(("places", "field"), [("9", "places[0]"), ("0,400", "places[1]")])
def test_a_weight_that_is_not_there_is_named(trained, places, field):
    refused = trained.get(f"/timeline/parameters?places={places}")

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == field


def test_the_loss_surface_shows_the_way_that_the_session_has_come(trained):
    for answer in (
        trained.get("/landscape?resolution=5&path=timeline"),
        trained.post("/landscape", json={"resolution": 5, "path": "timeline"}),
    ):
        path = answer.json()["path"]
        assert path["steps"] == list(range(0, 21, 2))
        assert len(path["points"]) == 11
        assert path["points"][-1] == [0.0, 0.0]


def test_a_branch_is_a_session_of_its_own_with_the_same_past(trained, server):
    answer = trained.command(type="branch", step=9)

    headers = {"Authorization": f"Bearer {answer['token']}"}
    read = server.http.get(f"/api/v1/sessions/{answer['id']}", headers=headers).json()
    assert answer["id"] != trained.id
    assert (read["step"], read["state"], read["timeline"]["first"]) == (9, "paused", 0)
    assert read["spec"]["training"]["optimizer"]["learning_rate"] == 0.1
    assert trained.get().json()["step"] == 20
    headers = {"Authorization": f"Bearer {answer['viewer_token']}"}
    viewed = server.http.get(f"/api/v1/sessions/{answer['id']}/timeline", headers=headers).json()
    assert [point["epoch"] for point in viewed["points"]] == [1, 2, 3, 4]


def test_who_only_watches_neither_goes_back_nor_branches_nor_undoes(trained):
    with trained.open_stream(token=trained.viewer_token) as stream:
        for command in ({"type": "seek", "step": 1}, {"type": "branch", "step": 1}, {"type": "undo"}):
            assert stream.command(**command)["code"] == "read_only"
            refused = trained.post("/commands", json=command, token=trained.viewer_token)
            assert refused.status_code == 403


def test_two_streams_see_the_same_past_and_a_newcomer_is_told_of_it(trained):
    with trained.open_stream() as one, trained.open_stream() as other:
        assert one.command(type="seek", step=5)["step"] == 5
        told = other.next_where(lambda event: event["type"] in ("state", "rebuilt") and event["step"] == 5)
        assert told["timeline"]["is_past"] is True
        with trained.stream() as third:
            welcome = third.hello(trained.token)
            assert (welcome["step"], welcome["timeline"]["is_past"], welcome["timeline"]["newest"]) == (5, True, 20)


def test_undo_and_redo_answer_with_the_spec(trained):
    undone = trained.command(type="undo")

    assert undone["rebuilt"] is False
    assert undone["spec"]["training"]["optimizer"]["learning_rate"] == 0.03
    assert trained.command(type="redo")["spec"]["training"]["optimizer"]["learning_rate"] == 0.1
    assert trained.post("/commands", json={"type": "redo"}).json()["code"] == "nothing_to_redo"


@pytest.mark.parametrize("step", [21, -1, 1.5, "3", None])
def test_a_step_that_cannot_be_gone_to_is_refused_with_the_field(trained, step):
    for name in ("seek", "branch"):
        refused = trained.post("/commands", json={"type": name, "step": step})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "step"
