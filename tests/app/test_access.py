"""Every route times every kind of token and origin; the routes are read from the app, so that none is forgotten."""

import re
import socket

import pytest
from fastapi.routing import APIWebSocketRoute, iter_route_contexts
from websockets.exceptions import InvalidStatus

from app.main import create_app
from app.settings import Settings

UNSAFE_METHODS = {"POST", "PUT", "PATCH", "DELETE"}

# What anyone may ask; a new route belongs to a session, or is named here on purpose.
OPEN_ROUTES = {
    ("GET", "/"),
    ("GET", "/mnist"),
    ("GET", "/static/{build}/{path:path}"),
    ("GET", "/openapi.json"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/api/v1/catalog"),
    ("GET", "/api/v1/catalog/previews"),
    ("POST", "/api/v1/sessions"),
}
# Unsafe by their method alone: they have a body or make a file, and change nothing.
READING_POSTS = {
    ("POST", "/api/v1/sessions/{session_id}/predict"),
    ("POST", "/api/v1/sessions/{session_id}/snapshot"),
}

ROUTES = [
    (method, str(route.path))
    for route in iter_route_contexts(create_app(Settings()).routes)
    for method in sorted(getattr(route, "methods", None) or ())
    if method != "HEAD"
]
SOCKET_ROUTES = [
    str(route.path)
    for route in iter_route_contexts(create_app(Settings()).routes)
    if isinstance(route.original_route, APIWebSocketRoute)
]
SESSION_ROUTES = [route for route in ROUTES if route not in OPEN_ROUTES]
UNSAFE_ROUTES = [route for route in ROUTES if route[0] in UNSAFE_METHODS]

# Each as {host} of the request would make it.
SAME_ORIGINS = {"same": "http://{host}", "case": "HTTP://{HOST}"}
FOREIGN_ORIGINS = {
    "other": "http://evil.example",
    "null": "null",
    "port": "http://127.0.0.1:1",
    "no port": "http://127.0.0.1",
    "scheme": "https://{host}.",
    "subdomain": "http://sub.{host}",
    "prefix": "http://{host}.evil.example",
}


def path_of(template, session_id):
    return re.sub(r"\{.*?\}", "x", template.replace("{session_id}", session_id))


def headers_of(token):
    return {"Authorization": f"Bearer {token}"} if token else {}


def origin_of(pattern, server):
    host = f"127.0.0.1:{server.port}"
    return pattern.format(host=host, HOST=host.upper())


def assert_problem(response, status, code):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == code


def test_every_route_is_either_open_on_purpose_or_below_a_session():
    assert SESSION_ROUTES and SOCKET_ROUTES
    assert set(ROUTES) >= OPEN_ROUTES | READING_POSTS
    assert all("{session_id}" in path for _, path in SESSION_ROUTES)
    assert all("{session_id}" in path for path in SOCKET_ROUTES)


@pytest.mark.parametrize(("method", "path"), SESSION_ROUTES)
def test_without_a_token_nothing_of_a_session_is_told(server, session, method, path):
    response = server.http.request(method, path_of(path, session.id))

    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("authorization", ["Basic dTpw", "Bearer", "token", ""])
def test_another_scheme_than_bearer_is_no_token(server, session, authorization):
    response = server.http.get(f"/api/v1/sessions/{session.id}", headers={"Authorization": authorization})

    assert response.status_code == 401


@pytest.mark.parametrize(("method", "path"), SESSION_ROUTES)
def test_a_wrong_token_or_another_sessions_finds_nothing_at_all(server, session, method, path):
    other = server.create()
    answers = [
        server.http.request(method, path_of(path, identifier), headers=headers_of(token))
        for identifier, token in [
            (session.id, "wrong"),
            (session.id, other.token),
            (session.id, other.viewer_token),
            ("no-such-session", session.token),
        ]
    ]

    assert {answer.status_code for answer in answers} == {404}
    # Whether the session exists is not told.
    assert len({answer.json()["code"] for answer in answers}) == 1
    assert session.get().status_code == 200
    other.request("DELETE")


@pytest.mark.parametrize(("method", "path"), SESSION_ROUTES)
def test_a_viewer_reads_and_changes_nothing(server, session, method, path):
    before = session.get().json()

    response = server.http.request(method, path_of(path, session.id), headers=headers_of(session.viewer_token))

    if method in UNSAFE_METHODS and (method, path) not in READING_POSTS:
        assert_problem(response, 403, "read_only")
    else:
        assert response.status_code not in (401, 403, 404, 500)
    assert session.get().json() == before


def test_a_session_tells_each_reader_his_role(session):
    assert session.get().json()["role"] == "owner"
    assert session.get(token=session.viewer_token).json()["role"] == "viewer"


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS.values(), ids=FOREIGN_ORIGINS)
@pytest.mark.parametrize(("method", "path"), UNSAFE_ROUTES)
def test_a_foreign_origin_changes_nothing_even_with_the_owners_token(server, session, method, path, origin):
    headers = {**headers_of(session.token), "Origin": origin_of(origin, server)}

    response = server.http.request(method, path_of(path, session.id), headers=headers)

    assert_problem(response, 403, "origin_not_allowed")
    assert session.get().status_code == 200


