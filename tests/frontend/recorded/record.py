"""Record the curves that the rules of the hints are tested on, as the engine makes them: `python record.py`.

Each case says which hints may appear along its curve; an empty list: none.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine import ExperimentSpec, Trainer

WIDE = {"units": 8, "activation": "tanh"}


def data(name: str, samples: int = 500, noise: float = 0.1, **more: Any) -> dict[str, Any]:
    return {"dataset": {"name": name, "samples": samples, "noise": noise}, **more}


def rate(value: float, name: str = "sgd", **more: Any) -> dict[str, Any]:
    return {"optimizer": {"name": name, "learning_rate": value}, **more}


CASES: dict[str, tuple[dict[str, Any], int, list[str]]] = {
    "xor as it is at first": ({}, 200, []),
    "gauss, soon learned": ({"data": data("gauss")}, 100, []),
    "circle, well learned": ({"data": data("circle"), "training": rate(0.03)}, 150, []),
    "moons by adam": ({"data": data("moons"), "training": rate(0.01, "adam")}, 120, []),
    "a plane, in numbers": ({"data": data("plane"), "network": {"layers": []}}, 100, []),
    "a rate a hundred times too small": ({"training": rate(0.0003)}, 120, ["rate_small"]),
    "a rate far too large": (
        {"data": data("spiral"), "network": {"layers": [WIDE, WIDE]}, "training": rate(3.0)},
        100,
        ["rate_large"],
    ),
    "xor without a hidden layer": ({"network": {"layers": []}}, 150, ["plateau"]),
    "few noisy points and many units": (
        {
            "data": data("circle", 80, 0.5),
            "network": {"layers": [WIDE, WIDE]},
            "training": rate(0.03, "adam"),
        },
        150,
        ["overfitting"],
    ),
}


def record(document: dict[str, Any], epochs: int) -> dict[str, Any]:
    spec = ExperimentSpec.model_validate(document)
    trainer = Trainer(spec)
    points = []
    for epoch in range(1, epochs + 1):
        trainer.advance(trainer.batches_per_epoch)
        figures = {name: round(float(value), 5) for name, value in trainer.metrics().items()}
        points.append({"epoch": epoch, **figures})
    return {"rate": spec.training.optimizer.learning_rate, "points": points}


def main() -> None:
    cases = [
        {"name": name, "hints": hints, **record(document, epochs)} for name, (document, epochs, hints) in CASES.items()
    ]
    text = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    Path(__file__).with_name("curves.json").write_text(f"[\n{text}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
