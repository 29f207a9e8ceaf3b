"""Records what Keras and PyTorch make of the descent, for the tests of our optimizers to compare with.

Run it in an environment that has one of them, and it writes keras.json or torch.json beside itself; neither is needed
for the tests. Keras runs in double precision on JAX.

    python -m venv /tmp/reference && /tmp/reference/bin/pip install keras jax
    /tmp/reference/bin/python -m tests.engine.reference.record
"""

from __future__ import annotations

import json
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.engine.reference.descent import EVERY, RATE, START, STEPS, gradient

HERE = Path(__file__).parent


def record_keras() -> dict[str, Any]:
    os.environ["KERAS_BACKEND"] = "jax"
    os.environ["JAX_ENABLE_X64"] = "1"
    import keras

    keras.config.set_floatx("float64")
    sorts = keras.optimizers
    optimizers = {
        "sgd": sorts.SGD(RATE),
        "momentum": sorts.SGD(RATE, momentum=0.9),
        "nesterov": sorts.SGD(RATE, momentum=0.9, nesterov=True),
        "adagrad": sorts.Adagrad(RATE),
        "adadelta": sorts.Adadelta(RATE),
        "rmsprop": sorts.RMSprop(RATE),
        "adam": sorts.Adam(RATE),
        "adamw": sorts.AdamW(RATE),
        "nadam": sorts.Nadam(RATE),
    }
    paths: dict[str, Any] = {}
    for name, optimizer in optimizers.items():
        variable = keras.Variable(START, dtype="float64")
        optimizer.build([variable])
        paths[name] = []
        for step in range(STEPS):
            now = keras.ops.convert_to_numpy(variable).tolist()
            optimizer.apply([keras.ops.convert_to_tensor(gradient(now, step), dtype="float64")])
            if (step + 1) % EVERY == 0:
                paths[name].append(keras.ops.convert_to_numpy(variable).tolist())
    sorts = keras.optimizers.schedules
    schedules = {
        # An epoch has 10 steps here.
        "exponential_decay": sorts.ExponentialDecay(RATE, 10, 0.9),
        "cosine_decay": sorts.CosineDecay(RATE, 70, alpha=0.1),
        "inverse_time_decay": sorts.InverseTimeDecay(RATE, 10, 0.5),
    }
    rates = {name: [float(schedule(step)) for step in range(0, STEPS, 7)] for name, schedule in schedules.items()}
    return {"keras": keras.__version__, "backend": "jax", "paths": paths, "rates_every_7_steps": rates}


def record_torch() -> dict[str, Any]:
    import torch

    optim = torch.optim
    sorts = {
        "sgd": lambda of: optim.SGD(of, RATE),
        "momentum": lambda of: optim.SGD(of, RATE, momentum=0.9),
        "nesterov": lambda of: optim.SGD(of, RATE, momentum=0.9, nesterov=True),
        "adagrad": lambda of: optim.Adagrad(of, RATE, initial_accumulator_value=0.1, eps=1e-7),
        "adadelta": lambda of: optim.Adadelta(of, RATE, rho=0.95, eps=1e-7),
        "rmsprop": lambda of: optim.RMSprop(of, RATE, alpha=0.9, eps=1e-7),
        "adam": lambda of: optim.Adam(of, RATE, eps=1e-7),
        "adamw": lambda of: optim.AdamW(of, RATE, eps=1e-7, weight_decay=0.004),
        "nadam": lambda of: optim.NAdam(of, RATE, eps=1e-7, momentum_decay=1.0),
    }
    paths: dict[str, Any] = {}
    for name, sort in sorts.items():
        variable = torch.tensor(START, dtype=torch.float64, requires_grad=True)
        optimizer = sort([variable])
        paths[name] = []
        for step in range(STEPS):
            variable.grad = torch.tensor(gradient(variable.tolist(), step), dtype=torch.float64)
            optimizer.step()
            if (step + 1) % EVERY == 0:
                paths[name].append(variable.tolist())
    return {"torch": torch.__version__, "paths": paths}


for package, recorded in (("keras", record_keras), ("torch", record_torch)):
    if find_spec(package) is not None:
        (HERE / f"{package}.json").write_text(json.dumps(recorded()) + "\n")
