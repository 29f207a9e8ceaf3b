"""ConvNetJS in Node, on the core of this process, which inherits it: the same examples, sent once at the start."""

from __future__ import annotations

import atexit
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine import ExperimentSpec
from engine.data import Data


def update(spec: ExperimentSpec) -> Callable[[int], None]:
    """Return a function that makes so many updates, in whole epochs, of the toy network."""
    ask = _begin(spec)
    per_epoch = -(-len(Data(spec, "float32").parts["train"]) // spec.training.batch_size)
    return lambda updates: ask({"epochs": updates // per_epoch})


def frame(spec: ExperimentSpec) -> Callable[[int], None]:
    """Return a function that makes so many frames of the toy network."""
    ask = _begin(spec)
    return lambda frames: ask({"frames": frames})


def _begin(spec: ExperimentSpec) -> Callable[[dict[str, Any]], None]:
    program = Path(__file__).with_suffix(".cjs")
    node = subprocess.Popen(
        [shutil.which("node") or "node", str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert node.stdin is not None and node.stdout is not None
    requests, answers = node.stdin, node.stdout

    def end() -> None:
        requests.close()  # It ends when there is nothing more to read.
        node.wait(10)

    atexit.register(end)

    def ask(message: dict[str, Any]) -> None:
        requests.write(json.dumps(message).encode() + b"\n")
        requests.flush()
        if not answers.readline():
            raise RuntimeError("the peer in Node has ended; what it wrote above says why")

    data = Data(spec, "float32")
    ask(
        {
            "shape": spec.shape,
            "learning_rate": spec.training.optimizer.learning_rate,
            "batch_size": spec.training.batch_size,
            **{
                name: {
                    "inputs": data.parts[name].rows.between(0, len(data.parts[name]))[:, :-1].tolist(),
                    "targets": data.parts[name].targets.tolist(),
                }
                for name in ("train", "test")
            },
        }
    )
    return ask
