"""Frames and handshakes that no browser would send; afterwards everything is as before."""

import os
import random
import socket
import threading
import time

import pytest

from app import flood, patience
from bench.hostile import frames
from bench.hostile.frames import BINARY, BORNE, BREACHES, CONTINUATION, PING, PONG, TEXT, Connection, frame
from bench.hostile.siege import Report, ask, besieged, create
from bench.server import can_measure
from tests.app.conftest import wait_until

FRAMES = 600


def address_of(server):
    return ("127.0.0.1", server.port)


@pytest.mark.parametrize("name", BREACHES)
def test_what_breaks_the_rules_is_answered_by_the_close_code_for_it(server, session, name):
    connection = Connection(address_of(server), session.created)
    connection.hello()

    connection.send(BREACHES[name].data(random.Random(1)))

    assert BREACHES[name].code in (connection.close_code(), None)
    connection.socket.close()
    wait_until(lambda: server.stream_tasks() == 0)
    assert session.get().json()["step"] == 0


@pytest.mark.parametrize("name", BORNE)
def test_what_is_no_breach_is_borne(server, session, name):
    connection = Connection(address_of(server), session.created)
    connection.hello()

    connection.send(BORNE[name](random.Random(1)))

    assert connection.is_alive()
    connection.socket.close()


def test_hundreds_of_broken_frames_and_handshakes_leave_nothing_behind(server, count, caplog):
    report = Report()

    count("raw frames and handshakes", frames.bombard(address_of(server), FRAMES, report, seed=7))

    assert str(report) == ""
    assert server.http.get("/healthz").status_code == 200
    wait_until(lambda: server.stream_tasks() == 0, timeout_s=20)
    assert [record.getMessage() for record in caplog.records if record.exc_info or record.levelname == "ERROR"] == []


def test_bytes_that_are_no_http_change_nothing(server):
    for _ in range(50):
        with socket.create_connection(address_of(server)) as connection:
            connection.sendall(os.urandom(200))

    assert server.http.get("/healthz").status_code == 200


FLOODS = {
    "pings": frame(PING) * 5000,
    "long pings": frame(PING, b"x" * 125) * 500,
    "pongs": frame(PONG) * 5000,
    "fragments of nothing": frame(CONTINUATION, is_last=False) * 5000,
    "fragments of a byte": frame(CONTINUATION, b"x", is_last=False) * 5000,
    "messages": frame(TEXT, b"{}") * 5000,
    "binary": frame(BINARY, b"") * 5000,
}


@pytest.fixture(scope="module")
def besieged_server():
    """A server in a process of its own, so that its memory and its time can be told from the attacker's."""
    report = Report()
    with besieged(report) as server:
        yield server
    assert str(report) == ""


