"""Records what Keras makes of the programs, for the test of engine.keras to compare with.

Run it in an environment that has Keras, and it writes programs.json beside itself; Keras is not needed for the test.

    python -m venv /tmp/reference && /tmp/reference/bin/pip install keras jax
    /tmp/reference/bin/python -m tests.engine.reference.record_programs
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from tests.engine.reference.programs import PROGRAMS


def _rounded(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: _rounded(value) for name, value in found.items()}
    if isinstance(found, list):
        return [_rounded(value) for value in found]
    return float(f"{found:.7g}") if isinstance(found, float) else found


if __name__ == "__main__":
    os.environ["KERAS_BACKEND"] = "jax"
    import keras

    record = {"keras": keras.__version__, "backend": "jax", "dtype": "float32"}
    for name, program in PROGRAMS.items():
        record[name] = _rounded(program(keras))
    (Path(__file__).parent / "programs.json").write_text(json.dumps(record) + "\n")
