"""What a session shows of itself, in every form."""

import io

import numpy as np
import pytest

from tests.app.conftest import Session

NPY = {"Accept": "application/x-npy"}


def array_of(response):
    assert response.headers["content-type"] == "application/x-npy"
    return np.load(io.BytesIO(response.content), allow_pickle=False)


@pytest.fixture
def trained(session):
    session.command(type="run", epochs=3)
    return session


def test_the_data_come_by_split_and_page(session):
    train = session.get("/data", params={"split": "train"}).json()
    page = session.get("/data", params={"split": "train", "offset": 5, "limit": 3}).json()
    test = session.get("/data", params={"split": "test"}).json()

    assert len(train["inputs"]) == len(train["targets"]) == 20
    assert len(test["inputs"]) == 20
    assert page["inputs"] == train["inputs"][5:8]
    assert page["targets"] == train["targets"][5:8]
    assert page["split"] == ["train"] * 3


def test_the_data_come_as_npy(session):
    inputs = array_of(session.get("/data", params={"array": "inputs"}, headers=NPY))
    targets = array_of(session.get("/data", params={"array": "targets"}, headers=NPY))

    assert inputs.shape == (20, 2)
    assert targets.shape[0] == 20
    assert np.allclose(inputs, session.get("/data").json()["inputs"], atol=1e-3)


def test_the_history_is_the_points(trained):
    history = trained.get("/history").json()

    assert [point["epoch"] for point in history["points"]] == [1, 2, 3]
    assert {"n", "run", "step", "loss", "accuracy", "test_loss", "test_accuracy"} <= set(history["points"][0])


def test_the_boundary_comes_in_three_forms(trained):
    as_json = trained.get("/boundary", params={"resolution": 16})
    as_array = array_of(trained.get("/boundary", params={"resolution": 16}, headers=NPY))
    as_picture = trained.get("/boundary", params={"resolution": 16}, headers={"Accept": "image/png"})

    values = np.array(as_json.json()["values"])
    low, high = as_json.json()["range"]
    assert values.shape == as_array.shape == (16, 16)
    assert low <= values.min() and values.max() <= high
    assert as_picture.headers["content-type"] == "image/png"
    assert as_picture.content.startswith(b"\x89PNG\r\n\x1a\n")
    assert as_json.headers["vary"].startswith("Accept")


def test_row_0_of_the_boundary_is_the_largest_y(trained):
    values = trained.get("/boundary", params={"resolution": 5}).json()["values"]
    corners = trained.post("/predict", json={"inputs": [[-6, 6], [6, 6], [-6, -6]]}).json()["outputs"]

    assert np.allclose([values[0][0], values[0][-1], values[-1][0]], np.ravel(corners), atol=1e-2)


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/json"),
        ("image/*", "image/png"),
        ("application/*", "application/json"),
        ("image/png;q=0.5, application/x-npy", "application/x-npy"),
        ("application/json;q=0, */*;q=0.1", "image/png"),
        ("text/html, */*;q=0.1", "application/json"),
        ("IMAGE/PNG", "image/png"),
    ],
)
def test_accept_decides_by_quality_and_then_by_our_order(session, accept, content_type):
    response = session.get("/boundary", params={"resolution": 4}, headers={"Accept": accept})

    assert response.headers["content-type"] == content_type


@pytest.mark.parametrize("accept", ["text/html", "image/jpeg", "application/json;q=0", "nonsense"])
def test_a_form_that_does_not_exist_is_not_acceptable(session, accept):
    response = session.get("/boundary", headers={"Accept": accept})

    assert response.status_code == 406
    assert response.json()["code"] == "not_acceptable"


def test_predictions_come_in_the_order_of_the_inputs(trained):
    one = trained.post("/predict", json={"inputs": [[1.0, 2]]}).json()["outputs"]
    many = trained.post("/predict", json={"inputs": [[0, 0], [1.0, 2.0], [-3.5, 4]]}).json()["outputs"]

    assert len(many) == 3
    assert np.allclose(many[1], one[0])


def test_the_parameters_come_by_layer_and_as_one_vector(session):
    layers = session.get("/parameters").json()["layers"]
    vector = array_of(session.get("/parameters", headers=NPY))

    assert [np.shape(layer["weights"]) for layer in layers] == [(2, 2), (2, 1)]
    assert [np.shape(layer["biases"]) for layer in layers] == [(2,), (1,)]
    flat = np.concatenate([np.ravel(layer[key]) for layer in layers for key in ("weights", "biases")])
    assert np.allclose(vector, flat)
    assert vector.dtype == np.float32


def test_a_snapshot_posted_back_is_the_same_session_bit_for_bit(server, trained):
    snapshot = trained.post("/snapshot")
    assert snapshot.headers["content-type"] == "application/octet-stream"
    assert snapshot.headers["content-disposition"].startswith("attachment")

    response = server.http.post(
        "/api/v1/sessions", content=snapshot.content, headers={"Content-Type": "application/octet-stream"}
    )

    assert response.status_code == 201, response.text
    copy = type(trained)(server, response.json())
    assert copy.id != trained.id
    assert (copy.created["step"], copy.created["epoch"]) == (trained.get().json()["step"], 3)
    for session in (trained, copy):
        session.command(type="run", epochs=2)
    assert copy.get("/parameters", headers=NPY).content == trained.get("/parameters", headers=NPY).content
    copy.request("DELETE")


def test_nothing_that_is_read_is_kept_by_a_browser(session):
    for path in ("", "/data", "/history", "/log", "/boundary", "/parameters", "/predictions"):
        assert session.get(path).headers["cache-control"] == "no-store"


@pytest.fixture(scope="module")
def digits(server):
    response = server.http.post("/api/v1/sessions", json={"preset": "keras-mnist"})
    assert response.status_code == 201, response.text
    session = Session(server, response.json())
    yield session
    session.request("DELETE")


def test_images_come_as_bytes_in_both_forms(digits):
    params = {"split": "test", "limit": 5}
    as_json = digits.get("/data", params=params).json()
    as_array = array_of(digits.get("/data", params=params, headers=NPY))

    assert as_array.dtype == np.uint8
    assert as_array.shape == (5, 784)
    assert as_array.tolist() == as_json["inputs"]
    assert as_json["targets"] == [7, 2, 1, 0, 4]
    assert as_json["total"] == 10_000


def test_an_image_is_predicted_from_its_784_grey_values(digits):
    image = digits.get("/data", params={"split": "test", "limit": 1}).json()["inputs"][0]

    (output,) = digits.post("/predict", json={"inputs": [[value / 255 for value in image]]}).json()["outputs"]

    assert len(output) == 10
    assert sum(output) == pytest.approx(1, abs=1e-5)


def test_a_session_without_a_plane_has_no_boundary(digits):
    response = digits.get("/boundary")

    assert response.status_code == 409
    assert response.json()["code"] == "no_plane"


def test_407050_parameters_come_as_one_vector(digits):
    assert digits.created["parameters"] == 407_050
    assert array_of(digits.get("/parameters", headers=NPY)).shape == (407_050,)
