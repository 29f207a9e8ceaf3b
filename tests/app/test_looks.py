"""What a session tells of its network: a trace, histograms, saliency, the loss surface, projections, attacks."""

import io

import numpy as np
import pytest

from tests.app.conftest import Session

DIGITS = {
    "data": {"dataset": {"name": "mnist", "samples": 500}},
    "network": {"layers": [{"units": 16, "activation": "relu"}]},
    "training": {"optimizer": "rmsprop", "batch_size": 20},
}
NPY = {"Accept": "application/x-npy"}


@pytest.fixture(scope="module")
def plane(server):
    session = server.create()
    session.command(type="run", epochs=20)
    yield session
    session.request("DELETE")


@pytest.fixture(scope="module")
def digits(server):
    response = server.http.post("/api/v1/sessions", json={"spec": DIGITS})
    assert response.status_code == 201, response.text
    session = Session(server, response.json())
    session.command(type="run", epochs=8)
    yield session
    session.request("DELETE")


def answer_of(response):
    assert response.status_code == 200, response.text
    assert response.headers["cache-control"] == "no-store"
    return response.json()


def parameters_of(session):
    return np.load(io.BytesIO(session.get("/parameters", headers=NPY).content), allow_pickle=False)


def refusal_of(response):
    assert response.status_code == 422, response.text
    (error,) = response.json()["errors"]
    return error["field"], error["code"]


# A trace


def test_a_trace_names_every_product_and_every_sum(plane):
    trace = answer_of(plane.get("/trace", params={"split": "test", "index": 3}))

    example = plane.get("/data", params={"split": "test", "offset": 3, "limit": 1}).json()
    assert trace["input"] == pytest.approx(example["inputs"][0], abs=1e-6)
    assert trace["label"] == example["targets"][0]
    for layer in trace["layers"]:
        sums = np.sum(layer["products"], axis=0) + layer["biases"]
        assert np.allclose(sums, layer["sums"], atol=1e-5)
        assert np.allclose(np.outer(layer["inputs"], layer["deltas"]), layer["weight_gradients"], atol=1e-6)
    first, last = trace["layers"]
    assert first["activations"] == last["inputs"]
    assert np.allclose(np.sum(last["error_products"], axis=1), first["errors"], atol=1e-6)
    assert np.allclose(np.multiply(first["errors"], first["slopes"]), first["deltas"], atol=1e-6)
    assert trace["fused"] and last["errors"] is None and first["penalties"] is None
    assert trace["outputs"] == last["activations"]


def test_an_input_of_ones_own_is_traced_with_its_label_or_without(plane):
    with_label = answer_of(plane.post("/trace", json={"input": [1, -2.5], "label": 1}))
    without = answer_of(plane.post("/trace", json={"input": [1, -2.5]}))

    assert with_label["loss"] > 0 and without["loss"] is None
    assert without["layers"][0]["deltas"] is None
    assert with_label["outputs"] == without["outputs"]
    assert without["outputs"] == pytest.approx(
        plane.post("/predict", json={"inputs": [[1, -2.5]]}).json()["outputs"][0]
    )


def test_of_a_large_network_a_trace_tells_one_unit_at_a_time(server):
    session = server.create({"data": {"dataset": {"name": "mnist", "samples": 100}}, "network": DIGITS["network"]})
    whole = session.get("/trace")
    unit = answer_of(session.get("/trace", params={"layer": 0, "unit": 3}))
    session.request("DELETE")

    assert whole.status_code == 200
    assert np.shape(whole.json()["layers"][0]["products"]) == (784, 16)
    assert np.shape(unit["layers"][0]["products"]) == np.shape(unit["layers"][0]["weight_gradients"]) == (784, 1)
    assert np.sum(unit["layers"][0]["products"]) + unit["layers"][0]["biases"][3] == pytest.approx(
        unit["layers"][0]["sums"][3], abs=1e-4
    )
    assert unit["layers"][1]["products"] is None and len(unit["layers"][1]["sums"]) == 10


