"""Training on the command line: a spec in, a progress bar meanwhile, a table or JSON out."""

from __future__ import annotations

import json
import math
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from threadpoolctl import threadpool_info, threadpool_limits

from app.errors import Problem
from app.strict_json import parse_object
from engine import ExperimentSpec, Trainer
from engine.presets import PRESETS
from engine.registry import components
from engine.stop_rules import AfterEpochs, AfterSteps

# Between two looks at the progress bar, training goes on for about this long.
_SLICE_S = 0.05
_MOST_ROWS = 12
# As many epochs as a stop rule may name.
MOST_EPOCHS = 10_000_000


@dataclass
class Result:
    """What a run has shown; `epochs`, and the figures of the weights that it ended with, are ready for JSON."""

    spec: ExperimentSpec
    parameters: int
    epochs: list[dict[str, Any]] = field(default_factory=list)
    final: dict[str, Any] = field(default_factory=dict)
    diverged: bool = False
    stopped_by: str | None = None
    blas: str = ""


def read_spec(file: Path | None, preset: str | None, seed: int | None) -> tuple[ExperimentSpec, int]:
    """Return the spec and the usual number of epochs. Raises Problem, naming each field at fault."""
    if (file is None) == (preset is None):
        raise Problem(422, "invalid", "Name either a file with a spec or a preset: train SPEC.json | --preset NAME.")
    if preset is not None:
        if preset not in PRESETS:
            raise Problem(422, "unknown_name", f"{preset!r} is not a preset; there are {', '.join(PRESETS)}.")
        document = PRESETS[preset].spec.full()
    else:
        assert file is not None
        document = parse_object(_read(file))
    if seed is not None:
        for part in ("data", "network", "training"):
            if isinstance(document.setdefault(part, {}), dict):
                document[part]["seed"] = seed
    try:
        spec = ExperimentSpec.model_validate(document)
    except ValidationError as error:
        raise Problem.from_validation(error) from None
    if preset is not None:
        return spec, PRESETS[preset].epochs
    return spec, _usual_epochs(spec)


def _usual_epochs(spec: ExperimentSpec) -> int:
    """Return for how many epochs to train; where stop rules say it, so many that they will have had their say."""
    ends = [rule.epochs for rule in spec.training.stop if isinstance(rule, AfterEpochs)]
    if ends:
        return min(ends)
    if steps_of_rules(spec):
        return MOST_EPOCHS
    return 300 if spec.data.dataset.inputs == 2 else 5


def steps_of_rules(spec: ExperimentSpec) -> list[int]:
    """Return how many updates each of the stop rules that count them allows."""
    return [rule.steps for rule in spec.training.stop if isinstance(rule, AfterSteps)]