@pytest.mark.parametrize("origin", SAME_ORIGINS.values(), ids=SAME_ORIGINS)
@pytest.mark.parametrize(("method", "path"), UNSAFE_ROUTES)
def test_the_servers_own_origin_is_never_refused(server, session, method, path, origin):
    headers = {"Origin": origin_of(origin, server)}

    response = server.http.request(method, path_of(path, session.id), headers=headers)

    assert response.status_code != 403


@pytest.mark.parametrize("path", SOCKET_ROUTES)
@pytest.mark.parametrize("origin", FOREIGN_ORIGINS.values(), ids=FOREIGN_ORIGINS)
def test_a_foreign_origin_opens_no_socket(server, session, path, origin):
    with (
        pytest.raises(InvalidStatus) as refused,
        server.connect(path_of(path, session.id), origin=origin_of(origin, server)),
    ):
        pass

    assert refused.value.response.status_code == 403
    assert refused.value.response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", SOCKET_ROUTES)
@pytest.mark.parametrize("origin", [*SAME_ORIGINS.values(), None], ids=[*SAME_ORIGINS, "absent"])
def test_the_servers_own_origin_or_none_opens_a_socket(server, session, path, origin):
    options = {"origin": origin_of(origin, server)} if origin else {}

    with server.connect(path_of(path, session.id), **options) as stream:
        assert stream.hello(session.token)["id"] == session.id


@pytest.mark.parametrize("path", SOCKET_ROUTES)
def test_a_foreign_host_opens_no_socket(server, session, path):
    from websockets.sync.client import connect

    raw = socket.create_connection(("127.0.0.1", server.port))
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(f"ws://rebound.example{path_of(path, session.id)}", sock=raw),
    ):
        pass

    assert refused.value.response.status_code == 400
    raw.close()


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_foreign_host_gets_no_answer_from_any_route(server, session, method, path):
    headers = {**headers_of(session.token), "Host": "rebound.example"}

    response = server.http.request(method, path_of(path, session.id), headers=headers)

    assert_problem(response, 400, "host_not_allowed")


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_answer_carries_the_security_headers(server, session, method, path):
    response = server.http.request(method, path_of(path, session.id))

    assert response.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "unsafe" not in response.headers["content-security-policy"]
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["cross-origin-opener-policy"] == "same-origin"
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in response.headers


def test_other_host_names_are_answered_when_the_settings_allow_them(start):
    server = start(allowed_hosts=("school.example",))

    assert server.http.get("/healthz", headers={"Host": "school.example:8000"}).status_code == 200
    assert server.http.get("/healthz", headers={"Host": "other.example"}).status_code == 400
