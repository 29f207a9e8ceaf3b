"""Every kind of bad input is answered by a problem that names what is wrong, and the session goes on."""

import json

import pytest

JSON = {"Content-Type": "application/json"}


def assert_problem(response, status, code, field=None):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["title"]
    assert "Traceback" not in response.text
    if field is not None:
        assert [error["field"] for error in problem["errors"]] == [field]
        assert problem["errors"][0]["code"]
        assert problem["errors"][0]["message"]


def create(server, text):
    return server.http.post("/api/v1/sessions", content=text, headers=JSON)


@pytest.mark.parametrize("text", ["{", "nonsense", "{'spec': {}}", b"\xff\xfe", '{"spec": ' + "[" * 1000])
def test_a_body_that_is_no_json_is_malformed(server, text):
    assert_problem(create(server, text), 400, "malformed_json")


@pytest.mark.parametrize("text", ["[]", "1", '"spec"', "null"])
def test_a_body_that_is_no_object_is_refused(server, text):
    assert_problem(create(server, text), 422, "not_an_object")


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({"colour": 1}, "colour"),
        ({"data": {"dataset": "no_such"}}, "data.dataset"),
        ({"network": {"layers": [{"units": 4, "activation": "no_such"}]}}, "network.layers[0].activation"),
        ({"network": {"layers": [{"units": 0}]}}, "network.layers[0].units"),
        ({"network": {"layers": [{"units": -4}]}}, "network.layers[0].units"),
        ({"network": {"layers": [{"units": 10**12}]}}, "network.layers[0].units"),
        ({"network": {"layers": [{"units": "4"}]}}, "network.layers[0].units"),
        ({"network": {"layers": [{"units": 2.5}]}}, "network.layers[0].units"),
        ({"training": {"optimizer": {"name": "sgd", "learning_rate": -1}}}, "training.optimizer.learning_rate"),
        ({"training": {"batch_size": 1e300}}, "training.batch_size"),
        ({"version": 2}, "version"),
    ],
)
def test_a_field_at_fault_is_named(server, spec, field):
    assert_problem(create(server, json.dumps({"spec": spec})), 422, "invalid", field)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400])
def test_a_number_that_is_none_is_refused_by_its_field(server, number):
    text = f'{{"spec": {{"training": {{"optimizer": {{"name": "sgd", "learning_rate": {number}}}}}}}}}'

    assert_problem(create(server, text), 422, "invalid", "training.optimizer.learning_rate")


def test_a_limit_of_the_server_is_named_with_the_field_and_the_value(server):
    spec = {"network": {"layers": [{"units": 2}, {"units": 2}, {"units": 1025}]}}

    response = create(server, json.dumps({"spec": spec}))

    assert_problem(response, 422, "over_limit", "network.layers[2].units")
    assert "1025; at most 1024 on this server." in response.json()["errors"][0]["message"]
    assert response.json()["errors"][0]["limit"] == 1024


