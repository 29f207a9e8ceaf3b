"""Data sets of a user's own over REST: sent, told, listed, read, deleted, and trained on."""

import csv
import io
import zipfile

import pytest

from app.settings import Settings
from engine.data import PARTS
from tests.app.conftest import serving, settings_for_tests

PATH = "/api/v1/datasets"
CSV = {"Content-Type": "text/csv"}
UNKNOWN = f"sha256-{'0' * 64}"
FLOWERS = "petal;sepal;flower\n" + "".join(
    f"{1 + index % 3},{index % 7};{5 + index % 3},{index % 5};{('iris', 'lily', 'rose')[index % 3]}\n"
    for index in range(60)
)


def send(server, text=FLOWERS, *, token=None, name="flowers.csv", headers=CSV):
    authorization = {"Authorization": f"Bearer {token}"} if token else {}
    return server.http.post(PATH, params={"name": name}, content=text, headers={**headers, **authorization})


def owner(token):
    return {"Authorization": f"Bearer {token}"}


def on(dataset, **network):
    return {"data": {"dataset": dataset}, "network": {"layers": [{"units": 3}], **network}}


def problem(response, status, code):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == code
    return response.json()


@pytest.fixture
def flowers(server):
    response = send(server)
    assert response.status_code == 201, response.text
    return response.json()


def test_a_table_is_told_with_what_it_suggests(flowers):
    assert flowers["name"] == "flowers.csv"
    assert flowers["rows"] == 60
    assert [column["kind"] for column in flowers["columns"]] == ["number", "number", "text"]
    assert flowers["columns"][0] == {
        "name": "petal", "kind": "number", "missing": 0, "min": 1.0, "max": 3.6,
    }  # fmt: skip
    assert flowers["columns"][2]["values"] == ["iris", "lily", "rose"]
    assert flowers["preview"][:2] == [[1.0, 5.0, "iris"], [2.1, 6.1, "lily"]]
    assert flowers["suggested"] == {
        "name": "table", "id": flowers["id"], "split_column": None, "target": "flower",
        "columns": ["petal", "sepal"], "task": "multiclass", "scaled": True,
    }  # fmt: skip
    assert {note["code"] for note in flowers["notes"]} == {"delimiter", "decimal_comma"}


def test_a_table_is_called_otherwise_in_its_own_collection_only(server, flowers):
    token, path = flowers["token"], f"{PATH}/{flowers['id']}"
    other = send(server, name="mine.csv").json()["token"]

    renamed = server.http.patch(path, params={"name": " Iris "}, headers=owner(token))

    assert renamed.status_code == 200, renamed.text
    assert renamed.json() == {"id": flowers["id"], "name": "Iris", "bytes": renamed.json()["bytes"]}
    listed = [server.http.get(PATH, headers=owner(one)).json()["datasets"][0]["name"] for one in (token, other)]
    assert listed == ["Iris", "mine.csv"]
    problem(server.http.patch(path, params={"name": "a" * 201}, headers=owner(token)), 422, "invalid")
    problem(server.http.patch(path, params={"name": ""}, headers=owner(token)), 422, "invalid")
    problem(server.http.patch(f"{PATH}/{UNKNOWN}", params={"name": "a"}, headers=owner(token)), 404, "no_dataset")


def test_a_session_learns_from_a_table_and_is_asked_in_its_own_units(server, flowers):
    session = server.create(on(flowers["suggested"]))

    done = session.command(type="run", epochs=30)
    described = session.get().json()
    raw = session.get("/data", params={"split": "train", "limit": 30, "units": "own"}).json()
    placed = session.get("/data", params={"split": "train", "limit": 30}).json()
    own = session.post("/predict", json={"inputs": raw["inputs"], "units": "own"}).json()
    same = session.post("/predict", json={"inputs": placed["inputs"]}).json()
    boundary = session.get("/boundary", params={"resolution": 2}).json()

    assert done["metrics"]["accuracy"] > 0.5
    assert described["data"]["class_names"] == ["iris", "lily", "rose"]
    assert [column["name"] for column in described["data"]["columns"]] == ["petal", "sepal"]
    assert "boundary" in described["arrays"]
    lines = [line.replace(",", ".").split(";") for line in FLOWERS.splitlines()[1:]]
    written = {(float(petal), float(sepal)) for petal, sepal, _ in lines}
    assert {tuple(row) for row in raw["inputs"]} <= written
    assert max(abs(number) for row in placed["inputs"] for number in row) == pytest.approx(5)
    for one, other in zip(own["outputs"], same["outputs"], strict=True):
        assert one == pytest.approx(other, abs=1e-5)
    # The picture reaches a fifth beyond the points.
    assert boundary["x"] == pytest.approx([1 - 0.26, 3.6 + 0.26])
    session.request("DELETE")


