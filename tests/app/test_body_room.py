"""What clients send fills the memory only so far, and nobody's large upload keeps others from theirs."""

import asyncio
import socket
import time
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager

import pytest

from app import body_room
from app.body_room import BodyRoom, NoRoom
from tests.app.conftest import SMALL_SPEC

KB = 1024


class Visitors:
    """Bodies that come into a room and stay until they are told to go."""

    def __init__(self, room):
        self.room = room
        self.inside = []
        self._tasks = {}
        self._leave = {}

    async def come(self, name, client, size_bytes):
        self._leave[name] = asyncio.Event()
        self._tasks[name] = asyncio.create_task(self._stay(name, client, size_bytes))
        await self.settle()

    async def go(self, name):
        self._leave[name].set()
        await self._tasks[name]
        await self.settle()

    async def give_up(self, name):
        self._tasks[name].cancel()
        await asyncio.gather(self._tasks[name], return_exceptions=True)
        await self.settle()

    async def settle(self):
        for _ in range(5):
            await asyncio.sleep(0)

    async def _stay(self, name, client, size_bytes):
        async with self.room.place(client, size_bytes):
            self.inside.append(name)
            try:
                await self._leave[name].wait()
            finally:
                self.inside.remove(name)


def run(story, client_bytes=10, all_bytes=20):
    async def tell():
        visitors = Visitors(BodyRoom(client_bytes, all_bytes))
        await story(visitors)

    asyncio.run(tell())


def test_a_client_has_no_more_than_its_room_and_the_next_body_follows_the_one_before():
    async def story(room):
        await room.come("first", "a", 6)
        await room.come("second", "a", 6)
        await room.come("third", "a", 4)
        assert room.inside == ["first", "third"]
        await room.go("first")
        assert room.inside == ["third", "second"]

    run(story)


def test_one_who_fills_his_room_does_not_keep_others_out():
    async def story(room):
        for number in range(5):
            await room.come(f"greedy {number}", "greedy", 10)
        await room.come("modest", "b", 10)
        assert room.inside == ["greedy 0", "modest"]

    run(story)


def test_a_large_body_has_its_turn_although_small_ones_keep_coming():
    async def story(room):
        await room.come("a", "a", 10)
        await room.come("b", "b", 5)
        await room.come("large", "c", 10)
        await room.come("small", "d", 1)
        assert room.inside == ["a", "b"]
        await room.go("a")
        assert room.inside == ["b", "large", "small"]

    run(story)


def test_who_gives_up_leaves_no_gap():
    async def story(room):
        await room.come("first", "a", 10)
        await room.come("second", "a", 10)
        await room.come("third", "a", 10)
        await room.give_up("second")
        await room.give_up("first")
        assert room.inside == ["third"]
        await room.go("third")
        await room.come("all", "a", 10)
        await room.come("more", "b", 10)
        assert room.inside == ["all", "more"]

    run(story)


def test_who_waits_too_long_is_sent_away_and_the_room_is_kept_straight(monkeypatch):
    monkeypatch.setattr(body_room, "_TIMEOUT_S", 0.01)

    async def story(room):
        await room.come("first", "a", 10)
        with pytest.raises(NoRoom):
            async with room.room.place("a", 1):
                pass
        await room.go("first")
        await room.come("second", "a", 10)
        assert room.inside == ["second"]

    run(story)


def test_no_more_of_one_client_wait_than_may_and_others_still_do(monkeypatch):
    monkeypatch.setattr(body_room, "_MOST_WAITING", 2)

    async def story(room):
        for number in range(3):
            await room.come(f"greedy {number}", "greedy", 10)
        with pytest.raises(NoRoom):
            async with room.room.place("greedy", 10):
                pass
        await room.come("modest", "b", 10)
        await room.go("greedy 0")
        assert room.inside == ["modest", "greedy 1"]

    run(story)


@contextmanager
def half_an_upload(server, size_bytes, rest_bytes=1):
    """An upload of which the last bytes are missing; yields how to send them and get the answer's first line."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        head = f"POST /api/v1/sessions HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: {size_bytes}\r\n"
        connection.sendall(f"{head}Content-Type: application/octet-stream\r\n\r\n".encode())
        connection.sendall(b"x" * (size_bytes - rest_bytes))

        def finish():
            connection.sendall(b"x" * rest_bytes)
            return connection.recv(KB).split(b"\r\n")[0].decode()

        yield finish


def test_large_uploads_of_one_client_wait_for_each_other_and_then_pass(start):
    server = start(max_upload_bytes=256 * KB, max_message_bytes=64 * KB)

    with (
        half_an_upload(server, 200 * KB) as finish_first,
        half_an_upload(server, 200 * KB) as finish_second,
        ThreadPoolExecutor() as pool,
    ):
        second = pool.submit(finish_second)
        assert wait([second], timeout=0.3).not_done  # It is whole, but nobody reads it yet.
        assert "422" in finish_first()  # Read, and found to be no snapshot.
        assert "422" in second.result()


def test_an_upload_that_does_not_have_its_turn_is_told_so(start, monkeypatch):
    monkeypatch.setattr(body_room, "_TIMEOUT_S", 0.2)
    server = start(max_upload_bytes=256 * KB, max_message_bytes=64 * KB)

    with half_an_upload(server, 200 * KB) as finish:
        begin_s = time.monotonic()
        answer = server.http.post(
            "/api/v1/sessions", content=b"x" * 200 * KB, headers={"Content-Type": "application/octet-stream"}
        )
        assert time.monotonic() - begin_s < 10
        assert (answer.status_code, answer.json()["code"]) == (503, "too_many_uploads")
        assert answer.headers["retry-after"] == "10"
        assert "422" in finish()


def test_what_a_page_sends_never_waits_for_uploads(start):
    server = start(max_upload_bytes=256 * KB, max_message_bytes=64 * KB)

    with half_an_upload(server, 256 * KB) as finish:
        begin_s = time.monotonic()
        session = server.create(SMALL_SPEC)
        session.command(type="step")
        assert time.monotonic() - begin_s < 10
        assert "422" in finish()


def test_a_body_without_a_size_counts_as_the_largest(start, monkeypatch):
    monkeypatch.setattr(body_room, "_TIMEOUT_S", 0.2)
    server = start(max_upload_bytes=256 * KB, max_message_bytes=64 * KB)
    upload = {"content": iter([b"x" * 10]), "headers": {"Content-Type": "application/octet-stream"}}

    with half_an_upload(server, 200 * KB) as finish:
        assert server.http.post("/api/v1/sessions", **upload).status_code == 503
        assert "422" in finish()
