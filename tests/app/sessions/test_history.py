"""Points lie where the run says, are numbered without a gap, and are thinned without a trace of the clock."""

from typing import Any

import pytest

from app.sessions.history import History
from app.sessions.points import Points
from engine import ExperimentSpec, Trainer


def run(trainer: Trainer, history: History, steps: int) -> list[dict[str, Any]]:
    """Train step by step, add a point wherever one is due, and return all that were added."""
    added = []
    for _ in range(steps):
        trainer.advance(1)
        if history.is_due(trainer):
            added.append(history.add(trainer, {"loss": 0.0})[0])
    return added


def toy() -> Trainer:
    return Trainer(
        ExperimentSpec.model_validate(
            {"data": {"dataset": {"name": "xor", "samples": 20}}, "training": {"batch_size": 5}}
        )
    )


def slow() -> Trainer:
    """Return a trainer whose epoch of 10 batches takes longer than a nominal second."""
    return Trainer(
        ExperimentSpec.model_validate(
            {
                "data": {"dataset": {"name": "mnist", "samples": 10_000}},
                "network": {"layers": [{"units": 500}]},
                "training": {"batch_size": 1000},
            }
        )
    )


class Counting:
    """Stands where a slow trainer would, without its work: only the position matters to a history."""

    def __init__(self, batches: int) -> None:
        self.batches_per_epoch = batches
        self.nominal_epoch_s = 2.0
        self.step = 0

    def advance(self, steps: int) -> None:
        self.step += steps

    @property
    def epoch(self) -> int:
        return self.step // self.batches_per_epoch

    @property
    def is_epoch_start(self) -> bool:
        return self.step % self.batches_per_epoch == 0

    @property
    def batches_left(self) -> int:
        return self.batches_per_epoch - self.step % self.batches_per_epoch


def test_points_lie_at_every_epoch_and_count_from_one() -> None:
    history = History(100)

    added = run(toy(), history, 20)

    assert [(point["n"], point["epoch"], point["step"]) for point in added] == [
        (n, n, 2 * n) for n in range(1, 11)
    ]  # fmt: skip


def test_at_the_most_every_second_point_is_dropped_and_the_stride_doubles() -> None:
    trainer, history = toy(), History(8)

    added = run(trainer, history, 2 * 40)

    assert history.stride == 8
    assert [point["epoch"] for point in history.points] == [8, 16, 24, 32, 40]
    assert [point["n"] for point in added] == list(range(1, len(added) + 1))
    assert [point["epoch"] for point in added][:10] == [1, 2, 3, 4, 5, 6, 7, 8, 10, 12]


def test_while_an_epoch_takes_longer_than_a_second_points_lie_at_batches() -> None:
    trainer: Any = Counting(10)
    history = History(100)

    added = run(trainer, history, 25)

    assert slow().nominal_epoch_s > 1 > toy().nominal_epoch_s
    assert [point["step"] for point in added] == list(range(1, 26))
    assert "batch" not in added[9] and added[9]["epoch"] == 1


def test_the_end_of_an_epoch_outlives_the_batches_within_it() -> None:
    trainer: Any = Counting(10)
    history = History(16)

    run(trainer, history, 100)

    assert {10, 20, 30} <= {point["step"] for point in history.points}
    assert len(history.points) < 16


def test_points_among_batches_are_thinned_even_when_only_epochs_are_left() -> None:
    trainer: Any = Counting(3)
    history = History(8)

    run(trainer, history, 300)

    assert len(history.points) < 8
    assert history.points[-1]["epoch"] > 80


def test_the_due_point_is_never_overshot() -> None:
    for trainer in (Counting(7), Counting(1)):
        subject: Any = trainer
        history = History(6)
        due = []
        for _ in range(300):
            steps = history.steps_until_due(subject)
            assert steps >= 1
            for _ in range(steps - 1):
                subject.advance(1)
                assert not history.is_due(subject)
            subject.advance(1)
            if history.is_due(subject):
                due.append(history.add(subject, {})[0])
        assert due


def test_numbers_go_on_through_runs_while_the_stride_begins_anew() -> None:
    trainer, history = toy(), History(8)
    run(trainer, history, 2 * 20)
    last = history.points[-1]["n"]

    history.begin_run()
    added = run(toy(), history, 4)

    assert history.stride == 1
    assert [(point["n"] > last, point["run"]) for point in added] == [(True, 2), (True, 2)]


def test_the_runs_before_make_room_first() -> None:
    history = History(8)
    run(toy(), history, 2 * 6)
    history.begin_run()

    run(toy(), history, 2 * 5)

    assert history.stride == 1
    assert [point["run"] for point in history.points] == [2] * 5


def test_a_history_survives_being_written_down() -> None:
    history = History(8)
    run(toy(), history, 2 * 20)

    again = History.from_dict(history.to_dict(), 8)

    assert again.to_dict() == history.to_dict()


def test_points_come_back_from_their_columns_as_they_were():
    given = [
        {"n": 1, "run": 1, "step": 3, "epoch": 1, "loss": 0.1},
        {"n": 2, "run": 1, "step": 4, "epoch": 1, "loss": 0.05, "accuracy": 1.0, "batch": 1},
        {"n": 5, "run": 2, "step": 6, "epoch": 2, "loss": 2.0**-40},
    ]

    points = Points(given)

    assert list(points) == given
    assert points[-1] == given[-1] and len(points) == 3
    assert all(isinstance(point[name], int) for point in points for name in ("n", "run", "step", "epoch"))
    assert [point["n"] for point in points.after(1)] == [2, 5]
    assert points.after(5) == [] and points.after(0) == given
    assert list(points.where(lambda point: point["run"] == 1)) == given[:2]
    assert list(Points()) == Points().after(0) == []


def test_the_members_of_a_point_keep_their_order_in_every_process():
    given = {"n": 1, "run": 1, "step": 3, "epoch": 1, "loss": 0.1, "accuracy": 1.0, "test_loss": 0.2, "batch": 1}

    assert list(Points([given])[0]) == list(given)


@pytest.mark.parametrize(
    "members",
    [{"loss": "x"}, {"loss": None}, {"loss": float("inf")}, {"loss": 10**400}, {f"m{i}": 1 for i in range(50)}],
    ids=["text", "null", "infinity", "huge", "many"],
)
def test_points_of_a_foreign_snapshot_that_are_no_numbers_are_refused(members):
    point = {"n": 1, "run": 1, "step": 1, "epoch": 1, **members}

    with pytest.raises((ValueError, TypeError)):
        History.from_dict({"points": [point], "stride": 1, "run": 1, "last_n": 1}, 100)
