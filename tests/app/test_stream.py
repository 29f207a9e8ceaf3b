"""The stream, over real sockets."""

import errno
import json
import socket
import threading
import time
from typing import Any

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed

from app.messages import decode_frame
from engine import ExperimentSpec, Trainer
from tests.app.conftest import wait_until

COMMANDS_OF_OWNERS: list[dict[str, Any]] = [
    {"type": "run"},
    {"type": "pause"},
    {"type": "step"},
    {"type": "reset"},
    {"type": "configure", "patch": {"training": {"batch_size": 5}}},
    {"type": "edit", "layer": 0, "from": 0, "to": 0, "value": 1.0},
]


def test_a_hello_is_answered_by_the_whole_session(session):
    with session.stream() as stream:
        welcome = stream.hello(session.token)

    assert welcome["id"] == session.id
    assert welcome["role"] == "owner"
    assert welcome["state"] == "idle"
    assert welcome["spec"] == session.created["spec"]
    assert welcome["view"]["resolution"] == 100
    assert welcome["points"] == []
    assert "token" not in welcome


def test_frames_come_without_asking_and_have_the_documented_layout(session):
    with session.open_stream() as stream:
        stream.command(type="view", resolution=20, unit_resolution=8)
        stream.command(type="step", unit="epoch", count=3)
        for _ in range(20):
            header, arrays = decode_frame(stream.next_frame())
            if header["step"] > 0:
                break

    assert header["v"] == 1
    assert arrays["boundary"].shape == (20, 20)
    assert arrays["units"].shape == (3, 8, 8)
    assert arrays["parameters"].shape == (9,)


def test_gradients_come_when_asked_for_and_belong_to_the_parameters_beside_them(session):
    with session.open_stream() as stream:
        stream.command(type="view", resolution=4, unit_resolution=4, arrays=["parameters", "gradients"])
        stream.command(type="run", epochs=30)
        stream.next("done")
        header, arrays = decode_frame(stream.next_frame())
        # While it trains most frames lack them; of the state of rest they come at last.
        while header["epoch"] < 30 or "gradients" not in arrays:
            header, arrays = decode_frame(stream.next_frame())

    data = session.get("/data", params={"split": "train"}).json()
    trainer = Trainer(ExperimentSpec.model_validate(session.get().json()["spec"]), dtype="float64")
    trainer.parameters[:] = arrays["parameters"]
    expected = trainer.gradient(np.array(data["inputs"]), np.array(data["targets"]))
    assert arrays["gradients"].dtype == np.float32
    assert arrays["gradients"] == pytest.approx(expected, abs=1e-5)


def test_every_command_is_acknowledged_with_its_own_id(session):
    with session.open_stream() as stream:
        for identifier in (1, "text", 2**53, ""):
            stream.send(type="pause", id=identifier)
            ack = stream.next("ack")
            assert ack["id"] == identifier


def test_a_command_without_an_id_is_acknowledged_too(session):
    with session.open_stream() as stream:
        stream.send(type="pause")

        assert "id" not in stream.next("ack")


def test_configure_answers_the_new_spec(session):
    with session.open_stream() as stream:
        ack = stream.command(type="configure", patch={"training": {"optimizer": {"learning_rate": 0.3}}})

    assert ack["type"] == "ack"
    assert ack["spec"]["training"]["optimizer"]["learning_rate"] == 0.3
    assert ack["rebuilt"] is False
    assert ack["adjusted"] == []


def test_a_run_is_told_as_points_and_ends_with_done(session):
    with session.open_stream() as stream:
        assert stream.command(type="run", epochs=5)["type"] == "ack"
        done = stream.next("done")
        points = [point for event in stream.events if event["type"] == "points" for point in event["points"]]

    assert done["epoch"] == 5
    assert [point["epoch"] for point in points] == [1, 2, 3, 4, 5]
    assert [point["n"] for point in points] == [1, 2, 3, 4, 5]


def test_a_second_stream_gets_the_points_that_it_lacks(session):
    session.command(type="run", epochs=5)

    with session.stream() as stream:
        welcome = stream.hello(session.token, last_point=3)

    assert [point["n"] for point in welcome["points"]] == [4, 5]


def test_what_one_stream_does_another_one_sees(session):
    with session.open_stream() as first, session.open_stream() as second:
        first.command(type="step", count=2)

        assert second.next("state")["epoch"] >= 0