def test_a_table_may_say_itself_how_it_is_split(server):
    rows = "".join(f"{a},{a * a},{'xy'[a % 2]},{('train', 'train', 'val', 'test')[a % 4]}\n" for a in range(4, 44))
    suggested = send(server, f"a,b,kind,part\n{rows}").json()["suggested"]
    session = server.create(on(suggested))

    metrics = session.command(type="run", epochs=1)["metrics"]
    totals = {part: session.get("/data", params={"split": part}).json()["total"] for part in PARTS}
    own = session.get("/data", params={"split": "test", "units": "own"}).json()["inputs"]

    assert (suggested["split_column"], suggested["target"]) == ("part", "kind")
    assert session.get().json()["spec"]["data"]["split"] == {"train": 1.0, "validation": 0.0, "test": None}
    assert totals == {"train": 20, "validation": 10, "test": 10}
    assert {"validation_accuracy", "test_accuracy"} <= set(metrics)
    assert own == [[a, a * a] for a in range(7, 44, 4)]
    session.request("DELETE")


def test_numbers_are_predicted_in_their_own_units(server):
    rows = "".join(f"{size},{age},{1000 * size + 50_000}\n" for size in range(50, 110) for age in (1, 30))
    suggested = send(server, f"size,age,price\n{rows}").json()["suggested"]
    session = server.create(on(suggested))

    metrics = session.command(type="run", epochs=300)["metrics"]
    (price,) = session.post("/predict", json={"inputs": [[80, 10]], "units": "own"}).json()["outputs"]
    target = session.get().json()["data"]["target"]
    judged = session.get("/predictions", params={"split": "train", "units": "own"}).json()

    assert suggested["task"] == "regression" and metrics["loss"] < 0.01
    assert min(judged["actual"]) >= 100_000 and judged["figures"]["r_squared"] > 0.95
    assert judged["figures"]["mean_squared_error"] == pytest.approx(metrics["loss"] / target["scale"] ** 2, rel=1e-3)
    assert price == [pytest.approx(130_000, rel=0.05)]
    assert target["name"] == "price"
    assert (100_000 - target["offset"]) * target["scale"] == pytest.approx(-1, abs=1e-9)
    session.request("DELETE")


def test_more_than_two_inputs_have_no_plane(server):
    rows = "".join(f"{a},{a * a % 7},{a % 5},{'yes' if a % 2 else 'no'}\n" for a in range(40))
    suggested = send(server, f"a,b,c,odd\n{rows}").json()["suggested"]
    session = server.create(on({**suggested, "columns": ["a", "b", "c"]}))

    described = session.command(type="run", epochs=2) and session.get().json()

    assert described["layers"][0]["inputs"] == 3 and described["spec"]["data"]["features"] == []
    assert described["arrays"] == ["parameters", "gradients"]
    problem(session.get("/boundary"), 409, "no_plane")
    with session.open_stream() as stream:
        refusal = stream.command(type="view", arrays=["first_layer"])
        assert refusal["type"] == "error" and stream.command(type="view", arrays=["parameters"])["type"] == "ack"
        assert stream.next_frame()
    outputs = session.post("/predict", json={"inputs": [[1, 2, 3], [0, 0, 0]]}).json()["outputs"]
    assert len(outputs) == 2 and len(outputs[0]) == 1
    assert session.get("/predictions").json()["confusion"]
    session.request("DELETE")


def test_a_running_session_goes_over_to_a_table_and_back(server, flowers):
    session = server.create()
    session.command(type="run", wait=0)

    to = session.request("PATCH", "/spec", json={"data": {"dataset": flowers["suggested"]}}).json()
    back = session.request("PATCH", "/spec", json={"data": {"dataset": "circle"}}).json()

    assert to["rebuilt"] and to["spec"]["data"]["dataset"]["target"] == "flower"
    assert back["rebuilt"] and back["spec"]["data"]["dataset"]["name"] == "circle"
    assert {entry["field"] for entry in back["adjusted"]} >= {"data.dataset.id", "data.dataset.columns"}
    assert session.get().json()["state"] == "running"
    session.request("DELETE")


