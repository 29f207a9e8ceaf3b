"""Training a spec with many seeds at once, without a server: how many of the networks solve it?"""

from __future__ import annotations

import json
import re
import statistics
import time
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from app.errors import Problem
from app.training import describe_blas, finite, progress_bar, steps_of_rules
from engine import ExperimentSpec, Stack
from engine.spec import MAX_SEED
from engine.stop_rules import AfterEpochs, AfterSteps

OUTCOMES = {
    "solved": "reach the accuracy that was asked for",
    "stuck": "do not",
    "diverged": "end in numbers that are none",
}

_MOST_SEEDS = 10_000
# So many networks are trained at once, fewer if they are large: beyond, more at once are no faster.
_MOST_AT_ONCE = 128
_MOST_PARAMETERS_AT_ONCE = 4_000_000
_SEEDS_SHOWN = 8
# Between two looks at the progress bar, training goes on for about this long.
_SLICE_S = 0.1


@dataclass
class ManyResult:
    """What has become of a spec's networks, one for each seed; `runs` is ready for JSON."""

    spec: ExperimentSpec
    epochs: int
    solved_at: float
    seeds: list[int]
    runs: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    blas: str = ""

    def of(self, outcome: str) -> list[dict[str, Any]]:
        """Return the runs that ended so."""
        return [run for run in self.runs if run["outcome"] == outcome]


def parse_seeds(text: str) -> list[int]:
    """Return the seeds that words as 1-100 or 3,5,10-12 mean. Raises Problem."""
    seeds: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,10})(?:-(\d{1,10}))?\s*", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if not first <= last <= MAX_SEED:
            raise Problem(422, "invalid", f"--seeds {text}: name seeds as 1-100 or 3,5,10-12, up to {MAX_SEED}.")
        if len(seeds) + last - first + 1 > _MOST_SEEDS:
            raise Problem(422, "too_large", f"--seeds {text}: at most {_MOST_SEEDS} seeds at once.")
        seeds.extend(range(first, last + 1))
    return list(dict.fromkeys(seeds))


def train_seeds(spec: ExperimentSpec, epochs: int, seeds: list[int], solved_at: float) -> ManyResult:
    """Train a network with each of the seeds, as its data's, its weights' and its order's, with a progress bar.

    Solved is an accuracy of at least `solved_at` on the test examples, or where there are none, on those of training.
    Raises Problem for a spec whose networks cannot be counted so.
    """
    spec, most_steps = _without_ends(spec)
    result = ManyResult(spec, epochs, solved_at, seeds)
    at_once = max(1, min(_MOST_AT_ONCE, _MOST_PARAMETERS_AT_ONCE // spec.parameter_count))
    with threadpool_limits(limits=1, user_api="blas"), progress_bar() as progress:
        result.blas = describe_blas()
        bar = progress.add_task("making networks", total=None, figures="")
        for start in range(0, len(seeds), at_once):
            chosen = seeds[start : start + at_once]
            stack = Stack([_sown(spec, seed) for seed in chosen])
            steps = min([epochs * stack.batches_per_epoch, *most_steps])
            result.epochs = -(-steps // stack.batches_per_epoch)
            progress.update(bar, description=f"training {len(seeds)} networks", total=steps * len(seeds))
            result.seconds += _train(stack, steps, lambda done: progress.advance(bar, done))
            members = zip(chosen, stack.metrics(), stack.is_finite.tolist(), strict=True)
            result.runs += [_run(*member, solved_at) for member in members]
            counts = ", ".join(f"{len(result.of(outcome))} {outcome}" for outcome in OUTCOMES)
            progress.update(bar, figures=counts)
    return result


def _without_ends(spec: ExperimentSpec) -> tuple[ExperimentSpec, list[int]]:
    """Return the spec without its stop rules, and the steps that these allow: networks in a stack end together."""
    if not spec.data.dataset.classes:
        raise Problem(422, "contradiction", "--seeds counts networks that tell classes apart; these data have none.")
    for index, rule in enumerate(spec.training.stop):
        if not isinstance(rule, AfterEpochs | AfterSteps):
            raise Problem(
                422,
                "contradiction",
                f"training.stop[{index}] is {rule.name}, at which each network would end by itself; "
                "with --seeds they end together: remove it, or choose epochs or steps.",
            )
    training = spec.training.model_copy(update={"stop": ()})
    return spec.model_copy(update={"training": training}), steps_of_rules(spec)


def _sown(spec: ExperimentSpec, seed: int) -> ExperimentSpec:
    parts = {part: getattr(spec, part).model_copy(update={"seed": seed}) for part in ("data", "network", "training")}
    return spec.model_copy(update=parts)


def _train(stack: Stack, steps: int, report: Any) -> float:
    """Make so many updates and return the seconds that they took."""
    seconds, at_once = 0.0, 1
    while steps:
        at_once = min(at_once, steps)
        start = time.perf_counter()
        stack.advance(at_once)
        elapsed = time.perf_counter() - start
        seconds += elapsed
        steps -= at_once
        report(at_once * len(stack))
        if elapsed < _SLICE_S:
            at_once *= 2
    return seconds


def _run(seed: int, metrics: dict[str, float], is_finite: bool, solved_at: float) -> dict[str, Any]:
    reached = metrics.get("test_accuracy", metrics["accuracy"])
    outcome = "diverged" if not is_finite else "solved" if reached >= solved_at else "stuck"
    return {"seed": seed, "outcome": outcome, **{name: finite(value) for name, value in metrics.items()}}


def print_as_json(result: ManyResult) -> None:
    """Print one JSON object, as a script reads it."""
    document = {
        "spec": result.spec.full(),
        "parameters": result.spec.parameter_count,
        "epochs": result.epochs,
        "seeds": result.seeds,
        "solved_at": result.solved_at,
        **{outcome: len(result.of(outcome)) for outcome in OUTCOMES},
        "runs": result.runs,
        "seconds": round(result.seconds, 6),
        "blas": result.blas,
    }
    print(json.dumps(document, allow_nan=False))


def print_as_table(result: ManyResult) -> None:
    """Print how many networks ended how, and the first of their seeds, with which each can be looked at alone."""
    table = Table("networks", "", "share", "median loss", "with the seeds")
    for outcome in OUTCOMES:
        runs = result.of(outcome)
        losses = [loss for run in runs if (loss := run.get("test_loss", run["loss"])) is not None]
        seeds = [str(run["seed"]) for run in runs]
        more = ["…"] if len(seeds) > _SEEDS_SHOWN else []
        table.add_row(
            str(len(runs)),
            outcome,
            f"{len(runs) / len(result.runs):.1%}",
            f"{statistics.median(losses):.4f}" if losses else "",
            ", ".join([*seeds[:_SEEDS_SHOWN], *more]),
        )
    console = Console()
    console.print(table)
    figure = "test accuracy" if any("test_accuracy" in run for run in result.runs) else "accuracy"
    console.print(
        f"Solved: a {figure} of at least {result.solved_at:g} after {result.epochs} epochs. "
        f"{len(result.runs)} networks of {result.spec.parameter_count:,} parameters in {result.seconds:.1f} s, "
        f"{result.blas}",
        highlight=False,
    )
