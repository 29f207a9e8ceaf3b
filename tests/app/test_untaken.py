"""An answer comes after all that the client has sent, so that nothing on the way cuts it short."""

import json
import socket

import pytest

HEAD = (
    "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {origin}\r\n"
    "Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
)


@pytest.mark.parametrize(
    ("path", "origin", "code"),
    [
        ("/api/v1/sessions", "http://evil.example", "origin_not_allowed"),
        ("/api/v1/sessions/x/commands", "http://127.0.0.1:{port}", "no_token"),
        ("/nowhere", "http://127.0.0.1:{port}", "not_found"),
    ],
)
def test_who_is_refused_unread_is_answered_when_all_is_sent(server, path, origin, code):
    body = json.dumps({"spec": None}).encode() + b" " * 5000
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        head = HEAD.format(path=path, port=server.port, origin=origin.format(port=server.port), length=len(body))
        client.sendall(head.encode() + body[:100])
        client.settimeout(0.3)
        with pytest.raises(TimeoutError):
            client.recv(1)

        client.settimeout(20)
        client.sendall(body[100:])

        answer = b""
        while b"}" not in answer:
            answer += client.recv(65536)
        assert code in answer.decode()


def test_who_never_sends_the_rest_is_answered_all_the_same(server, monkeypatch):
    monkeypatch.setattr("app.untaken._TIMEOUT_S", 0.3)
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
        head = HEAD.format(path="/api/v1/sessions", port=server.port, origin="null", length=1000)
        client.sendall(head.encode() + b"{")

        assert client.recv(65536).startswith(b"HTTP/1.1 403")
