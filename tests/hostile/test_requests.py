"""Addresses and headers that no browser sends are refused or passed over; none makes the server fail."""

import socket

import pytest

METHODS = ("GET", "HEAD", "POST", "OPTIONS", "TRACE", "BREW")
TARGETS = [
    "*",
    "//healthz",
    "/healthz/",
    "/HEALTHZ",
    "http://localhost/healthz",
    "/%00",
    "/?lang=%00",
    "/?lang=%ff",
    "/mnist?lang[]=it",
    "/static/x/%00",
    "/static/%00/x",
    "/static/x/..%2f..%2fpyproject.toml",
    "/static/x/../../pyproject.toml",
    "/static/x/%ff%fe",
    "/static/x/css",
    "/static/x/" + "a" * 5000,
    "/api/v1/catalog?%ff=%ff",
    "/api/v1/../../healthz",
    "/api/v1/datasets/%00",
    "/api/v1/datasets/sha256-'%20OR%201=1--",
    "/api/v1/sessions/%00",
    "/api/v1/sessions/%ff",
    "/api/v1/sessions/" + "a" * 9000,
    "/api/v1/sessions/{id}/data?offset=%ff",
    "/api/v1/sessions/{id}/data?limit=1_0",
    "/api/v1/sessions/{id}/data?split=%00",
    "/api/v1/sessions/{id}/predictions?split=%ed%a0%80",
    "/api/v1/sessions/{id}/boundary?resolution=%D9%A3%D9%A3",
    "/api/v1/sessions/{id}/stream",
]
PATHS = ["/", "/admin", "/openapi.json", "/metrics", "/api/v1/catalog", "/nothing"] + [
    f"/api/v1/sessions/{{id}}{path}" for path in ("", "/boundary", "/data", "/parameters")
]
HEADERS = [
    "Accept: application/json;q=nan",
    "Accept: image/png;q=1e999, application/json;q=inf",
    "Accept: ;;;,,,=",
    "Accept: \xff",
    "Accept: " + "a/b," * 8000,
    'If-None-Match: "\xff',
    "If-None-Match: " + "x," * 5000,
    "If-Modified-Since: Thu, 99 Foo 99999 99:99:99 GMT",
    "Range: bytes=-0,-1,5-1,0-999999999999999999999",
    "Accept-Language: " + "it;q=nan," * 500,
    "Accept-Language: \xff;q=\xff",
    'Cookie: lang=%00; language=../../etc; a="\\"',
    "Cookie: language=\xff",
    "X-Forwarded-For: " + "1.2.3.4," * 1000,
    "X-Forwarded-Proto: javascript\r\nX-Forwarded-Host: evil.example",
    "Accept-Encoding: gzip;q=nan, \xff",
    "Expect: 100-continue",
    "Content-Type: application/json; charset=\xff",
    "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
]


def asked(server, session, method, target, header=""):
    """Return the whole answer to a request whose every byte is ours."""
    head = (
        f"{method} {target.replace('{id}', session.id)} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Authorization: Bearer {session.token}\r\n{header}{header and chr(13) + chr(10)}\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(head.encode("latin-1"))
        answer = b""
        while data := connection.recv(65_536):
            answer += data
    return answer


def assert_is_no_failure(answer):
    assert answer.startswith(b"HTTP/1.1 ")
    assert int(answer.split(b" ", 2)[1]) < 500, answer[:500]
    assert b"Traceback" not in answer


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target[:40])
def test_an_odd_address_is_no_failure_of_the_server(server, session, count, caplog, target):
    for method in METHODS:
        assert_is_no_failure(asked(server, session, method, target))

    count("requests for odd addresses", len(METHODS))
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: header[:30])
def test_an_odd_header_is_no_failure_of_the_server(server, session, count, caplog, header):
    for path in PATHS:
        assert_is_no_failure(asked(server, session, "GET", path, header))

    count("requests with odd headers", len(PATHS))
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []
