"""engine.keras gives Keras's numbers: the same programs, and what was recorded of them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import keras
from tests.engine.reference.programs import PROGRAMS

RECORDED = json.loads((Path(__file__).parent.parent / "reference" / "programs.json").read_text())


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_comes_to_the_same_as_in_keras(name: str) -> None:
    found = PROGRAMS[name](keras)

    assert RECORDED["keras"] == keras.__version__
    compare(found, RECORDED[name], name)


def compare(found: Any, recorded: Any, path: str) -> None:
    """Compare numbers to 1e-4, and everything else, such as the names of figures and their order, exactly."""
    if isinstance(recorded, dict):
        assert list(found) == list(recorded), path
        for name, value in recorded.items():
            compare(found[name], value, f"{path}.{name}")
    elif isinstance(recorded, float | list):
        np.testing.assert_equal(np.shape(flat(found)), np.shape(flat(recorded)), err_msg=path)
        np.testing.assert_allclose(flat(found), flat(recorded), rtol=1e-4, atol=1e-4, err_msg=path)
    else:
        assert found == recorded, path


def flat(found: Any) -> list[float]:
    """Return all numbers in lists of lists of any lengths."""
    return [number for part in found for number in flat(part)] if isinstance(found, list) else [float(found)]
