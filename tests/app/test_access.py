"""Every route times every token times every origin; the routes are read from the app, so that none is forgotten."""

import contextlib
import http.client
import json
import re
import socket
from dataclasses import dataclass

import pytest
from fastapi.routing import APIWebSocketRoute, iter_route_contexts
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from app.main import create_app
from app.settings import Settings

UNSAFE_METHODS = {"POST", "PUT", "PATCH", "DELETE"}

# What anyone may ask, and the status of its answer. A new route belongs to a session, or is named here on purpose.
OPEN_ROUTES = {
    ("GET", "/"): 200,
    ("HEAD", "/"): 200,
    ("GET", "/mnist"): 200,
    ("HEAD", "/mnist"): 200,
    ("GET", "/admin"): 200,
    ("HEAD", "/admin"): 200,
    ("GET", "/static/{build}/{path:path}"): 404,  # There is no file x.
    ("HEAD", "/static/{build}/{path:path}"): 404,
    ("GET", "/openapi.json"): 200,
    ("HEAD", "/openapi.json"): 200,
    ("GET", "/healthz"): 200,
    ("GET", "/readyz"): 200,
    ("GET", "/metrics"): 200,
    ("GET", "/api/v1/addresses"): 200,
    ("GET", "/api/v1/catalog"): 200,
    ("GET", "/api/v1/catalog/previews"): 200,
    ("POST", "/api/v1/sessions"): 201,
    ("POST", "/api/v1/datasets"): 415,  # There is no table in the request.
    ("POST", "/api/v1/specs/import"): 415,  # There is no text in the request.
    ("POST", "/api/v1/graphs"): 415,  # There is no expression in the request.
    ("POST", "/api/v1/curves"): 415,  # There is no component in the request.
    ("GET", "/api/v1/datasets/{dataset_id}"): 404,  # The id itself is the key.
}
# What the administrator's token alone opens; test_admin.py says more.
ADMIN_ROUTES = {("GET", "/api/v1/admin/load")}
# What the token of a collection of data sets alone opens; test_datasets.py says more.
COLLECTION_ROUTES = {
    ("GET", "/api/v1/datasets"),
    ("PATCH", "/api/v1/datasets/{dataset_id}"),
    ("DELETE", "/api/v1/datasets/{dataset_id}"),
}
# Unsafe by their method alone: they have a body or make a file, and change nothing.
READING_POSTS = {
    ("POST", "/api/v1/sessions/{session_id}/predict"),
    ("POST", "/api/v1/sessions/{session_id}/trace"),
    ("POST", "/api/v1/sessions/{session_id}/saliency"),
    ("POST", "/api/v1/sessions/{session_id}/landscape"),
    ("POST", "/api/v1/sessions/{session_id}/attack"),
    ("POST", "/api/v1/sessions/{session_id}/snapshot"),
    ("POST", "/api/v1/sessions/{session_id}/qr"),
}
# What each route that changes a session is sent: from an owner it does change it, so that a refusal can be seen.
CHANGES = {
    ("DELETE", "/api/v1/sessions/{session_id}"): None,
    ("PATCH", "/api/v1/sessions/{session_id}/spec"): {"training": {"optimizer": {"learning_rate": 0.07}}},
    ("POST", "/api/v1/sessions/{session_id}/commands"): {"type": "edit", "layer": 0, "bias": 0, "value": 0.25},
}

APP_ROUTES = list(iter_route_contexts(create_app(Settings()).routes))
ROUTES = [(method, str(route.path)) for route in APP_ROUTES for method in sorted(getattr(route, "methods", None) or ())]
SOCKET_ROUTES = [str(route.path) for route in APP_ROUTES if isinstance(route.original_route, APIWebSocketRoute)]
SESSION_ROUTES = [route for route in ROUTES if route not in OPEN_ROUTES.keys() | ADMIN_ROUTES | COLLECTION_ROUTES]

TOKENS = ("absent", "wrong", "another's owner", "another's viewer", "viewer", "owner")

# Each as {host} and {port} of the request make it; None: there is no such header.
SAME_ORIGINS = {
    "absent": None,
    "same": "http://{host}:{port}",
    "upper case": "HTTP://{host}:{port}",
    # A proxy in front may speak TLS where we do not.
    "TLS": "https://{host}:{port}",
}
FOREIGN_ORIGINS = {
    "other": "http://evil.example",
    "other, same port": "http://evil.example:{port}",
    "null": "null",
    "empty": "",
    "another port": "http://{host}:1",
    "no port": "http://{host}",
    "subdomain": "http://sub.{host}:{port}",
    "parent domain": "http://0.0.1:{port}",
    "trailing dot": "http://{host}.:{port}",
    "dot after the port": "http://{host}:{port}.",
    "host as a prefix": "http://{host}.evil.example:{port}",
    "origin as a prefix": "http://{host}:{port}.evil.example",
    "host as a suffix": "http://evil-{host}:{port}",
    "user": "http://{host}:{port}@evil.example",
    "path": "http://{host}:{port}/",
    "no scheme": "{host}:{port}",
    "another scheme": "file://{host}:{port}",
    "extension": "chrome-extension://{host}:{port}",
    "another name of this machine": "http://localhost:{port}",
    "two in one": "http://{host}:{port} http://evil.example",
    "two in a list": "http://{host}:{port}, http://evil.example",
}
ORIGINS = SAME_ORIGINS | FOREIGN_ORIGINS
FOREIGN_HOSTS = {
    "rebound": "rebound.example",
    "with our port": "rebound.example:{port}",
    "address as a prefix": "{host}.rebound.example",
    "name as a prefix": "localhost.rebound.example:{port}",
    "trailing dot": "localhost.:{port}",
    "user": "localhost:{port}@rebound.example",
    "path": "localhost:{port}/x",
    "octal": "0177.0.0.1:{port}",
    "decimal": "2130706433:{port}",
    "short": "127.1:{port}",
    "no port in brackets": "[{host}]x:{port}",
    "no number": "{host}:x",
    "empty": "",
}


