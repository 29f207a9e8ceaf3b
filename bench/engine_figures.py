"""Figures of the engine: updates of one network and of many, frames, and an epoch of MNIST beside its products."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Callable, Generator
from functools import partial
from typing import Any

import numpy as np

from app.messages import decode_frame
from app.sessions.host import Broadcast, Delivery, EngineHost, Output
from app.settings import Settings
from app.training import read_spec
from engine import Stack, Trainer, probes

from . import peers, tasks
from .measure import Result, held, in_turns, seconds

_UPDATES = 2_500
_FRAMES = 40
_ROUNDS = 7
_MEMBERS = 128


def update(size: str, batch_size: int) -> Result:
    """Measure one update, in µs."""
    spec = tasks.toy(size, batch_size)
    trainer = Trainer(spec)
    updates = _whole_epochs(_UPDATES, trainer.batches_per_epoch)
    others = {name: _timed(prepare(spec), updates, 1e6) for name, prepare in peers.installed("update")}
    return in_turns(f"update_{size}_b{batch_size}", "µs", _timed(trainer.advance, updates, 1e6), others, _ROUNDS)


def stack(size: str) -> Result:
    """Measure an update of many networks at once, per network, in µs; `trainer` makes it for one after the other."""
    specs = tasks.toys(size, 10, _MEMBERS)
    many, one = Stack(specs), Trainer(specs[0])
    updates = _whole_epochs(_UPDATES // 10, many.batches_per_epoch)
    others = {"trainer": _timed(one.advance, _whole_epochs(_UPDATES, one.batches_per_epoch), 1e6)}
    others |= {name: _timed(prepare(specs), updates, 1e6 / _MEMBERS) for name, prepare in peers.installed("stack")}
    return in_turns(f"stack{_MEMBERS}_{size}", "µs", _timed(many.advance, updates, 1e6 / _MEMBERS), others, _ROUNDS)


def frame(size: str) -> Result:
    """Measure an epoch in batches of 10, all losses, and all units on 100×100 as uint8, in ms."""
    spec = tasks.toy(size, 10)
    trainer = Trainer(spec)

    def make(frames: int) -> None:
        for _ in range(frames):
            trainer.advance(trainer.batches_left)
            trainer.metrics()
            _finished(probes.unit_maps(trainer, 100))

    others = {name: _timed(prepare(spec), _FRAMES // 4, 1e3) for name, prepare in peers.installed("frame")}
    return in_turns(f"frame_{size}", "ms", _timed(make, _FRAMES, 1e3), others, _ROUNDS)


def _timed(run: Callable[[int], object], count: int, scale: float) -> Callable[[], float]:
    """Return what measures how long one of `count` pieces takes, in seconds times `scale`."""
    return lambda: seconds(lambda: run(count)) / count * scale


def _whole_epochs(updates: int, per_epoch: int) -> int:
    return max(1, round(updates / per_epoch)) * per_epoch


def mnist_epoch() -> Result:
    """Measure an epoch of the course's network without evaluation, in s, beside its five products and peers."""
    spec = tasks.mnist()
    trainer = Trainer(spec)
    steps = trainer.batches_per_epoch
    others = {"mnist_products": mnist_products_s}
    others |= {name: _timed(prepare(spec), steps, steps) for name, prepare in peers.installed("mnist_epoch")}
    return in_turns("mnist_epoch", "s", _timed(trainer.advance, steps, steps), others, 3)


def mnist_best() -> Result:
    """Measure the test accuracy of the preset mnist-best: the median of three seeds, each trained to its end.

    The course's network trains meanwhile, in turns: `time_ratio` is the median of how much longer the better one takes.
    """
    accuracies, of_course, ratios, times = [], [], [], []
    for seed in (1, 2, 3):
        (best, epochs), (course, turns) = (read_spec(None, name, seed) for name in ("mnist-best", "keras-mnist"))
        ours, theirs = Trainer(best), Trainer(course)
        total, taken = epochs * ours.batches_per_epoch, 0.0
        for turn in range(1, turns + 1):  # An epoch of the one, and as large a part of the other's training.
            own = seconds(partial(ours.advance, round(total * turn / turns) - ours.step))
            ratios.append(own / seconds(partial(theirs.advance, theirs.batches_per_epoch)))
            taken += own
        accuracies.append(ours.metrics()["test_accuracy"])
        of_course.append(theirs.metrics()["test_accuracy"])
        times.append(taken)
    median = statistics.median(accuracies)
    figures = {
        "median": median,
        "time_ratio": round(statistics.median(ratios), 3),
        "accuracies": ", ".join(f"{accuracy:.4f}" for accuracy in accuracies),
        "course": ", ".join(f"{accuracy:.4f}" for accuracy in of_course),
        "training_s": round(statistics.median(times), 2),
    }
    detail = held(figures, "median >= 0.985", "time_ratio <= 2")
    return Result("mnist_best", median, "test accuracy", detail=detail)


def mnist_session_epoch() -> Result:
    """Measure an epoch of a session, in s, watched by a stream that wants pictures, beside the bare trainer's."""
    spec = tasks.mnist()
    trainer = Trainer(spec)
    steps = trainer.batches_per_epoch - 1  # All but the last update, after which a session evaluates.
    host = EngineHost(Settings().limits())
    requests = itertools.count(1)

    def ask(what: str, **arguments: Any) -> None:
        host.request(next(requests), what, "bench", arguments)

    ask("create", spec=spec.full())
    ask("attach", stream="page", last_point=0)
    ask("command", stream="page", command={"type": "view", "arrays": ["first_layer"], "fps": 4})

    def train_session() -> None:
        ask("command", command={"type": "run", "steps": steps})
        while not any(isinstance(output, Broadcast) and output.state == "done" for output in polled()):
            pass

    def timed() -> float:
        ask("command", command={"type": "reset"})  # From the beginning, so that no evaluation falls into the middle.
        polled()
        return seconds(train_session)

    def polled() -> list[Output]:
        outputs = host.poll()
        for output in outputs:
            if isinstance(output, Delivery) and isinstance(output.content, bytes):
                seq = decode_frame(output.content)[0]["seq"]
                ask("command", stream="page", command={"type": "seen", "seq": seq})
        return outputs

    others = {"trainer": lambda: seconds(lambda: trainer.advance(steps))}
    return in_turns("mnist_session_epoch", "s", timed, others, 5)


def mnist_products() -> Result:
    """Measure the five matrix products of such an epoch alone, in s."""
    return in_turns("mnist_products", "s", mnist_products_s, {}, 3)


def mnist_products_s() -> float:
    """Return how long the products of an epoch take: two forward, two for the weights' gradients, one backward."""
    batch, steps = 128, 469
    random = np.random.default_rng(7)

    def array(*shape: int) -> Any:
        return random.random(shape, np.float32)

    x, hidden, outputs = array(batch, 784), array(batch, 512), array(batch, 10)
    w1, w2 = array(784, 512), array(512, 10)
    g1, g2, back = np.empty_like(w1), np.empty_like(w2), np.empty_like(hidden)

    def products() -> None:
        for _ in range(steps):
            x.dot(w1, hidden)
            hidden.dot(w2, outputs)
            hidden.T.dot(outputs, g2)
            outputs.dot(w2.T, back)
            x.T.dot(back, g1)

    return seconds(products)


def _finished(work: Generator[None, None, Any]) -> Any:
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value