def test_the_example_of_the_next_single_step_is_traced_and_the_step_takes_it(server):
    session = server.create({"training": {"regularizer": "l2"}})
    before = parameters_of(session)

    trace = answer_of(session.get("/trace", params={"next": "true"}))
    session.command(type="step", unit="example", count=1)

    example = session.get("/data", params={"split": "train", "offset": trace["index"], "limit": 1}).json()
    assert trace["split"] == "train" and trace["step"] == 0
    assert trace["input"] == pytest.approx(example["inputs"][0], abs=1e-6)
    gradients = [
        np.concatenate([np.add(layer["weight_gradients"], layer["penalties"]).ravel(), layer["deltas"]])
        for layer in trace["layers"]
    ]
    expected = before - trace["learning_rate"] * np.concatenate(gradients)
    assert np.allclose(parameters_of(session), expected, atol=1e-7)
    session.request("DELETE")


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"index": 20}, ("index", "too_large")),
        ({"split": "validation"}, ("split", "contradiction")),
        ({"input": [1, 2], "index": 0}, ("body", "contradiction")),
        ({"label": 1}, ("body", "contradiction")),
        ({"input": [1]}, ("input", "wrong_shape")),
        ({"input": [1, "2"]}, ("input[1]", "wrong_type")),
        ({"input": [1, 2], "label": 2}, ("label", "contradiction")),
        ({"input": [1, 2], "label": 0.5}, ("label", "contradiction")),
        ({"layer": 2}, ("layer", "too_large")),
        ({"layer": 0, "unit": 2}, ("unit", "too_large")),
        ({"unit": 0}, ("unit", "contradiction")),
        ({"index": -1}, ("index", "too_small")),
        ({"index": 1.5}, ("index", "wrong_type")),
        ({"what": 1}, ("what", "unknown_field")),
    ],
)
def test_what_cannot_be_traced_is_named(plane, body, refused):
    assert refusal_of(plane.post("/trace", json=body)) == refused


# Histograms, saliency, projections


def test_histograms_count_every_parameter(plane):
    layers = answer_of(plane.get("/histograms", params={"bins": 5}))["layers"]

    counted = [sum(layer[part]["counts"]) for layer in layers for part in ("weights", "biases")]
    assert counted == [4, 2, 2, 1]
    assert {len(layer["bias_gradients"]["counts"]) for layer in layers} == {5}
    parameters = parameters_of(plane)
    assert layers[0]["weights"]["low"] == pytest.approx(parameters[:4].min(), abs=1e-6)
    assert layers[0]["weights"]["mean"] == pytest.approx(parameters[:4].mean(), abs=1e-6)


def test_the_activity_of_a_unit_is_counted_over_the_training_examples(plane):
    activity = answer_of(plane.get("/activity", params={"layer": 0, "unit": 1, "bins": 8}))

    counts = activity["activations"]["counts"]
    assert len(counts) == 8 and sum(counts) == activity["examples"]
    assert (activity["activations"]["low"], activity["activations"]["high"]) == (-1, 1)  # The bounds of tanh.
    assert 0 <= activity["flat"] <= 1
    assert refusal_of(plane.get("/activity", params={"layer": 2})) == ("layer", "too_large")
    assert refusal_of(plane.get("/activity", params={"layer": 0, "unit": 2})) == ("unit", "too_large")


def test_a_landscape_tells_its_directions_so_that_later_parameters_can_be_found_on_it(plane):
    parameters = parameters_of(plane)

    landscape = answer_of(plane.get("/landscape", params={"resolution": 3, "seed": 4}))

    assert landscape["center"] == pytest.approx(parameters.tolist())
    directions = np.array(landscape["directions"])
    path = [(parameters + 0.5 * directions[0] - 0.25 * directions[1]).tolist()]
    placed = answer_of(plane.post("/landscape", json={"resolution": 3, "seed": 4, "path": path}))
    assert placed["path"]["points"][0] == pytest.approx([0.5, -0.25], abs=1e-4)


def test_a_network_that_has_diverged_has_a_landscape_of_no_numbers(server):
    layers = [{"units": 8, "activation": "relu"}] * 4
    session = server.create(
        {
            "network": {"layers": layers, "output_activation": "linear"},
            "training": {"loss": "mean_squared_error", "optimizer": {"name": "sgd", "learning_rate": 10}},
        }
    )
    assert session.command(type="run", epochs=100)["state"] == "diverged"

    landscape = answer_of(session.get("/landscape", params={"resolution": 3, "path": "timeline"}))
    session.request("DELETE")

    assert landscape["range"] is None and landscape["path"] is None


