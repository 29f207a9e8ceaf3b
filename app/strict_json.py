"""JSON from outside: parsed strictly, so that what comes after never meets NaN, infinities or endless nesting."""

import math
from typing import Any

from pydantic_core import from_json

from app.errors import Problem, field_error, field_path

# Integers beyond this have no use here, and a few of them would make NumPy overflow.
_MAX_INTEGER = 2**64


def parse_object(text: str | bytes) -> dict[str, Any]:
    """Return the JSON object in `text`; Problem 400 if it is not JSON, 422 if it is not an object or not finite."""
    try:
        value = from_json(text)
    except ValueError as error:
        raise Problem(400, "malformed_json", "Not valid JSON", f"The text is not valid JSON: {error}.") from None
    errors = [
        field_error(path or "body", code, f"{path or 'body'} is {number}; {remedy}", number)
        for path, code, number, remedy in _bad_numbers(value)
    ]
    if errors:
        detail = "; ".join(error["message"] for error in errors[:5])
        raise Problem(422, "invalid", "Some fields are not valid", detail, errors[:100])
    if not isinstance(value, dict):
        kind = _KINDS.get(type(value), "a number")
        raise Problem(422, "not_an_object", "Not a JSON object", f"A JSON object is expected, not {kind}.")
    return value


_KINDS = {list: "an array", str: "a text", bool: "a truth value", type(None): "null"}


def _bad_numbers(value: Any) -> list[tuple[str, str, str, str]]:
    """Return path, code, printed value and remedy of each number that no field could take."""
    found: list[tuple[str, str, str, str]] = []
    # A stack instead of recursion: from_json has bounded the depth, not the size.
    waiting: list[tuple[tuple[int | str, ...], Any]] = [((), value)]
    while waiting:
        path, item = waiting.pop()
        if isinstance(item, float):
            if not math.isfinite(item):
                found.append((field_path(path), "not_finite", str(item), "it must be a finite number."))
        elif isinstance(item, int):
            if abs(item) >= _MAX_INTEGER:
                found.append((field_path(path), "too_large", f"{str(item)[:20]}…", "it must be below 2^64."))
        elif isinstance(item, list):
            waiting.extend(((*path, index), entry) for index, entry in enumerate(item))
        elif isinstance(item, dict):
            waiting.extend(((*path, key), entry) for key, entry in item.items())
    return found[::-1]
