"""JSON from outside: parsed strictly, so that what comes after never meets NaN, infinities or endless nesting."""

from collections.abc import Iterator
from math import isfinite
from typing import Any

from pydantic_core import from_json

from app.errors import FieldError, Problem, field_error, field_path

# Integers beyond this have no use here, and a few of them would make NumPy overflow.
_MAX_INTEGER = 2**64


def parse_object(text: str | bytes, inside: str = "") -> dict[str, Any]:
    """Return the JSON object in `text`, its numbers checked; Problem 400 or 422."""
    value = decode_object(text)
    check_numbers(value, inside)
    return value


def decode_object(text: str | bytes) -> dict[str, Any]:
    """Return the JSON object in `text`; Problem 400 if it is not JSON, 422 if it is not an object."""
    try:
        value = from_json(text)
    except ValueError as error:
        raise Problem(400, "malformed_json", "Not valid JSON", f"The text is not valid JSON: {error}.") from None
    if not isinstance(value, dict):
        kind = _KINDS.get(type(value), "a number")
        raise Problem(422, "not_an_object", "Not a JSON object", f"A JSON object is expected, not {kind}.")
    return value


def check_numbers(value: dict[str, Any], inside: str = "") -> None:
    """Raise Problem 422 naming each number that is not finite or too large for anything here.

    What lies below the member `inside`, such as a spec, is named as if it were the whole.
    """
    errors = [_error(path, inside, number) for path, number in _bad_numbers(value)]
    if errors:
        detail = "; ".join(error["message"] for error in errors[:5])
        raise Problem(422, "invalid", "Some fields are not valid", detail, errors[:100])


_KINDS = {list: "an array", str: "a text", bool: "a truth value", type(None): "null"}


def _bad_numbers(value: dict[str, Any]) -> Iterator[tuple[tuple[int | str, ...], int | float]]:
    """Yield path and value of each number that no field could take."""
    # A stack instead of recursion, of containers alone: a body may hold half a million numbers.
    waiting: list[tuple[tuple[int | str, ...], Any]] = [((), value)]
    while waiting:
        path, container = waiting.pop()
        entries = container.items() if isinstance(container, dict) else enumerate(container)
        for key, entry in entries:
            kind = type(entry)
            if kind is float:
                if not isfinite(entry):
                    yield (*path, key), entry
            elif kind is int:
                if not -_MAX_INTEGER < entry < _MAX_INTEGER:
                    yield (*path, key), entry
            elif kind is list or kind is dict:
                waiting.append(((*path, key), entry))


def _error(path: tuple[int | str, ...], inside: str, number: int | float) -> FieldError:
    field = field_path(path[1:] if path[:1] == (inside,) else path) or "body"
    if isinstance(number, float):
        return field_error(field, "not_finite", f"{field} is {number}; it must be a finite number.", number)
    return field_error(field, "too_large", f"{field} is {str(number)[:20]}…; it must be below 2^64.", number, 2**64)