def test_a_space_tells_where_a_layer_puts_examples_and_the_plane(plane, digits):
    own = answer_of(plane.get("/space", params={"layer": 0, "limit": 10, "lines": 3, "resolution": 4}))
    projected = answer_of(digits.get("/space", params={"layer": 0, "split": "test", "limit": 10}))

    assert np.shape(own["points"]) == (10, 2) and np.shape(own["grid"]) == (3, 3, 2) and len(own["targets"]) == 10
    assert np.shape(own["field"]["values"]) == (1, 4, 4) and own["field"]["range"] == [0, 1]
    trace = plane.get("/trace", params={"split": "train", "index": 4}).json()
    assert own["points"][4] == pytest.approx(trace["layers"][0]["activations"], abs=1e-4)
    assert own["projected"] is False and own["ranges"] == [[-1, 1], [-1, 1]]
    assert projected["projected"] is True and projected["grid"] is None and projected["field"] is None
    assert refusal_of(plane.get("/space", params={"layer": 2})) == ("layer", "too_large")
    assert refusal_of(plane.get("/space")) == ("layer", "missing")


def test_saliency_is_how_an_output_changes(plane):
    saliency = answer_of(plane.post("/saliency", json={"input": [1.0, 2.0]}))

    ends = [[1.05, 2.0], [0.95, 2.0], [1.0, 2.05], [1.0, 1.95]]
    said = np.ravel(plane.post("/predict", json={"inputs": ends}).json()["outputs"])
    assert np.allclose(saliency["gradient"], [(said[0] - said[1]) / 0.1, (said[2] - said[3]) / 0.1], atol=1e-3)
    assert saliency["output"] == 0


def test_saliency_of_a_digit_is_an_image(digits):
    saliency = answer_of(digits.post("/saliency", json={"index": 4, "output": 7, "of": "sum"}))

    assert len(saliency["gradient"]) == 784 and any(saliency["gradient"])
    assert (saliency["output"], saliency["of"], saliency["label"]) == (7, "sum", 4)
    assert refusal_of(digits.post("/saliency", json={"output": 10})) == ("output", "too_large")


@pytest.mark.parametrize("layer", [None, 0, 1])
def test_digits_lie_on_a_plane(digits, layer):
    params = {"limit": 60, "split": "test"} | ({} if layer is None else {"layer": layer})

    projection = answer_of(digits.get("/projection", params=params))

    width = {None: 784, 0: 16, 1: 10}[layer]
    assert np.shape(projection["points"]) == (60, 2) and np.shape(projection["components"]) == (2, width)
    assert projection["targets"][:5] == [7, 2, 1, 0, 4] and projection["total"] == 10_000
    assert 1 >= sum(projection["explained"]) > 0.1
    assert projection["explained"][0] >= projection["explained"][1]


# The loss surface


def test_in_the_middle_of_a_landscape_is_the_loss(plane):
    surface = answer_of(plane.get("/landscape", params={"resolution": 5, "span": 0.5, "seed": 3}))

    assert np.shape(surface["losses"]) == (5, 5) and surface["coordinates"] == [-0.5, -0.25, 0, 0.25, 0.5]
    assert surface["losses"][2][2] == pytest.approx(plane.get().json()["metrics"]["loss"], rel=1e-5)
    assert surface["range"] == [np.min(surface["losses"]), np.max(surface["losses"])]
    assert surface["path"] is None and surface["examples"] == 20
    assert answer_of(plane.get("/landscape", params={"resolution": 5, "span": 0.5, "seed": 3})) == surface


def test_a_path_is_found_on_the_landscape_of_two_weights(plane):
    here = parameters_of(plane).astype(float)
    there = here.copy()
    there[[1, 4]] += (0.25, -0.5)

    surface = answer_of(
        plane.post("/landscape", json={"resolution": 3, "weights": [1, 4], "path": [here.tolist(), there.tolist()]})
    )

    assert np.allclose(np.ravel(surface["path"]["points"]), [0, 0, 0.25, -0.5], atol=1e-6)
    assert surface["path"]["seen"] == pytest.approx([1, 1])
    same = answer_of(plane.get("/landscape", params={"resolution": 3, "weights": "1,4"}))
    assert same["losses"] == surface["losses"] and same["weights"] == [1, 4]


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"resolution": 1}, ("resolution", "too_small")),
        ({"span": 0}, ("span", "too_small")),
        ({"weights": [0]}, ("weights", "too_small")),
        ({"weights": [0, 9]}, ("weights[1]", "too_large")),
        ({"weights": [3, 3]}, ("weights", "duplicate")),
        ({"path": [[1, 2]]}, ("path[0]", "wrong_shape")),
    ],
)
def test_a_landscape_that_cannot_be_is_named(plane, body, refused):
    assert refusal_of(plane.post("/landscape", json=body)) == refused