def test_a_patch_over_a_limit_changes_nothing(session):
    response = session.request("PATCH", "/spec", json={"network": {"layers": [{"units": 1025}]}})

    assert_problem(response, 422, "over_limit", "network.layers[0].units")
    assert session.get().json()["spec"] == session.created["spec"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"preset": "no-such"}, "preset"),
        ({"preset": 5}, "preset"),
        ({"preset": "xor-2-2-1", "spec": {}}, "preset"),
        ({"spec": []}, "spec"),
        ({"spec": "xor"}, "spec"),
        ({"specs": {}}, "specs"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(server, body, field):
    assert_problem(create(server, json.dumps(body)), 422, "invalid", field)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_content_type_creates_nothing(server, content_type):
    response = server.http.post("/api/v1/sessions", content=b"{}", headers={"Content-Type": content_type})

    assert_problem(response, 415, "unsupported_media_type")


@pytest.mark.parametrize(("method", "path"), [("PATCH", "/spec"), ("POST", "/commands"), ("POST", "/predict")], ids=str)
def test_text_where_json_is_due_is_refused(session, method, path):
    response = session.request(method, path, content=b"{}", headers={"Content-Type": "text/plain"})

    assert_problem(response, 415, "unsupported_media_type")


@pytest.mark.parametrize("content", [b"", b"nonsense", b'{"spec": {}}', b"PK\x03\x04 not a zip", b"\x93NUMPY"])
def test_an_octet_stream_that_is_no_snapshot_is_refused(server, content):
    response = server.http.post(
        "/api/v1/sessions", content=content, headers={"Content-Type": "application/octet-stream"}
    )

    assert response.status_code in (400, 422)
    assert_problem(response, response.status_code, response.json()["code"])


def test_a_snapshot_announced_as_json_is_malformed(server, session):
    snapshot = session.post("/snapshot").content

    assert_problem(create(server, snapshot), 400, "malformed_json")


def test_a_snapshot_cut_short_or_changed_is_refused(server, session):
    snapshot = session.post("/snapshot").content
    changed = bytearray(snapshot)
    changed[len(changed) // 2] ^= 0xFF

    for content in (snapshot[:-40], snapshot[: len(snapshot) // 2], bytes(changed)):
        response = server.http.post(
            "/api/v1/sessions", content=content, headers={"Content-Type": "application/octet-stream"}
        )
        assert response.status_code in (201, 400, 422)  # Some bytes of a zip mean nothing.
        assert "Traceback" not in response.text


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/boundary?resolution=0", "resolution"),
        ("/boundary?resolution=1", "resolution"),
        ("/boundary?resolution=-5", "resolution"),
        ("/boundary?resolution=257", "resolution"),
        ("/boundary?resolution=1e3", "resolution"),
        ("/boundary?resolution=" + "9" * 100, "resolution"),
        ("/boundary?resolution=NaN", "resolution"),
        ("/boundary?resolution=", "resolution"),
        ("/data?split=all", "split"),
        ("/data?offset=-1", "offset"),
        ("/data?offset=x", "offset"),
        ("/data?limit=-1", "limit"),
        ("/data?limit=10001", "limit"),
        ("/data?array=weights", "array"),
    ],
)
def test_a_query_parameter_at_fault_is_named(session, path, field):
    assert_problem(session.get(path), 422, "invalid", field)


@pytest.mark.parametrize("wait", ["-1", "61", "NaN", "inf", "soon"])
def test_a_wait_that_cannot_be_is_refused(session, wait):
    response = session.post(f"/commands?wait={wait}", json={"type": "pause"})

    assert_problem(response, 422, "invalid", "wait")


@pytest.mark.parametrize(
    "command",
    [
        {},
        {"type": None},
        {"type": "dance"},
        {"type": "view"},
        {"type": "seen", "seq": 1},
        {"type": "hello", "token": "x"},
        {"type": "run", "epochs": 0},
        {"type": "run", "epochs": 1, "steps": 1},
        {"type": "run", "speed": -1},
        {"type": "step", "unit": "century"},
        {"type": "step", "count": 10**15},
        {"type": "reset", "weights": "other"},
        {"type": "configure"},
        {"type": "configure", "patch": []},
        {"type": "configure", "patch": {"network": 5}},
        {"type": "edit", "layer": 0, "value": 1},
        {"type": "edit", "layer": 9, "bias": 0, "value": 1},
        {"type": "edit", "layer": 0, "bias": 99, "value": 1},
        {"type": "edit", "layer": 0, "bias": 0, "value": 1e300},
        {"type": "pause", "colour": "red"},
    ],
)
def test_a_bad_command_is_refused_and_the_session_goes_on(session, command):
    response = session.post("/commands", json=command)

    assert response.status_code == 422, response.text
    assert response.json()["errors"]
    assert session.command(type="step")["state"] == "paused"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"inputs": 5},
        {"inputs": [5]},
        {"inputs": [[]]},
        {"inputs": [[1]]},
        {"inputs": [[1, 2, 3]]},
        {"inputs": [[1, 2], [1]]},
        {"inputs": [["1", "2"]]},
        {"inputs": [[True, None]]},
        {"inputs": [[1, 2]], "more": 1},
        {"inputs": [[0, 0]] * 10_001},
    ],
)
def test_inputs_that_do_not_fit_are_refused(session, body):
    response = session.post("/predict", json=body)

    assert response.status_code == 422, response.text
    assert response.json()["errors"][0]["field"].startswith(("inputs", "more"))


@pytest.mark.parametrize("number", [1e38, -1e300, 5e-324])
def test_huge_and_tiny_inputs_are_predicted_or_refused_but_never_break(session, number):
    response = session.post("/predict", json={"inputs": [[number, 0]]})

    assert response.status_code in (200, 422), response.text
    json.loads(response.text, parse_constant=pytest.fail)


@pytest.mark.parametrize("is_announced", [True, False])
def test_a_body_of_ten_megabytes_is_too_large(server, session, is_announced):
    body = b'{"inputs": [' + b"[0, 0]," * 1_500_000 + b"[0, 0]]}"
    content = body if is_announced else iter([body[:500_000], body[500_000:2_000_000], body[2_000_000:]])

    response = session.post("/predict", content=content, headers=JSON)

    assert_problem(response, 413, "body_too_large")
    assert session.get().status_code == 200


def test_an_upload_may_be_larger_than_a_message_and_has_a_limit_of_its_own(start):
    server = start(max_message_bytes=1024, max_upload_bytes=50_000)
    session = server.create()
    octets = {"Content-Type": "application/octet-stream"}
    snapshot = session.post("/snapshot").content
    assert 1024 < len(snapshot) < 50_000

    assert server.http.post("/api/v1/sessions", content=snapshot, headers=octets).status_code == 201
    assert_problem(server.http.post("/api/v1/sessions", content=b"x" * 50_001, headers=octets), 413, "body_too_large")


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/api/v2/catalog", "/nothing", "/api/v1/catalog/", "/docs", "/redoc"]
)
def test_an_unknown_path_is_a_problem(server, path):
    assert_problem(server.http.get(path), 404, "not_found")


def test_a_person_at_an_unknown_path_gets_a_page(server):
    response = server.http.get("/nothing", headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": "it"})

    assert response.status_code == 404
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert 'lang="it"' in response.text


def test_a_method_that_is_not_possible_is_told_the_possible_ones(session):
    response = session.request("PUT")

    assert_problem(response, 405, "method_not_allowed")
    assert response.headers["allow"] == "GET, DELETE"


def test_a_failure_of_the_server_tells_nothing_of_its_inside(start, monkeypatch):
    import app.api.health

    def fail(*_: object) -> None:
        raise ZeroDivisionError("a secret")

    server = start()
    monkeypatch.setattr(app.api.health, "answer", fail)

    response = server.http.get("/healthz")

    assert_problem(response, 500, "internal_error")
    assert "secret" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"
