"""What there is to know of a session in a few figures, as far as it follows from its spec."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from app.sessions.changes import decode_origin
from app.sessions.checkpoint import Checkpoint
from engine import ExperimentSpec
from engine.snapshot import Archive


def describe_network(spec: ExperimentSpec) -> dict[str, Any]:
    """Return the spec in full, what the data are, how many parameters the network has, and what its layers are."""
    names = [*(f"hidden {number}" for number in range(1, len(spec.network.layers) + 1)), "output"]
    return {
        "spec": spec.full(),
        "data": spec.data.dataset.described(),
        "loss": spec.loss.name,
        "parameters": spec.parameter_count,
        "layers": [
            {
                "name": name,
                "inputs": inputs,
                "units": units,
                "activation": activation.name,
                "parameters": (inputs + 1) * units,
            }
            for name, (inputs, units), activation in zip(names, pairwise(spec.shape), spec.activations, strict=True)
        ],
    }


def told_line(line: Sequence[Sequence[int]]) -> list[dict[str, int]]:
    """Return the runs that the present one goes on from, each with the step up to which its points belong to it."""
    return [{"run": run, "step": step} for run, step in line]


def describe_waiting(kept: Checkpoint) -> dict[str, Any]:
    """Return the description of a session that waits for a worker, with the same members as one that has it."""
    assert kept.origin is not None
    trainer: dict[str, Any] = {}
    origin = kept.archive or decode_origin(kept.origin)
    if isinstance(origin, bytes):
        archive = Archive(origin)
        spec, trainer = archive.spec, archive.state
    else:
        spec = origin
    session = trainer.get("session", {})
    return {
        **describe_network(spec),
        "state": "queued",
        "done_by": None,
        "done_because": None,
        "step": trainer.get("step", 0),
        "epoch": trainer.get("epoch", 0),
        "epoch_progress": None,
        "run": session.get("history", {}).get("run", 1),
        "speed": None,
        "until_epoch": None,
        "learning_rate": spec.training.learning_rate_after(trainer.get("epoch", 0)),
        "metrics": session.get("metrics", {}),
        "divergence": session.get("divergence"),
        "timeline": {
            "first": session.get("log_step", trainer.get("step", 0)),
            "newest": trainer.get("step", 0),
            "newest_epoch": trainer.get("epoch", 0),
            "is_past": False,
            "line": told_line(session.get("history", {}).get("line", [])),
            "moments": [],
        },
        "arrays": [],
        "data_version": session.get("data_version", 1),
        "stride": session.get("history", {}).get("stride", 1),
    }