@pytest.mark.skipif(not can_measure(), reason="needs Linux's /proc")
@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_whose_answers_nobody_reads_costs_neither_the_others_time_nor_memory(besieged_server, name):
    server = besieged_server
    session = create(server.address)
    before = server.memory_bytes()
    connection = Connection(server.address, session)
    connection.hello()
    if name.startswith("fragments"):
        connection.send(frame(TEXT, b"{", is_last=False))
    stop = threading.Event()
    flooding = threading.Thread(target=pour, args=(connection.socket, FLOODS[name], stop))
    flooding.start()

    latencies = []
    end_s = time.monotonic() + 1
    while time.monotonic() < end_s:
        started_s = time.perf_counter()
        assert ask(server.address, "GET", "/healthz").status == 200
        latencies.append(time.perf_counter() - started_s)
    grown = server.memory_bytes() - before

    stop.set()
    connection.socket.shutdown(socket.SHUT_RDWR)
    flooding.join()
    connection.socket.close()
    # Without a pace the median was a second, and pings took 30 megabytes a second.
    assert sorted(latencies)[len(latencies) // 2] < 0.2
    assert grown < 15e6


def pour(connection, data, stop):
    try:
        while not stop.is_set():
            connection.sendall(data)
    except OSError:
        pass


def test_a_large_message_and_a_burst_of_commands_are_read_as_ever(session):
    with session.open_stream() as stream:
        long = stream.command(type="configure", patch={"x": ["y" * 100] * 9000})
        for number in range(500):
            stream.send(type="view", fps=0, id=f"burst {number}")
        last = stream.next_where(lambda event: event.get("id") == "burst 499")

    assert (long["type"], long["code"]) == ("error", "invalid")
    assert last["type"] == "ack"
    answered = [event["id"] for event in stream.all_events if str(event.get("id")).startswith("burst")]
    assert answered == [f"burst {number}" for number in range(500)]


def test_a_stream_that_is_closed_among_many_messages_is_closed_at_once(server, session):
    connection = Connection(address_of(server), session.created)
    connection.send((frame(TEXT, b"no hello") + frame(TEXT, b" " * 500)) * 20)
    started_s = time.monotonic()

    assert connection.close_code() == 4401
    connection.send(frames.close(4401))
    assert connection.socket.recv(1) == b""
    assert time.monotonic() - started_s < 5
    connection.socket.close()


@pytest.mark.parametrize("breach", ["too much in fragments", "reserved bits", "text that is not UTF-8"])
def test_one_who_goes_on_sending_after_a_breach_still_reads_why(server, session, breach):
    connection = Connection(address_of(server), session.created)
    connection.hello()
    connection.send(BORNE["pings"](random.Random(1)) * 50)

    connection.send(BREACHES[breach].data(random.Random(1)))
    connection.send(frame(BINARY, b"x" * 300_000) * 60)

    assert connection.close_code() == BREACHES[breach].code
    connection.socket.close()


def test_pieces_do_not_show_in_what_is_read(server, session, monkeypatch):
    monkeypatch.setattr(flood, "_PIECE_BYTES", 1)

    with session.open_stream() as stream:
        assert stream.command(type="step", unit="batch")["type"] == "ack"


def test_a_head_that_does_not_come_is_not_waited_for(start, monkeypatch):
    monkeypatch.setattr(patience, "_HEAD_TIMEOUT_S", 0.5)
    server = start()
    connections = [socket.create_connection(address_of(server)), frames.half_a_head(address_of(server))]

    for slow in connections:
        wait_until(lambda slow=slow: frames.is_closed(slow))  # type: ignore[misc]
        slow.close()
    with server.connect(f"/api/v1/sessions/{server.create().id}/stream") as stream:
        time.sleep(1)  # A stream is no request any more.
        assert stream.socket.ping().wait(10)


def test_letter_by_letter_a_head_is_not_waited_for_longer(start, monkeypatch):
    monkeypatch.setattr(patience, "_HEAD_TIMEOUT_S", 0.5)
    with frames.half_a_head(address_of(start())) as connection:
        started_s = time.monotonic()
        with pytest.raises(OSError, match=r"."):
            while time.monotonic() < started_s + 10:
                connection.sendall(b"x")
                time.sleep(0.05)


def test_an_answer_that_nobody_takes_is_given_up_and_a_slow_reader_gets_it(start, monkeypatch):
    monkeypatch.setattr(patience, "_SEND_TIMEOUT_S", 0.6)
    server = start(send_buffer_bytes=4096)
    session = server.create({"network": {"layers": [{"units": 200}, {"units": 200}]}})
    asked = (
        f"GET /api/v1/sessions/{session.id}/parameters HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {session.token}\r\nConnection: close\r\n\r\n"
    ).encode()

    def taken(first_pause_s, pause_s):
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 20_000)
            connection.connect(address_of(server))
            connection.settimeout(10)
            connection.sendall(asked)
            time.sleep(first_pause_s)
            received = 0
            try:
                while data := connection.recv(30_000):
                    received += len(data)
                    time.sleep(pause_s)
            except ConnectionError:
                pass
            return received

    whole = len(session.get("/parameters").content)
    assert taken(first_pause_s=0, pause_s=0.04) > whole
    assert taken(first_pause_s=2.5, pause_s=0) < whole


@pytest.mark.parametrize("ending", ["close", "stall"])
def test_half_a_body_is_answered_and_logged_as_no_failure(server, monkeypatch, caplog, ending):
    monkeypatch.setattr("app.body_limit._STALL_TIMEOUT_S", 0.3)
    monkeypatch.setattr("app.untaken._TIMEOUT_S", 0.3)
    with socket.create_connection(address_of(server), timeout=10) as connection:
        connection.sendall(
            b"POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b'Content-Length: 100\r\n\r\n{"spec": '
        )
        if ending == "stall":
            assert b" 408 " in connection.recv(4096)

    assert server.http.get("/healthz").status_code == 200
    time.sleep(0.2)
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []


@pytest.mark.parametrize("origin", ["http://evil.example", None])
def test_a_handshake_that_is_refused_is_no_error_in_the_log(server, session, caplog, origin):
    host = {"Host": "evil.example"} if origin is None else {"Origin": origin}
    with socket.create_connection(address_of(server), timeout=10) as connection:
        connection.sendall(frames.upgrade(address_of(server), f"/api/v1/sessions/{session.id}/stream", **host))
        assert b"HTTP/1.1 4" in connection.recv(4096)

    time.sleep(0.2)
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