def test_another_table_takes_nothing_over_from_the_one_before(server, flowers):
    other = send(server, "a,b,c,kind\n" + "1.5,2.5,3.5,x\n4.5,5.5,6.5,y\n" * 5).json()
    session = server.create(on(flowers["suggested"]))

    patched = session.request("PATCH", "/spec", json={"data": {"dataset": {"id": other["id"]}}}).json()

    assert patched["spec"]["data"]["dataset"] == other["suggested"]
    assert patched["spec"]["data"]["features"] == []
    assert {"field": "data.dataset.task", "from": "multiclass", "to": "binary", "code": "default"} in patched[
        "adjusted"
    ]
    session.request("DELETE")


def test_painted_points_are_learnt_and_repainted(server):
    points = [[-3, -3, 0], [3, 3, 0], [-3, 3, 1], [3, -3, 1.0]]
    spec = {**on({"name": "points", "points": points})}
    spec["data"]["split"] = {"train": 1, "validation": 0, "test": 0}
    session = server.create(spec)

    one_more = session.request("PATCH", "/spec", json={"data": {"dataset": {"points": [*points, [0, 0, 2]]}}})
    allowed = session.request(
        "PATCH", "/spec", json={"data": {"dataset": {"points": [*points, [0, 0, 2]], "task": None}}}
    )

    error = problem(one_more, 422, "invalid")["errors"][0]
    assert (error["field"], error["code"]) == ("data.dataset.points[4][2]", "contradiction")
    assert allowed.json()["spec"]["data"]["dataset"]["task"] == "multiclass"
    assert session.get("/data").json()["targets"] == [0, 0, 1, 1, 2]
    session.request("DELETE")


def test_a_snapshot_on_a_table_is_restored_where_the_table_is(server, flowers):
    session = server.create(on(flowers["suggested"]))
    session.command(type="run", epochs=5)
    snapshot = session.post("/snapshot").content
    octets = {"Content-Type": "application/octet-stream"}

    here = server.http.post("/api/v1/sessions", content=snapshot, headers=octets)
    elsewhere = server.http.post("/api/v1/sessions", content=on_another_table(snapshot, flowers["id"]), headers=octets)

    assert here.status_code == 201 and here.json()["step"] == session.get().json()["step"]
    error = problem(elsewhere, 422, "invalid")["errors"][0]
    assert (error["field"], error["code"]) == ("spec.data.dataset.id", "unavailable")
    session.request("DELETE")


