"""Shares of time are fair, and nobody saves turns up."""

from collections import Counter

from app.sessions.scheduler import Scheduler


def shares(scheduler: Scheduler[str], cost: dict[str, float], turns: int) -> Counter[str]:
    """Let tasks that always want more take turns that cost what is said, and return the seconds each has used."""
    used: Counter[str] = Counter()
    for _ in range(turns):
        key = scheduler.next(0.0)
        assert key is not None
        used[key] += cost[key]  # type: ignore[assignment]
        scheduler.rest(key, cost[key], 0.0)
    return used


def until_the_turn_of(scheduler: Scheduler[str], wanted: str) -> None:
    """Let the others take turns until it is a task's own."""
    while (key := scheduler.next(0.0)) != wanted:
        assert key is not None
        scheduler.rest(key, 0.001, 0.0)


def test_a_task_with_long_pieces_gets_no_more_time_than_one_with_short_ones() -> None:
    scheduler: Scheduler[str] = Scheduler()
    cost = {"large": 0.008, "small": 0.001, "other": 0.001}
    for key in cost:
        scheduler.add(key)

    used = shares(scheduler, cost, 3000)

    assert max(used.values()) < 1.05 * min(used.values()) + 0.016


def test_a_task_that_slept_long_has_saved_nothing_up() -> None:
    scheduler: Scheduler[str] = Scheduler()
    scheduler.add("busy")
    scheduler.add("sleeper")
    until_the_turn_of(scheduler, "sleeper")
    scheduler.rest("sleeper", 0.001, until_s=None)
    shares(scheduler, {"busy": 0.001}, 1000)

    scheduler.wake("sleeper")
    used = shares(scheduler, {"busy": 0.001, "sleeper": 0.001}, 100)

    assert 45 <= used["sleeper"] / 0.001 <= 55


def test_a_task_that_wakes_is_next() -> None:
    scheduler: Scheduler[str] = Scheduler()
    for key in ("a", "b", "c", "sleeper"):
        scheduler.add(key)
    until_the_turn_of(scheduler, "sleeper")
    scheduler.rest("sleeper", 0.001, until_s=5.0)
    shares(scheduler, dict.fromkeys("abc", 0.001), 30)

    turns = []
    while (turn := scheduler.next(5.0)) is not None:
        turns.append(turn)
        scheduler.rest(turn, 0.001, 9.0)

    assert set(turns) == {"a", "b", "c", "sleeper"}
    assert len(turns) == 4


def test_it_says_how_long_nothing_is_to_be_done() -> None:
    scheduler: Scheduler[str] = Scheduler()
    assert scheduler.wait_s(0.0) is None
    scheduler.add("a")
    assert scheduler.wait_s(0.0) == 0.0

    assert scheduler.next(0.0) == "a"
    scheduler.rest("a", 0.001, until_s=2.5)

    assert scheduler.next(1.0) is None
    assert scheduler.wait_s(1.0) == 1.5
    assert scheduler.next(2.5) == "a"
    scheduler.rest("a", 0.001, until_s=None)
    assert scheduler.wait_s(3.0) is None


def test_a_task_woken_twice_has_one_turn() -> None:
    scheduler: Scheduler[str] = Scheduler()
    scheduler.add("a")
    scheduler.wake("a")
    scheduler.wake("a")

    assert scheduler.next(0.0) == "a"
    assert scheduler.next(0.0) is None


def test_a_removed_task_has_no_turn() -> None:
    scheduler: Scheduler[str] = Scheduler()
    scheduler.add("a")
    scheduler.remove("a")

    assert scheduler.next(0.0) is None
    assert scheduler.wait_s(0.0) is None
    assert "a" not in scheduler