def test_a_viewer_may_look_and_not_touch(session):
    with session.open_stream(token=session.viewer_token) as stream:
        for command in COMMANDS_OF_OWNERS:
            error = stream.command(**command)
            assert (error["type"], error["status"], error["code"]) == ("error", 403, "read_only")
        assert stream.command(type="view", fps=5)["type"] == "ack"
        assert stream.command(type="seen", seq=0)["type"] == "ack"

    assert session.get().json()["step"] == 0


def test_seen_without_an_id_is_not_answered(session):
    with session.open_stream() as stream:
        stream.send(type="seen", seq=0)

        assert stream.command(type="pause")["type"] == "ack"
        assert not [event for event in stream.events if event["type"] == "ack"]


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("{", 400, "malformed_json"),
        ("", 400, "malformed_json"),
        ("[]", 422, "not_an_object"),
        ("17", 422, "not_an_object"),
        ("{}", 422, "invalid"),
        ('{"type": "dance"}', 422, "invalid"),
        ('{"type": 1}', 422, "invalid"),
        ('{"type": "hello", "token": "again"}', 422, "invalid"),
        ('{"type": "pause", "colour": "red"}', 422, "invalid"),
        ('{"type": "run", "speed": NaN}', 422, "invalid"),
        ('{"type": "run", "speed": 1e999}', 422, "invalid"),
        ('{"type": "run", "speed": -1}', 422, "invalid"),
        ('{"type": "run", "epochs": 1e300}', 422, "invalid"),
        ('{"type": "run", "epochs": 0}', 422, "invalid"),
        ('{"type": "step", "count": ' + "9" * 400 + "}", 422, "invalid"),
        ('{"type": "edit", "layer": 0, "bias": 0, "value": NaN}', 422, "invalid"),
        ('{"type": "configure", "patch": ' + "[" * 300 + "]" * 300 + "}", 400, "malformed_json"),
        ('{"type": "pause", "id": {}}', 422, "invalid"),
        ('{"type": "pause", "id": "' + "x" * 101 + '"}', 422, "invalid"),
        (b"\x00\x01", 422, "text_expected"),
        (b"", 422, "text_expected"),
    ],
)
def test_a_bad_message_is_answered_by_an_error_and_the_stream_goes_on(session, text, status, code):
    with session.open_stream() as stream:
        stream.socket.send(text)
        error = stream.next("error")

        assert (error["status"], error["code"]) == (status, code)
        assert error["title"]
        assert stream.command(type="step")["type"] == "ack"


def test_the_field_at_fault_is_named(session):
    with session.open_stream() as stream:
        error = stream.command(type="configure", patch={"network": {"layers": [{"units": -3}]}})

    assert error["type"] == "error"
    assert error["errors"][0]["field"] == "network.layers[0].units"
    assert error["errors"][0]["value"] == -3


@pytest.mark.parametrize("number", ["NaN", "1e999", "9" * 100])
def test_the_error_has_the_id_of_its_command_even_if_a_number_is_none(session, number):
    with session.open_stream() as stream:
        stream.socket.send(f'{{"type": "configure", "patch": {{"training": {{"batch_size": {number}}}}}, "id": 7}}')
        error = stream.next("error")

    assert error["id"] == 7
    assert error["errors"][0]["field"] == "training.batch_size"


def test_an_index_outside_of_the_network_is_refused(session):
    with session.open_stream() as stream:
        error = stream.command(type="edit", layer=99, bias=0, value=1.0)

        assert (error["type"], error["status"]) == ("error", 422)
        assert stream.command(type="pause")["type"] == "ack"


@pytest.mark.parametrize(
    "first",
    [
        "{",
        "[]",
        "{}",
        b"\x00",
        '{"type": "run"}',
        '{"type": "hello"}',
        '{"type": "hello", "token": 5}',
        '{"type": "hello", "token": ""}',
        '{"type": "hello", "token": "wrong"}',
        '{"type": "hello", "token": "x", "last_point": -1}',
        '{"type": "hello", "token": "x", "last_point": NaN}',
    ],
)
def test_a_first_message_that_is_no_good_hello_is_closed_with_4401(session, first):
    with session.stream() as stream:
        stream.socket.send(first)

        assert stream.close_code() == 4401


def test_another_sessions_token_is_closed_with_4401(server, session):
    other = server.create()

    with session.stream() as stream:
        stream.send(type="hello", token=other.token)

        assert stream.close_code() == 4401
    other.request("DELETE")


