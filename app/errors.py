"""One shape for everything that can go wrong: a problem as in RFC 9457, with the fields at fault."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

FieldError = dict[str, Any]
"""``{"field", "code", "value", "limit", "message"}``; the page says it in its own language by ``code``."""


class Problem(Exception):
    """An error that is told to the person who asked: `status` is HTTP's, `code` is stable, `errors` name fields.

    `headers` belong to an HTTP answer; on a stream, and on the way between processes, they are left out.
    """

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        detail: str = "",
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or title)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})

    def to_dict(self) -> dict[str, Any]:
        """Return the members of an ``application/problem+json`` document."""
        members: dict[str, Any] = {"status": self.status, "code": self.code, "title": self.title}
        if self.detail:
            members["detail"] = self.detail
        if self.errors:
            members["errors"] = self.errors
        return members

    @classmethod
    def from_dict(cls, members: dict[str, Any]) -> Problem:
        """Return the problem that `to_dict` described, for one that has crossed a process boundary."""
        return cls(
            members["status"], members["code"], members["title"], members.get("detail", ""), members.get("errors", ())
        )

    @classmethod
    def from_validation(cls, error: ValidationError, prefix: str = "") -> Problem:
        """Return a 422 that lists each field at fault, its path below `prefix`."""
        # A default that is made of other fields is not at fault where those are.
        lines = [line for line in error.errors(include_url=False) if line["type"] != "default_factory_not_called"]
        errors = [field_error_of(line, prefix) for line in lines]
        detail = "; ".join(error["message"] for error in errors[:5])
        return cls(422, "invalid", "Some fields are not valid", detail, errors)

    @classmethod
    def field(
        cls, field: str, code: str, message: str, value: Any = None, limit: Any = None, status: int = 422
    ) -> Problem:
        """Return a problem about a single field."""
        error = field_error(field, code, message, value, limit)
        return cls(status, "invalid", "Some fields are not valid", message, [error])


def field_error(field: str, code: str, message: str, value: Any = None, limit: Any = None) -> FieldError:
    """Return one entry of a problem's `errors`, its value cut to what JSON can carry and a person can read."""
    error: FieldError = {"field": field, "code": code, "value": printable(value), "message": message}
    if limit is not None:
        error["limit"] = limit
    return error


def printable(value: Any) -> Any:
    """Return `value` as JSON can carry it, long texts and large collections shortened."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)[:40]
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 80 else text[:79] + "…"


def field_path(location: Sequence[int | str]) -> str:
    """Return ``network.layers[2].units`` for ``("network", "layers", 2, "units")``."""
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{part}" if path else part
    return path


# Pydantic's error types as the codes that the page has words for.
_CODES = {
    "extra_forbidden": "unknown_field",
    "missing": "missing",
    "greater_than": "too_small",
    "greater_than_equal": "too_small",
    "too_short": "too_small",
    "string_too_short": "too_small",
    "less_than": "too_large",
    "less_than_equal": "too_large",
    "too_long": "too_large",
    "string_too_long": "too_large",
    "finite_number": "not_finite",
    "float_type": "wrong_type",
    "int_type": "wrong_type",
    "int_from_float": "wrong_type",
    "string_type": "wrong_type",
    "bool_type": "wrong_type",
    "list_type": "wrong_type",
    "tuple_type": "wrong_type",
    "dict_type": "wrong_type",
    "model_type": "wrong_type",
    "literal_error": "unknown_name",
    "enum": "unknown_name",
    "union_tag_invalid": "unknown_name",
    "union_tag_not_found": "missing",
    "unknown_name": "unknown_name",
}
_LIMITS = ("gt", "ge", "lt", "le", "max_length", "min_length", "expected", "expected_tags", "limit")


def field_error_of(line: Any, prefix: str = "") -> FieldError:
    """Return one of pydantic's error lines as an entry of a problem's `errors`."""
    context = line.get("ctx", {})
    # A check of a whole model says in `path` which of its fields is at fault.
    location = [*([prefix] if prefix else []), *line["loc"], *context.get("path", ())]
    field = field_path(location) or "body"
    code = _CODES.get(line["type"], line["type"])
    limit = next((context[key] for key in _LIMITS if key in context), None)
    value = context.get("value", line.get("input")) if line["type"] != "missing" else None
    message = f"{field}: {line['msg']}"
    if code == "unknown_field":
        message = f"{field} is not a known field; remove it."
        value = None
    elif code in ("too_small", "too_large") and limit is not None and "length" not in str(context):
        bound = {"gt": "more than", "ge": "at least", "lt": "less than", "le": "at most"}
        # A check of ours has its own words.
        if kind := next((words for key, words in bound.items() if key in context), ""):
            message = f"{field} is {printable(value)}; it must be {kind} {limit}."
    return field_error(field, code, message, value, limit)
