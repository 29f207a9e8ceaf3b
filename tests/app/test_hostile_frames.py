"""What no browser would send: broken HTTP, broken frames, floods. Afterwards everything is as before."""

import json
import os
import random
import socket
import struct

from tests.app.conftest import wait_until

CONNECTIONS = 60
MOST_FRAMES = 30


def handshake(server, session):
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    connection.sendall(
        f"GET /api/v1/sessions/{session.id}/stream HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(1)
    assert b" 101 " in answer
    return connection


def frame(opcode, data, *, is_last=True, is_masked=True, reserved=0, length=None):
    length = len(data) if length is None else length
    mask_bit = 0x80 if is_masked else 0
    if length < 126:
        size = bytes([mask_bit | length])
    elif length < 65_536:
        size = bytes([mask_bit | 126]) + struct.pack("!H", length)
    else:
        size = bytes([mask_bit | 127]) + struct.pack("!Q", length)
    key = b"\x5a\x01\x7f\x33"
    if is_masked:
        data = key + bytes(byte ^ key[index % 4] for index, byte in enumerate(data))
    return bytes([is_last << 7 | reserved << 4 | opcode]) + size + data


def hostile_frame(chance):
    data = chance.randbytes(chance.randint(0, 140))
    return chance.choice(
        [
            lambda: frame(1, data),  # Text that is not UTF-8.
            lambda: frame(2, data),
            lambda: frame(9, data[:125]),
            lambda: frame(9, data),  # A ping may hold 125 bytes.
            lambda: frame(9, b"x") * 50,
            lambda: frame(1, b'{"type": "pause"}', is_last=False),
            lambda: frame(0, data, is_last=chance.random() < 0.5),
            lambda: frame(chance.randint(0, 15), data, reserved=chance.choice([0, 1, 7])),
            lambda: frame(1, data, is_masked=False),
            lambda: frame(1, data, length=2**40),
            lambda: frame(8, b"\x00"),
            lambda: data,
        ]
    )()


def test_broken_frames_and_floods_change_nothing(server, session, caplog):
    chance = random.Random(7)
    hello = frame(1, json.dumps({"type": "hello", "token": session.token}).encode())

    for _ in range(CONNECTIONS):
        with handshake(server, session) as connection:
            try:
                if chance.random() < 0.7:
                    connection.sendall(hello)
                for _ in range(chance.randint(1, MOST_FRAMES)):
                    connection.sendall(hostile_frame(chance))
                if chance.random() < 0.5:
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(65_536):
                        pass
            except OSError:
                pass  # The server has had enough, as it may.

    assert server.http.get("/healthz").status_code == 200
    assert session.get().json()["step"] == 0
    wait_until(lambda: server.stream_tasks() == 0)
    failures = [record.exc_info[1] for record in caplog.records if record.exc_info]
    assert all(isinstance(failure, UnicodeDecodeError) for failure in failures), failures


def test_bytes_that_are_no_http_change_nothing(server):
    for _ in range(50):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(os.urandom(200))

    assert server.http.get("/healthz").status_code == 200
