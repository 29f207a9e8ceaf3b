"""The timeline alone: moments at doubling strides, never too many, never too large."""

import numpy as np
import pytest

from app.sessions.timeline import Stop, Timeline
from engine.moments import Moment
from engine.spec import ExperimentSpec

SPEC = ExperimentSpec()
PLENTY = 10**9


def stop(epoch: int, numbers: int = 10) -> Stop:
    parameters = np.full(numbers, epoch, np.float32)
    moment = Moment(
        spec=SPEC,
        dtype="float32",
        step=25 * epoch,
        epoch=epoch,
        cursor=0,
        parameters=parameters,
        slots=parameters[:0],
        order=None,
        best=None,
        generators=(b"", b""),
        slots_since=0,
        judged_step=0,
        memories=(),
        running=(0.0, 0, 0),
        lost_at=None,
    )
    return Stop(moment, 0)


def epochs(timeline: Timeline) -> list[int]:
    return [stop.moment.epoch for stop in timeline]


def run(timeline: Timeline, last: int, room_bytes: int = PLENTY, first: int = 1) -> None:
    for epoch in range(first, last + 1):
        if timeline.is_due(epoch):
            timeline.add(stop(epoch), room_bytes)


def test_at_first_every_epoch_is_kept() -> None:
    timeline = Timeline(8)

    run(timeline, 8)

    assert epochs(timeline) == list(range(1, 9))


def test_when_there_are_too_many_every_second_one_goes_and_the_stride_doubles() -> None:
    timeline = Timeline(8)

    run(timeline, 9)
    assert (epochs(timeline), timeline.stride) == ([2, 4, 6, 8], 2)

    run(timeline, 40, first=10)
    assert (epochs(timeline), timeline.stride) == ([8, 16, 24, 32, 40], 8)


@pytest.mark.parametrize("last", [7, 100, 1000, 12_345])
def test_what_is_kept_lies_evenly_and_stays_within_its_limits(last: int) -> None:
    timeline = Timeline(200)

    run(timeline, last)

    assert len(timeline) <= 200
    assert len(timeline) >= min(last, 100)
    assert set(np.diff(epochs(timeline))) == {timeline.stride}


def test_large_moments_are_fewer() -> None:
    timeline = Timeline(200)
    one = stop(1).moment.nbytes

    run(timeline, 50, room_bytes=5 * one)

    assert timeline.nbytes <= 5 * one
    assert epochs(timeline) == [16, 32, 48]


def test_a_moment_that_is_too_large_is_not_kept_at_all() -> None:
    timeline = Timeline(200)

    run(timeline, 50, room_bytes=100)

    assert (epochs(timeline), timeline.nbytes, timeline.stride) == ([], 0, 1)


def test_with_less_room_fewer_stay_and_with_none_nothing() -> None:
    timeline = Timeline(200)
    run(timeline, 20)

    timeline.fit(3 * stop(1).moment.nbytes)
    assert epochs(timeline) == [8, 16]

    timeline.fit(0)
    assert epochs(timeline) == []


def test_what_came_later_is_cut_and_the_last_before_a_step_is_found() -> None:
    timeline = Timeline(200)
    run(timeline, 10)

    timeline.cut(25 * 6 + 3)

    assert epochs(timeline) == [1, 2, 3, 4, 5, 6]
    found = timeline.before(25 * 4 - 1)
    assert found is not None and found.moment.epoch == 3
    assert timeline.before(3) is None


def test_the_first_moment_outlives_every_thinning() -> None:
    timeline = Timeline(8)
    run(timeline, 5)
    timeline.put_first(stop(0), PLENTY)

    run(timeline, 100, first=6)

    assert epochs(timeline)[0] == 0
    assert len(timeline) <= 8