def test_training_goes_on_after_a_landscape_as_if_nothing_had_been_asked(server):
    asked, left_alone = server.create(), server.create()
    for session in (asked, left_alone):
        session.command(type="run", epochs=2)

    for path in ("/landscape", "/histograms", "/activity", "/projection", "/trace"):
        answer_of(asked.get(path))
    answer_of(asked.post("/attack", json={}))
    for session in (asked, left_alone):
        session.command(type="run", epochs=2)

    assert parameters_of(asked).tolist() == parameters_of(left_alone).tolist()
    for session in (asked, left_alone):
        session.request("DELETE")


# Attacks


def test_a_digit_is_changed_within_epsilon_until_it_is_misread(digits):
    attack = answer_of(digits.post("/attack", json={"index": 0, "epsilon": 0.2, "steps": 10}))

    assert attack["label"] == attack["before"]["class"] == 7
    assert attack["fooled"] and attack["after"]["class"] != 7
    assert attack["after"]["loss"] > attack["before"]["loss"]
    difference = np.abs(np.subtract(attack["changed"], attack["input"])).max()
    assert 0 < difference == pytest.approx(attack["distance"]) and difference <= 0.2 + 1e-6
    assert min(attack["changed"]) >= 0 and max(attack["changed"]) <= 1
    said = digits.post("/predict", json={"inputs": [attack["changed"]]}).json()["outputs"][0]
    assert said == pytest.approx(attack["after"]["outputs"], abs=1e-5)


def test_a_digit_is_led_to_a_target(digits):
    attack = answer_of(digits.post("/attack", json={"index": 0, "epsilon": 0.3, "steps": 20, "target": 3}))

    assert attack["fooled"] and attack["after"]["class"] == attack["target"] == 3
    assert attack["after"]["loss"] < attack["before"]["loss"]


def test_an_input_without_a_label_is_talked_out_of_what_it_was_taken_for(plane):
    attack = answer_of(plane.post("/attack", json={"input": [0.4, 0.4], "epsilon": 1.0, "steps": 5}))

    assert attack["label"] == attack["before"]["class"]
    assert attack["distance"] <= 1 + 1e-6


def test_a_number_to_predict_is_led_astray_but_has_to_be_known(server):
    session = server.create({"data": {"dataset": {"name": "plane", "samples": 40}}})
    attack = answer_of(session.post("/attack", json={"index": 1, "epsilon": 0.5}))
    unknown = session.post("/attack", json={"input": [1, 1]})
    session.request("DELETE")

    assert attack["fooled"] is None and attack["after"]["loss"] > attack["before"]["loss"]
    assert refusal_of(unknown) == ("label", "missing")


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"epsilon": 12.5}, ("epsilon", "too_large")),
        ({"steps": 0}, ("steps", "too_small")),
        ({"target": 2}, ("target", "contradiction")),
    ],
)
def test_an_attack_that_cannot_be_is_named(plane, body, refused):
    assert refusal_of(plane.post("/attack", json=body)) == refused


def test_a_network_that_has_diverged_is_told_with_nulls(server):
    training = {"optimizer": {"name": "sgd", "learning_rate": 100}, "loss": "mean_squared_error"}
    network = {"layers": [{"units": 2, "activation": "relu"}], "output_activation": "linear"}
    session = server.create(
        {"data": {"dataset": {"name": "plane", "samples": 40}}, "network": network, "training": training}
    )
    session.command(type="run", epochs=200)
    assert session.get().json()["state"] == "diverged"

    answers = [
        session.get(path) for path in ("/trace", "/histograms", "/landscape?resolution=3", "/projection?layer=0")
    ]
    answers += [session.post(path, json={}) for path in ("/saliency", "/attack")]
    session.request("DELETE")

    assert [answer.status_code for answer in answers] == [200] * 6
    assert answers[2].json()["losses"][0][0] is None or answers[2].json()["losses"][0][0] > 1e6