def test_a_hello_that_does_not_come_is_closed_with_4401(start):
    server = start(hello_timeout_s=0.2)

    with server.create().stream() as stream:
        assert stream.close_code() == 4401


def test_an_unknown_session_is_closed_with_4404(server, session):
    with server.connect("/api/v1/sessions/no-such-session/stream") as stream:
        stream.send(type="hello", token=session.token)

        assert stream.close_code() == 4404


def test_deleting_a_session_closes_its_streams_with_4404(server):
    session = server.create()
    with session.open_stream() as stream, session.open_stream(token=session.viewer_token) as viewer:
        assert session.request("DELETE").status_code == 204

        assert stream.close_code() == 4404
        assert viewer.close_code() == 4404


def test_a_message_that_is_too_big_is_closed_with_1009_and_the_session_goes_on(start):
    server = start(max_message_bytes=4096)
    session = server.create()
    with session.open_stream() as stream, session.open_stream() as other:
        stream.socket.send(json.dumps({"type": "configure", "patch": {"x": "y" * 10_000}}))

        assert stream.close_code() == 1009
        assert other.command(type="step")["type"] == "ack"


def test_ten_megabytes_are_closed_with_1009_too_and_not_by_a_broken_connection(session):
    with session.open_stream() as stream:
        stream.socket.send("x" * 10_000_000)

        assert stream.close_code() == 1009
    assert session.get().status_code == 200


def test_one_more_stream_than_allowed_is_closed_with_1013(start):
    server = start(max_streams_per_session=2)
    session = server.create()
    with session.open_stream(), session.open_stream(), session.stream() as third:
        third.send(type="hello", token=session.token)

        assert third.close_code() == 1013


def test_a_stream_that_was_left_frees_its_place(start):
    server = start(max_streams_per_session=1)
    session = server.create()

    for _ in range(5):
        with session.open_stream() as stream:
            assert stream.command(type="pause")["type"] == "ack"
        wait_until(lambda: _can_open(session))


def test_a_stopping_server_closes_with_1012(start):
    server = start()
    session = server.create()
    with session.open_stream() as stream:
        server.stop()

        assert stream.close_code() == 1012


def test_no_task_is_left_behind_by_streams_that_end_in_any_way(server, session):
    before = server.stream_tasks()

    for _ in range(3):
        with session.open_stream() as stream:
            stream.command(type="run", epochs=2)
        with session.stream():
            pass
        with session.open_stream() as stream:
            stream.socket.socket.close()

    wait_until(lambda: server.stream_tasks() == before)


def test_a_reader_that_takes_nothing_is_given_up(start):
    server = start(send_timeout_s=0.2, send_buffer_bytes=4096)
    session = server.create()
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", server.port))

    # With a queue of 1 the client stops reading after its first frame.
    with session.stream(sock=raw, max_queue=1, close_timeout=0) as stream:
        stream.hello(session.token)
        stream.send(type="view", resolution=256, unit_resolution=100)
        stream.send(type="run")

        wait_until(lambda: server.stream_tasks() == 0)
        assert session.get().json()["state"] == "running"

        # Nothing waits for it either: whoever asks now meets a connection that was reset.
        wait_until(lambda: raw.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ECONNRESET, timeout_s=20)


def test_more_messages_than_allowed_wait_and_none_is_lost(start):
    server = start(max_messages_per_second=50)
    session = server.create()
    with session.open_stream() as stream:
        began_s = time.monotonic()
        for number in range(100):
            stream.send(type="pause", id=number)
        answers = [stream.next("ack")["id"] for _ in range(100)]
        seconds = time.monotonic() - began_s

    assert answers == list(range(100))
    assert seconds > 0.9


def test_a_command_for_a_session_deleted_meanwhile_meets_a_closed_stream(server):
    session = server.create()
    with session.open_stream() as stream:
        session.request("DELETE")

        with pytest.raises(ConnectionClosed):
            for _ in range(1000):
                stream.command(type="pause")


def test_many_streams_at_once_are_all_served(server, session):
    with session.open_stream() as one, session.open_stream() as two, session.open_stream() as three:
        threads = [
            threading.Thread(target=lambda s=stream: [s.command(type="step") for _ in range(10)])
            for stream in (one, two, three)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive()


def _can_open(session):
    try:
        with session.open_stream():
            return True
    except ConnectionClosed:
        return False
