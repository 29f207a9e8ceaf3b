"""The catalogue and the health checks."""


def test_the_catalogue_tells_components_fields_presets_schema_and_limits(server):
    catalog = server.http.get("/api/v1/catalog").json()

    assert set(catalog) >= {"version", "components", "fields", "defaults", "presets", "schema", "limits"}
    assert {component["name"] for component in catalog["components"]["activation"]} >= {"tanh", "relu"}
    assert {preset["name"] for preset in catalog["presets"]} >= {"xor-2-2-1", "keras-mnist"}
    assert catalog["limits"]["units"] == 1024


def test_the_catalogue_can_be_had_in_one_language_and_without_the_schema(server):
    whole = server.http.get("/api/v1/catalog").json()
    part = server.http.get("/api/v1/catalog?lang=it&schema=false").json()

    assert set(whole) - set(part) == {"schema"}
    label = whole["components"]["activation"][0]["label"]
    assert label.keys() == {"en", "it"}
    assert part["components"]["activation"][0]["label"] == {"it": label["it"]}
    assert part["defaults"] == whole["defaults"]
    assert server.http.get("/api/v1/catalog?lang=xx").status_code == 422


def test_the_limits_in_the_catalogue_are_those_of_this_server(start):
    server = start(max_units=77)

    assert server.http.get("/api/v1/catalog").json()["limits"]["units"] == 77


def test_previews_hold_a_sample_of_each_data_set_and_a_map_of_each_feature(server):
    components = server.http.get("/api/v1/catalog").json()["components"]
    previews = server.http.get("/api/v1/catalog/previews").json()

    # What a user gives can be shown by nobody beforehand.
    assert set(previews["datasets"]) == {
        component["name"] for component in components["dataset"] if not component["given"]
    }
    assert set(previews["features"]) == {component["name"] for component in components["feature"]}


def test_who_has_the_catalogue_already_is_told_so(server):
    for path in ("/api/v1/catalog", "/api/v1/catalog/previews"):
        first = server.http.get(path)
        again = server.http.get(path, headers={"If-None-Match": first.headers["etag"]})
        other = server.http.get(path, headers={"If-None-Match": '"something else"'})

        assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
        assert again.content == b""


def test_the_catalogue_travels_compressed(server):
    assert server.http.get("/api/v1/catalog").headers["content-encoding"] == "gzip"


def test_health_and_readiness_are_told_at_the_root(server):
    assert server.http.get("/healthz").json() == {"status": "ok"}
    assert server.http.get("/readyz").json() == {"status": "ready"}