def on_another_table(snapshot, table_id):
    """Return the snapshot as one would be of a table that this server has never seen."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(snapshot)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(table_id.encode(), UNKNOWN.encode()))
    return changed.getvalue()


def test_a_spec_with_an_unknown_table_is_refused_with_the_remedy(server):
    response = server.http.post("/api/v1/sessions", json={"spec": on({"name": "table", "id": UNKNOWN})})

    error = problem(response, 422, "invalid")["errors"][0]
    assert (error["field"], error["code"]) == ("data.dataset.id", "unavailable")
    assert "upload it again" in error["message"]


# Collections


def test_a_collection_holds_the_tables_that_its_token_has_sent(server, flowers):
    token = flowers["token"]
    second = send(server, "a,b\n1,2\n3,4\n", token=token, name="numbers").json()
    again = send(server, token=token, name="flowers, again").json()

    listed = server.http.get(PATH, headers=owner(token)).json()["datasets"]

    assert second["token"] is None and again["id"] == flowers["id"]
    assert [(entry["id"], entry["name"]) for entry in listed] == [
        (flowers["id"], "flowers, again"), (second["id"], "numbers"),
    ]  # fmt: skip
    assert all(entry["bytes"] > 0 for entry in listed)


def test_the_same_table_has_the_same_id_whoever_sends_it_and_however(server, flowers):
    lines = [line.replace(",", ".").split(";") for line in FLOWERS.splitlines()[1:]]
    rows = [[float(petal), float(sepal), flower] for petal, sepal, flower in lines]
    as_json = server.http.post(PATH, json={"columns": ["petal", "sepal", "flower"], "rows": rows}).json()
    as_tsv = send(server, FLOWERS.replace(";", "\t"), headers={"Content-Type": "text/tab-separated-values"}).json()

    assert as_json["id"] == as_tsv["id"] == flowers["id"]
    assert len({entry["token"] for entry in (as_json, as_tsv, flowers)}) == 3


def test_who_knows_the_id_reads_the_table(server, flowers):
    as_json = server.http.get(f"{PATH}/{flowers['id']}")
    as_csv = server.http.get(f"{PATH}/{flowers['id']}", headers={"Accept": "text/csv"})

    assert as_json.json()["table"]["rows"][0] == [1.0, 5.0, "iris"]
    assert as_json.json()["suggested"] == flowers["suggested"] and "token" not in as_json.json()
    assert list(csv.reader(io.StringIO(as_csv.text)))[:2] == [["petal", "sepal", "flower"], ["1", "5", "iris"]]
    assert server.http.post(PATH, content=as_csv.content, headers=CSV).json()["id"] == flowers["id"]
    assert server.http.post(PATH, json=as_json.json()["table"]).json()["id"] == flowers["id"]
    for answer in (as_json, as_csv):
        assert answer.headers["content-disposition"].startswith("attachment; filename=")
        assert answer.headers["x-content-type-options"] == "nosniff"
    problem(server.http.get(f"{PATH}/{flowers['id']}", headers={"Accept": "text/html"}), 406, "not_acceptable")


def test_a_deleted_table_is_read_no_more_while_its_sessions_go_on(server):
    made = send(server, "p,q,r\n" + "1,2.25,x\n3,4.5,y\n" * 9).json()
    path, token = f"{PATH}/{made['id']}", made["token"]
    session = server.create(on(made["suggested"]))

    assert server.http.delete(path, headers=owner(token)).status_code == 204

    problem(server.http.get(path), 404, "no_dataset")
    problem(server.http.delete(path, headers=owner(token)), 404, "no_dataset")
    assert server.http.get(PATH, headers=owner(token)).json() == {"datasets": []}
    assert session.request("PATCH", "/spec", json={"data": {"seed": 3}}).json()["rebuilt"]
    session.request("DELETE")


def test_a_table_in_two_collections_goes_from_one_and_stays_in_the_other(server, flowers):
    other = send(server).json()

    server.http.delete(f"{PATH}/{flowers['id']}", headers=owner(flowers["token"]))

    assert server.http.get(f"{PATH}/{flowers['id']}").status_code == 200
    assert len(server.http.get(PATH, headers=owner(other["token"])).json()["datasets"]) == 1


@pytest.mark.parametrize(("method", "suffix"), [("GET", ""), ("DELETE", "/sha256-0")])
def test_a_collection_is_opened_by_its_token_alone(server, flowers, session, method, suffix):
    problem(server.http.request(method, PATH + suffix), 401, "no_token")
    problem(server.http.request(method, PATH + suffix, headers=owner("wrong")), 404, "no_collection")
    problem(server.http.request(method, PATH + suffix, headers=owner(session.token)), 404, "no_collection")


def test_a_wrong_token_adds_to_no_collection(server):
    problem(send(server, token="wrong"), 404, "no_collection")


def test_nobody_deletes_from_the_collection_of_another(server, flowers):
    other = send(server, "a,b\n1,2\n3,4\n").json()

    problem(server.http.delete(f"{PATH}/{flowers['id']}", headers=owner(other["token"])), 404, "no_dataset")

    assert server.http.get(f"{PATH}/{flowers['id']}").status_code == 200


# What is refused


def test_a_cell_at_fault_is_named_by_line_and_column(server):
    problem_ = problem(send(server, "a,b\n1,2\n3,four\n5,6\n7,8\n"), 422, "not_a_table")

    assert problem_["errors"] == [
        {
            "field": "body", "code": "not_a_number", "value": "four", "line": 3, "column": "b",
            "message": "Line 3, column 'b': 'four' is not a number, as most of this column are.",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "body", "status", "code"),
    [
        ({"Content-Type": "text/html"}, "<p>", 415, "unsupported_media_type"),
        ({}, "a,b\n1,2\n", 415, "unsupported_media_type"),
        ({"Content-Type": "application/json"}, "{", 400, "malformed_json"),
        ({"Content-Type": "application/json"}, "[]", 422, "not_an_object"),
        ({"Content-Type": "application/json"}, '{"columns": ["a"], "rows": [[NaN]]}', 422, "invalid"),
        ({"Content-Type": "application/json"}, '{"columns": ["a"], "rows": [[1]]}', 422, "not_a_table"),
        (CSV, "", 422, "not_a_table"),
        (CSV, "a,b\nx,y\n", 422, "not_a_table"),
    ],
)
def test_what_is_no_table_is_refused(server, headers, body, status, code):
    problem(server.http.post(PATH, content=body, headers=headers), status, code)


def test_limits_are_named_in_what_goes_beyond_them(start):
    server = start(max_table_rows=3, max_table_columns=3, max_upload_bytes=2000, max_datasets_per_client=1)

    rows = problem(send(server, "a,b\n" + "1,2\n" * 4), 422, "over_limit")
    columns = problem(send(server, "a,b,c,d\n1,2,3,4\n"), 422, "over_limit")
    size = problem(send(server, "a,b\n" + "1," + "2" * 2000), 413, "body_too_large")
    first = send(server, "a,b\n" + "1,2\n" * 3)
    again = send(server, "a,b\n" + "1,2\n" * 3, token=first.json()["token"])
    second = problem(send(server, "a,b\n" + "1,3\n" * 3), 429, "too_many_datasets")

    assert (rows["errors"][0]["limit"], columns["errors"][0]["limit"]) == (3, 3)
    assert "2000 bytes" in size["detail"] and "1 data sets" in second["detail"]
    assert first.status_code == again.status_code == 201


def test_a_full_library_takes_no_more_and_says_so(start):
    server = start(max_datasets_bytes=1024)

    sent = [send(server, "a,b\n" + f"1,{index}\n" * 20) for index in range(4)]

    assert sent[0].status_code == 201
    assert "1024 bytes" in problem(sent[-1], 503, "datasets_full")["detail"]


def test_sending_too_fast_is_slowed(start):
    server = start(max_creations_at_once=2, max_creations_per_minute=1)

    answers = [send(server) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert int(answers[-1].headers["retry-after"]) > 0


# What stays


def test_tables_and_the_sessions_on_them_survive_a_restart(tmp_path):
    with serving(settings_for_tests(tmp_path)) as first:
        made = send(first).json()
        session = first.create(on(made["suggested"]))
        session.command(type="run", epochs=3)
        before = [session.get(path).json() for path in ("", "/parameters")]

    with serving(settings_for_tests(tmp_path)) as second:
        path = f"/api/v1/sessions/{session.id}"
        after = [second.http.get(path + end, headers=owner(session.token)).json() for end in ("", "/parameters")]
        listed = second.http.get(PATH, headers=owner(made["token"])).json()["datasets"]
        read = second.http.get(f"{PATH}/{made['id']}").json()

    assert after == before
    assert [entry["id"] for entry in listed] == [made["id"]] and read["rows"] == 60


def test_a_worker_process_finds_the_tables_too(tmp_path):
    with serving(Settings(placement="process", workers=1, data_dir=tmp_path)) as server:
        made = send(server).json()
        session = server.create(on(made["suggested"]))
        patched = session.request("PATCH", "/spec", json={"network": {"layers": []}})
        done = session.command(type="run", epochs=3)

    assert patched.status_code == 200 and done["epoch"] == 3


def test_where_nothing_is_kept_tables_are_used_all_the_same(tmp_path):
    with (
        serving(settings_for_tests(tmp_path)),
        serving(Settings(placement="process", workers=1, data_dir=tmp_path)) as second,
    ):
        made = send(second).json()
        session = second.create(on(made["suggested"]))

        assert session.get().json()["saving"] == "off"
        assert session.command(type="run", epochs=3)["epoch"] == 3
        assert second.http.get(f"{PATH}/{made['id']}").json()["rows"] == 60


def test_where_no_folder_takes_anything_data_are_refused_and_all_else_works(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    (tmp_path / "file").write_text("A file where the folder should be, which not even root can write into.")

    with serving(settings_for_tests(tmp_path / "file" / "data")) as server:
        refused = problem(send(server), 503, "store_unavailable")
        session = server.create()
        points = session.request(
            "PATCH", "/spec", json={"data": {"dataset": {"name": "points", "points": [[0, 0, 0], [1, 1, 1]]}}}
        )

    assert "free some space" in refused["detail"]
    assert points.status_code == 200
