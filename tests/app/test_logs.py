"""The log: a line for each event, for people or for programs, and no secret in any of them."""

from __future__ import annotations

import contextlib
import json
import logging
import re
import socket
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from app.logs import JsonFormatter, TextFormatter, fields
from tests.conftest import running_server

ADMIN_TOKEN = "only-for-the-admin-0123456789"
STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


@contextmanager
def logging_server(folder: Path, **settings: str):
    """A server whose log goes into a file; what it has written stands there when the block has ended."""
    log = folder / "log"
    redirect = ("sh", "-c", f'exec "$0" "$@" 2> "{log}"', sys.executable, "-P", "-m", "app")
    environment = {f"PLAYGROUND_{name.upper()}": value for name, value in settings.items()}
    with running_server(folder / "data", "--workers", "1", command=redirect, env=environment) as server:
        yield server, log


def do_everything(server):
    """Use tokens of every kind in every place where one can stand, rightly and wrongly; return all of them."""
    with httpx.Client(base_url=server.url, timeout=30) as http:
        made = http.post("/api/v1/sessions").raise_for_status().json()
        session_id, owner, viewer = made["id"], made["token"], made["viewer_token"]
        place = f"/api/v1/sessions/{session_id}"
        routes = http.get("/openapi.json").json()["paths"]
        for path, operations in routes.items():
            if "delete" in operations or path.endswith("/qr"):
                continue
            for method in operations:
                for token in (owner, viewer, ADMIN_TOKEN):
                    url = re.sub(r"\{.*?\}", session_id, path)
                    headers = {"Authorization": f"Bearer {token}"}
                    http.request(method, url, headers=headers, params={"token": token, "wait": token})
        http.get(f"/?token={owner}")
        http.get(f"/nothing/{owner}?token={viewer}")
        http.get(f"/api/v1/sessions/{owner}/history", headers={"Authorization": f"Basic {owner}"})
        http.get("/admin", params={"token": ADMIN_TOKEN}, headers={"Referer": f"{server.url}/#token={owner}"})
        http.request(f"X{owner}", "/healthz", headers={"Cookie": f"lang={viewer}"})
        http.patch(f"{place}/spec", json={owner: viewer}, headers={"Authorization": f"Bearer {owner}"})
        for address in (f"{server.url}/", f"{server.url}/#session={session_id}&token={owner}"):
            body = {"address": address, "token": owner}
            http.post(f"{place}/qr", json=body, headers={"Authorization": f"Bearer {owner}"})
    stream = f"{server.websocket_url}{place}/stream"
    for query, hello in (("", owner), ("", viewer), (f"?token={owner}", owner), ("", ADMIN_TOKEN), ("", "x" + owner)):
        with connect(stream + query) as opened, contextlib.suppress(ConnectionClosed):
            opened.send(json.dumps({"type": "hello", "token": hello}))
            opened.send(json.dumps({"type": owner, "id": viewer}))
            while isinstance(message := opened.recv(timeout=20), bytes) or json.loads(message)["type"] != "error":
                pass
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as raw:
        raw.sendall(f"GARBAGE {owner}\r\n\r\n".encode())
        raw.recv(1000)
    return session_id, owner, viewer, ADMIN_TOKEN


@pytest.fixture(scope="module", params=["json", "text"])
def everything_logged(request, tmp_path_factory):
    """What a server that hides nothing has logged of everything, and the session and the secrets there were."""
    settings = {"log_format": request.param, "log_level": "debug", "admin_token": ADMIN_TOKEN}
    with logging_server(tmp_path_factory.mktemp(request.param), **settings) as (server, log):
        secrets = do_everything(server)
    return log.read_text(), secrets


def test_no_token_and_no_address_is_ever_logged(everything_logged):
    text, secrets = everything_logged

    assert text.count("/api/v1/sessions/{session_id}/history") >= 3
    assert text.count("/api/v1/sessions/{session_id}/stream") == 5
    for secret in secrets:
        assert secret not in text
        assert secret[:8] not in text
    for never in ("127.0.0.1", "Authorization", "Bearer", "?token", "wait=", "#session"):
        assert never.lower() not in text.lower()
    assert "Invalid HTTP request received." in text, "uvicorn's own words go the same way"


@pytest.mark.parametrize("everything_logged", ["json"], indirect=True)
def test_a_program_reads_one_json_object_a_line(everything_logged):
    text, (session_id, *_) = everything_logged
    lines = [json.loads(line) for line in text.splitlines()]

    assert all(re.fullmatch(STAMP, line["time"]) and line["level"] and line["event"] for line in lines)
    created = next(line for line in lines if line.get("status") == 201)
    assert {
        "level": "info",
        "event": "request",
        "method": "POST",
        "route": "/api/v1/sessions",
    }.items() <= created.items()
    assert created["ms"] > 0
    refused = [line for line in lines if line.get("problem") == "no_session"]
    assert refused and all(line["status"] == 404 for line in refused)
    assert {line["session"] for line in lines if line["event"] == "stream"} == {session_id[:6]}
    assert {line.get("code") for line in lines if line["event"] == "stream"} >= {4401}


def test_a_person_reads_when_how_bad_and_what(tmp_path):
    with logging_server(tmp_path, log_level="info") as (server, log):
        httpx.post(f"{server.url}/api/v1/sessions", headers={"Host": "stranger.example"})

    (line,) = log.read_text().splitlines()
    told = r"request method=POST route=none status=400 ms=[\d.]+ problem=host_not_allowed"
    assert re.fullmatch(rf"{STAMP} info    {told}", line)


def test_at_first_only_what_is_wrong_is_logged(tmp_path):
    with logging_server(tmp_path) as (server, log):
        made = httpx.post(f"{server.url}/api/v1/sessions").json()
        httpx.get(f"{server.url}/api/v1/sessions/{made['id']}")

    assert log.read_text() == ""


def test_addresses_are_logged_where_that_was_asked_for(tmp_path):
    settings = {"log_level": "info", "log_addresses": "true", "trusted_proxies": "127.0.0.1"}
    with logging_server(tmp_path, **settings) as (server, log):
        httpx.post(f"{server.url}/api/v1/sessions", headers={"X-Forwarded-For": "192.0.2.7"})

    assert "client=192.0.2.7" in log.read_text()


def record(message, *arguments, error=None, **told):
    info = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord("nn_playground", logging.ERROR, __file__, 1, message, arguments, info)
    made.__dict__.update(fields(**told))
    return made


def test_what_looks_like_a_token_is_blotted_out_wherever_it_comes_from():
    token, session_id = "A1-_" * 11, "0123456789abcdef"
    try:
        raise ValueError(f"token={token} of {session_id}")
    except ValueError as error:
        made = record(f"%s of session {session_id} and {ADMIN_TOKEN}", token, error=error, more=token)

    for formatter in (JsonFormatter((ADMIN_TOKEN,)), TextFormatter((ADMIN_TOKEN,))):
        text = formatter.format(made)
        assert token not in text and session_id not in text and ADMIN_TOKEN not in text
        assert "[secret] of session 012345 and [secret]" in text
        assert "ValueError: token=[secret] of 012345" in text


def test_nobody_can_write_a_line_of_his_own_into_the_log():
    made = record("one\n2026-01-01T00:00:00.000Z info    forged", method="GET\r\n\x1b[2Jforged\u2028x")

    text = TextFormatter().format(made)
    assert [line[:2] == "  " for line in text.splitlines()] == [False, True]
    assert "\x1b" not in text
    assert len(JsonFormatter().format(made).splitlines()) == 1
