"""What a worker writes: pictures gathered, answers at once, everything whole and in order."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from app.sessions.host import Delivery, Reply
from app.sessions.outbox import Outbox
from app.sessions.wire import Unpacker


class Ends:
    """An outbox at one end of a pair of sockets, and what has arrived at the other."""

    def __init__(self, ours: socket.socket, theirs: socket.socket) -> None:
        self.outbox = Outbox(ours)
        self._theirs = theirs
        self._unpacker = Unpacker()

    def arrived(self) -> list[tuple[dict[str, Any], bytes]]:
        """Return the messages that have come since the last time."""
        messages: list[tuple[dict[str, Any], bytes]] = []
        while True:
            try:
                messages += self._unpacker.feed(self._theirs.recv(1 << 20))
            except BlockingIOError:
                return messages


@pytest.fixture
def ends() -> Iterator[Ends]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.setblocking(False)
        yield Ends(ours, theirs)


def picture(session: str, content: bytes = b"picture") -> Delivery:
    return Delivery(session, "t", content)


def test_pictures_are_gathered_for_two_milliseconds(ends: Ends) -> None:
    for session, now_s in (("one", 10.0), ("two", 10.001)):
        ends.outbox.put([picture(session)], now_s)
        ends.outbox.write(now_s, is_idle=False)
    assert ends.arrived() == []

    ends.outbox.write(10.002, is_idle=False)

    assert [header["session"] for header, _ in ends.arrived()] == ["one", "two"]


def test_they_do_not_wait_for_more_when_nothing_is_to_be_done(ends: Ends) -> None:
    ends.outbox.put([picture("one")], 10.0)

    ends.outbox.write(10.0, is_idle=True)

    assert len(ends.arrived()) == 1


def test_an_answer_goes_at_once_and_after_what_came_before(ends: Ends) -> None:
    ends.outbox.put([picture("one")], 10.0)
    ends.outbox.put([Reply(7, {"a": 1})], 10.001)

    ends.outbox.write(10.001, is_idle=False)

    assert [header["kind"] for header, _ in ends.arrived()] == ["delivery", "reply"]


def test_what_the_other_end_does_not_take_follows_when_it_has_room(ends: Ends) -> None:
    contents = [bytes([number]) * 300_000 for number in range(100)]
    ends.outbox.put([picture("one", content) for content in contents], 10.0)
    ends.outbox.write(10.0, is_idle=True)
    arrived = [payload for _, payload in ends.arrived()]
    assert len(arrived) < len(contents)

    while ends.outbox.is_stuck:
        ends.outbox.write(10.0, is_idle=False)
        arrived += [payload for _, payload in ends.arrived()]

    assert arrived == contents
