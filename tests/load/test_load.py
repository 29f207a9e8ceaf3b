"""A class of thirty, people who come at once, and people who come and go: the benchmark's figures with fewer counts.

Real processes and sockets. What is promised is held by `bench --only load` on a machine of its own; here others may
compute beside, so times need only be of the right order. Memory, files and errors do not depend on that.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from bench import load, soak
from bench.measure import Result, held

Measured = Callable[[Result], Result]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process has taken")


def test_thirty_running_sessions_get_equal_shares_and_the_server_stays_small(measured: Measured) -> None:
    detail = measured(load.load(30, seconds=4)).detail

    assert 24_000 < detail["frame_bytes"] < 26_000
    assert detail["errors"] == 0
    assert detail["least_fps"] >= 2
    assert detail["jain"] >= 0.9
    assert detail["pause_to_ack_p95_ms"] <= 1_000
    assert detail["rest_p95_ms"] <= 1_000
    assert detail["megabytes"] <= 250


def test_a_network_on_mnist_takes_nobody_the_pictures(measured: Measured) -> None:
    detail = measured(load.load(9, mnist=1, seconds=3)).detail

    assert detail["errors"] == 0
    assert detail["least_fps"] >= 2
    assert detail["mnist_updates_per_s"][0] > 0


@pytest.mark.parametrize("are_new", [False, True], ids=["to their sessions", "to sessions of their own"])
def test_forty_who_come_at_once_soon_have_a_picture(measured: Measured, are_new: bool) -> None:
    result = measured(load.connect(are_new=are_new))

    assert result.value <= 10


def test_people_who_come_and_go_leave_nothing_behind(measured: Measured) -> None:
    detail = measured(soak.hour(connects=600, left=40, warm_up=300)).detail

    assert detail["errors"] == 0
    assert detail["files_grown"] <= 0
    assert detail["grown_mb"] <= 8


def test_a_figure_says_which_promises_it_misses() -> None:
    assert held({"fps": 19.5, "p95": 31.0}, "fps >= 19", "p95 <= 30") == {
        "holds": False,
        "missed": ["p95 <= 30"],
        "fps": 19.5,
        "p95": 31.0,
    }
    assert held({"fps": 19.5}, "fps >= 19")["holds"]
    assert not held({"fps": float("nan")}, "fps >= 19")["holds"]
