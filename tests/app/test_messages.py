"""Commands as they arrive, and frames as they leave."""

from typing import Any

import numpy as np
import pytest

from app.errors import Problem
from app.messages import decode_frame, encode_frame, parse_command


@pytest.mark.parametrize(
    ("message", "field", "code"),
    [
        ({"type": "fly"}, "type", "unknown_name"),
        ({}, "type", "unknown_name"),
        ({"type": ["run"]}, "type", "unknown_name"),
        (["run"], "body", "wrong_type"),
        ({"type": "run", "epochs": 0}, "epochs", "too_small"),
        ({"type": "run", "epochs": 1.5}, "epochs", "wrong_type"),
        ({"type": "run", "epochs": 1, "steps": 1}, "body", "contradiction"),
        ({"type": "run", "speed": float("inf")}, "speed", "not_finite"),
        ({"type": "run", "speed": True}, "speed", "wrong_type"),
        ({"type": "step", "unit": "year"}, "unit", "unknown_name"),
        ({"type": "step", "count": 10**9}, "count", "too_large"),
        ({"type": "reset", "weights": "old"}, "weights", "unknown_name"),
        ({"type": "configure"}, "patch", "missing"),
        ({"type": "configure", "patch": []}, "patch", "wrong_type"),
        ({"type": "view", "fps": -1}, "fps", "too_small"),
        ({"type": "view", "arrays": ["nope"]}, "arrays[0]", "unknown_name"),
        ({"type": "seen"}, "seq", "missing"),
        ({"type": "edit", "layer": 0, "value": 1.0}, "body", "contradiction"),
        ({"type": "edit", "layer": 0, "from": 0, "value": 1.0}, "body", "contradiction"),
        ({"type": "edit", "layer": -1, "bias": 0, "value": 1.0}, "layer", "too_small"),
        ({"type": "edit", "layer": 0, "bias": 0, "value": 1e300}, "value", "too_large"),
        ({"type": "pause", "now": True}, "now", "unknown_field"),
    ],
    ids=str,
)
def test_a_command_that_is_none_names_its_field(message: Any, field: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_command(message)

    assert [(error["field"], error["code"]) for error in caught.value.errors] == [(field, code)]


def test_an_id_is_passed_over() -> None:
    assert parse_command({"type": "pause", "id": "x"}) == parse_command({"type": "pause"})


@pytest.mark.parametrize("side", [1, 7, 100])
def test_a_frame_is_read_as_it_was_written_and_lies_on_multiples_of_eight(side: int) -> None:
    picture = np.arange(side * side, dtype=np.uint8).reshape(side, side)
    weights = np.linspace(-1, 1, 5, dtype=np.float32)

    about = {"seq": 3, "step": 40, "epoch": 2}
    frame = encode_frame(about, [("boundary", picture, {"range": [0.0, 1.0]}), ("parameters", weights, {})])

    header, arrays = decode_frame(frame)
    assert (header["v"], header["seq"], header["step"], header["epoch"]) == (1, 3, 40, 2)
    assert header["arrays"][0] == {"name": "boundary", "dtype": "uint8", "shape": [side, side], "range": [0.0, 1.0]}
    np.testing.assert_array_equal(arrays["boundary"], picture)
    np.testing.assert_array_equal(arrays["parameters"], weights)
    assert len(frame) % 8 == 0
    assert (4 + int.from_bytes(frame[:4], "little")) % 8 == 0