def path_of(template, session_id):
    return re.sub(r"\{.*?\}", "x", template.replace("{session_id}", session_id))


def filled(pattern, server):
    return None if pattern is None else pattern.format(host="127.0.0.1", port=server.port)


def headers_of(token, origin=None):
    authorization = {"Authorization": f"Bearer {token}"} if token else {}
    return {**authorization, **({} if origin is None else {"Origin": origin})}


def tokens_of(session, other):
    values = ("", "wrong", other.token, other.viewer_token, session.viewer_token, session.token)
    return dict(zip(TOKENS, values, strict=True))


def everything_about(session):
    return [session.get(path).json() for path in ("", "/log", "/history", "/parameters")]


def refusal_of(method, path, token, origin):
    """Return status and code with which a request has to be refused, or None where it has to be granted."""
    if method in UNSAFE_METHODS and origin in FOREIGN_ORIGINS:
        return 403, "origin_not_allowed"
    if (method, path) in OPEN_ROUTES:
        return None
    if token == "absent":
        return 401, "no_token"
    if (method, path) in ADMIN_ROUTES:
        return 404, "not_found"
    if (method, path) in COLLECTION_ROUTES:
        return 404, "no_collection"
    if token not in ("owner", "viewer"):
        return 404, "no_session"  # Whether the session exists is not told.
    if token == "viewer" and method in UNSAFE_METHODS and (method, path) not in READING_POSTS:
        return 403, "read_only"
    return None


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def code(self):
        return json.loads(self.body)["code"] if self.body and self.status >= 400 else ""