def _read(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise Problem(422, "unreadable", f"{file} cannot be read: {error.strerror}.") from None


def train_with_progress(spec: ExperimentSpec, epochs: int) -> Result:
    """Train for `epochs`, until a stop rule ends it or until the numbers run away, with a progress bar on stderr."""
    # One thread, as sessions train: sums in the same order give the same bits as there.
    with threadpool_limits(limits=1, user_api="blas"), progress_bar() as progress:
        bar = progress.add_task("loading data", total=None, figures="")
        trainer = Trainer(spec)
        result = Result(spec, parameters=trainer.parameters.size, blas=describe_blas())
        steps = min([epochs * trainer.batches_per_epoch, *steps_of_rules(spec)])
        epochs = -(-steps // trainer.batches_per_epoch)
        progress.update(bar, total=steps)
        for epoch in range(1, epochs + 1):
            progress.update(bar, description=f"epoch {epoch} of {epochs}")
            seconds = _train_epoch(trainer, lambda steps: progress.advance(bar, steps))
            metrics = trainer.metrics()
            result.final = figures = {name: finite(value) for name, value in metrics.items()}
            result.epochs.append({"epoch": epoch, "seconds": round(seconds, 6), **figures})
            progress.update(bar, figures=_in_words(figures))
            if not trainer.is_finite:
                result.diverged = True
                break
            if (rule := trainer.judge(metrics)) is not None:
                result.stopped_by = rule.name
                result.final = {name: finite(value) for name, value in trainer.metrics().items()}
                break
    return result


def progress_bar() -> Progress:
    """Return a bar on stderr, with words behind it as `figures`."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[figures]}"),
        console=Console(stderr=True),
    )


def _train_epoch(trainer: Trainer, report: Any) -> float:
    """Finish the epoch, or go on to where a stop rule may end it, and return the seconds that its updates took."""
    seconds, steps = 0.0, 1
    left = int(min(trainer.batches_left, trainer.steps_until_judgement))
    while left:
        steps = min(steps, left)
        start = time.perf_counter()
        trainer.advance(steps)
        elapsed = time.perf_counter() - start
        seconds += elapsed
        left -= steps
        report(steps)
        if elapsed < _SLICE_S:
            steps *= 2
    return seconds


def finite(value: float) -> float | None:
    """Return what JSON can say of a number."""
    return value if math.isfinite(value) else None


def describe_blas() -> str:
    """Return as "openblas 0.3.30 SkylakeX, 1 thread": speed means nothing without it."""
    libraries = [library for library in threadpool_info() if library.get("user_api") == "blas"]
    if not libraries:
        return "unknown"
    library = libraries[0]
    words = [library.get("internal_api"), library.get("version"), library.get("architecture")]
    threads = library.get("num_threads", 1)
    return f"{' '.join(word for word in words if word)}, {threads} thread{'s' if threads != 1 else ''}"


def print_as_json(result: Result) -> None:
    """Print one JSON object, as a script reads it."""
    spec = result.spec
    seeds = {spec.data.seed, spec.network.seed, spec.training.seed}
    document = {
        "spec": spec.full(),
        "parameters": result.parameters,
        "epochs": result.epochs,
        "test_loss": result.final.get("test_loss"),
        "test_accuracy": result.final.get("test_accuracy"),
        "diverged": result.diverged,
        "stopped_by": result.stopped_by,
        "blas": result.blas,
        "seed": seeds.pop() if len(seeds) == 1 else None,
    }
    print(json.dumps(document, allow_nan=False))


def print_as_table(result: Result) -> None:
    """Print at most a dozen epochs, the last among them, and how it ended."""
    stride = -(-len(result.epochs) // _MOST_ROWS)
    rows = result.epochs[::-stride][::-1]
    columns = [name for name in rows[-1] if _is_in_table(name, result.spec.data.dataset.task)]
    table = Table(*[name.replace("_", " ") for name in columns])
    for row in rows:
        table.add_row(*[_cell(row[name]) if name in row else "" for name in columns])
    console = Console()
    console.print(table)
    console.print(f"{result.parameters:,} parameters, {result.blas}", highlight=False)
    if result.diverged:
        console.print("The numbers ran away: try a smaller learning rate.")
    if result.stopped_by is not None:
        console.print(f"Ended by the stop rule {result.stopped_by}: {_in_words(result.final)}.", highlight=False)


def _is_in_table(name: str, task: str) -> bool:
    """Return whether a terminal has room for a figure: of each part for its loss, and the first metric of the task."""
    first = next(metric for metric in components("metric").values() if task in metric.tasks)
    metric = name.removeprefix("validation_").removeprefix("test_")
    return metric in ("epoch", "seconds", "loss", first.name)


def _cell(value: float | None) -> str:
    if value is None:
        return "not finite"
    return str(value) if isinstance(value, int) else f"{value:.4f}"


def _in_words(figures: dict[str, float | None]) -> str:
    shown = [name for name in ("loss", "test_accuracy", "test_loss") if name in figures][:2]
    return "  ".join(f"{name.replace('_', ' ')} {_cell(figures[name])}" for name in shown)
