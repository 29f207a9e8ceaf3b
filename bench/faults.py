"""The fault table in full: the tests of a checkout's tests/faults, with all their counts, held to the figures promised.

The tests themselves measure; here they are run one file after the other, without the patience that they have on a
machine that is busy.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .measure import Result, held

_ROOT = Path(__file__).resolve().parent.parent
_TIMEOUT_S = 900


def faults(name: str) -> Result:
    """Return how many promises of tests/faults/test_`name`.py were measured, and each figure in its detail."""
    file = _ROOT / "tests" / "faults" / f"test_{name}.py"
    if not file.exists() or importlib.util.find_spec("pytest") is None:
        print(
            "Faults are measured in a checkout with the extra `test`: python3 run.py bench --only faults",
            file=sys.stderr,
        )
        raise SystemExit(1)
    with tempfile.TemporaryDirectory() as folder:
        figures_file = Path(folder) / "figures.json"
        environ = {"NN_PLAYGROUND_FAULTS_FULL": "1", "NN_PLAYGROUND_FAULTS_FIGURES": str(figures_file)}
        done = subprocess.run(
            [sys.executable, "-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", str(file)],
            cwd=_ROOT,
            env={**os.environ, **environ},
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
        figures = json.loads(figures_file.read_text()) if figures_file.exists() else []
    if done.returncode:
        print(done.stdout[-20_000:] + done.stderr[-2_000:], file=sys.stderr)
    measured = {f"{one['row']}: {one['what']} ({one['unit']})": round(one["measured"], 3) for one in figures}
    promised = [one for one in figures if one["is_at_most"] is not None]
    detail = held({"failures": int(done.returncode != 0), **measured}, "failures <= 0")
    return Result(f"faults_{name}", len(promised), "promises", {}, detail)