@pytest.fixture(scope="module")
def ask(server):
    """A function that sends a request by the plainest of clients: there are thousands of them."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:

        def ask(method, path, headers, body=None):
            if body is not None:
                headers = {**headers, "Content-Type": "application/json"}
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())

        yield ask


@pytest.fixture(scope="module")
def other(server):
    """A session of somebody else, which has been trained, edited and patched."""
    other = server.create()
    other.command(type="run", epochs=2)
    other.command(type="edit", layer=0, bias=0, value=0.5)
    yield other
    other.request("DELETE")


def test_every_route_is_open_on_purpose_or_below_a_session_and_what_changes_one_has_a_change_to_try():
    writing = {route for route in SESSION_ROUTES if route[0] in UNSAFE_METHODS} - READING_POSTS

    assert SESSION_ROUTES and SOCKET_ROUTES
    assert set(ROUTES) >= set(OPEN_ROUTES) | ADMIN_ROUTES | COLLECTION_ROUTES | READING_POSTS
    assert [route for route in SESSION_ROUTES if "{session_id}" not in route[1]] == []
    assert all("{session_id}" in path for path in SOCKET_ROUTES)
    assert writing == set(CHANGES), "Name in CHANGES what a new route is to be sent so that it changes a session."


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_the_changes_that_are_tried_would_be_seen(server, session, method, path):
    before = everything_about(session)

    response = server.http.request(
        method, path_of(path, session.id), json=CHANGES[method, path], headers=headers_of(session.token)
    )

    assert response.status_code < 300
    assert session.get().status_code == 404 or everything_about(session) != before


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_route_with_every_token_from_every_origin(server, ask, other, count, method, path):
    session = server.create()
    body = CHANGES.get((method, path))
    before, others = everything_about(session), everything_about(other)

    wrong = []
    for token in TOKENS:
        for origin, pattern in ORIGINS.items():
            headers = headers_of(tokens_of(session, other)[token], filled(pattern, server))
            answer = ask(method, path_of(path, session.id), headers, body)
            refusal = refusal_of(method, path, token, origin)
            status, code = answer.status, answer.code
            if (method, path) in ADMIN_ROUTES and code == "too_many_tries":
                continue  # After some wrong tokens the others are not even looked at.
            if refusal is not None:
                is_right = (status, code if method != "HEAD" else refusal[1]) == refusal
                is_right &= answer.headers["content-type"] == "application/problem+json"
                is_right &= status != 401 or answer.headers["www-authenticate"].startswith("Bearer")
            elif (method, path) in OPEN_ROUTES:
                is_right = status == OPEN_ROUTES[method, path]
            else:  # What is wrong with the request itself is told only to those who may.
                is_right = status < 500 and status not in (401, 403, 404)
            if not is_right or "access-control-allow-origin" in answer.headers:
                wrong.append(f"{token}, {origin}: {status} {code}; {refusal or 'not refused'} expected")
            if refusal is None and (method, path) in CHANGES:
                session = server.create()  # Changed, as it may be; what follows is tried on a fresh one.
                before = everything_about(session)
        if everything_about(session) != before:
            wrong.append(f"{token}: the session has changed")

    count("requests of every token from every origin to every route", len(TOKENS) * len(ORIGINS))
    assert wrong == []
    assert everything_about(other) == others
    session.request("DELETE")


@pytest.mark.parametrize("path", SOCKET_ROUTES)
def test_a_socket_with_every_token_from_every_origin(server, session, other, count, path):
    before, others = everything_about(session), everything_about(other)

    wrong = []
    for token in TOKENS:
        for origin, pattern in ORIGINS.items():
            outcome = greeted(server, path_of(path, session.id), tokens_of(session, other)[token], pattern)
            expected: object = token if token in ("owner", "viewer") else 4401
            if origin in FOREIGN_ORIGINS:
                expected = (403, "origin_not_allowed")
            if outcome != expected:
                wrong.append(f"{token}, {origin}: {outcome}; {expected} expected")

    count("handshakes of every token from every origin", len(TOKENS) * len(ORIGINS))
    assert wrong == []
    assert everything_about(session) == before
    assert everything_about(other) == others


def greeted(server, path, token, origin):
    """Return what a hello is answered: the role, a close code, or status and code of a handshake that fails."""
    headers = [] if origin is None else [("Origin", filled(origin, server))]
    try:
        with server.connect(path, additional_headers=headers) as stream:
            stream.send(type="hello", **({"token": token} if token else {}))
            if token == "" or not (event := first_event(stream)):
                return stream.close_code()
            return event["role"]
    except InvalidStatus as refused:
        assert refused.response.headers["Content-Type"] == "application/problem+json"
        return refused.response.status_code, json.loads(refused.response.body)["code"]


def first_event(stream):
    with contextlib.suppress(Exception):
        return stream.next("welcome")
    return None


@pytest.mark.parametrize(("method", "path"), SESSION_ROUTES)
def test_a_session_that_does_not_exist_looks_like_anothers(server, session, other, method, path):
    answers = [
        server.http.request(method, path_of(path, identifier), headers=headers_of(token))
        for identifier, token in [(session.id, other.token), ("no-such-session", session.token)]
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("authorization", ["Basic dTpw", "Bearer", "token", ""])
def test_another_scheme_than_bearer_is_no_token(server, session, authorization):
    response = server.http.get(f"/api/v1/sessions/{session.id}", headers={"Authorization": authorization})

    assert response.status_code == 401


@pytest.mark.parametrize("token", ["é", "\u00ff" * 40, "x" * 60_000, "a b", '"', "../..", "null"])
def test_no_token_of_any_kind_upsets_the_server(server, session, token):
    header = f"Bearer {token}".encode("utf-8", "surrogateescape")

    response = server.http.get(f"/api/v1/sessions/{session.id}", headers={b"Authorization": header})

    assert response.status_code in (400, 401, 404, 431)


def test_a_session_tells_each_reader_his_role(session):
    assert session.get().json()["role"] == "owner"
    assert session.get(token=session.viewer_token).json()["role"] == "viewer"


@pytest.mark.parametrize("second", ["http://evil.example", "http://127.0.0.1:{port}", "null"])
def test_two_origins_are_one_too_many(server, second):
    headers = [("Origin", f"http://127.0.0.1:{server.port}"), ("Origin", filled(second, server))]

    response = server.http.post("/api/v1/sessions", headers=headers)

    assert response.status_code == 403


@pytest.mark.parametrize("path", SOCKET_ROUTES)
def test_a_foreign_host_opens_no_socket(server, session, path):
    raw = socket.create_connection(("127.0.0.1", server.port))
    with (
        raw,
        pytest.raises(InvalidStatus) as refused,
        connect(f"ws://rebound.example{path_of(path, session.id)}", sock=raw),
    ):
        pass

    assert refused.value.response.status_code == 400


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_foreign_host_gets_no_answer_from_any_route(server, ask, session, count, method, path):
    for name, pattern in FOREIGN_HOSTS.items():
        headers = {**headers_of(session.token), "Host": filled(pattern, server)}

        answer = ask(method, path_of(path, session.id), headers)

        assert answer.status == 400, name
        assert (
            method == "HEAD"
            or answer.headers["content-type"] != "application/problem+json"
            or answer.code == "host_not_allowed"
        )
    count("requests with a foreign Host", len(FOREIGN_HOSTS))
    assert session.get().status_code == 200


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
